"""What a search may ask, checked. Source: hubspot-api.md 3.4 and 7."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.hubspot.call import (
    as_list,
    as_name,
    as_number,
    as_object,
    names_in,
    optional_list,
)
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.table import Table

LONGEST_BODY = 3_000
LONGEST_PAGE = 200
MOST_RESULTS = 10_000
MOST_GROUPS = 5
MOST_FILTERS = 6
MOST_FILTERS_IN_ALL = 18
_PLAIN = ("EQ", "NEQ", "LT", "LTE", "GT", "GTE", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN")
_LISTED = ("IN", "NOT_IN")
_ALONE = ("HAS_PROPERTY", "NOT_HAS_PROPERTY")
OPERATORS = (*_PLAIN, *_LISTED, *_ALONE, "BETWEEN")


@dataclass(frozen=True, slots=True)
class Filter:
    """values: one for most operators, low and high for BETWEEN, none for HAS_PROPERTY."""

    name: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """groups: any of them, each all of its filters. words: lower case."""

    groups: tuple[tuple[Filter, ...], ...]
    words: tuple[str, ...]
    sort: str
    descending: bool
    properties: tuple[str, ...]
    limit: int
    offset: int


def parse(table: Table, body: Mapping[str, Any]) -> Query:
    """Read a search's body; raises HubSpotError."""
    sort, descending = _sort(table, optional_list(body, "sorts"))
    limit = as_number(body.get("limit", 10), "limit", LONGEST_PAGE)
    offset = as_number(body.get("after") or 0, "after", 10**18)
    if offset + limit > MOST_RESULTS:
        raise HubSpotError(
            400, f"Paging past {MOST_RESULTS} results is not possible: after is {offset}"
        )
    return Query(
        groups=_groups(table, body),
        words=tuple(as_name(body.get("query") or "", "query").lower().split()),
        sort=sort,
        descending=descending,
        properties=tuple(names_in(body, "properties")),
        limit=limit or 10,
        offset=offset,
    )


def _groups(table: Table, body: Mapping[str, Any]) -> tuple[tuple[Filter, ...], ...]:
    sent = [as_object(one) for one in optional_list(body, "filterGroups")]
    if body.get("filters"):
        sent.append({"filters": body["filters"]})
    if len(sent) > MOST_GROUPS:
        raise HubSpotError(400, f"The maximum number of filterGroups is {MOST_GROUPS}")
    groups = tuple(
        tuple(_filter(table, as_object(one)) for one in optional_list(group, "filters"))
        for group in sent
    )
    if any(len(group) > MOST_FILTERS for group in groups):
        raise HubSpotError(400, f"The maximum number of filters in a filterGroup is {MOST_FILTERS}")
    if sum(map(len, groups)) > MOST_FILTERS_IN_ALL:
        raise HubSpotError(400, f"The maximum number of filters is {MOST_FILTERS_IN_ALL}")
    return tuple(group for group in groups if group)


def _filter(table: Table, sent: Mapping[str, Any]) -> Filter:
    name = as_name(sent.get("propertyName"), "propertyName")
    operator = as_name(sent.get("operator"), "operator")
    if operator not in OPERATORS:
        raise HubSpotError(
            400,
            f"Invalid input JSON: {operator} is not one of [{', '.join(OPERATORS)}]",
        )
    if name not in table.properties.live and not name.startswith("associations."):
        raise HubSpotError(400, f'Property "{name}" does not exist')
    if operator in _LISTED:
        values = tuple(as_name(one, "values") for one in as_list(sent.get("values"), "values"))
        if not values:
            raise HubSpotError(400, f"operator {operator} requires values")
    elif operator in _ALONE:
        values = ()
    elif operator == "BETWEEN":
        values = (_value(sent, "value", operator), _value(sent, "highValue", operator))
    else:
        values = (_value(sent, "value", operator),)
    return Filter(name, operator, values)


def _value(sent: Mapping[str, Any], member: str, operator: str) -> str:
    if sent.get(member) is None:
        raise HubSpotError(400, f"operator {operator} requires a {member}")
    value = sent[member]
    return str(value).lower() if isinstance(value, bool) else _text(value, member)


def _text(value: Any, member: str) -> str:
    return str(value) if isinstance(value, float) else as_name(value, member)


def _sort(table: Table, sorts: list[Any]) -> tuple[str, bool]:
    if len(sorts) > 1:
        raise HubSpotError(400, "Only one sort is supported")
    if not sorts:
        return table.kind.created, False
    if isinstance(sorts[0], dict):
        name = as_name(sorts[0].get("propertyName"), "propertyName")
        descending = sorts[0].get("direction") == "DESCENDING"
    else:
        name = as_name(sorts[0], "sorts")
        name, descending = name.removeprefix("-"), name.startswith("-")
    if name not in table.properties.live:
        raise HubSpotError(400, f'Property "{name}" does not exist')
    return name, descending
