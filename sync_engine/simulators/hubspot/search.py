"""Search over the index: filters, full text, one sort, offsets up to 10,000.

Source: hubspot-api.md 7. Text compares without regard to case, enumerations with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from operator import attrgetter, ge, gt, le, lt
from typing import Any

from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.call import Answer, Call, record_id
from sync_engine.simulators.hubspot.candidates import candidates
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.found import Found
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.search_query import (
    LONGEST_BODY,
    MOST_RESULTS,
    Filter,
    Query,
    parse,
)
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.times import parse_moment
from sync_engine.simulators.hubspot.wire import asked

Test = Callable[[Row], bool]
Read = Callable[[Row], Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"LT": lt, "LTE": le, "GT": gt, "GTE": ge}
_WORD = re.compile(r"[^\W_]+")


def search(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    if len(call.request.body) > LONGEST_BODY:
        raise HubSpotError(400, f"The request body is longer than {LONGEST_BODY} characters")
    query = parse(table, call.body())
    table.index.catch_up(call.account.indexed_until())
    found, before = _found(call.account, table, query)
    total, end = len(found.rows) - before, query.offset + query.limit
    rows = found.page(before + query.offset, before + end, descending=query.descending)
    shape = asked(table, query.properties)
    body: dict[str, Any] = {"total": total, "results": [shape.record(row) for row in rows]}
    if end < total and end < MOST_RESULTS:
        body["paging"] = {"next": {"after": str(end)}}
    return 200, body


def _found(account: Account, table: Table, query: Query) -> tuple[Found, int]:
    """Return what fits, and how many of it the query leaves out: who pages by id, each time from
    the last one on, gets the rest of what the first page has found."""
    last_id, whole = _walk(query)
    asked_for = (whole.groups, whole.words, whole.sort, whole.descending)
    found = table.index.kept.get(asked_for)
    if found is None:
        fits = _fits(account, table, whole)
        rows = [row for row in _candidates(table, whole) if fits(row)]
        found = Found(rows, fits, _order(table, whole))
        if len(rows) > query.limit and not _is_about_others(whole):
            table.index.keep(asked_for, found)
    return found, 0 if last_id is None else found.place_of(last_id + 1)


def _walk(query: Query) -> tuple[int | None, Query]:
    """Take the last id seen out of a query that goes from id to id; None where it does not."""
    if len(query.groups) == 1 and query.sort == "hs_object_id" and not query.descending:
        group = query.groups[0]
        for one in group:
            last_id = record_id(one.values[0]) if one.operator == "GT" else None
            if one.name == "hs_object_id" and last_id is not None:
                others = tuple(other for other in group if other is not one)
                return last_id, replace(query, groups=(others,) if others else ())
    return None, query


def _candidates(table: Table, query: Query) -> Iterable[Row]:
    """Return rows of the index, each once, at least all that fit."""
    if len(query.groups) < 2:
        return candidates(table, query.groups[0] if query.groups else ())
    of_groups = (candidates(table, group) for group in query.groups)
    return {row.id: row for rows in of_groups for row in rows}.values()


def _fits(account: Account, table: Table, query: Query) -> Test:
    """Return the test of a row: one group's filters, and the words."""
    groups = [
        [_test(account, table, one) for one in sorted(group, key=_is_slow)]
        for group in query.groups or ((),)
    ]
    if query.words:
        for tests in groups:
            tests.append(_has_words(table, query.words))
    if len(groups) == 1 and len(groups[0]) == 1:
        return groups[0][0]
    return lambda row: any(all(test(row) for test in tests) for tests in groups)


def _is_about_others(query: Query) -> bool:
    """Whether the answer can change although no record of this kind does."""
    return any(one.name.startswith("associations.") for group in query.groups for one in group)


def _is_slow(one: Filter) -> bool:
    """Whether a filter has to unpack the values of a row."""
    return one.name not in ("hs_object_id", "lastmodifieddate", "hs_lastmodifieddate")


