"""The kinds of association, both directions: HubSpot's own and an account's labels. Source:
hubspot-api.md 3.4, 8.1, 8.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

from sync_engine.simulators.hubspot.errors import HubSpotError

HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
USER_DEFINED = "USER_DEFINED"
MOST_LABELS = 10  # of one's own, per pair of object types
MOST_LINKED = 50_000  # records of a kind that one record is associated with, whatever is set
_FIRST_LABEL = 100_001


@dataclass(frozen=True, slots=True)
class AssociationType:
    """source, target: plural names. label: None for the unlabelled type."""

    source: str
    target: str
    id: int
    inverse: int
    label: str | None = None
    category: str = HUBSPOT_DEFINED

    def as_json(self) -> dict[str, Any]:
        return {"category": self.category, "typeId": self.id, "label": self.label}


_PAIRS = (
    ("contacts", "companies", 279, 280, None),
    ("contacts", "companies", 1, 2, "Primary"),
    ("deals", "companies", 341, 342, None),
    ("deals", "companies", 5, 6, "Primary"),
    ("tickets", "companies", 339, 340, None),
    ("tickets", "companies", 26, 25, "Primary"),
    ("contacts", "deals", 4, 3, None),
    ("contacts", "tickets", 15, 16, None),
    ("deals", "tickets", 27, 28, None),
    ("companies", "companies", 450, 450, None),
    ("companies", "companies", 13, 14, "Child Company"),
    ("contacts", "contacts", 449, 449, None),
    ("deals", "deals", 451, 451, None),
    ("tickets", "tickets", 452, 452, None),
    ("contacts", "tasks", 203, 204, None),
    ("companies", "tasks", 191, 192, None),
    ("deals", "tasks", 215, 216, None),
    ("tickets", "tasks", 229, 230, None),
)


def _both_ways() -> dict[int, AssociationType]:
    found: dict[int, AssociationType] = {}
    for source, target, type_id, inverse, label in _PAIRS:
        found[type_id] = AssociationType(source, target, type_id, inverse, label)
        if inverse != type_id:
            back = "Parent Company" if label == "Child Company" else label
            found[inverse] = AssociationType(target, source, inverse, type_id, back)
    return found


class AssociationTypes:
    """by_id: every type of an account, HubSpot's own and its labels.

    limits: type id -> how many records an admin lets a record have of it.
    """

    def __init__(self) -> None:
        self.by_id = _both_ways()
        self.limits: dict[int, int] = {}

    def between(self, source: str, target: str) -> list[AssociationType]:
        return [one for one in self.by_id.values() if (one.source, one.target) == (source, target)]

    def default_between(self, source: str, target: str) -> AssociationType | None:
        return next((one for one in self.between(source, target) if one.label is None), None)

    def limit_of(self, type_: AssociationType) -> int | None:
        """Return how many records one may have of this type; None for any number."""
        return self.limits.get(type_.id, MOST_LINKED if type_.label is None else None)

    def own(self) -> list[AssociationType]:
        return [one for one in self.by_id.values() if one.category == USER_DEFINED]

    def add(self, pair: tuple[str, str], label: str, inverse_label: str) -> list[AssociationType]:
        """Add a label, both ways; one type where they say the same of a kind and itself.

        Raises HubSpotError where the pair has ten already.
        """
        source, target = pair
        of_pair = {
            min(one.id, one.inverse) for one in self.own() if {one.source, one.target} == set(pair)
        }
        if len(of_pair) >= MOST_LABELS:
            raise HubSpotError(400, f"There are {MOST_LABELS} labels for this pair of objects")
        if self.default_between(source, target) is None:
            raise HubSpotError(400, f"{source} cannot be associated with {target}")
        there = max(_FIRST_LABEL - 1, *self.by_id) + 1
        back = there if source == target and label == inverse_label else there + 1
        made = [AssociationType(source, target, there, back, label, USER_DEFINED)]
        if back != there:
            made.append(AssociationType(target, source, back, there, inverse_label, USER_DEFINED))
        self.by_id |= {one.id: one for one in made}
        return made

    def rename(self, type_id: int, label: str, inverse_label: str) -> None:
        one = self.by_id[type_id]
        self.by_id[one.inverse] = replace(self.by_id[one.inverse], label=inverse_label)
        self.by_id[type_id] = replace(one, label=label)

    def remove(self, type_id: int) -> None:
        for one in {type_id, self.by_id[type_id].inverse}:
            del self.by_id[one]
            self.limits.pop(one, None)

    def dump(self) -> list[Any]:
        return [astuple(one) for one in self.own()]

    def restore(self, state: Iterable[Any]) -> None:
        self.by_id |= {one[2]: AssociationType(*one) for one in state}
