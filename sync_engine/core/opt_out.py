"""Who opted out of all e-mail in one CRM has opted out in the other. Source: product.md 15, sync.md 2.

Only becoming set passes. Nobody is opted in again by us: who opted in on one side stays opted out
on the other until somebody changes it there.
"""

from __future__ import annotations

from sync_engine.core.sync_rules import Decision, Reason, Side, SyncRule, Verdict


def decide_opt_out(
    rule: SyncRule, *, hubspot: Side, salesforce: Side, is_settled: bool
) -> Decision:
    """Decide where one side is set and the other is not, whatever the rule shows."""
    set_side = hubspot if hubspot.value is True else salesforce
    if is_settled and not set_side.changed:
        return Decision(Verdict.LEFT, Reason.OPTED_IN_AGAIN)
    if set_side is hubspot:
        return Decision(Verdict.SALESFORCE_TAKES, Reason.OPTED_OUT_IN_HUBSPOT)
    return Decision(Verdict.HUBSPOT_TAKES, Reason.OPTED_OUT_IN_SALESFORCE)
