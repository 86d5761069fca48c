"""Days where the account is, numbers and dates at their limits, odd characters, ids.

Source: sync.md 1, product.md 17.2, salesforce-api.md 3 and 10.2, hubspot-api.md 6.1.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.convert import CannotConvert, equal, is_remembered, same, stored_as
from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.spelling import remembered
from tests.core.held import COLOUR_LIST, EURO, NUMBER, TEXT, field

ZONES = sorted(available_timezones() - {"localtime"})
zones = st.sampled_from(ZONES)
days = st.dates(date(1950, 1, 1), date(2090, 1, 1))
instants = st.integers(-630_000_000, 3_780_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


def in_zone(zone):
    return field("date", zone=zone), field("moment", zone=zone)


@pytest.mark.parametrize(
    "zone, moment, day",
    [
        ("America/New_York", "2026-03-03T04:59:59+00:00", date(2026, 3, 2)),
        ("America/New_York", "2026-03-03T05:00:00+00:00", date(2026, 3, 3)),
        ("Europe/Berlin", "2026-07-01T21:59:59+00:00", date(2026, 7, 1)),
        ("Europe/Berlin", "2026-07-01T22:00:00+00:00", date(2026, 7, 2)),
        ("Asia/Tokyo", "2026-03-02T15:00:00+00:00", date(2026, 3, 3)),
        ("US/Eastern", "2026-03-03T04:59:59+00:00", date(2026, 3, 2)),
        ("UTC", "2026-03-02T23:59:59+00:00", date(2026, 3, 2)),
    ],
)
def test_a_moment_falls_on_its_day_where_the_account_is(zone, moment, day):
    a_day, a_moment = in_zone(zone)
    moment = datetime.fromisoformat(moment)
    assert stored_as(moment, a_day) == day
    assert equal(day, moment, in_hubspot=a_day, in_salesforce=a_moment)
    assert equal(moment, day, in_hubspot=a_moment, in_salesforce=a_day)


def test_a_day_becomes_its_midnight_where_the_account_is():
    _, a_moment = in_zone("Europe/Berlin")
    assert stored_as(date(2026, 7, 1), a_moment) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert stored_as("2026-07-01", a_moment) == datetime(2026, 6, 30, 22, tzinfo=UTC)


@given(zones, days)
def test_a_day_carried_to_a_moment_and_back_is_settled(zone, day):
    a_day, a_moment = in_zone(zone)
    moment = stored_as(day, a_moment)
    assert equal(day, moment, in_hubspot=a_day, in_salesforce=a_moment)
    assert equal(moment, day, in_hubspot=a_moment, in_salesforce=a_day)


@given(zones, instants)
def test_an_hour_is_not_wiped_by_the_day_it_was_carried_to(zone, moment):
    a_day, a_moment = in_zone(zone)
    day = stored_as(moment, a_day)
    assert day == moment.astimezone(ZoneInfo(zone)).date()
    assert equal(day, moment, in_hubspot=a_day, in_salesforce=a_moment)
    other = day + timedelta(days=3)
    assert not equal(other, moment, in_hubspot=a_day, in_salesforce=a_moment)


DAYS_OF_SALESFORCE = {"years": (1700, 4000)}


@pytest.mark.parametrize("kind", ["date", "moment"])
@pytest.mark.parametrize("day", [date(1700, 1, 1), date(4000, 12, 31)])
def test_a_date_within_the_range_is_taken(kind, day):
    assert stored_as(day, field(kind, **DAYS_OF_SALESFORCE)) is not None


TOO_LONG = "Favourite takes 3 characters, and this value has 4."
YEARS = "Favourite takes dates of the years 1700 to 4000, and this one is of "


@pytest.mark.parametrize(
    "value, into, slug, message",
    [
        (date(1699, 12, 31), field("date", years=(1700, 4000)), "out-of-range", f"{YEARS}1699."),
        ("0001-01-01", field("moment", years=(1700, 4000)), "out-of-range", f"{YEARS}1."),
        (datetime(4001, 1, 1, tzinfo=UTC), field("date", years=(1700, 4000)), "out-of-range", f"{YEARS}4001."),
        (datetime.max.replace(tzinfo=UTC), field("date", zone="Asia/Tokyo"), "invalid-format", "Favourite takes a date."),
        (date.min, field("moment", zone="Asia/Tokyo"), "invalid-format", "Favourite takes a date."),
        (Decimal("1E+16"), field("number", scale=2, digits=16), "out-of-range", "Favourite takes 16 digits before the point, and this number has 17."),
        (Decimal("999.995"), field("number", scale=2, digits=3), "out-of-range", "Favourite takes 3 digits before the point, and this number has 4."),
        ("a\0b", TEXT, "unsupported-character", "Favourite cannot hold the character U+0000 that stands at place 2 of this text. Remove it there."),
        ("\ud83d", COLOUR_LIST, "unsupported-character", "Favourite cannot hold the character U+D83D that stands at place 1 of this text. Remove it there."),
        ("ab😀", field("text", max_length=3), "text-too-long", TOO_LONG),
        ("Red;Green", field("multi_picklist", max_length=8), "text-too-long", "Favourite takes 8 characters, and this value has 9."),
        ("x" * 32_001, field("text", max_length=32_000), "text-too-long", "Favourite takes 32000 characters, and this value has 32001."),
        ("Gold", field("reference", max_length=18), "invalid-related-record", "Favourite takes the 18-character ID of a Salesforce record, and “Gold” is none."),
    ],
)  # fmt: skip
def test_what_is_beyond_a_field_is_refused_in_words_for_the_admin(value, into, slug, message):
    with pytest.raises(CannotConvert) as refusal:
        stored_as(value, into)
    assert (refusal.value.slug, str(refusal.value)) == (slug, message)
    assert slug in ERROR_TYPES


@pytest.mark.parametrize(
    "value, into",
    [
        (Decimal("9999999999999999.99"), field("number", scale=2, digits=16)),
        (Decimal("-999.99"), field("number", scale=2, digits=3)),
        (Decimal(0), field("number", scale=0, digits=1)),
        ("ab😀", field("text", max_length=4)),
        ("x" * 32_000, field("text", max_length=32_000)),
        ("Müller &amp; Söhne &#39;A&#39; <b>", TEXT),
        ("R&D < \x01 \u2028 👩\u200d👩\u200d👧", TEXT),
    ],
)
def test_what_is_just_within_a_field_is_carried_untouched(value, into):
    assert stored_as(value, into) == value


def test_a_double_makes_no_difference_between_digits_beyond_its_own():
    many, few = Decimal("12345678901234567.89"), Decimal("12345678901234568")
    assert same(many, few, NUMBER)
    assert is_remembered(few, remembered(many), NUMBER)
    assert not same(Decimal("1.01"), Decimal("1.005"), EURO)
    assert not same(Decimal(0), None, NUMBER)


def test_what_no_database_holds_is_remembered_by_its_hash():
    for text in ("a\0b", "\ud83d"):
        kept = remembered(text)
        assert kept.startswith("sha256:") and kept.endswith(f":{len(text)}")
        assert is_remembered(text, kept, TEXT) and not is_remembered(text + ".", kept, TEXT)


def test_an_option_is_chosen_once():
    assert stored_as("red;Green;RED", COLOUR_LIST) == "Red;Green"


def test_an_open_multi_select_takes_what_it_does_not_know():
    open_list = field("multi_picklist", options=("Red",), max_length=20)
    assert stored_as("Pink;red", open_list) == "Pink;Red"
    assert same("Pink;Red", "red;pink", open_list)
