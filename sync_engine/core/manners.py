"""How a mapping is decided: by its sync rule, or in a manner of its own (sync.md 2).

Most mappings are plain. Some mean more than a value, as who owns a record. The catalog declares
their manner; whoever plans or shows a mapping never asks what its fields are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from sync_engine.core.lifecycle import decide_by_opportunities
from sync_engine.core.opt_out import decide_opt_out
from sync_engine.core.owners import decide_owner
from sync_engine.core.sync_rules import Decision, Side, SyncRule, decide
from sync_engine.core.values import Value


class Manner(StrEnum):
    PLAIN = "plain"
    OWNER = "owner"
    OPT_OUT = "opt_out"
    LIFECYCLE = "lifecycle"
    OPPORTUNITIES = "opportunities"

    @property
    def rules(self) -> tuple[SyncRule, ...]:
        """Return the sync rules that an admin may choose from."""
        return _RULES.get(self, tuple(SyncRule))

    @property
    def always_flows(self) -> bool:
        """Whether it passes also where the admin lets no value pass: the law asks for it."""
        return self is Manner.OPT_OUT

    @property
    def is_forward_only(self) -> bool:
        """Whether HubSpot never takes what comes before what it holds."""
        return self in (Manner.LIFECYCLE, Manner.OPPORTUNITIES)

    def says_nothing(self, value: Value) -> bool:
        """Tell whether a value is as good as a blank: one that is not set opts nobody out."""
        return value is None or (self is Manner.OPT_OUT and value is False)


_RULES = {
    Manner.OWNER: (SyncRule.TWO_WAY, SyncRule.DONT_SYNC),
    Manner.OPT_OUT: (SyncRule.TWO_WAY,),
}


class Decide(Protocol):
    """As sync_rules.decide."""

    def __call__(
        self, rule: SyncRule, *, hubspot: Side, salesforce: Side, is_settled: bool
    ) -> Decision: ...


DECIDE: Mapping[Manner, Decide] = {
    Manner.PLAIN: decide,
    Manner.OWNER: decide_owner,
    Manner.OPT_OUT: decide_opt_out,
    Manner.LIFECYCLE: decide,
    Manner.OPPORTUNITIES: decide_by_opportunities,
}
