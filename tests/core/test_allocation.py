"""How many calls may be made, and for what. Source: sync.md 6, product.md 19.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.allocation import Cause, ceiling, default_allocation

CALLS = st.integers(1, 5_000_000)


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.RESYNC])
def test_everyday_work_may_use_the_whole_allocation(cause):
    assert ceiling(1000, cause) == 1000


@pytest.mark.parametrize("allocated, most", [(1000, 900), (100_000, 90_000), (15, 13), (1, 0)])
def test_a_resync_leaves_polling_a_tenth(allocated, most):
    assert ceiling(allocated, Cause.RESYNC) == most


@given(CALLS)
def test_polling_always_keeps_a_tenth_and_a_resync_gets_the_rest(allocated):
    kept = allocated - ceiling(allocated, Cause.RESYNC)
    assert allocated <= 10 * kept < allocated + 10


@pytest.mark.parametrize("limit, given_to_us", [(100_000, 20_000), (15_000, 3000), (9, 1)])
def test_a_new_connection_is_given_a_fifth_of_the_orgs_calls(limit, given_to_us):
    assert default_allocation(limit) == given_to_us
