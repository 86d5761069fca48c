"""Duplicate rules. A single record's refusal names the matches under the key that Salesforce
misspells; a collection's does not name them. Source: salesforce-api.md 0.8, 8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sync_engine.simulators.salesforce.automation import DuplicateRule
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session

MOST_MATCHES = 100


def refuse_duplicates(org: Org, session: Session, sobject: SObject, row: Row, before: Row) -> None:
    """Raise Refusal DUPLICATES_DETECTED where a rule finds the row's like."""
    for rule in org.automation.duplicates:
        if rule.object_name != sobject.name or (session.allows_duplicates and not rule.blocks):
            continue
        wanted = _key(row, rule)
        if wanted is None or wanted == _key(before, rule):
            continue
        found = [one for one in _candidates(org, rule, row) if _is_like(org, rule, one, wanted)]
        found = [one for one in found if one != row["Id"]][:MOST_MATCHES]
        if found:
            raise _refusal(session, rule, found)


def _key(row: Row, rule: DuplicateRule) -> tuple[str, ...] | None:
    """Return what is compared; None where something of it is blank."""
    values = [row.get(name) for name in rule.fields]
    return None if None in values else tuple(str(value).lower() for value in values)


def _candidates(org: Org, rule: DuplicateRule, row: Row) -> Iterable[str]:
    table = org.store[rule.matched]
    indexed = next((name for name in rule.fields if table.is_indexed(name)), None)
    return table if indexed is None else table.find(indexed, row[indexed])


def _is_like(org: Org, rule: DuplicateRule, one: str, wanted: tuple[str, ...]) -> bool:
    other = org.store[rule.matched].get(one) or {}
    return not other.get("IsDeleted") and _key(other, rule) == wanted


def _refusal(session: Session, rule: DuplicateRule, found: list[str]) -> Refusal:
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
                "matchRecords": [_match(session, rule, one) for one in found],
                "rule": f"{rule.name}_Match",
                "size": len(found),
                "success": True,
            }
        ],
    }
    return Refusal("DUPLICATES_DETECTED", rule.message, extra={"duplicateResut": result})


def _match(session: Session, rule: DuplicateRule, one: str) -> dict[str, Any]:
    url = f"/services/data/{session.version}/sobjects/{rule.matched}/{one}"
    return {
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": 100.0,
        "record": {"attributes": {"type": rule.matched, "url": url}, "Id": one},
    }
