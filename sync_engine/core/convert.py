"""Carrying a value from one CRM's field into the other's, and refusing to lose any of it.

Source: sync.md 1 ("Equal"), product.md 17.2 (which types fit).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.places import NoSuchPlace, PlaceRule
from sync_engine.core.spelling import (
    ROOMY,
    UNHOLDABLE,
    chosen,
    id_of_18,
    normal,
    plain_text,
    remembered,
)
from sync_engine.core.values import Value, blank_to_none

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SALESFORCE_ID = re.compile("[A-Za-z0-9]{18}")


class CannotConvert(ValueError):
    """This value cannot live in that field. The message is shown to the admin as it is.

    slug  the error type it becomes (core.errors)
    """

    def __init__(self, slug: str, message: str) -> None:
        super().__init__(message)
        self.slug = slug


def stored_as(value: Value, field: Field) -> Value:
    """Return what `field` would hold once `value` was written to it.

    Raises CannotConvert rather than lose anything: text is never cut short, a picklist never
    gains an option. The one loss allowed is a moment's hour in a date field.
    """
    value = blank_to_none(value)
    if value is None:
        return field.blank_is
    if isinstance(value, str):
        value = _writable(value, field)
    if field.place is not None:
        value = _place(plain_text(value), field.place, field.label)
    match field.kind:
        case FieldKind.TEXT | FieldKind.PHONE | FieldKind.URL:
            return _fitting(plain_text(value), field)
        case FieldKind.EMAIL:
            return _fitting(plain_text(value).lower(), field)
        case FieldKind.NUMBER:
            return _number(value, field)
        case FieldKind.YES_NO:
            return _yes_or_no(value, field)
        case FieldKind.DATE:
            return _within_years(_day(value, field), field)
        case FieldKind.MOMENT:
            return _within_years(_moment(value, field), field)
        case FieldKind.PICKLIST:
            return _option(plain_text(value), field)
        case FieldKind.MULTI_PICKLIST:
            options = dict.fromkeys(_option(part, field) for part in chosen(value))
            return _fitting(";".join(options), field) or None
        case FieldKind.REFERENCE:
            return _reference(plain_text(value), field)


def same(one: Value, other: Value, field: Field) -> bool:
    """Tell whether `field` makes no difference between two values it may hold."""
    return _comparable(one, field) == _comparable(other, field)


def equal(hubspot: Value, salesforce: Value, *, in_hubspot: Field, in_salesforce: Field) -> bool:
    """Tell whether carrying either value over gives what is there already (sync.md 1)."""
    return _carried(hubspot, in_salesforce, salesforce) or _carried(salesforce, in_hubspot, hubspot)


def _carried(value: Value, into: Field, found: Value) -> bool:
    try:
        return same(stored_as(value, into), found, into)
    except CannotConvert:
        return False


def _comparable(value: Value, field: Field) -> object:
    """Reduce a value, or the text it is remembered as, to what the CRM itself tells apart."""
    text = plain_text(field.blank_is if blank_to_none(value) is None else value)
    if field.place is not None and field.place.is_matched:
        return _told_apart(text, field)
    match field.kind:
        case FieldKind.MULTI_PICKLIST:
            return frozenset(part.lower() for part in chosen(value))
        case FieldKind.PICKLIST | FieldKind.EMAIL:
            return text.lower()
        case FieldKind.REFERENCE:
            return id_of_18(text)
        case FieldKind.NUMBER:
            return _as_double(text)
        case FieldKind.MOMENT:
            return text[: len("2026-03-02T12:30:15")]  # a moment is spelled in UTC
        case _:
            return text


def is_remembered(value: Value, text: str | None, field: Field) -> bool:
    """Tell whether `text`, as `remembered` wrote it, stands for a value that `field` does not
    tell apart from this one."""
    return remembered(value) == text or same(value, text, field)


def _writable(text: str, field: Field) -> str:
    if found := UNHOLDABLE.search(text):
        raise CannotConvert(
            "unsupported-character",
            f"{field.label} cannot hold the character U+{ord(found[0]):04X} that stands at place "
            f"{found.start() + 1} of this text. Remove it there.",
        )
    return text


def _place(text: str, place: PlaceRule, label: str) -> str:
    """Return a state or country as its field spells it."""
    try:
        return place.spelled(text)
    except NoSuchPlace as reason:
        raise CannotConvert("state-or-country-not-allowed", f"{label} {reason}.") from None


def _fitting(text: str, field: Field) -> str:
    length = len(text) + sum(char > "\uffff" for char in text)
    if field.max_length is not None and length > field.max_length:
        raise CannotConvert(
            "text-too-long",
            f"{field.label} takes {field.max_length} characters, and this value has {length}.",
        )
    return text


def _number(value: Value, field: Field) -> Decimal:
    try:
        number = ROOMY.create_decimal(plain_text(value))
        if field.scale is not None:
            number = number.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP, ROOMY)
    except ArithmeticError:  # not a number, or one that no CRM can hold
        number = Decimal("NaN")
    if not number.is_finite():
        raise CannotConvert("invalid-format", f"{field.label} takes a number.")
    if field.digits is not None and number and number.adjusted() >= field.digits:
        raise CannotConvert(
            "out-of-range",
            f"{field.label} takes {field.digits} digits before the point, and this number has "
            f"{number.adjusted() + 1}.",
        )
    return normal(number)


def _as_double(text: str) -> float | str:
    """Reduce a number to what both CRMs tell apart: they pass it on as a double."""
    try:
        return float(text)
    except ValueError:
        return text


def _yes_or_no(value: Value, field: Field) -> bool:
    match plain_text(value).lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            raise CannotConvert("invalid-format", f"{field.label} takes yes or no.")


def _moment(value: Value, field: Field) -> datetime:
    """Return a moment in UTC; a day is its midnight where the account is."""
    try:
        match value:
            case datetime():
                moment = value
            case date():
                moment = datetime.combine(value, time(), ZoneInfo(field.zone))
            case _ if _DAY.fullmatch(text := plain_text(value)):
                return _moment(date.fromisoformat(text), field)
            case _:
                moment = datetime.fromisoformat(plain_text(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise CannotConvert("invalid-format", f"{field.label} takes a date.") from None


def _day(value: Value, field: Field) -> date:
    """Return a day as it is, and of a moment the day that it falls on where the account is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return _moment(value, field).astimezone(ZoneInfo(field.zone)).date()
    except OverflowError:
        raise CannotConvert("invalid-format", f"{field.label} takes a date.") from None


