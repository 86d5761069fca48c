"""The servers that came as wheels, in folders as awkward as people's home folders are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from kombu import Connection as BrokerConnection

from crmsync import embedded
from crmsync.data_folder import ROOT, DataFolder
from crmsync.processes import is_alive, wait_for_end
from crmsync.settings import broker_url


@pytest.fixture(params=["plain", "with a space & 'quote' 100%", "deep/" * 30], ids=["a", "b", "c"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DataFolder]:
    folder = DataFolder(tmp_path / request.param)
    folder.make()
    yield folder
    embedded.stop(folder)


def test_both_servers_answer_and_are_gone_after_stop(folder: DataFolder) -> None:
    environment: dict[str, str] = {}
    embedded.complete(environment, folder)

    with psycopg.connect(environment["DATABASE_URL"]) as database:
        assert database.execute("SELECT lower('ÅSA')").fetchone() == ("åsa",)
    with redis.Redis.from_url(environment["REDIS_URL"]) as client:
        assert client.ping()
    with BrokerConnection(broker_url(environment["REDIS_URL"])) as broker:
        broker.ensure_connection(max_retries=1, timeout=5)

    processes = list(embedded.serving(folder).values())
    assert len(processes) == 2
    embedded.stop(folder)
    assert not embedded.serving(folder)
    assert not any(map(is_alive, processes))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture
def plain(path: Path) -> Iterator[DataFolder]:
    """A folder in which nothing runs. Its data stay from test to test: making them takes long."""
    folder = DataFolder(path)
    folder.make()
    yield folder
    embedded.stop(folder)


def test_servers_that_run_are_left_alone(plain: DataFolder) -> None:
    embedded.complete({}, plain)
    first = {process.pid for process in embedded.serving(plain).values()}
    embedded.complete({}, plain)
    assert {process.pid for process in embedded.serving(plain).values()} == first


def test_data_outlives_a_server_that_was_killed(plain: DataFolder) -> None:
    url = embedded.start_postgres(plain)
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    process = embedded.serving(plain)["PostgreSQL"]
    children = process.children()
    process.kill()
    assert wait_for_end([process, *children], seconds=10)  # they see that it is gone

    with psycopg.connect(embedded.start_postgres(plain)) as database:
        assert database.execute("SELECT seven FROM kept").fetchone() == (7,)


def test_a_number_that_belongs_to_another_process_by_now_is_no_server(plain: DataFolder) -> None:
    embedded.start_postgres(plain)
    embedded.stop(plain)
    (plain.path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    embedded.start_postgres(plain)
    assert "PostgreSQL" in embedded.serving(plain)


def test_a_cluster_that_was_half_made_is_made_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.make()
    unfinished = tmp_path / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    embedded.start_postgres(folder)
    embedded.stop(folder)
    assert not unfinished.exists()


def test_named_servers_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql://db/x", "REDIS_URL_FILE": "/run/secrets/redis"}
    before = dict(environment)
    embedded.complete(environment, DataFolder(tmp_path / "untouched"))
    assert environment == before
    assert not (tmp_path / "untouched").exists()


def test_manage_py_alone_brings_its_own_servers(plain: DataFolder) -> None:
    ours = {"PATH", "HOME", "LANG"}
    environment = {name: value for name, value in os.environ.items() if name in ours}
    environment |= {"CRMSYNC_DATA_DIR": str(plain.path), "CRMSYNC_ENV_FILE": os.devnull}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=60)
    assert set(embedded.serving(plain)) == {"PostgreSQL", "Redis"}


def test_without_any_redis_it_says_where_to_get_one(
    plain: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(plain.path / "python"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(embedded.CannotRun, match="install Redis, name a running one in REDIS_URL"):
        embedded.start_redis(plain)


def test_a_server_that_does_not_come_up_is_one_sentence(plain: DataFolder) -> None:
    (plain.path / "redis").mkdir(exist_ok=True)
    broken = plain.path / "redis" / "dump.rdb"
    broken.write_text("no database")
    with pytest.raises(embedded.CannotRun, match=r"^Redis does not answer\. Its log is .*\.$"):
        embedded.start_redis(plain)
    broken.unlink()
