"""Where a parser stands among SOQL's tokens, and Salesforce's words for what it does not expect."""

from __future__ import annotations

from sync_engine.simulators.salesforce.errors import Refusal, malformed
from sync_engine.simulators.salesforce.soql.ast import Aggregate, Expression, Literal, Path
from sync_engine.simulators.salesforce.soql.periods import is_period
from sync_engine.simulators.salesforce.soql.tokens import (
    CURRENCY,
    Token,
    at_place,
    tokens,
    unquote,
)

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
        "having",
    ]
)
LEFT_OUT = frozenset(["using", "with", "for", "typeof"])
NO_ALIAS = RESERVED | LEFT_OUT | {"group", "all", "includes", "excludes", "nulls", "update"}
AGGREGATES = frozenset(["count", "count_distinct", "min", "max", "sum", "avg"])
MOST = 2_000_000_000
LONGEST_TEXT = 4000


class Words:
    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self._at = 0

    @property
    def here(self) -> Token:
        return self._tokens[self._at]

    @property
    def next(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.here
        if token.kind == "end":
            raise self.unexpected()
        self._at += 1
        return token

    def is_at(self, word: str) -> bool:
        return self.here.kind == "name" and self.here.text.lower() == word

    def is_at_sign(self, sign: str) -> bool:
        return self.here.kind == "sign" and self.here.text == sign

    def accept(self, word: str) -> bool:
        found = self.is_at(word)
        self._at += found
        return found

    def accept_sign(self, sign: str) -> bool:
        found = self.is_at_sign(sign)
        self._at += found
        return found

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise self.unexpected()

    def expect_sign(self, sign: str) -> None:
        if not self.accept_sign(sign):
            raise self.unexpected()

    def name(self, also: frozenset[str] = frozenset()) -> Token:
        """Take a name. also: reserved words that are one here."""
        token = self.take()
        is_reserved = token.text.lower() in RESERVED - also
        if token.kind != "name" or is_reserved or ":" in token.text:
            raise self.unexpected(token)
        return token

    def alias(self) -> str:
        """Take a name that something is given, "" where there is none."""
        here = self.here
        if here.kind != "name" or here.text.lower() in NO_ALIAS or "." in here.text:
            return ""
        self.accept("as")
        return self.name().text

    def path(self) -> Path:
        name = self.name()
        if self.is_at_sign("("):
            raise self.left_out(f"the function {name.text}")
        return Path(tuple(name.text.split(".")), name.at)

    def expression(self) -> Expression:
        """Take a field or an aggregate of one."""
        if self.here.text.lower() not in AGGREGATES or self.next.text != "(":
            return self.path()
        name = self.take()
        self.expect_sign("(")
        is_of_all = name.text.lower() == "count" and self.is_at_sign(")")
        path = None if is_of_all else self.path()
        self.expect_sign(")")
        return Aggregate(name.text.lower(), path, name.at)

    def literal(self) -> Literal:
        token = self.take()
        lower = token.text.lower()
        if token.kind == "string":
            if len(token.text) > LONGEST_TEXT + 2:
                raise at_place("MALFORMED_QUERY", self.text, token.at,
                               f"string literals have at most {LONGEST_TEXT} characters")  # fmt: skip
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
        if CURRENCY.fullmatch(token.text):
            raise self.left_out("amounts with a currency")
        raise self.unexpected(token)

    def whole(self, word: str) -> int | None:
        """Take the number after a word, None where the word is not there."""
        if not self.accept(word):
            return None
        token = self.take()
        if token.kind != "number" or not token.text.isdecimal():
            raise self.unexpected(token)
        return min(int(token.text[:18]), MOST)

    def unexpected(self, token: Token | None = None) -> Refusal:
        token = token or self.here
        if token.kind == "name" and token.text.lower() in LEFT_OUT:
            return self.left_out(token.text.upper())
        if token.kind == "end":
            return malformed("unexpected token: '<EOF>'")
        message = f"unexpected token: '{token.text}'"
        return at_place("MALFORMED_QUERY", self.text, token.at, message)

    def left_out(self, what: str) -> Refusal:
        return malformed(f"The simulator does not support {what} in SOQL.")
