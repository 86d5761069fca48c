"""What keeps the demo from starting is one sentence, exit code 1, and nothing half started."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.demo import Demo, Ended


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "data")
    yield demo
    demo.end()


def assert_one_sentence(ended: Ended, demo: Demo) -> None:
    assert ended.code == 1
    assert ended.said.startswith("crmsync: ")
    assert ended.said.count("\n") == 1
    assert "Traceback" not in ended.said
    assert not demo.left()


@pytest.mark.parametrize("name", ["PORT", "SALESFORCE_SIMULATOR_PORT", "HUBSPOT_SIMULATOR_PORT"])
def test_a_port_in_use_is_named_with_the_setting_that_moves_it(demo: Demo, name: str) -> None:
    with socket.create_server(("127.0.0.1", int(demo.environment[name]))):
        ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert f"Port {demo.environment[name]} cannot be used" in ended.said
    assert f"choose another port with {name}." in ended.said


def test_a_port_has_to_be_a_number(demo: Demo) -> None:
    demo.environment["PORT"] = "web"
    ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert "PORT is 'web', and has to be a number from 1 to 65535." in ended.said


def test_two_things_on_one_port_are_refused(demo: Demo) -> None:
    demo.environment["PORT"] = demo.environment["HUBSPOT_SIMULATOR_PORT"]
    ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert "need a port each" in ended.said


def test_a_data_folder_that_cannot_be_made_is_named(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    demo.environment["CRMSYNC_DATA_DIR"] = str(tmp_path / "file" / "data")
    ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert f"The data folder {tmp_path}/file/data cannot be written" in ended.said
    assert "CRMSYNC_DATA_DIR" in ended.said


def test_a_database_that_does_not_answer_is_said(demo: Demo) -> None:
    demo.environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"
    ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert "The database of DATABASE_URL does not answer" in ended.said


def test_a_redis_that_does_not_answer_is_said(demo: Demo) -> None:
    demo.environment["REDIS_URL"] = "redis://127.0.0.1:9/0"
    ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert "The Redis of REDIS_URL does not answer" in ended.said


def test_a_server_that_does_not_come_up_is_said_with_its_log(demo: Demo) -> None:
    (demo.folder.path / "redis").mkdir(parents=True)
    (demo.folder.path / "redis" / "dump.rdb").write_text("no database")
    ended = demo.fail()
    assert_one_sentence(ended, demo)
    assert f"Redis does not answer. Its log is {demo.folder.path}/redis/log." in ended.said


def test_secrets_are_nobody_elses(demo: Demo) -> None:
    demo.folder.make()
    first = demo.folder.secrets()
    file = demo.folder.path / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_uid == os.getuid()
    assert demo.folder.secrets() == first


def test_reset_leaves_what_is_not_its_own(demo: Demo) -> None:
    demo.folder.make()
    demo.folder.secrets()
    (demo.folder.path / "holiday.jpg").touch()
    assert demo.fail("reset") == Ended(0, "")
    assert [path.name for path in demo.folder.path.iterdir()] == ["holiday.jpg"]
