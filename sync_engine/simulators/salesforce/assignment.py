"""Assignment rules of leads and cases: who owns what is written through the API, unless the caller
says `Sforce-Auto-Assign: FALSE`. Source: salesforce-api.md 0.1."""

from __future__ import annotations

from sync_engine.simulators.salesforce.automation import AssignmentRule
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.ids import full
from sync_engine.simulators.salesforce.org import Org, Session

ASSIGNED = ("Lead", "Case")


def assigned_owner(org: Org, session: Session, sobject: SObject, row: Row) -> str | None:
    """Return whom the rules make the owner of a row that is written; None where nobody."""
    rule = _rule(org, session.auto_assign, sobject)
    if rule is None:
        return None
    return next((owner for holds, owner in rule.entries if holds(row)), rule.default_owner)


def _rule(org: Org, asked: str, sobject: SObject) -> AssignmentRule | None:
    """asked: what the header says: TRUE, FALSE, or the id of a rule."""
    if not org.automation.assignments or asked.upper() == "FALSE":
        return None
    rules = [rule for rule in org.automation.assignments if rule.object_name == sobject.name]
    if asked.upper() != "TRUE":
        rules = [rule for rule in rules if rule.id == full(asked)]
    return rules[-1] if rules else None
