"""Recursive descent over SOQL's tokens. Source: salesforce-api.md 15."""

from __future__ import annotations

from sync_engine.simulators.salesforce.errors import Refusal, malformed
from sync_engine.simulators.salesforce.soql.ast import (
    ChildQuery,
    FieldSet,
    Order,
    Path,
    Selected,
    Statement,
)
from sync_engine.simulators.salesforce.soql.parse_conditions import Conditions
from sync_engine.simulators.salesforce.soql.words import Words

LONGEST = 100_000
DEEPEST = 5
FIELD_SETS = ("all", "standard", "custom")
OBJECTS = frozenset(["order"])  # reserved words that may name an object


def parse(text: str) -> Statement:
    """Read a statement; raises Refusal MALFORMED_QUERY."""
    if len(text) > LONGEST:
        raise Refusal("QUERY_TOO_COMPLICATED", "SOQL statement is too long")
    words = Words(text)
    if words.here.kind == "end":
        raise malformed("A query string has to be specified")
    statement = _Parser(words).statement()
    if words.here.kind != "end":
        raise words.unexpected()
    return statement


class _Parser:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._depth = 0

    def statement(self) -> Statement:
        words = self._words
        self._depth += 1
        if self._depth > DEEPEST:
            raise words.unexpected()
        words.expect("select")
        selected = self._select_list()
        words.expect("from")
        name = words.name(OBJECTS)
        alias = words.alias()
        if words.is_at_sign(","):
            raise words.left_out("more than one object after FROM")
        conditions = Conditions(words, self.statement)
        statement = Statement(
            text=words.text,
            selected=selected,
            object_name=name.text,
            object_at=name.at,
            alias=alias,
            where=conditions.condition() if words.accept("where") else None,
            group=self._group(),
            having=conditions.condition() if words.accept("having") else None,
            order=self._order(),
            limit=words.whole("limit"),
            offset=words.whole("offset") or 0,
            all_rows=self._all_rows(),
        )
        self._depth -= 1
        return statement

    def _select_list(self) -> tuple[Selected, ...]:
        selected = [self._selected()]
        while self._words.accept_sign(","):
            selected.append(self._selected())
        return tuple(selected)

    def _selected(self) -> Selected:
        words, at = self._words, self._words.here.at
        if words.accept_sign("("):
            inner = self.statement()
            words.expect_sign(")")
            return Selected(ChildQuery(inner, at))
        if words.is_at("fields") and words.next.text == "(":
            return Selected(self._field_set())
        if words.is_at("typeof"):
            raise words.unexpected()
        return Selected(words.expression(), words.alias())

    def _field_set(self) -> FieldSet:
        words, at = self._words, self._words.take().at
        words.expect_sign("(")
        which = words.name()
        if which.text.lower() not in FIELD_SETS:
            raise words.unexpected(which)
        words.expect_sign(")")
        return FieldSet(which.text.lower(), at)

    def _group(self) -> tuple[Path, ...]:
        words = self._words
        if not words.accept("group"):
            return ()
        words.expect("by")
        paths = [words.path()]
        while words.accept_sign(","):
            paths.append(words.path())
        return tuple(paths)

    def _order(self) -> tuple[Order, ...]:
        words = self._words
        if not words.accept("order"):
            return ()
        words.expect("by")
        orders = [self._ordered()]
        while words.accept_sign(","):
            orders.append(self._ordered())
        return tuple(orders)

    def _ordered(self) -> Order:
        words = self._words
        path = words.expression()
        is_descending = words.accept("desc")
        if not is_descending:
            words.accept("asc")
        nulls_last = False
        if words.accept("nulls"):
            nulls_last = words.accept("last")
            if not nulls_last:
                words.expect("first")
        return Order(path, is_descending, nulls_last)

    def _all_rows(self) -> bool:
        if not self._words.accept("all"):
            return False
        self._words.expect("rows")
        return True
