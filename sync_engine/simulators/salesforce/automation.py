"""What an org's own automation refuses: validation rules, triggers, locked rows. Set by actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row


@dataclass
class Rule:
    """Refuses a write of one object where `holds` for the row that would be stored.

    times  how often; None: always
    """

    object_name: str
    holds: Callable[[Row], bool]
    refusal: Refusal
    times: int | None = None


class Automation:
    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> None:
        self._rules.append(rule)

    def clear(self) -> None:
        self._rules.clear()

    def check(self, object_name: str, row: Row) -> None:
        """Raise the refusal of the first rule that this row breaks."""
        for rule in self._rules:
            if rule.object_name == object_name and rule.holds(row):
                self._use(rule)
                raise rule.refusal.with_traceback(None)

    def _use(self, rule: Rule) -> None:
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self._rules.remove(rule)