def _order(table: Table, query: Query) -> Read:
    """Return the key that rows are sorted by: blanks are last, equal ones go by id."""
    read = _reader(table, query.sort)
    if query.sort == "hs_object_id":
        return read

    def key(row: Row) -> tuple[bool, Any, int]:
        value = read(row)
        return (value is None) is not query.descending, 0 if value is None else value, row.id

    return key


def _reader(table: Table, name: str) -> Read:
    """Return what compares: a number, milliseconds, or text; None where it is not set."""
    if name == "hs_object_id":
        return attrgetter("id")
    if name in (table.kind.modified, "hs_lastmodifieddate"):
        return attrgetter("modified")
    spell = _comparable(table, name)

    def read(row: Row) -> Any:
        value = row.values().get(name)
        if value is None:
            return row.created if name in (table.kind.created, "hs_createdate") else None
        return spell(value)

    return read


def _comparable(table: Table, name: str) -> Callable[[str], Any]:
    match table.properties.live[name].type:
        case "number":
            return _number
        case "date" | "datetime":
            return parse_moment
        case "enumeration" | "bool":
            return str
        case _:
            return str.lower


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _test(account: Account, table: Table, one: Filter) -> Test:
    if one.name.startswith("associations."):
        return _associated(account, table, one)
    read = _reader(table, one.name)
    match one.operator:
        case "HAS_PROPERTY":
            return lambda row: read(row) is not None
        case "NOT_HAS_PROPERTY":
            return lambda row: read(row) is None
        case "IN" | "NOT_IN":
            return _listed(table, one, read)
        case "CONTAINS_TOKEN" | "NOT_CONTAINS_TOKEN":
            return _tokens(one)
        case _:
            return _compared(table, one, read)


def _compared(table: Table, one: Filter, read: Read) -> Test:
    wanted = [_wanted(table, one.name, value) for value in one.values]
    if one.operator == "EQ":
        return lambda row: bool(read(row) == wanted[0])
    if one.operator == "NEQ":
        return lambda row: bool(read(row) != wanted[0])
    if one.operator == "BETWEEN":
        return lambda row: (found := read(row)) is not None and wanted[0] <= found <= wanted[1]
    compare = _COMPARE[one.operator]
    return lambda row: (found := read(row)) is not None and compare(found, wanted[0])


def _wanted(table: Table, name: str, value: str) -> Any:
    """Return a filter's value as it compares; raises HubSpotError where it cannot."""
    found = _comparable(table, name)(value.strip())
    if found is None:
        raise HubSpotError(400, f"{value} is not a valid value for {name}")
    return found


def _listed(table: Table, one: Filter, read: Read) -> Test:
    """Texts are looked up in lower case and values as they were sent: hence "must be lower case"."""
    is_text = _comparable(table, one.name) is str.lower
    wanted = {value if is_text else _wanted(table, one.name, value) for value in one.values}
    if one.operator == "IN":
        return lambda row: read(row) in wanted
    return lambda row: read(row) not in wanted


def _tokens(one: Filter) -> Test:
    asked = one.values[0].lower().split()
    patterns = [re.compile(re.escape(word).replace(r"\*", ".*")) for word in asked]
    expected = one.operator == "CONTAINS_TOKEN"

    def test(row: Row) -> bool:
        value = row.values().get(one.name, "").lower()
        words = [*_WORD.findall(value), *value.split()]
        found = all(any(each.fullmatch(word) for word in words) for each in patterns)
        return found is expected

    return test


def _has_words(table: Table, words: Sequence[str]) -> Test:
    """Full text: each word begins a word of one of the kind's searchable properties."""

    def test(row: Row) -> bool:
        values = row.values()
        text = " ".join(values.get(name, "") for name in table.kind.searchable).lower()
        there = [*_WORD.findall(text), *text.split()]
        return all(any(one.startswith(word) for one in there) for word in words)

    return test


def _associated(account: Account, table: Table, one: Filter) -> Test:
    target = account.table(one.name.removeprefix("associations.")).kind.plural
    wanted: Iterable[str] = one.values

    def test(row: Row) -> bool:
        linked = account.associations.of((table.kind.plural, row.id), target)
        found = any(str(to_id) in wanted for to_id in linked)
        return found is (one.operator in ("EQ", "IN"))

    return test
