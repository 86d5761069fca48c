"""What HubSpot makes of a value that it is sent: the text it keeps, or a refusal.

Source: hubspot-api.md 4.2, 6.1, 6.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sync_engine.simulators.hubspot.errors import BadValue, HubSpotError, invalid_json
from sync_engine.simulators.hubspot.properties import Property
from sync_engine.simulators.hubspot.times import iso, parse_moment
from sync_engine.simulators.hubspot.users import OWNER_IDS

LONGEST_TEXT = 65_536
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\"]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,}"
)
_DAY = 86_400_000
_EMAILS = ("email", "hs_additional_emails")


class Refusal(Exception):
    """A value that does not fit its property."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def as_text(sent: Any) -> str:
    """Return a JSON value as HubSpot's parser reads a string; raises HubSpotError."""
    match sent:
        case str():
            return sent.strip()
        case None:
            return ""
        case bool():
            return "true" if sent else "false"
        case int() | float():
            return str(sent)
        case _:
            kind = "Object" if isinstance(sent, dict) else "Array"
            raise invalid_json(
                f"Cannot deserialize value of type `java.lang.String` from {kind} value"
            )


def kept(one: Property, sent: Any, held: str) -> str | BadValue:
    """Return the text to keep for `sent` where `held` is there now; "" clears."""
    text = as_text(sent)
    if one.read_only or one.calculated:
        said = f'"{one.name}" is a read only property; its value cannot be set.'
        return BadValue(one.name, "READ_ONLY_VALUE", said)
    if not text:
        return ""
    try:
        return _normalise(one, text, held)
    except Refusal as refusal:
        return BadValue(one.name, refusal.code, refusal.message)


def _normalise(one: Property, text: str, held: str) -> str:
    if one.name in _EMAILS:
        return ";".join(email_address(address) for address in text.split(";") if address.strip())
    return _BY_TYPE.get(one.type, _text)(one, text, held)


def email_address(address: str) -> str:
    """Return an address as HubSpot keeps it; raises Refusal."""
    lowered = address.strip().lower()
    if not _EMAIL.fullmatch(lowered):
        raise Refusal("INVALID_EMAIL", f"Email address {address} is invalid")
    return lowered


def address_sent(address: str) -> str:
    """Return an address that stands for itself in a call; raises HubSpotError."""
    try:
        return email_address(address)
    except Refusal as refusal:
        raise HubSpotError(400, refusal.message) from refusal


def _text(one: Property, text: str, held: str) -> str:
    if len(text) > LONGEST_TEXT:
        said = f"{one.name} is longer than the {LONGEST_TEXT} characters allowed"
        raise Refusal("VALUE_TOO_LONG", said)
    return text


def _number(one: Property, text: str, held: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 300 or "_" in text:
        raise Refusal("INVALID_INTEGER", f"{one.name} was not a valid number")
    return f"{number:f}"


def _boolean(one: Property, text: str, held: str) -> str:
    return _option(one, text.lower())


def _enumeration(one: Property, text: str, held: str) -> str:
    if not one.is_multiple:
        return _option(one, text)
    chosen = held.split(";") if text.startswith(";") and held else []
    chosen += [_option(one, part.strip()) for part in text.split(";") if part.strip()]
    return ";".join(dict.fromkeys(chosen))


def _option(one: Property, text: str) -> str:
    if one.refers_to:
        if text not in OWNER_IDS:
            raise Refusal("INVALID_OWNER_ID", f"{text} is not the id of an owner")
        return text
    if text not in one.rank:
        allowed = ", ".join(f'label: "{o.label}"\nvalue: "{o.value}"\n' for o in one.options)
        said = f"{text} was not one of the allowed options: [{allowed}]"
        raise Refusal("INVALID_OPTION", said)
    return text


def _moment(text: str) -> int:
    moment = parse_moment(text)
    if moment is None:
        raise Refusal("INVALID_LONG", f"{text} was not a valid long.")
    return moment


def _date(one: Property, text: str, held: str) -> str:
    moment = _moment(text)
    if moment % _DAY:
        at = datetime.fromtimestamp(moment // 1000, UTC)
        spelled = f"{at.hour}:{at.minute}:{at.second}.{moment % 1000}"
        raise Refusal("INVALID_DATE", f"{moment} is at {spelled} UTC, not midnight!")
    return iso(moment)[:10]


def _datetime(one: Property, text: str, held: str) -> str:
    return iso(_moment(text))


_BY_TYPE: dict[str, Callable[[Property, str, str], str]] = {
    "number": _number,
    "bool": _boolean,
    "enumeration": _enumeration,
    "date": _date,
    "datetime": _datetime,
}
