"""The conditions of WHERE and HAVING, read by recursive descent."""

from __future__ import annotations

from collections.abc import Callable

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.soql.ast import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Expression,
    Literal,
    Not,
    Statement,
)
from sync_engine.simulators.salesforce.soql.tokens import unquote_pattern
from sync_engine.simulators.salesforce.soql.words import Words

DEEPEST = 50
SETS = ("in", "not in", "includes", "excludes")
SIGNS = ("=", "!=", "<>", "<", "<=", ">", ">=")


class Conditions:
    """inner: reads the statement inside a semi-join."""

    def __init__(self, words: Words, inner: Callable[[], Statement]) -> None:
        self._words = words
        self._inner = inner
        self._depth = 0

    def condition(self) -> Condition:
        words = self._words
        self._deepen()
        first = self._term()
        for word, kind in (("and", All), ("or", AnyOf)):
            if words.is_at(word):
                terms = [first]
                while words.accept(word):
                    terms.append(self._term())
                if words.is_at("and") or words.is_at("or"):
                    raise words.unexpected()
                first = kind(tuple(terms))
                break
        self._depth -= 1
        return first

    def _term(self) -> Condition:
        if self._words.accept("not"):
            self._deepen()
            term = Not(self._term())
            self._depth -= 1
            return term
        if self._words.accept_sign("("):
            condition = self.condition()
            self._words.expect_sign(")")
            return condition
        return self._comparison()

    def _deepen(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refusal("QUERY_TOO_COMPLICATED", "Query is either selecting too many fields or "
                          "the filter conditions are too complicated.")  # fmt: skip

    def _comparison(self) -> Comparison:
        path = self._words.expression()
        operator = self._operator()
        if operator in SETS:
            return self._set(path, operator)
        if operator == "like":
            token = self._words.take()
            if token.kind != "string":
                raise self._words.unexpected(token)
            pattern = Literal("string", unquote_pattern(token.text), token.at)
            return Comparison(path, operator, (pattern,))
        return Comparison(path, operator, (self._words.literal(),))

    def _operator(self) -> str:
        token = self._words.take()
        word = token.text.lower()
        if token.kind == "sign" and word in SIGNS:
            return "!=" if word == "<>" else word
        if token.kind == "name" and word in ("like", "in", "includes", "excludes"):
            return word
        if word == "not" and self._words.accept("in"):
            return "not in"
        raise self._words.unexpected(token)

    def _set(self, path: Expression, operator: str) -> Comparison:
        words = self._words
        words.expect_sign("(")
        if words.is_at("select") and operator in ("in", "not in"):
            inner = self._inner()
            words.expect_sign(")")
            return Comparison(path, operator, (), inner)
        values = [words.literal()]
        while words.accept_sign(","):
            values.append(words.literal())
        words.expect_sign(")")
        return Comparison(path, operator, tuple(values))
