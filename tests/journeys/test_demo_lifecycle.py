"""The demo from its first start to its end: what it leaves, and what it finds again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
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


@pytest.fixture(scope="module")
def ready(demo: Demo) -> dict[str, str]:
    """What the first start said. It runs until a test stops it."""
    return demo.start()


def test_the_first_start_starts_everything(demo: Demo, ready: dict[str, str]) -> None:
    assert {path.stem for path in demo.folder.logs.iterdir()} == PROCESSES
    assert set(embedded.serving(demo.folder)) == {"PostgreSQL", "Redis"}
    for place in ("console", "salesforce", "hubspot"):
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


def test_a_contact_edited_in_either_crm_appears_in_the_other(
    demo: Demo, ready: dict[str, str]
) -> None:
    contacts = f"{ready['hubspot']}/__simulator__/records/contacts"
    people = f"{ready['salesforce']}/__simulator__/records/Contact"
    grant = records(contacts, "anika.grant")[0]

    edit(f"{contacts}/{grant['id']}", jobtitle="Director of Water")
    synced_until(demo, lambda: titles(people, "anika.grant") == ["Director of Water"])
    edit(f"{people}/{records(people, 'anika.grant')[0]['id']}", Title="Chief of Water")
    synced_until(
        demo, lambda: records(contacts, "anika.grant")[0]["values"]["jobtitle"] == "Chief of Water"
    )


@pytest.mark.usefixtures("ready")
def test_a_second_copy_in_the_same_folder_is_refused(demo: Demo) -> None:
    ended = Demo(demo.folder.path).fail()
    assert (ended.code, ended.said.count("\n")) == (1, 1)
    assert f"crmsync already runs in the data folder {demo.folder.path}." in ended.said
    assert demo.is_running()


@pytest.mark.usefixtures("ready")
def test_a_reset_is_refused_while_it_runs(demo: Demo) -> None:
    assert Demo(demo.folder.path).fail("reset").code == 1
    assert demo.is_running()


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
        assert beside.start()["password"] != ready["password"]
        assert not embedded.serving(beside.folder)
        assert beside.stop(signal.SIGTERM) == Ended(0, "")
    finally:
        beside.end()
    assert demo.is_running()


@pytest.mark.usefixtures("ready")
def test_a_closed_terminal_ends_every_process(demo: Demo) -> None:
    assert len(demo.left()) > len(PROCESSES) + 2
    assert demo.stop(signal.SIGHUP) == Ended(0, "")
    assert not demo.left()


def test_a_later_start_goes_on_with_the_same_data_and_ctrl_c_ends_it(
    demo: Demo, ready: dict[str, str]
) -> None:
    assert demo.start() == ready
    assert demo.stop(signal.SIGINT) == Ended(0, "")
    assert not demo.left()


def test_simulators_that_moved_are_logged_in_to_again(demo: Demo) -> None:
    other = Demo(demo.folder.path)
    ready = other.start()
    contacts = f"{ready['hubspot']}/__simulator__/records/contacts"
    people = f"{ready['salesforce']}/__simulator__/records/Contact"
    edit(f"{contacts}/{records(contacts, 'anika.grant')[0]['id']}", jobtitle="Head of Water")
    synced_until(other, lambda: titles(people, "anika.grant") == ["Head of Water"])
    assert other.stop(signal.SIGTERM) == Ended(0, "")


def test_what_a_killed_demo_left_behind_is_ended_by_the_next_one(
    demo: Demo, ready: dict[str, str]
) -> None:
    demo.start()
    left = [process for process in demo.left() if MARK in process.environ()]
    demo.stop(signal.SIGKILL)
    assert len(left) >= len(PROCESSES)
    assert all(map(is_alive, left))

    assert demo.start() == ready
    assert not any(map(is_alive, left))
    assert demo.stop(signal.SIGTERM) == Ended(0, "")
    assert not demo.left()


@pytest.mark.parametrize("moment", ["salesforce-simulator", "worker"])
def test_told_to_stop_while_it_starts_it_leaves_nothing(demo: Demo, moment: str) -> None:
    log = demo.folder.logs / f"{moment}.log"
    log.unlink()
    process = demo.begin()
    while not log.exists():
        assert process.poll() is None
    assert demo.stop(signal.SIGTERM) == Ended(0, "")
    assert not demo.left()


def test_a_process_that_dies_is_named_and_the_rest_is_ended(demo: Demo) -> None:
    demo.start()
    for process in demo.left():
        if "beat" in process.cmdline():
            process.kill()
    log = demo.folder.logs / "beat.log"
    assert demo.wait() == Ended(1, f"crmsync: beat ended by itself. Its log is {log}.\n")
    assert not demo.left()


def test_a_server_that_dies_is_named_and_the_rest_is_ended(demo: Demo) -> None:
    demo.start()
    embedded.serving(demo.folder)["Redis"].kill()
    log = demo.folder.path / "redis" / "log"
    assert demo.wait() == Ended(1, f"crmsync: Redis ended by itself. Its log is {log}.\n")
    assert not demo.left()


def test_a_reset_forgets_everything(demo: Demo) -> None:
    assert demo.fail("reset") == Ended(0, "")
    assert not demo.folder.path.exists()


def records(url: str, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(url, {"q": text}, timeout=10).json()
    return found


def titles(url: str, text: str) -> list[str]:
    return [record["values"]["Title"] for record in records(url, text)]


def edit(url: str, **values: str) -> None:
    answer = requests.patch(url, json={"by": "somebody", "values": values}, timeout=10)
    assert answer.ok, answer.text


def synced_until(demo: Demo, is_there: Callable[[], bool]) -> None:
    """Run `manage.py sync` in a shell that knows the data folder only: at once, if it were not
    for HubSpot's index and Salesforce's last seconds, which a poll sees a little later."""
    until = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < until
        said = subprocess.run(
            [sys.executable, "manage.py", "sync", "--json"],
            cwd=ROOT,
            env=demo.environment,
            capture_output=True,
            check=True,
            timeout=60,
        )
        assert json.loads(said.stdout)["state"] == "done"
