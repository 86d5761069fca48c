"""One value on its way in: refused, or changed into what Salesforce stores.
Rules and texts: salesforce-api.md 5.1, 10.2; sync.md 1 on what storing changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sync_engine.simulators.salesforce import ids, moments
from sync_engine.simulators.salesforce.errors import Refusal, bad_json
from sync_engine.simulators.salesforce.fields import TEXTS, Field

EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+"
    r"[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*"
)
JSON_KINDS = {
    bool: "VALUE_BOOLEAN", str: "VALUE_STRING", int: "VALUE_NUMBER_INT",
    float: "VALUE_NUMBER_FLOAT", list: "START_ARRAY", dict: "START_OBJECT",
}  # fmt: skip
LARGEST_INT = 2**31


def stored(field: Field, value: Any) -> Any:
    """Return what Salesforce keeps of `value`, None for blank; raises Refusal."""
    if value is None or value == "":
        return False if field.type == "boolean" else None
    if field.type in TEXTS:
        return _text(field, value)
    return CONVERT[field.type](field, value)


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise _wrong_kind(field, value, "string")
    kept = value.strip()
    if not kept:
        return None
    if field.type == "email":
        kept = _email(field, kept)
    elif field.type == "picklist":
        kept = _option(field, kept)
    elif field.type == "multipicklist":
        chosen = dict.fromkeys(_option(field, part.strip()) for part in kept.split(";"))
        kept = ";".join(option for option in chosen if option)
    if len(kept) > field.length:
        raise Refusal(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {kept} (max length={field.length})",
            (field.name,),
        )
    return kept


def _email(field: Field, text: str) -> str:
    local = text.rpartition("@")[0]
    if not EMAIL.fullmatch(text) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Refusal(
            "INVALID_EMAIL_ADDRESS",
            f"{field.label}: invalid email address: {text}",
            (field.name,),
        )
    return text.lower()


def _option(field: Field, text: str) -> str:
    """Return the option as the picklist spells it; an open picklist takes any text."""
    for option in field.options:
        if option.lower() == text.lower():
            return option
    if field.restricted:
        raise Refusal(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text}",
            (field.name,),
        )
    return text


def _boolean(field: Field, value: Any) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise _wrong_kind(field, value, "boolean")
    return value


def _number(field: Field, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong_kind(field, value, "double")
    try:
        exact = Decimal(str(value))
    except InvalidOperation as error:
        raise _wrong_kind(field, value, "double") from error
    digits = field.precision - field.scale
    if not exact.is_finite() or abs(exact) >= Decimal(10) ** digits:
        raise Refusal(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"{field.label}: value outside of valid range on numeric field: {value}",
            (field.name,),
        )
    return float(exact.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP))


def _integer(field: Field, value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_kind(field, value, "int")
    if abs(value) >= min(10**field.precision, LARGEST_INT):
        raise Refusal(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"{field.label}: value outside of valid range on numeric field: {value}",
            (field.name,),
        )
    return value


def _day(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_kind(field, value, "date")
    try:
        return moments.read_day(value.strip())
    except ValueError as error:
        raise _wrong_kind(field, value, "date") from error


def _moment(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_kind(field, value, "datetime")
    try:
        return moments.spell(moments.read(value.strip()))
    except ValueError as error:
        raise _wrong_kind(field, value, "datetime") from error


def _reference(field: Field, value: Any) -> str:
    """Return the id with 18 characters. Whether it exists is the records' business."""
    if not isinstance(value, str):
        raise _wrong_kind(field, value, "string")
    record_id = ids.full(value.strip())
    if record_id is None:
        raise Refusal(
            "MALFORMED_ID",
            f"{field.label}: id value of incorrect type: {value}",
            (field.name,),
        )
    return record_id


def _wrong_kind(field: Field, value: Any, wanted: str) -> Refusal:
    kind = JSON_KINDS.get(type(value), "VALUE_STRING")
    shown = value if isinstance(value, str | int | float) else ""
    return bad_json(
        f"Cannot deserialize instance of {wanted} from {kind} value {shown} or request may be "
        f"missing a required field at [{field.name}]"
    )


CONVERT: dict[str, Callable[[Field, Any], Any]] = {
    "boolean": _boolean,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "int": _integer,
    "date": _day,
    "datetime": _moment,
    "reference": _reference,
    "id": _reference,
}
