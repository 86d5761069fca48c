"""Staying below HubSpot's rate limits, together with the other workers."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from redis import Redis

from sync_engine.core.errors import CrmError
from sync_engine.crms.pace import Pace, Window, burst_of


@pytest.fixture
def account():
    return uuid.uuid4().hex


def pace_of(account):
    """A worker's own pace, with its own connection."""
    return Pace(Redis.from_url(settings.REDIS_URL), account)


def calls_noted(account, window):
    return Redis.from_url(settings.REDIS_URL).zcard(f"pace:{account}:{window.name}")


def test_workers_share_a_window(account):
    window = Window("shared", 60_000, 4)
    for worker in (pace_of(account), pace_of(account)):
        worker.wait(window)
        worker.wait(window)
    assert calls_noted(account, window) == 4
    with pytest.raises(CrmError) as refused:
        pace_of(account).wait(window)
    assert refused.value.problem.type.slug == "hubspot-rate-limit"
    assert calls_noted(account, window) == 4


def test_accounts_do_not_share_one(account):
    window = Window("own", 60_000, 1)
    pace_of(account).wait(window)
    pace_of(f"{account}-other").wait(window)
    assert calls_noted(account, window) == 1


def test_who_is_early_waits_until_there_is_room(account):
    window = Window("short", 50, 1)
    worker = pace_of(account)
    for _ in range(4):
        worker.wait(window)
        assert calls_noted(account, window) <= 1


@pytest.mark.parametrize(("allowed", "calls"), [(100, 90), (190, 171), (250, 225), (1, 1)])
def test_a_tenth_is_left_to_others(allowed, calls):
    assert burst_of(allowed).calls == calls
