"""Who is the partner of a record that has no link yet. Source: sync.md 3.4, product.md 7.2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.matching import Match, find_partner
from sync_engine.core.values import Crm, Record

START = datetime(2026, 1, 1, tzinfo=UTC)


OBJECTS = ("Contact", "Lead")


def bearer(id, hours=0, object_name="Contact"):
    at = START + timedelta(hours=hours)
    return Record(Crm.SALESFORCE, object_name, id, {}, modified_at=at, stamp=START)


OLD, NEW, TWIN = bearer("003A", 1), bearer("003B", 2), bearer("003C", 2)
LEAD = bearer("00QA", 9, "Lead")


def test_where_nobody_answers_there_is_no_partner():
    assert find_partner([], [], [], OBJECTS) == Match(partner=None, taken=None)


@pytest.mark.parametrize(
    "by_key, by_email, linked, partner",
    [
        ([OLD], [], [], OLD),
        ([], [OLD], [], OLD),
        ([OLD], [NEW], [], OLD),  # our key says more than an e-mail
        ([], [OLD, NEW], [], NEW),  # of several with one e-mail, the one that is in use
        ([], [NEW, OLD], [], NEW),
        ([OLD, NEW], [], [], NEW),
        ([], [OLD, NEW], ["003B"], OLD),  # links are sticky
        ([OLD], [NEW], ["003A"], NEW),
        ([], [NEW, TWIN], [], TWIN),  # the same answer every time, whatever the order
        ([], [TWIN, NEW], [], TWIN),
        ([], [LEAD, OLD], [], OLD),  # contacts, then leads
        ([], [LEAD, OLD], ["003A"], LEAD),
        ([LEAD], [OLD], [], LEAD),
    ],
)
def test_the_partner_is(by_key, by_email, linked, partner):
    assert find_partner(by_key, by_email, linked, OBJECTS) == Match(partner=partner)


@pytest.mark.parametrize(
    "by_key, by_email, linked, taken",
    [
        ([OLD], [], ["003A"], OLD),
        ([], [NEW], ["003B"], NEW),
        ([OLD], [NEW], ["003A", "003B"], OLD),
    ],
)
def test_a_record_that_is_linked_is_never_taken_away_and_no_duplicate_is_made(
    by_key, by_email, linked, taken
):
    assert find_partner(by_key, by_email, linked, OBJECTS) == Match(taken=taken)
