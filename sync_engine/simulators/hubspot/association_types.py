"""The kinds of association HubSpot defines, both directions. Source: hubspot-api.md 8.2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HUBSPOT_DEFINED = "HUBSPOT_DEFINED"


@dataclass(frozen=True, slots=True)
class AssociationType:
    """source, target: plural names. label: None for the unlabelled type."""

    source: str
    target: str
    id: int
    inverse: int
    label: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"category": HUBSPOT_DEFINED, "typeId": self.id, "label": self.label}


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


TYPES = _both_ways()


def between(source: str, target: str) -> list[AssociationType]:
    return [one for one in TYPES.values() if (one.source, one.target) == (source, target)]


def default_between(source: str, target: str) -> AssociationType | None:
    return next((one for one in between(source, target) if one.label is None), None)