D = TypeVar("D", date, datetime)


def _within_years(day: D, field: Field) -> D:
    if field.years is not None and not field.years[0] <= day.year <= field.years[1]:
        raise CannotConvert(
            "out-of-range",
            f"{field.label} takes dates of the years {field.years[0]} to {field.years[1]}, and "
            f"this one is of {day.year}.",
        )
    return day


def _option(text: str, field: Field) -> str:
    """Return the option as the field spells it: Salesforce does not mind the case, and an option
    that names the same place is the same."""
    if text in field.options:
        return text
    wanted = _told_apart(text, field)
    for option in field.options:
        if _told_apart(option, field) == wanted:
            return option
    if field.restricted:
        raise CannotConvert(
            "picklist-value-not-allowed",
            f"{field.label} accepts only its own options, and “{text}” is not among them.",
        )
    return _fitting(text, field)


def _told_apart(text: str, field: Field) -> str:
    if field.place is not None and field.place.is_matched:
        return field.place.code(text) or text.lower()
    return text.lower()


def _reference(text: str, field: Field) -> str:
    id = id_of_18(text)
    if field.max_length is not None and not _SALESFORCE_ID.fullmatch(id):
        raise CannotConvert(
            "invalid-related-record",
            f"{field.label} takes the 18-character ID of a Salesforce record, and “{text}” is none.",
        )
    return id
