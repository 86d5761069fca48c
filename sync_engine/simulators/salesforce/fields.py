"""What a field and an object of Salesforce are: data, from which describe, rules and queries follow.

Names, types and lengths of the tables in `tables/`: salesforce-api.md 3 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

TEXTS = frozenset(
    {"string", "textarea", "email", "phone", "url", "picklist", "multipicklist", "combobox"}
)
NUMBERS = frozenset({"double", "currency", "percent", "int"})
IDS = frozenset({"id", "reference"})
LONGEST_FILTERABLE = 255
# Objects that one record of may be named by very many: no index.
CROWDED = frozenset({"User", "Group", "RecordType"})


@dataclass(frozen=True, slots=True)
class Field:
    """type: as describe spells it. default: what a new record gets, None for nothing."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    default: Any = None
    external_id: bool = False
    unique: bool = False
    id_lookup: bool = False
    case_sensitive: bool = False
    restricted: bool = False
    options: tuple[str, ...] = ()
    reference_to: tuple[str, ...] = ()
    relationship: str = ""
    compound: str = ""
    custom: bool = False

    @property
    def required(self) -> bool:
        """Must a new record have it?"""
        return (
            self.createable and not self.nillable and not self.defaulted and self.type != "boolean"
        )

    @property
    def filterable(self) -> bool:
        return self.type not in ("address", "anyType") and not (
            self.type == "textarea" and self.length > LONGEST_FILTERABLE
        )

    @property
    def indexed(self) -> bool:
        to = set(self.reference_to)
        is_parent = bool(to) and not to & CROWDED
        return self.external_id or self.unique or self.id_lookup or is_parent


@dataclass(slots=True)
class SObject:
    """An object type. fields: by name; those added at run time too.

    derive   fills the fields of a row that follow from others, before it is stored; also gets
             the row as it was, {} for a new one
    cascade  (object, lookup field) of records that are deleted with one of this
    restrict (object, lookup field, flag) of records that forbid to delete one of this; the flag
             is a field that must be true for it, "" for none
    together fields whose values no two records may share; already: what is said then
    only_one (flag, lookup): among the records of one parent, the flag is true for the last written
    reached  "data", "tooling" for what only the Tooling API shows, "" for what an admin has yet to
             switch on
    history_of  the object whose changes its records tell, which decides who sees them
    """

    name: str
    label: str
    plural: str
    prefix: str
    fields: dict[str, Field]
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    mergeable: bool = False
    replicateable: bool = True
    name_field: str = "Name"
    derive: Callable[[Row, Row], None] | None = None
    cascade: tuple[tuple[str, str], ...] = ()
    restrict: tuple[tuple[str, str, str], ...] = ()
    together: tuple[str, ...] = ()
    already: str = ""
    only_one: tuple[str, str] | None = None
    reached: str = "data"
    history_of: str = ""

    def lookups(self) -> Iterator[Field]:
        return (f for f in self.fields.values() if f.relationship)


READ_ONLY: dict[str, Any] = {"createable": False, "updateable": False}
REQUIRED: dict[str, Any] = {"nillable": False}


def text(name: str, label: str, length: int, **more: Any) -> Field:
    return Field(name, label, "string", length=length, **more)


def area(name: str, label: str, length: int, **more: Any) -> Field:
    return Field(name, label, "textarea", length=length, **more)


def email(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, "email", length=80, **more)


def phone(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, "phone", length=40, **more)


def url(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, "url", length=255, **more)


def flag(name: str, label: str, **more: Any) -> Field:
    return Field(
        name, label, "boolean", nillable=False, defaulted=True, **{"default": False, **more}
    )


def pick(name: str, label: str, options: tuple[str, ...], **more: Any) -> Field:
    return Field(name, label, "picklist", options=options, **{"length": 255, **more})


def day(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, "date", **more)


def moment(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, "datetime", **more)


def number(name: str, label: str, precision: int, scale: int, **more: Any) -> Field:
    return Field(name, label, "double", precision=precision, scale=scale, **more)


def money(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, "currency", precision=18, **{"scale": 2, **more})


def whole(name: str, label: str, digits: int, **more: Any) -> Field:
    return Field(name, label, "int", precision=digits, **more)


def lookup(name: str, label: str, *to: str, relationship: str = "", **more: Any) -> Field:
    """relationship: what a path through it is called; by rule the field's name without Id."""
    return Field(
        name,
        label,
        "reference",
        length=18,
        reference_to=to,
        relationship=relationship or name.removesuffix("Id"),
        **more,
    )


def address(prefix: str, label: str) -> list[Field]:
    """Return the parts of an address and the compound field that shows them together."""
    whole_name = f"{prefix}Address"
    parts: dict[str, Any] = {"compound": whole_name}
    return [
        area(f"{prefix}Street", f"{label} Street".lstrip(), 255, **parts),
        text(f"{prefix}City", f"{label} City".lstrip(), 40, **parts),
        text(f"{prefix}State", f"{label} State/Province".lstrip(), 80, **parts),
        text(f"{prefix}PostalCode", f"{label} Zip/Postal Code".lstrip(), 20, **parts),
        text(f"{prefix}Country", f"{label} Country".lstrip(), 80, **parts),
        number(f"{prefix}Latitude", f"{label} Latitude".lstrip(), 18, 15, **parts),
        number(f"{prefix}Longitude", f"{label} Longitude".lstrip(), 18, 15, **parts),
        pick(
            f"{prefix}GeocodeAccuracy",
            f"{label} Geocode Accuracy".lstrip(),
            ("Address", "Street", "Zip", "City", "State", "Unknown"),
            length=40,
            restricted=True,
            **parts,
        ),
        Field(whole_name, f"{label} Address".lstrip(), "address", **READ_ONLY),
    ]


def record_id(label: str) -> Field:
    return Field(
        "Id", f"{label} ID", "id", length=18, nillable=False, defaulted=True, id_lookup=True,
        **READ_ONLY,
    )  # fmt: skip


def stamps() -> list[Field]:
    """Return what Salesforce itself keeps about a record."""
    own: dict[str, Any] = {"nillable": False, "defaulted": True, **READ_ONLY}
    return [
        moment("CreatedDate", "Created Date", **own),
        lookup("CreatedById", "Created By ID", "User", **own),
        moment("LastModifiedDate", "Last Modified Date", **own),
        lookup("LastModifiedById", "Last Modified By ID", "User", **own),
        moment("SystemModstamp", "System Modstamp", **own),
    ]


def standard(label: str, *own: Field | list[Field]) -> dict[str, Field]:
    """Return the fields of a business object: Id, IsDeleted, its own, the stamps."""
    fields: list[Field] = [record_id(label), flag("IsDeleted", "Deleted", **READ_ONLY)]
    for item in own:
        fields.extend(item if isinstance(item, list) else [item])
    return {f.name: f for f in fields + stamps()}


def bare(label: str, *own: Field) -> dict[str, Field]:
    """Return the fields of a set-up object, which is not kept in the recycle bin."""
    return {f.name: f for f in (record_id(label), *own, *stamps())}
