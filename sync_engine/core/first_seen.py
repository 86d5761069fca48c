"""When a Salesforce value that is not settled yet was edited.

Salesforce keeps the time of a record, and of a field only where an org tracks its history. Else
"LastModifiedDate of the first read that showed the new value" (sync.md 2): later changes of the
record, ours among them, do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from sync_engine.core.convert import is_remembered
from sync_engine.core.plan import Agreed, MappedField
from sync_engine.core.spelling import remembered
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm, Record

# {Salesforce field: [value as `remembered` writes it, seconds since 1970]}
FirstSeen = dict[str, tuple[str | None, int]]


def unsettled(
    before: FirstSeen,
    record: Record,
    agreed: Mapping[str, Agreed],
    mapped: Iterable[MappedField],
) -> FirstSeen:
    """Return what the link remembers after a look: the fields in which Salesforce holds something
    else than what is agreed, each with the record's time when that was first seen."""
    seen: FirstSeen = {}
    for mapping in mapped:
        field = mapping.salesforce
        if mapping.rule is SyncRule.DONT_SYNC or field.name not in record.values:
            continue
        value, one = record.values[field.name], agreed.get(mapping.hubspot.name)
        if is_remembered(value, one.salesforce if one else None, field):
            continue
        text, at = before.get(field.name, (None, 0))
        is_known = at > 0 and text == remembered(value)
        seen[field.name] = (text, at) if is_known else (remembered(value), _seconds(record))
    return seen


def edited_at(seen: FirstSeen, record: Record) -> dict[tuple[Crm, str], datetime]:
    """Return {(CRM, field): time of its edit} of values that were seen before and not settled."""
    return {
        (Crm.SALESFORCE, name): datetime.fromtimestamp(at, UTC)
        for name, (text, at) in seen.items()
        if name in record.values and remembered(record.values[name]) == text
    }


def since_settled(
    history: Mapping[str, datetime],
    agreed: Mapping[str, Agreed],
    mapped: Iterable[MappedField],
    since: datetime,
    ahead: timedelta,
) -> dict[tuple[Crm, str], datetime]:
    """Return {(CRM, field): time of its edit} of what Salesforce's field history tells.

    A change from before the field was settled is left out: what is in conflict now came later,
    by an edit that the history does not tell, for the field was not tracked or it bears our user.

    since  what was settled before says nothing: it was with another record, perhaps (Pair.since)
    """
    settled = {
        mapping.salesforce.name: one.at
        for mapping in mapped
        if (one := agreed.get(mapping.hubspot.name)) and one.at >= max(mapping.since, since)
    }
    return {
        (Crm.SALESFORCE, name): at
        for name, at in history.items()
        if name not in settled or at - ahead >= settled[name]
    }


def _seconds(record: Record) -> int:
    return int(record.modified_at.timestamp())
