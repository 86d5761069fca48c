"""Property definitions: what a record of one kind may hold. Source: hubspot-api.md 6.1, 6.2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

from sync_engine.simulators.hubspot.kinds import Kind
from sync_engine.simulators.hubspot.times import iso

TYPES: dict[str, tuple[str, ...]] = {
    "string": ("text", "textarea", "html", "file", "phonenumber", "calculation_equation"),
    "number": ("number", "calculation_equation"),
    "bool": ("booleancheckbox", "calculation_equation"),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox"),
    "date": ("date",),
    "datetime": ("date",),
    "phone_number": ("phonenumber",),
    "object_coordinates": ("text",),
    "json": ("text",),
}
_DEFINED_AT = 1_735_689_600_000  # 1 January 2025: HubSpot's own properties


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    hidden: bool = False
    description: str = ""

    def as_json(self, order: int) -> dict[str, Any]:
        return {
            "label": self.label,
            "value": self.value,
            "description": self.description,
            "displayOrder": order,
            "hidden": self.hidden,
        }


@dataclass(frozen=True)
class Property:
    """One property of one kind. Never changed in place: `Properties.put` takes a new one.

    refers_to  "OWNER" where valid values are ids of owners, not options
    open       HubSpot defines it and leaves its options to the account
    archived   milliseconds, 0 while it is in use
    """

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    description: str = ""
    read_only: bool = False
    calculated: bool = False
    unique: bool = False
    hidden: bool = False
    form_field: bool = True
    refers_to: str = ""
    custom: bool = False
    open: bool = False
    display_order: int = -1
    created: int = _DEFINED_AT
    updated: int = _DEFINED_AT
    user_id: str = ""
    archived: int = 0

    @cached_property
    def rank(self) -> dict[str, int]:
        """Position of each option's value."""
        return {option.value: at for at, option in enumerate(self.options)}

    @property
    def is_multiple(self) -> bool:
        return self.type == "enumeration" and self.field_type == "checkbox"

    def as_json(self) -> dict[str, Any]:
        found = {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": [option.as_json(at) for at, option in enumerate(self.options)],
            "displayOrder": self.display_order,
            "calculated": self.calculated,
            "externalOptions": bool(self.refers_to),
            "hasUniqueValue": self.unique,
            "hidden": self.hidden,
            "hubspotDefined": not self.custom,
            "formField": self.form_field,
            "dataSensitivity": "non_sensitive",
            "archived": bool(self.archived),
            "modificationMetadata": {
                "archivable": self.custom,
                "readOnlyDefinition": not self.custom,
                "readOnlyOptions": not (self.custom or self.open),
                "readOnlyValue": self.read_only or self.calculated,
            },
            "createdAt": iso(self.created),
            "updatedAt": iso(self.updated),
        }
        return found | self._optional()

    def _optional(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.refers_to:
            found["referencedObjectType"] = self.refers_to
        if self.user_id:
            found |= {"createdUserId": self.user_id, "updatedUserId": self.user_id}
        if self.archived:
            found["archivedAt"] = iso(self.archived)
        return found

    def as_state(self) -> dict[str, Any]:
        return asdict(self)


def property_from_state(state: dict[str, Any]) -> Property:
    options = tuple(Option(**option) for option in state["options"])
    return Property(**{**state, "options": options})


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    display_order: int = -1

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "displayOrder": self.display_order,
            "archived": False,
        }


@dataclass
class Properties:
    """All definitions of one kind. `live` leaves out archived ones."""

    kind: Kind
    groups: dict[str, Group]
    every: dict[str, Property] = field(default_factory=dict)
    live: dict[str, Property] = field(default_factory=dict)

    def put(self, one: Property) -> Property:
        self.every[one.name] = one
        if one.archived:
            self.live.pop(one.name, None)
        else:
            self.live[one.name] = one
        return one

    def wanted(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return what an answer holds: the names that are defined, and the system properties;
        the kind's defaults where nothing is asked for."""
        asked = [name for name in names if name in self.live] if names else self.kind.defaults
        return tuple(dict.fromkeys((*asked, *self.kind.system)))

    def archive(self, name: str, now: int) -> None:
        self.put(replace(self.every[name], archived=now))
