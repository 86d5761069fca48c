"""What an org's own automation refuses: validation rules, triggers, locked rows,
duplicate rules; what it assigns and what it sets. Set by actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row


@dataclass
class Rule:
    """Refuses a write of one object where `holds` for the row that would be stored.

    times  how often; None: always
    every  only every so many of the rows; seen: how many there were
    """

    object_name: str
    holds: Callable[[Row], bool]
    refusal: Refusal
    times: int | None = None
    every: int = 1
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """Sets values in each row of an object that is saved and that `holds` for."""

    object_name: str
    holds: Callable[[Row], bool]
    values: Row


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """fields: a record is a duplicate of one of `matched` that has the same in all of them.

    blocks  a save is refused whatever the header says; else the header lets it pass
    """

    name: str
    object_name: str
    matched: str
    fields: tuple[str, ...]
    blocks: bool
    message: str


@dataclass(frozen=True, slots=True)
class AssignmentRule:
    """entries: (test, owner), the first that holds assigns. default_owner: where none holds."""

    id: str
    object_name: str
    entries: tuple[tuple[Callable[[Row], bool], str], ...]
    default_owner: str | None


class Automation:
    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self.flows: list[Flow] = []
        self.duplicates: list[DuplicateRule] = []
        self.assignments: list[AssignmentRule] = []

    def add(self, rule: Rule) -> None:
        self._rules.append(rule)

    def clear(self) -> None:
        self._rules.clear()
        self.flows.clear()
        self.duplicates.clear()
        self.assignments.clear()

    def run_flows(self, object_name: str, row: Row) -> None:
        for flow in self.flows:
            if flow.object_name == object_name and flow.holds(row):
                row.update(flow.values)

    def check(self, object_name: str, row: Row) -> None:
        """Raise the refusal of the first rule that this row breaks."""
        for rule in self._rules:
            if rule.object_name == object_name and rule.holds(row) and self._is_due(rule):
                self._use(rule)
                raise rule.refusal.with_traceback(None)

    def _is_due(self, rule: Rule) -> bool:
        rule.seen += 1
        return rule.seen % rule.every == 0

    def _use(self, rule: Rule) -> None:
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self._rules.remove(rule)
