"""The demo from its first start to its end: what it leaves, and what it finds again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from crmsync import embedded
from crmsync.data_folder import ROOT
from crmsync.processes import MARK, is_alive
from tests.journeys.demo import Demo, Ended

PROCESSES = {"web", "worker", "beat", "salesforce-simulator", "hubspot-simulator"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One data folder for all of these tests: each goes on where the one before stopped."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "data")
    yield demo
    demo.end()


@pytest.fixture
def ready(demo: Demo) -> Iterator[dict[str, str]]:
    yield demo.start()
    if demo.process is not None and demo.process.poll() is None:
        demo.stop()


def sync(demo: Demo) -> list[dict[str, object]]:
    """Run `manage.py sync --json` beside the demo, in a shell that knows the data folder only."""
    said = subprocess.run(
        [sys.executable, "manage.py", "sync", "--json"],
        cwd=ROOT,
        env=demo.environment,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_the_first_start_connects_both_simulators(demo: Demo, ready: dict[str, str]) -> None:
    assert {path.stem for path in demo.folder.logs.iterdir()} == PROCESSES
    assert set(embedded.serving(demo.folder)) == {"PostgreSQL", "Redis"}
    assert sync(demo)
    for place in ("salesforce", "hubspot"):
        assert requests.get(ready[place], timeout=10).ok


def test_the_password_of_the_ready_line_opens_the_console(ready: dict[str, str]) -> None:
    with requests.Session() as admin:
        page = admin.get(f"{ready['console']}/sign-in/", timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token is not None
        answers = {"username": "admin", "password": ready["password"]}
        home = admin.post(page.url, answers | {"csrfmiddlewaretoken": token[1]}, timeout=10)
    assert home.ok
    assert home.url.endswith("/health/")


def test_a_later_start_goes_on_with_the_same_data(demo: Demo) -> None:
    first = demo.start()
    before = database(demo, "SELECT pk.id, pk.set_up_at FROM sync_engine_connection pk")
    demo.stop()
    assert demo.start() == first
    assert database(demo, "SELECT pk.id, pk.set_up_at FROM sync_engine_connection pk") == before
    assert demo.stop() == Ended(0, "")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_ends_every_process_within_ten_seconds(
    demo: Demo, by: signal.Signals
) -> None:
    demo.start()
    processes = demo.left()
    assert len(processes) >= len(PROCESSES) + 2
    assert demo.process is not None
    demo.process.send_signal(by)
    assert demo.process.wait(10) == 0
    assert not any(map(is_alive, processes))
    assert not demo.left()


def test_told_to_stop_while_it_starts_it_leaves_nothing(demo: Demo) -> None:
    for name in ("worker", "salesforce-simulator"):
        (demo.folder.logs / f"{name}.log").unlink()
        process = demo.begin()
        while not (demo.folder.logs / f"{name}.log").exists():
            assert process.poll() is None
        assert demo.stop() == Ended(0, "")
        assert not demo.left()


def test_a_second_copy_in_the_same_folder_is_refused(demo: Demo, ready: dict[str, str]) -> None:
    second = Demo(demo.folder.path)
    ended = second.fail()
    assert (ended.code, ended.said.count("\n")) == (1, 1)
    assert f"crmsync already runs in the data folder {demo.folder.path}." in ended.said
    assert requests.get(f"{ready['console']}/sign-in/", timeout=10).ok


def test_a_reset_is_refused_while_it_runs(demo: Demo, ready: dict[str, str]) -> None:
    second = Demo(demo.folder.path)
    assert second.fail("reset").code == 1
    assert requests.get(f"{ready['console']}/sign-in/", timeout=10).ok


def test_a_process_that_dies_is_named_and_the_rest_is_ended(demo: Demo) -> None:
    demo.start()
    for process in demo.left():
        if "beat" in process.cmdline():
            process.kill()
    ended = demo.wait()
    log = demo.folder.logs / "beat.log"
    assert ended == Ended(1, f"crmsync: beat ended by itself. Its log is {log}.\n")
    assert not demo.left()


def test_a_server_that_dies_is_named_and_the_rest_is_ended(demo: Demo) -> None:
    demo.start()
    embedded.serving(demo.folder)["Redis"].kill()
    ended = demo.wait()
    log = demo.folder.path / "redis" / "log"
    assert ended == Ended(1, f"crmsync: Redis ended by itself. Its log is {log}.\n")
    assert not demo.left()


def test_what_a_killed_demo_left_behind_is_ended_by_the_next_one(demo: Demo) -> None:
    first = demo.start()
    left = [process for process in demo.left() if MARK in process.environ()]
    assert len(left) >= len(PROCESSES)
    demo.stop(signal.SIGKILL)
    assert all(map(is_alive, left))
    assert demo.start() == first
    assert not any(map(is_alive, left))
    demo.stop()


def test_a_copy_beside_it_uses_the_servers_it_is_given(
    demo: Demo, ready: dict[str, str], tmp_path: Path
) -> None:
    given = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(given.geturl(), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS beside")
        server.execute("CREATE DATABASE beside")
    beside = Demo(
        tmp_path / "beside",
        DATABASE_URL=given._replace(path="/beside").geturl(),
        REDIS_URL=os.environ["REDIS_URL"].replace("db=0", "db=7"),
    )
    try:
        other = beside.start()
        assert other["password"] != ready["password"]
        assert not embedded.serving(beside.folder)
        assert sync(demo)
        assert beside.stop() == Ended(0, "")
        assert requests.get(f"{ready['console']}/sign-in/", timeout=10).ok
    finally:
        beside.end()


def test_a_reset_forgets_everything(demo: Demo) -> None:
    assert demo.fail("reset") == Ended(0, "")
    assert not demo.folder.path.exists()


def database(demo: Demo, query: str) -> list[tuple[object, ...]]:
    url = embedded.start_postgres(demo.folder)  # it runs already
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()
