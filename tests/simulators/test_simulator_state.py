"""The file that a simulator's state is kept in, while the simulator goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync_engine.simulators.front import Front
from sync_engine.simulators.hubspot import HubSpotSimulator
from sync_engine.simulators.salesforce import SalesforceSimulator
from sync_engine.simulators.state import StateFile

MAKERS = {"Contact": SalesforceSimulator, "contacts": HubSpotSimulator}


def kept(path, simulator):
    return StateFile(path, simulator, Front(simulator))


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: where browser tests came before, this one has a loop."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize("object_name", MAKERS)
def test_what_is_saved_aside_comes_back(object_name, tmp_path):
    path, simulator = tmp_path / "state.json", MAKERS[object_name]()
    simulator.load({"object": object_name, "count": 30})
    run(kept(path, simulator).save_aside())
    simulator.load({"object": object_name, "count": 1, "start": 30})
    again = MAKERS[object_name]()
    assert kept(path, again).load()
    shown = [values for _, values in simulator.search(object_name, "", 100)]
    assert [values for _, values in again.search(object_name, "", 100)] == shown[1:]
    assert len(shown) == 31


def test_a_save_that_is_broken_off_leaves_nothing_behind(tmp_path):
    async def broken_off(state):
        saving = asyncio.create_task(state.save_aside())
        await asyncio.sleep(0)
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)

    simulator = SalesforceSimulator()
    simulator.load({"count": 2_000})
    run(broken_off(kept(tmp_path / "state.json", simulator)))
    assert list(tmp_path.iterdir()) == []


def test_a_save_that_fails_leaves_what_was_saved_and_the_simulator_goes_on(tmp_path):
    path, simulator = tmp_path / "state.json", SalesforceSimulator()
    path.mkdir()  # so that no file can take its place
    run(kept(path, simulator).save_aside())
    assert path.is_dir()
    assert simulator.load({"count": 1}) == 1
