"""Which records fit a list: an OR of ANDs of filters over properties. Source: hubspot-api.md 10.

Other kinds of filter exist (associations, events, members of other lists): they answer 501.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeVar

from sync_engine.simulators.hubspot.call import as_name, as_object, optional_list, require
from sync_engine.simulators.hubspot.errors import HubSpotError, invalid_json, not_simulated
from sync_engine.simulators.hubspot.list_dates import Test, point_test, range_test
from sync_engine.simulators.hubspot.properties import Property
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.wire import held

MOST_FILTERS = 250
Compare = TypeVar("Compare")

_TEXT: dict[str, Callable[[str, Sequence[str]], bool]] = {
    "IS_EQUAL_TO": lambda value, wanted: value in wanted,
    "IS_NOT_EQUAL_TO": lambda value, wanted: value not in wanted,
    "CONTAINS": lambda value, wanted: any(one in value for one in wanted),
    "DOES_NOT_CONTAIN": lambda value, wanted: not any(one in value for one in wanted),
    "STARTS_WITH": lambda value, wanted: value.startswith(tuple(wanted)),
    "ENDS_WITH": lambda value, wanted: value.endswith(tuple(wanted)),
}
_CHOSEN: dict[str, Callable[[set[str], set[str]], bool]] = {
    "IS_ANY_OF": lambda chosen, wanted: bool(chosen & wanted),
    "IS_NONE_OF": lambda chosen, wanted: not chosen & wanted,
    "IS_EXACTLY": lambda chosen, wanted: chosen == wanted,
    "IS_NOT_EXACTLY": lambda chosen, wanted: chosen != wanted,
    "CONTAINS_ALL": lambda chosen, wanted: wanted <= chosen,
    "DOES_NOT_CONTAIN_ALL": lambda chosen, wanted: not wanted <= chosen,
}
_NUMBERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "IS_EQUAL_TO": eq,
    "IS_NOT_EQUAL_TO": ne,
    "IS_GREATER_THAN": gt,
    "IS_GREATER_THAN_OR_EQUAL_TO": ge,
    "IS_LESS_THAN": lt,
    "IS_LESS_THAN_OR_EQUAL_TO": le,
}


@dataclass(frozen=True, slots=True)
class Matcher:
    """Tells whether a record fits: any of the groups whose tests all do.

    is_relative: time alone makes records fit or not.
    """

    groups: list[list[tuple[str, Test]]]
    is_relative: bool

    def fits(self, table: Table, row: Row, now: int) -> bool:
        values = held(table, row)
        return any(
            all(test.fits(values.get(name, ""), now) for name, test in group)
            for group in self.groups
        )


def matcher(table: Table, sent: Any) -> Matcher:
    """Return what tells whether a record fits the filter branch `sent`; raises HubSpotError."""
    root = _branch(sent, "OR")
    if optional_list(root, "filters"):
        raise HubSpotError(400, "The root filter branch must not hold filters, only branches")
    groups = [_group(table, one) for one in optional_list(root, "filterBranches")]
    if not groups or not all(groups) or sum(map(len, groups)) > MOST_FILTERS:
        said = f"A list has branches that hold filters, {MOST_FILTERS} of them at most"
        raise HubSpotError(400, said)
    return Matcher(groups, any(test.is_relative for group in groups for _, test in group))


def _branch(sent: Any, wanted: str) -> dict[str, Any]:
    branch = as_object(sent)
    require(branch, "filterBranchType")
    found = branch["filterBranchType"]
    if found != wanted:
        if found in ("AND", "OR"):
            raise HubSpotError(400, f"A filter branch of type {wanted} was expected")
        raise not_simulated(f"The filter branch {found}")
    return branch


def _group(table: Table, sent: Any) -> list[tuple[str, Test]]:
    branch = _branch(sent, "AND")
    if optional_list(branch, "filterBranches"):
        raise not_simulated("A filter branch below AND")
    return [_filter(table, one) for one in optional_list(branch, "filters")]


def _filter(table: Table, sent: Any) -> tuple[str, Test]:
    one = as_object(sent)
    require(one, "filterType", "property", "operation")
    if one["filterType"] != "PROPERTY":
        raise not_simulated(f"The filter {one['filterType']}")
    name = as_name(one["property"], "property")
    if name not in table.properties.live:
        raise HubSpotError(400, f'Property "{name}" does not exist')
    operation = as_object(one["operation"])
    require(operation, "operationType", "operator")
    return name, _test(table.properties.live[name], operation)


def _test(one: Property, operation: Mapping[str, Any]) -> Test:
    operator = as_name(operation["operator"], "operator")
    if operator in ("IS_KNOWN", "IS_UNKNOWN"):
        return Test(lambda value, now: bool(value) is (operator == "IS_KNOWN"))
    operation_type = as_name(operation["operationType"], "operationType")
    if operation_type not in _TYPES:
        raise not_simulated(f"The filter operation {operation_type}")
    build, types = _TYPES[operation_type]
    if types and one.type not in types:
        said = f"{operation_type} does not fit property {one.name} of type {one.type}"
        raise HubSpotError(400, said)
    test = build(operation, operator)
    unset = operation.get("includeObjectsWithNoValueSet") is True
    return Test(lambda value, now: test.fits(value, now) if value else unset, test.is_relative)


def _text(operation: Mapping[str, Any], operator: str) -> Test:
    wanted = tuple(one.lower() for one in _values(operation))
    compare = _of(_TEXT, operator)
    return Test(lambda value, now: compare(value.lower(), wanted))


def _choice(operation: Mapping[str, Any], operator: str) -> Test:
    wanted = set(_values(operation))
    compare = _of(_CHOSEN, operator)
    return Test(lambda value, now: compare(set(value.split(";")), wanted))


def _number(operation: Mapping[str, Any], operator: str) -> Test:
    wanted = _decimal(operation, "value")
    compare = _of(_NUMBERS, operator)
    return Test(lambda value, now: compare(Decimal(value), wanted))


def _number_range(operation: Mapping[str, Any], operator: str) -> Test:
    lower, upper = _decimal(operation, "lowerBound"), _decimal(operation, "upperBound")
    compare = _of({"IS_BETWEEN": eq, "IS_NOT_BETWEEN": ne}, operator)
    return Test(lambda value, now: bool(compare(lower <= Decimal(value) <= upper, True)))


def _decimal(operation: Mapping[str, Any], name: str) -> Decimal:
    sent = operation.get(name)
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        raise invalid_json(f"Cannot deserialize value of type `java.lang.Double` for {name}")
    return Decimal(str(sent))


def _boolean(operation: Mapping[str, Any], operator: str) -> Test:
    sent = operation.get("value")
    if not isinstance(sent, bool):
        raise invalid_json("Cannot deserialize value of type `java.lang.Boolean` for value")
    wanted = "true" if sent else "false"
    compare = _of({"IS_EQUAL_TO": eq, "IS_NOT_EQUAL_TO": ne}, operator)
    return Test(lambda value, now: bool(compare(value, wanted)))


_DATES = ("date", "datetime")
# What reads an operation, and the types of property it is for; () for all.
_TYPES: dict[str, tuple[Callable[[Mapping[str, Any], str], Test], tuple[str, ...]]] = {
    "STRING": (_text, ()),
    "MULTISTRING": (_text, ()),
    "ENUMERATION": (_choice, ()),
    "NUMBER": (_number, ("number",)),
    "NUMBER_RANGED": (_number_range, ("number",)),
    "BOOL": (_boolean, ()),
    "TIME_POINT": (point_test, _DATES),
    "TIME_RANGED": (range_test, _DATES),
}


def _of(known: Mapping[str, Compare], operator: str) -> Compare:
    if operator not in known:
        raise HubSpotError(400, f"Operator {operator} does not fit this operation")
    return known[operator]


def _values(operation: Mapping[str, Any]) -> list[str]:
    values = optional_list(operation, "values")
    if not values:
        require(operation, "value")
        values = [operation["value"]]
    return [as_name(one, "values") for one in values]
