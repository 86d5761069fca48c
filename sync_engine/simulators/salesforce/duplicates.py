"""Duplicate rules. A single record's refusal names the matches under the key that Salesforce
misspells; a collection's does not name them. Source: salesforce-api.md 0.8, 8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sync_engine.simulators.salesforce.automation import DuplicateRule
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import may_see, visible_fields
from sync_engine.simulators.salesforce.soql.shape import Shape

MOST_MATCHES = 100


def refuse_duplicates(org: Org, session: Session, sobject: SObject, row: Row, before: Row) -> None:
    """Raise Refusal DUPLICATES_DETECTED where a rule finds the row's like."""
    for rule in org.automation.duplicates:
        if rule.object_name != sobject.name or (session.allows_duplicates and not rule.blocks):
            continue
        wanted = _key(row, rule)
        if wanted is None or wanted == _key(before, rule):
            continue
        rows = (org.store[rule.matched].get(one) or {} for one in _candidates(org, rule, row))
        like = [other for other in rows if _is_like(rule, other, wanted)]
        found = [o for o in like if o["Id"] != row["Id"] and _counts(org, session, rule, o)]
        if found:
            raise _refusal(org, session, rule, found[:MOST_MATCHES])


def _key(row: Row, rule: DuplicateRule) -> tuple[str, ...] | None:
    """Return what is compared; None where something of it is blank."""
    values = [row.get(name) for name in rule.fields]
    return None if None in values else tuple(str(value).lower() for value in values)


def _candidates(org: Org, rule: DuplicateRule, row: Row) -> Iterable[str]:
    table = org.store[rule.matched]
    indexed = next((name for name in rule.fields if table.is_indexed(name)), None)
    return table if indexed is None else table.find(indexed, row[indexed])


def _is_like(rule: DuplicateRule, other: Row, wanted: tuple[str, ...]) -> bool:
    return not other.get("IsDeleted") and _key(other, rule) == wanted


def _counts(org: Org, session: Session, rule: DuplicateRule, other: Row) -> bool:
    """Is the record one that this save is compared with?"""
    matched = org.sobjects[rule.matched]
    return not session.matches_in_sight or may_see(org, session, matched, other)


def _refusal(org: Org, session: Session, rule: DuplicateRule, found: list[Row]) -> Refusal:
    result = {
        "allowSave": not rule.blocks,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": rule.object_name,
        "errorMessage": rule.message,
        "matchResults": [
            {
                "entityType": rule.matched,
                "errors": [],
                "matchEngine": "ExactMatchEngine",
                "matchRecords": [_match(org, session, rule, one) for one in found],
                "rule": f"{rule.name}_Match",
                "size": len(found),
                "success": True,
            }
        ],
    }
    return Refusal("DUPLICATES_DETECTED", rule.message, extra={"duplicateResut": result})


def _match(org: Org, session: Session, rule: DuplicateRule, row: Row) -> dict[str, Any]:
    fields = visible_fields(org, session, org.sobjects[rule.matched])
    named = list(fields) if session.shows_duplicates else ["id"]
    shape = Shape({fields[name].name: fields[name] for name in named})
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100.0,
        "record": shape.show(org, rule.matched, row, session.version),
    }
