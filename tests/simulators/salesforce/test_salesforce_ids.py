"""Ids of 15 and 18 characters. Source: salesforce-api.md 7."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.simulators.salesforce import ids

FIFTEEN = st.text(ids.DIGITS, min_size=15, max_size=15)


@pytest.mark.parametrize("eighteen", ["012000000000000AAA", "0057e00000RmwSWAAZ"])
def test_recorded_ids_bear_the_checksum_that_we_compute(eighteen):
    assert ids.full(eighteen[:15]) == eighteen


@given(FIFTEEN)
def test_an_id_survives_the_loss_of_its_case(fifteen):
    eighteen = ids.full(fifteen)
    assert ids.full(eighteen.lower()) == ids.full(eighteen.upper()) == eighteen


@given(st.integers(0, 62**9 - 1))
def test_a_record_number_can_be_read_from_its_id(number):
    assert ids.number_of(ids.make("003", number)) == number


@pytest.mark.parametrize("text", ["", "003", "0035j00000000001", "0035j0000000001AA?", "é" * 15])
def test_what_is_no_id_is_told_from_one(text):
    assert ids.full(text) is None


def test_a_suffix_that_belongs_to_another_id_is_refused():
    assert ids.full("0035j0000000001ZZZ") is None
