"""How many risky writes a day may see before somebody has to look. Source: sync.md 6."""

from __future__ import annotations

import pytest

from sync_engine.core.brakes import BrakeKind, most_in_a_day


@pytest.mark.parametrize(
    "kind, links, most",
    [
        # "Whichever is more: 200 or 2 % blanks, 1,000 or 10 % creates."
        ("create", 0, 1000),
        ("create", 10_000, 1000),
        ("create", 10_010, 1001),
        ("create", 1_000_000, 100_000),
        ("blank", 0, 200),
        ("blank", 10_000, 200),
        ("blank", 10_050, 201),
        ("blank", 1_000_000, 20_000),
    ],
)
def test_the_most_in_a_day_is(kind, links, most):
    assert most_in_a_day(BrakeKind(kind), links) == most
