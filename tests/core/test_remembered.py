"""What a link remembers of a value, and whether a value is still the one it remembers (sync.md 1)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.convert import is_remembered, same, stored_as
from sync_engine.core.spelling import LONGEST_REMEMBERED, remembered
from tests.core.held import (
    CHECKBOX,
    COLOUR,
    COLOUR_LIST,
    EMAIL,
    HELD,
    ID_15,
    ID_18,
    MOMENT,
    NOON,
    NUMBER,
    REFERENCE,
    TEXT,
    held,
    texts,
)


@given(held)
def test_what_is_remembered_recognises_itself(one):
    kept_in, value = one
    stored = stored_as(value, kept_in)
    assert is_remembered(value, remembered(value), kept_in)
    assert is_remembered(stored, remembered(stored), kept_in)


@given(held, st.data())
def test_only_what_a_field_does_not_tell_apart_is_recognised(one, data):
    kept_in, value = one
    other = data.draw(st.none() | next(made for into, made in HELD.values() if into is kept_in))
    value, other = stored_as(value, kept_in), stored_as(other, kept_in)
    assert is_remembered(other, remembered(value), kept_in) == same(value, other, kept_in)


@given(texts, st.integers(1, 50))
def test_a_long_text_is_remembered_by_its_hash_and_length_only(words, more):
    text = f"{words}{'x' * (LONGEST_REMEMBERED + more)}"
    kept = remembered(text)
    assert kept.startswith("sha256:") and kept.endswith(f":{len(stored_as(text, TEXT))}")
    assert len(kept) < 100
    assert is_remembered(text, kept, TEXT)
    assert not is_remembered(text + ".", kept, TEXT)


def test_a_text_is_remembered_as_it_is_up_to_a_thousand_characters():
    assert remembered("x" * 1000) == "x" * 1000
    assert remembered("x" * 1001).startswith("sha256:")


@pytest.mark.parametrize("lines", [3, 499, 500, 501, 2000])
def test_line_ends_make_no_difference_to_what_is_remembered(lines):
    unix, windows = "\n".join("x" * lines), "\r\n".join("x" * lines)
    assert is_remembered(windows, remembered(unix), TEXT)
    assert is_remembered(unix, remembered(windows), TEXT)


@pytest.mark.parametrize(
    "value, text, kept_in",
    [
        (None, "None", TEXT),
        ("None", None, TEXT),
        (NOON, "not a moment: this was a text field once", MOMENT),
        (NOON, "2026-03-02", MOMENT),
        ("x" * 2000, "x" * 1000, TEXT),
        ("x", remembered("x" * 2000), TEXT),
        (True, "false", CHECKBOX),
        (Decimal(1), "1.5", NUMBER),
        ("Red", "Red;Green", COLOUR_LIST),
    ],
)
def test_something_else_is_not_recognised(value, text, kept_in):
    assert not is_remembered(value, text, kept_in)


@pytest.mark.parametrize(
    "value, text, kept_in",
    [
        ("Green;Red", "red;green", COLOUR_LIST),
        ("RED", "Red", COLOUR),
        ("ada@example.org", "Ada@Example.org", EMAIL),
        (NOON, "2026-03-02T12:30:15.900000+00:00", MOMENT),
        (ID_15, ID_18, REFERENCE),
        (Decimal("1.50"), "1.5", NUMBER),
        (False, None, CHECKBOX),
    ],
)
def test_what_a_field_does_not_tell_apart_is_recognised(value, text, kept_in):
    assert is_remembered(value, text, kept_in)
