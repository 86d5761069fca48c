"""Recursive descent over SOQL's tokens. Salesforce's words for what it does not understand."""

from __future__ import annotations

from sync_engine.simulators.salesforce.errors import Refusal, malformed
from sync_engine.simulators.salesforce.soql.ast import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Literal,
    Not,
    Order,
    Path,
    Statement,
)
from sync_engine.simulators.salesforce.soql.periods import is_period
from sync_engine.simulators.salesforce.soql.tokens import (
    Token,
    at_place,
    tokens,
    unquote,
    unquote_pattern,
)

LONGEST = 100_000
DEEPEST = 50
SETS = {"in", "not in", "includes", "excludes"}
SIGNS = {"=", "!=", "<>", "<", "<=", ">", ">="}
RESERVED = frozenset(
    [
        "select",
        "from",
        "where",
        "and",
        "or",
        "not",
        "in",
        "like",
        "limit",
        "offset",
        "order",
        "asc",
        "desc",
    ]
)
LEFT_OUT = frozenset(["group", "having", "using", "with", "for", "typeof"])


def parse(text: str) -> Statement:
    """Read a statement; raises Refusal MALFORMED_QUERY."""
    if len(text) > LONGEST:
        raise Refusal("QUERY_TOO_COMPLICATED", "SOQL statement is too long")
    return _Parser(text).statement()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    def statement(self) -> Statement:
        if self._here.kind == "end":
            raise malformed("A query string has to be specified")
        self._expect("select")
        counts, fields = self._select_list()
        self._expect("from")
        name = self._name()
        where = self._where()
        order = self._order()
        limit = self._whole("limit")
        offset = self._whole("offset") or 0
        all_rows = self._accept("all")
        if all_rows:
            self._expect("rows")
        if self._here.kind != "end":
            raise self._unexpected()
        return Statement(
            text=self._text,
            fields=fields,
            counts=counts,
            object_name=name.text,
            object_at=name.at,
            where=where,
            order=order,
            limit=limit,
            offset=offset,
            all_rows=all_rows,
        )

    def _select_list(self) -> tuple[bool, tuple[Path, ...]]:
        if self._is("count") and self._next.text == "(":
            self._at += 2
            if not self._is_sign(")"):
                raise self._left_out("an aggregate over a field")
            self._at += 1
            return True, ()
        fields = [self._selected()]
        while self._accept_sign(","):
            fields.append(self._selected())
        return False, tuple(fields)

    def _selected(self) -> Path:
        if self._is_sign("("):
            raise self._left_out("a sub-query")
        path = self._path()
        if self._is_sign("("):
            raise self._left_out(f"the function {path.parts[0]}")
        return path

    def _where(self) -> Condition | None:
        return self._condition() if self._accept("where") else None

    def _condition(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refusal("QUERY_TOO_COMPLICATED", "Query is either selecting too many fields or "
                          "the filter conditions are too complicated.")  # fmt: skip
        first = self._term()
        for word, kind in (("and", All), ("or", AnyOf)):
            if self._is(word):
                terms = [first]
                while self._accept(word):
                    terms.append(self._term())
                if self._is("and") or self._is("or"):
                    raise self._unexpected()
                first = kind(tuple(terms))
                break
        self._depth -= 1
        return first

    def _term(self) -> Condition:
        if self._accept("not"):
            self._depth += 1
            if self._depth > DEEPEST:
                raise self._unexpected()
            term = Not(self._term())
            self._depth -= 1
            return term
        if self._accept_sign("("):
            condition = self._condition()
            self._expect_sign(")")
            return condition
        return self._comparison()

    def _comparison(self) -> Comparison:
        path = self._path()
        if self._is_sign("("):
            raise self._left_out(f"the function {path.parts[0]}")
        operator = self._operator()
        if operator in SETS:
            return Comparison(path, operator, self._set())
        if operator == "like":
            token = self._take()
            if token.kind != "string":
                raise self._unexpected(token)
            return Comparison(
                path, operator, (Literal("string", unquote_pattern(token.text), token.at),)
            )
        return Comparison(path, operator, (self._literal(),))

    def _operator(self) -> str:
        token = self._take()
        word = token.text.lower()
        if token.kind == "sign" and word in SIGNS:
            return "!=" if word == "<>" else word
        if token.kind == "name" and word in ("like", "in", "includes", "excludes"):
            return word
        if word == "not" and self._is("in"):
            self._at += 1
            return "not in"
        raise self._unexpected(token)

    def _set(self) -> tuple[Literal, ...]:
        self._expect_sign("(")
        if self._is("select"):
            raise self._left_out("a semi-join")
        values = [self._literal()]
        while self._accept_sign(","):
            values.append(self._literal())
        self._expect_sign(")")
        return tuple(values)

    def _literal(self) -> Literal:
        token = self._take()
        lower = token.text.lower()
        if token.kind == "string":
            return Literal("string", unquote(token.text), token.at)
        if token.kind == "number":
            return Literal("number", float(token.text), token.at)
        if token.kind in ("date", "datetime"):
            return Literal(token.kind, token.text, token.at)
        if lower in ("true", "false"):
            return Literal("boolean", lower == "true", token.at)
        if lower == "null":
            return Literal("null", None, token.at)
        if is_period(lower):
            return Literal("period", lower, token.at)
        raise self._unexpected(token)

    def _order(self) -> tuple[Order, ...]:
        if not self._accept("order"):
            return ()
        self._expect("by")
        orders = [self._ordered()]
        while self._accept_sign(","):
            orders.append(self._ordered())
        return tuple(orders)

    def _ordered(self) -> Order:
        path = self._path()
        is_descending = self._accept("desc")
        if not is_descending:
            self._accept("asc")
        nulls_last = False
        if self._accept("nulls"):
            nulls_last = self._accept("last")
            if not nulls_last:
                self._expect("first")
        return Order(path, is_descending, nulls_last)

    def _whole(self, word: str) -> int | None:
        if not self._accept(word):
            return None
        token = self._take()
        if token.kind != "number" or not token.text.isdecimal():
            raise self._unexpected(token)
        return min(int(token.text[:18]), 2_000_000_000)

    def _path(self) -> Path:
        name = self._name()
        return Path(tuple(name.text.split(".")), name.at)

    def _name(self) -> Token:
        token = self._take()
        if token.kind != "name" or token.text.lower() in RESERVED or ":" in token.text:
            raise self._unexpected(token)
        return token

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    @property
    def _next(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._here
        if token.kind == "end":
            raise self._unexpected()
        self._at += 1
        return token

    def _is(self, word: str) -> bool:
        return self._here.kind == "name" and self._here.text.lower() == word

    def _is_sign(self, sign: str) -> bool:
        return self._here.kind == "sign" and self._here.text == sign

    def _accept(self, word: str) -> bool:
        found = self._is(word)
        self._at += found
        return found

    def _accept_sign(self, sign: str) -> bool:
        found = self._is_sign(sign)
        self._at += found
        return found

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._unexpected()

    def _expect_sign(self, sign: str) -> None:
        if not self._accept_sign(sign):
            raise self._unexpected()

    def _unexpected(self, token: Token | None = None) -> Refusal:
        token = token or self._here
        if token.kind == "name" and token.text.lower() in LEFT_OUT:
            return self._left_out(token.text.upper())
        if token.kind == "end":
            return malformed("unexpected token: '<EOF>'")
        return at_place(
            "MALFORMED_QUERY", self._text, token.at, f"unexpected token: '{token.text}'"
        )

    def _left_out(self, what: str) -> Refusal:
        return malformed(f"The simulator does not support {what} in SOQL.")
