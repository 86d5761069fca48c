"""What a value becomes in the other CRM, and when two values are equal.

Source: sync.md 1, product.md 17.2 (which types fit), seed 004 (reference fields).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.convert import CannotConvert, equal, is_remembered, same, stored_as
from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.spelling import id_of_18, remembered, spell
from tests.core.held import (
    CHECKBOX,
    COLOUR,
    COLOUR_LIST,
    DATE,
    EMAIL,
    EURO,
    FREE_COLOUR,
    HELD,
    ID_15,
    ID_18,
    MOMENT,
    NOON,
    NUMBER,
    REFERENCE,
    TEXT,
    field,
    held,
    moments,
    texts,
)


@pytest.mark.parametrize(
    "value, into, stored",
    [
        (" Ada ", TEXT, "Ada"),
        ("one\r\ntwo\rthree", TEXT, "one\ntwo\nthree"),
        ("0", TEXT, "0"),
        (Decimal("1500.00"), TEXT, "1500"),
        (Decimal("1E+3"), TEXT, "1000"),
        (True, TEXT, "true"),
        (False, TEXT, "false"),
        (date(2026, 3, 2), TEXT, "2026-03-02"),
        ("+49 30 1", field("phone"), "+49 30 1"),
        ("https://example.org/A", field("url"), "https://example.org/A"),
        (" Ada@Example.ORG", EMAIL, "ada@example.org"),
        ("1.50", NUMBER, Decimal("1.5")),
        (7, NUMBER, Decimal(7)),
        (0, NUMBER, Decimal(0)),
        (Decimal("1.005"), EURO, Decimal("1.01")),
        (Decimal("-1.005"), EURO, Decimal("-1.01")),
        (Decimal("-0.001"), EURO, Decimal(0)),
        (Decimal("2.5"), field("number", scale=0), Decimal(3)),
        (Decimal("1E+30"), EURO, Decimal("1E+30")),
        ("12345678901234567890123456789012345.6", NUMBER, Decimal("12345678901234567890123456789012345.6")),
        ("TRUE", CHECKBOX, True),
        (" false", CHECKBOX, False),
        (False, CHECKBOX, False),
        (NOON, DATE, date(2026, 3, 2)),
        (date(2026, 3, 2), DATE, date(2026, 3, 2)),
        ("2026-03-02", DATE, date(2026, 3, 2)),
        ("2026-03-02T23:30:00-05:00", DATE, date(2026, 3, 3)),
        (date(2026, 3, 2), MOMENT, datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T12:30:15Z", MOMENT, NOON),
        ("2026-03-02T12:30:15", MOMENT, NOON),
        ("red", COLOUR, "Red"),
        (" Red ", COLOUR, "Red"),
        ("Pink", FREE_COLOUR, "Pink"),
        ("a", field("picklist", options=("A", "a")), "a"),
        ("Strasse", field("picklist", options=("Straße",)), "Strasse"),
        ("green; RED;", COLOUR_LIST, "Green;Red"),
        ("Red; ;Green", COLOUR_LIST, "Red;Green"),
        (";", COLOUR_LIST, None),
        (ID_15, REFERENCE, ID_18),
        (ID_18, REFERENCE, ID_18),
    ],
)  # fmt: skip
def test_a_value_is_stored_as(value, into, stored):
    found = stored_as(value, into)
    assert (found, type(found)) == (stored, type(stored))


def test_a_zero_has_no_sign():
    assert spell(stored_as(Decimal("-0.001"), EURO)) == spell(Decimal("-0")) == "0"


@pytest.mark.parametrize(
    "value, into, slug, message",
    [
        ("Adam", field("text", max_length=3), "text-too-long", "Favourite takes 3 characters, and this value has 4."),
        ("a@example.org", field("email", max_length=3), "text-too-long", "Favourite takes 3 characters, and this value has 13."),
        ("Pink" * 6, FREE_COLOUR, "text-too-long", "Favourite takes 20 characters, and this value has 24."),
        ("Pink", COLOUR, "picklist-value-not-allowed", "Favourite accepts only its own options, and “Pink” is not among them."),
        ("Red;Pink", COLOUR_LIST, "picklist-value-not-allowed", "Favourite accepts only its own options, and “Pink” is not among them."),
        ("many", NUMBER, "invalid-format", "Favourite takes a number."),
        ("NaN", NUMBER, "invalid-format", "Favourite takes a number."),
        ("Infinity", NUMBER, "invalid-format", "Favourite takes a number."),
        ("-Infinity", EURO, "invalid-format", "Favourite takes a number."),
        ("1E+9999999", NUMBER, "invalid-format", "Favourite takes a number."),
        ("1E+9999", EURO, "invalid-format", "Favourite takes a number."),
        (True, NUMBER, "invalid-format", "Favourite takes a number."),
        ("yes", CHECKBOX, "invalid-format", "Favourite takes yes or no."),
        (1, CHECKBOX, "invalid-format", "Favourite takes yes or no."),
        ("tomorrow", DATE, "invalid-format", "Favourite takes a date."),
        ("2026-02-30", MOMENT, "invalid-format", "Favourite takes a date."),
        ("9999-12-31T23:59:59-05:00", MOMENT, "invalid-format", "Favourite takes a date."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words_for_the_admin(value, into, slug, message):
    with pytest.raises(CannotConvert) as refusal:
        stored_as(value, into)
    assert (refusal.value.slug, str(refusal.value)) == (slug, message)
    assert slug in ERROR_TYPES


@given(texts, st.integers(1, 10))
def test_a_text_is_never_cut_short(text, most):
    for kind in ("text", "phone", "url", "email"):
        try:
            stored = stored_as(text, field(kind, max_length=most))
        except CannotConvert:
            whole = stored_as(text, field(kind))
            assert len(whole.encode("utf-16-le")) // 2 > most
        else:
            assert stored == stored_as(text, field(kind))


@pytest.mark.parametrize("blank", [None, "", " ", "\t", " \r\n "])
@pytest.mark.parametrize("into", [one for one, _ in HELD.values()], ids=HELD)
def test_null_empty_and_only_spaces_are_blank(blank, into):
    assert stored_as(blank, into) is into.blank_is
    assert same(blank, None, into)
    assert spell(blank) is remembered(blank) is None


@pytest.mark.parametrize("value, into", [(False, field("yes_no")), (0, NUMBER), ("0", TEXT)])
def test_false_and_zero_are_values(value, into):
    assert stored_as(value, into) is not None
    assert not same(value, None, into)
    assert remembered(value) is not None
    assert not is_remembered(value, None, into)


def test_a_checkbox_is_never_blank():
    assert same(None, False, CHECKBOX)
    assert not same(None, True, CHECKBOX)


@given(held)
def test_what_a_field_stores_it_would_store_again(one):
    into, value = one
    stored = stored_as(value, into)
    assert stored_as(stored, into) == stored


@given(held)
def test_equal_is_that_carrying_a_value_over_gives_what_is_there(one):
    into, value = one
    there = stored_as(value, into)
    for source in (TEXT, into):
        assert equal(value, there, in_hubspot=source, in_salesforce=into)
        assert equal(there, value, in_hubspot=into, in_salesforce=source)


@given(held, held)
def test_equal_is_nothing_else(one, other):
    (in_hubspot, hubspot), (in_salesforce, salesforce) = one, other

    def gives(value, into, there):
        try:
            return same(stored_as(value, into), there, into)
        except CannotConvert:
            return False

    assert equal(hubspot, salesforce, in_hubspot=in_hubspot, in_salesforce=in_salesforce) == (
        gives(hubspot, in_salesforce, salesforce) or gives(salesforce, in_hubspot, hubspot)
    )


LIST = field("multi_picklist")


@pytest.mark.parametrize(
    "hubspot, salesforce, in_hubspot, in_salesforce",
    [
        ("Ada ", "Ada", TEXT, TEXT),
        ("Ada@Example.org", "ada@example.org", EMAIL, EMAIL),
        ("a\nb", "a\r\nb", TEXT, TEXT),
        (Decimal("1.005"), Decimal("1.01"), NUMBER, EURO),
        (Decimal("1.01"), Decimal("1.005"), EURO, NUMBER),
        ("1.50", Decimal("1.5"), TEXT, NUMBER),
        (NOON + timedelta(milliseconds=900), NOON, MOMENT, MOMENT),
        (date(2026, 3, 2), NOON, DATE, MOMENT),
        ("Red;Green", "green;RED", LIST, LIST),
        ("red", "Red", TEXT, COLOUR),
        ("red", "RED", COLOUR, COLOUR),
        (ID_15, ID_18, TEXT, REFERENCE),
        (ID_18, ID_15, TEXT, REFERENCE),
        (None, False, field("yes_no"), CHECKBOX),
        (None, "", TEXT, TEXT),
    ],
)
def test_equal_are(hubspot, salesforce, in_hubspot, in_salesforce):
    assert equal(hubspot, salesforce, in_hubspot=in_hubspot, in_salesforce=in_salesforce)


@pytest.mark.parametrize(
    "hubspot, salesforce, in_hubspot, in_salesforce",
    [
        ("Ada", "ada", TEXT, TEXT),
        ("strasse@example.org", "straße@example.org", EMAIL, EMAIL),
        ("None", None, TEXT, TEXT),
        (Decimal("1.00"), Decimal("1.01"), NUMBER, EURO),
        (NOON + timedelta(seconds=1), NOON, MOMENT, MOMENT),
        (date(2026, 3, 3), NOON, DATE, MOMENT),
        ("Red", "Red;Green", LIST, LIST),
        ("many", Decimal(1), TEXT, NUMBER),
        (ID_15.lower(), ID_18, TEXT, REFERENCE),
        (None, True, field("yes_no"), CHECKBOX),
        (False, None, field("yes_no"), field("yes_no")),
        ("Ada", None, TEXT, TEXT),
    ],
)
def test_different_are(hubspot, salesforce, in_hubspot, in_salesforce):
    assert not equal(hubspot, salesforce, in_hubspot=in_hubspot, in_salesforce=in_salesforce)


@given(moments, st.integers(-12, 12))
def test_a_moment_is_the_same_in_every_time_zone(moment, hours):
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert stored_as(elsewhere, DATE) == stored_as(moment, DATE)
    assert same(elsewhere, moment, MOMENT)
    assert remembered(elsewhere) == remembered(moment)


@pytest.mark.parametrize(
    "text, id",
    [
        (ID_15, ID_18),
        (ID_18, ID_18),
        ("00dd0000000cxwp", "00dd0000000cxwpAAA"),
        ("ABCDEABCDEABCDE", "ABCDEABCDEABCDE555"),
        ("not an id, only", "not an id, only"),
        ("ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ", "ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ"),
        ("short", "short"),
    ],
)
def test_an_id_has_eighteen_characters(text, id):
    assert id_of_18(text) == id
