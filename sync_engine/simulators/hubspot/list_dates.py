"""The moments that filters of lists compare with: days, today, now. Source: hubspot-api.md 10 and
the client's models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync_engine.simulators.hubspot.call import as_name, as_object, require
from sync_engine.simulators.hubspot.errors import HubSpotError, invalid_json, not_simulated
from sync_engine.simulators.hubspot.times import milliseconds, parse_moment

_OFFSETS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds")
_CLOCK = (("hour", 23), ("minute", 59), ("second", 59), ("millisecond", 999))


@dataclass(frozen=True, slots=True)
class Point:
    """A moment, which may depend on now. at: now -> milliseconds."""

    at: Callable[[int], int]
    is_relative: bool


@dataclass(frozen=True, slots=True)
class Test:
    """One filter. fits: (a property's text, now) -> whether it is as the filter wants it.

    is_relative: the answer may change as time goes by.
    """

    fits: Callable[[str, int], bool]
    is_relative: bool = False


def point_test(operation: Mapping[str, Any], operator: str) -> Test:
    """Read a TIME_POINT operation; raises HubSpotError."""
    if operator not in ("IS_BEFORE", "IS_AFTER"):
        raise HubSpotError(400, f"Operator {operator} does not fit this operation")
    point = _point(operation, "timePoint")
    inclusive = operation.get("endpointBehavior") == "INCLUSIVE"
    sign = 1 if operator == "IS_AFTER" else -1

    def fits(value: str, now: int) -> bool:
        moment = parse_moment(value)
        if moment is None:
            return False
        ahead = sign * (moment - point.at(now))
        return ahead > 0 or (inclusive and ahead == 0)

    return Test(fits, point.is_relative)


def range_test(operation: Mapping[str, Any], operator: str) -> Test:
    """Read a TIME_RANGED operation, both ends of which belong to it unless it says otherwise."""
    if operator not in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        raise HubSpotError(400, f"Operator {operator} does not fit this operation")
    lower, upper = (_point(operation, f"{end}BoundTimePoint") for end in ("lower", "upper"))
    after, before = (
        int(operation.get(f"{end}BoundEndpointBehavior") == "EXCLUSIVE")
        for end in ("lower", "upper")
    )
    wanted = operator == "IS_BETWEEN"

    def fits(value: str, now: int) -> bool:
        moment = parse_moment(value)
        if moment is None:
            return False
        return (lower.at(now) + after <= moment <= upper.at(now) - before) is wanted

    return Test(fits, lower.is_relative or upper.is_relative)


def _point(operation: Mapping[str, Any], name: str) -> Point:
    parser = operation.get("propertyParser") or "VALUE"
    if parser != "VALUE":
        raise not_simulated(f"property parser {parser}")
    require(operation, name)
    sent = as_object(operation[name])
    require(sent, "timeType", "zoneId")
    zone = _zone(sent["zoneId"])
    match sent["timeType"]:
        case "DATE":
            return _day(sent, zone)
        case "INDEXED":
            return _indexed(sent, zone)
        case other:
            raise not_simulated(f"time point {other}")


def _zone(sent: Any) -> ZoneInfo:
    try:
        return ZoneInfo(as_name(sent, "zoneId"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise HubSpotError(400, "zoneId is not the name of a time zone") from error


def _day(sent: Mapping[str, Any], zone: ZoneInfo) -> Point:
    require(sent, "year", "month", "day")
    year, month, day = (_whole(sent[name], name, 9999) for name in ("year", "month", "day"))
    try:
        moment = datetime(year, month, day, tzinfo=zone) + _time_of_day(sent)
        at = milliseconds(moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise HubSpotError(400, f"{year}-{month}-{day} is not a day") from error
    return Point(lambda now: at, is_relative=False)


def _indexed(sent: Mapping[str, Any], zone: ZoneInfo) -> Point:
    """Read a moment that lies so far from now, or from where today began in the zone."""
    require(sent, "indexReference")
    reference = as_object(sent["indexReference"])
    offset = as_object(sent.get("offset") or {})
    unknown = [name for name, value in offset.items() if value and name not in _OFFSETS]
    if unknown or reference.get("referenceType") not in ("TODAY", "NOW"):
        raise not_simulated(f"time point {reference.get('referenceType')} {unknown or ''}".strip())
    units = {name: _signed(offset[name], name) for name in _OFFSETS if offset.get(name)}
    away = timedelta(**units) // timedelta(milliseconds=1)
    if reference["referenceType"] == "NOW":
        return Point(lambda now: now + away, is_relative=True)
    later = _time_of_day(reference) // timedelta(milliseconds=1)
    return Point(lambda now: _midnight(now, zone) + later + away, is_relative=True)


def _midnight(now: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)
    return milliseconds(local.replace(hour=0, minute=0, second=0, microsecond=0))


def _time_of_day(sent: Mapping[str, Any]) -> timedelta:
    hour, minute, second, millisecond = (
        _whole(sent.get(name) or 0, name, most) for name, most in _CLOCK
    )
    return timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=millisecond)


def _whole(sent: Any, name: str, most: int) -> int:
    if isinstance(sent, bool) or not isinstance(sent, int):
        raise invalid_json(f"Cannot deserialize value of type `int` for {name}")
    if not 0 <= sent <= most:
        raise HubSpotError(400, f"{name} has to be from 0 to {most}")
    return sent


def _signed(sent: Any, name: str) -> int:
    if isinstance(sent, bool) or not isinstance(sent, int):
        raise invalid_json(f"Cannot deserialize value of type `int` for {name}")
    if abs(sent) > 100_000:
        raise HubSpotError(400, f"{name} has to be from -100000 to 100000")
    return sent
