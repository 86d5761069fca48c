"""Which records fit a list: an OR of ANDs of filters over properties. Source: hubspot-api.md 10.

Other kinds of filter exist (associations, events, dates relative to today): they answer 501.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeVar

from sync_engine.simulators.hubspot.call import as_name, as_object, optional_list, require
from sync_engine.simulators.hubspot.errors import HubSpotError, invalid_json
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.wire import held

MOST_FILTERS = 250
Test = Callable[[str], bool]
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


def matcher(table: Table, sent: Any) -> Callable[[Row], bool]:
    """Return what tells whether a record fits the filter branch `sent`; raises HubSpotError."""
    root = _branch(sent, "OR")
    if optional_list(root, "filters"):
        raise HubSpotError(400, "The root filter branch must not hold filters, only branches")
    groups = [_group(table, one) for one in optional_list(root, "filterBranches")]
    if not groups or not all(groups) or sum(map(len, groups)) > MOST_FILTERS:
        said = f"A list has branches that hold filters, {MOST_FILTERS} of them at most"
        raise HubSpotError(400, said)

    def matches(row: Row) -> bool:
        values = held(table, row)
        return any(all(test(values.get(name, "")) for name, test in group) for group in groups)

    return matches


def _branch(sent: Any, wanted: str) -> dict[str, Any]:
    branch = as_object(sent)
    require(branch, "filterBranchType")
    found = branch["filterBranchType"]
    if found != wanted:
        if found in ("AND", "OR"):
            raise HubSpotError(400, f"A filter branch of type {wanted} was expected")
        raise _not_simulated("filter branch", found)
    return branch


def _group(table: Table, sent: Any) -> list[tuple[str, Test]]:
    branch = _branch(sent, "AND")
    if optional_list(branch, "filterBranches"):
        raise _not_simulated("filter branch", "below AND")
    return [_filter(table, one) for one in optional_list(branch, "filters")]


def _filter(table: Table, sent: Any) -> tuple[str, Test]:
    one = as_object(sent)
    require(one, "filterType", "property", "operation")
    if one["filterType"] != "PROPERTY":
        raise _not_simulated("filter", one["filterType"])
    name = as_name(one["property"], "property")
    if name not in table.properties.live:
        raise HubSpotError(400, f'Property "{name}" does not exist')
    operation = as_object(one["operation"])
    require(operation, "operationType", "operator")
    return name, _test(operation)


def _test(operation: Mapping[str, Any]) -> Test:
    operator = as_name(operation["operator"], "operator")
    if operator in ("IS_KNOWN", "IS_UNKNOWN"):
        return lambda value: bool(value) is (operator == "IS_KNOWN")
    build = _TYPES.get(as_name(operation["operationType"], "operationType"))
    if build is None:
        raise _not_simulated("filter operation", operation["operationType"])
    test = build(operation, operator)
    unset = operation.get("includeObjectsWithNoValueSet") is True
    return lambda value: test(value) if value else unset


def _text(operation: Mapping[str, Any], operator: str) -> Test:
    wanted = tuple(one.lower() for one in _values(operation))
    compare = _of(_TEXT, operator)
    return lambda value: compare(value.lower(), wanted)


def _choice(operation: Mapping[str, Any], operator: str) -> Test:
    wanted = set(_values(operation))
    compare = _of(_CHOSEN, operator)
    return lambda value: compare(set(value.split(";")), wanted)


def _number(operation: Mapping[str, Any], operator: str) -> Test:
    sent = operation.get("value")
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        raise invalid_json("Cannot deserialize value of type `java.lang.Double` for value")
    wanted = Decimal(str(sent))
    compare = _of(_NUMBERS, operator)
    return lambda value: compare(Decimal(value), wanted)


def _boolean(operation: Mapping[str, Any], operator: str) -> Test:
    sent = operation.get("value")
    if not isinstance(sent, bool):
        raise invalid_json("Cannot deserialize value of type `java.lang.Boolean` for value")
    wanted = "true" if sent else "false"
    compare = _of({"IS_EQUAL_TO": eq, "IS_NOT_EQUAL_TO": ne}, operator)
    return lambda value: bool(compare(value, wanted))


_TYPES: dict[str, Callable[[Mapping[str, Any], str], Test]] = {
    "STRING": _text,
    "MULTISTRING": _text,
    "ENUMERATION": _choice,
    "NUMBER": _number,
    "BOOL": _boolean,
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


def _not_simulated(what: str, named: Any) -> HubSpotError:
    return HubSpotError(501, f"The {what} {named} is not simulated", category="NOT_SIMULATED")
