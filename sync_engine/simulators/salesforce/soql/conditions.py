"""A comparison of one field: checked against the field's type, made a function of its value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from sync_engine.simulators.salesforce import ids, moments
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import IDS, NUMBERS, TEXTS, Field
from sync_engine.simulators.salesforce.soql.ast import Comparison, Literal
from sync_engine.simulators.salesforce.soql.periods import period
from sync_engine.simulators.salesforce.soql.tokens import at_place

Test = Callable[[Any], bool]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
WANTED = {
    "boolean": "boolean and should not be enclosed in quotes",
    "date": "date and should not be enclosed in quotes",
    "datetime": "dateTime and should not be enclosed in quotes",
    "int": "int and should not be enclosed in quotes",
}
TEXT_WANTED = "string and should be enclosed in quotes"
NUMBER_WANTED = "double and should not be enclosed in quotes"


def test(comparison: Comparison, field: Field, text: str, now: datetime) -> Test:
    """Return what tells whether a value of `field` passes; raises Refusal.

    text: the whole statement, to show the place of what is wrong.
    """
    operator = comparison.operator
    _check_operator(comparison, field, text)
    if comparison.inner and field.type not in IDS:
        raise Refusal("INVALID_QUERY_FILTER_OPERATOR",
                      f"semi join is only allowed on id fields, cannot use: '{field.name}'")  # fmt: skip
    if (
        comparison.values
        and comparison.values[0].kind == "period"
        and operator not in ("in", "not in")
    ):
        return _period_test(operator, *_bounds(field, comparison.values[0], text, now))
    wanted = [value_of(field, literal, text) for literal in comparison.values]
    if operator in ("in", "not in"):
        return _set_test(frozenset(wanted), operator == "in", field)
    if operator in ("includes", "excludes"):
        return _options_test(comparison, operator == "includes")
    if operator == "like":
        pattern = like(str(comparison.values[0].value))
        return lambda value: value is not None and pattern.fullmatch(value) is not None
    return _value_test(operator, wanted[0], field)


def value_of(field: Field, literal: Literal, text: str) -> Any:
    """Return the literal as a value of this field compares: texts in lower case."""
    if literal.kind == "null" or literal.value == "":
        return None
    if field.type in IDS and literal.kind == "string":
        return _id(str(literal.value))
    if field.type in TEXTS and literal.kind == "string":
        return str(literal.value).lower()
    if field.type in NUMBERS and literal.kind == "number":
        return literal.value
    if field.type == "boolean" and literal.kind == "boolean":
        return literal.value
    if field.type == literal.kind:
        return _time(literal)
    raise _wrong_type(field, literal, text)


def like(pattern: str) -> re.Pattern[str]:
    """Translate a LIKE pattern: % any text, _ one character, a backslash before either escapes."""
    pieces = [_piece(piece) for piece in re.split(r"(?<!\\)%+", pattern)]
    if len(pieces) == 1:
        return re.compile(pieces[0], re.IGNORECASE | re.DOTALL)
    first, *middle, last = pieces
    found = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return re.compile(f"{first}{found}.*{last}", re.IGNORECASE | re.DOTALL)


def _piece(text: str) -> str:
    parts = re.split(r"(\\[%_]|_)", text)
    return "".join("." if part == "_" else re.escape(_bare(part)) for part in parts)


def _bare(part: str) -> str:
    return part[1] if part in (r"\%", r"\_") else part


def _comparable(field: Field) -> Callable[[Any], Any]:
    if field.type in TEXTS:
        return lambda value: None if value is None else value.lower()
    if field.type == "boolean":
        return bool
    return lambda value: value


def _value_test(operator: str, wanted: Any, field: Field) -> Test:
    prepare = _comparable(field)
    if operator == "=":
        return lambda value: prepare(value) == wanted
    if operator == "!=":
        return lambda value: prepare(value) != wanted
    if wanted is None:
        return lambda value: False
    compare = COMPARE[operator]
    return lambda value: value is not None and compare(prepare(value), wanted)


def _set_test(wanted: frozenset[Any], is_in: bool, field: Field) -> Test:
    prepare = _comparable(field)
    return lambda value: (prepare(value) in wanted) == is_in


def _options_test(comparison: Comparison, includes: bool) -> Test:
    groups = [
        {part.strip().lower() for part in str(literal.value).split(";")}
        for literal in comparison.values
    ]

    def passes(value: Any) -> bool:
        chosen = {part.lower() for part in (value or "").split(";")}
        return any(group <= chosen for group in groups) == includes

    return passes


def _period_test(operator: str, first: str, after: str) -> Test:
    tests: dict[str, Test] = {
        "=": lambda value: value is not None and first <= value < after,
        "!=": lambda value: value is None or not first <= value < after,
        "<": lambda value: value is not None and value < first,
        "<=": lambda value: value is not None and value < after,
        ">": lambda value: value is not None and value >= after,
        ">=": lambda value: value is not None and value >= first,
    }
    return tests[operator]


def _bounds(field: Field, literal: Literal, text: str, now: datetime) -> tuple[str, str]:
    if field.type not in ("date", "datetime"):
        raise _wrong_type(field, literal, text)
    first, after = period(str(literal.value), now)
    if field.type == "date":
        return first.date().isoformat(), after.date().isoformat()
    return moments.spell(first), moments.spell(after)


def _check_operator(comparison: Comparison, field: Field, text: str) -> None:
    operator = comparison.operator
    if not field.filterable:
        raise at_place(
            "INVALID_FIELD",
            text,
            comparison.path.at,
            f"field '{field.name}' can not be filtered in a query call",
        )
    unordered = field.type in ("boolean", "multipicklist") and operator in COMPARE
    not_text = operator == "like" and field.type not in TEXTS
    not_set = operator in ("includes", "excludes") and field.type != "multipicklist"
    if unordered or not_text or not_set:
        raise Refusal("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {field.type} field")


def _id(text: str) -> str:
    found = ids.full(text)
    if found is None:
        raise Refusal("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text}")
    return found


def _time(literal: Literal) -> str:
    try:
        if literal.kind == "date":
            return moments.read_day(str(literal.value))
        return moments.spell(moments.read(str(literal.value)))
    except ValueError as error:
        raise Refusal("MALFORMED_QUERY", f"Invalid {literal.kind}: {literal.value}") from error


def _wrong_type(field: Field, literal: Literal, text: str) -> Refusal:
    wanted = WANTED.get(field.type)
    if wanted is None:
        wanted = NUMBER_WANTED if field.type in NUMBERS else TEXT_WANTED
    return at_place(
        "INVALID_FIELD",
        text,
        literal.at,
        f"value of filter criterion for field '{field.name}' must be of type {wanted}",
    )
