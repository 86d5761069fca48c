"""What a CRM says about one of its fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sync_engine.core.places import PlaceRule


class FieldKind(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    MOMENT = "moment"
    PICKLIST = "picklist"
    MULTI_PICKLIST = "multi_picklist"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of one object in one CRM, as its describe or property definition has it.

    type_label   the CRM's own word for the type, shown to the admin: "picklist", "text"
    options      the values a picklist knows, in their order; () for other kinds
    restricted   whether the CRM refuses a value that is not among the options
    max_length   in UTF-16 units, which both CRMs count: an emoji is two; None if unlimited
    scale        digits after the point of a number, None if the CRM does not round
    digits       digits before the point of a number, None if unlimited
    years        the first and the last year of a date or moment, None if unlimited
    writable     whether the connected user may write it
    is_required  whether a record cannot be created without it
    blank_is     what the CRM stores for a blank: a Salesforce checkbox is never blank but false
    zone         IANA name of the time zone in which a moment has its day: the HubSpot account's
    place        how states and countries are told apart and spelled here; None for other fields
    """

    name: str
    label: str
    kind: FieldKind
    type_label: str = ""
    options: tuple[str, ...] = ()
    restricted: bool = False
    max_length: int | None = None
    scale: int | None = None
    digits: int | None = None
    years: tuple[int, int] | None = None
    writable: bool = True
    is_required: bool = False
    blank_is: bool | None = None
    zone: str = "UTC"
    place: PlaceRule | None = None
