"""Carrying a value from one CRM's field into the other's, and refusing to lose any of it.

Source: sync.md 1 ("Equal"), product.md 17.2 (which types fit).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Value, blank_to_none

# Longer texts are remembered as hash and length (sync.md 1).
LONGEST_REMEMBERED = 1000

# Room for every digit of the largest and of the smallest number that a CRM can hold, a double.
_ROOMY = Context(prec=640)


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
    match field.kind:
        case FieldKind.TEXT | FieldKind.PHONE | FieldKind.URL:
            return _fitting(_plain_text(value), field)
        case FieldKind.EMAIL:
            return _fitting(_plain_text(value).lower(), field)
        case FieldKind.NUMBER:
            return _number(value, field)
        case FieldKind.YES_NO:
            return _yes_or_no(value, field)
        case FieldKind.DATE:
            return _moment(value, field).date()
        case FieldKind.MOMENT:
            return _moment(value, field)
        case FieldKind.PICKLIST:
            return _option(_plain_text(value), field)
        case FieldKind.MULTI_PICKLIST:
            return ";".join(_option(part, field) for part in _chosen(value)) or None
        case FieldKind.REFERENCE:
            return id_of_18(_plain_text(value))


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
    text = _plain_text(field.blank_is if blank_to_none(value) is None else value)
    match field.kind:
        case FieldKind.MULTI_PICKLIST:
            return frozenset(part.lower() for part in _chosen(value))
        case FieldKind.PICKLIST | FieldKind.EMAIL:
            return text.lower()
        case FieldKind.REFERENCE:
            return id_of_18(text)
        case FieldKind.MOMENT:
            return text[: len("2026-03-02T12:30:15")]  # a moment is spelled in UTC
        case _:
            return text


def spell(value: Value) -> str | None:
    """Write a value as text, the same text for the same value. A blank stays None."""
    match blank_to_none(value):
        case None:
            return None
        case bool() as truth:
            return "true" if truth else "false"
        case datetime() as moment:
            return moment.astimezone(UTC).isoformat()
        case date() as day:
            return day.isoformat()
        case Decimal() as number:
            return f"{_normal(number):f}"
        case other:
            return str(other)


def remembered(value: Value) -> str | None:
    """Write a value as a link remembers it: without the line ends and outer spaces that no field
    tells apart, a long text by its hash and length only."""
    text = _plain_text(value)
    if len(text) <= LONGEST_REMEMBERED:
        return text or None
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}:{len(text)}"


def is_remembered(value: Value, text: str | None, field: Field) -> bool:
    """Tell whether `text`, as `remembered` wrote it, stands for a value that `field` does not
    tell apart from this one."""
    return remembered(value) == text or same(value, text, field)


def _plain_text(value: Value) -> str:
    text = spell(value) or ""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _chosen(value: Value) -> list[str]:
    """Return the options of a multi-select."""
    return [part.strip() for part in _plain_text(value).split(";") if part.strip()]


def _fitting(text: str, field: Field) -> str:
    if field.max_length is not None and len(text) > field.max_length:
        raise CannotConvert(
            "text-too-long",
            f"{field.label} takes {field.max_length} characters, and this value has {len(text)}.",
        )
    return text


def _number(value: Value, field: Field) -> Decimal:
    try:
        number = _ROOMY.create_decimal(_plain_text(value))
        if field.scale is not None:
            number = number.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP, _ROOMY)
    except ArithmeticError:  # not a number, or one that no CRM can hold
        number = Decimal("NaN")
    if not number.is_finite():
        raise CannotConvert("invalid-format", f"{field.label} takes a number.")
    return _normal(number)


def _normal(number: Decimal) -> Decimal:
    """Return the one spelling of a number: no zeros at its end, no sign before a zero."""
    return _ROOMY.plus(number.normalize(_ROOMY))


def _yes_or_no(value: Value, field: Field) -> bool:
    match _plain_text(value).lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            raise CannotConvert("invalid-format", f"{field.label} takes yes or no.")


def _moment(value: Value, field: Field) -> datetime:
    """Return a moment in UTC; a day is its midnight."""
    try:
        match value:
            case datetime():
                moment = value
            case date():
                moment = datetime.combine(value, time(), UTC)
            case _:
                moment = datetime.fromisoformat(_plain_text(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise CannotConvert("invalid-format", f"{field.label} takes a date.") from None


def _option(text: str, field: Field) -> str:
    """Return the option as the field spells it: Salesforce does not mind the case."""
    if text in field.options:
        return text
    for option in field.options:
        if option.lower() == text.lower():
            return option
    if field.restricted:
        raise CannotConvert(
            "picklist-value-not-allowed",
            f"{field.label} accepts only its own options, and “{text}” is not among them.",
        )
    return _fitting(text, field)


def id_of_18(text: str) -> str:
    """Return a Salesforce id in its 18-character form; other text as it is.

    Three check characters say which of the fifteen are upper-case (salesforce-api.md 7).
    """
    if len(text) != 15 or not text.isalnum() or not text.isascii():
        return text
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    blocks = (text[0:5], text[5:10], text[10:15])
    return text + "".join(
        alphabet[sum(1 << place for place, char in enumerate(block) if char.isupper())]
        for block in blocks
    )
