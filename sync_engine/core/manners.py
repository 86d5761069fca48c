"""How a mapping is decided: by its sync rule, or in a manner of its own (sync.md 2).

Most mappings are plain. Some mean more than a value, as who owns a record. The catalog declares
their manner; whoever plans or shows a mapping never asks what its fields are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from sync_engine.core.owners import decide_owner
from sync_engine.core.sync_rules import Decision, Side, SyncRule, decide


class Manner(StrEnum):
    PLAIN = "plain"
    OWNER = "owner"

    @property
    def rules(self) -> tuple[SyncRule, ...]:
        """Return the sync rules that an admin may choose from."""
        return _RULES.get(self, tuple(SyncRule))


_RULES = {Manner.OWNER: (SyncRule.TWO_WAY, SyncRule.DONT_SYNC)}


class Decide(Protocol):
    """As sync_rules.decide."""

    def __call__(
        self, rule: SyncRule, *, hubspot: Side, salesforce: Side, is_settled: bool
    ) -> Decision: ...


DECIDE: Mapping[Manner, Decide] = {Manner.PLAIN: decide, Manner.OWNER: decide_owner}
