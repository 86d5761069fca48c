"""The whole of crmsync on one machine, with both simulators: what `make run` runs.

It starts what the Procfile names, waits until everything answers, connects the simulators as an
admin would, prints one line, and ends everything it started when it is told to stop.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import FrameType

import django
import redis
import requests

from crmsync import embedded
from crmsync.data_folder import ROOT, CannotRun, DataFolder
from crmsync.processes import Processes

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or asked the demo to end."""


@dataclass(frozen=True)
class Places:
    """Where the three of them are reached: http://127.0.0.1 and a port each."""

    console: int
    salesforce: int
    hubspot: int

    @classmethod
    def named_by(cls, environment: Mapping[str, str]) -> Places:
        return cls(
            console=_port(environment, "PORT", 8000),
            salesforce=_port(environment, "SALESFORCE_SIMULATOR_PORT", 8101),
            hubspot=_port(environment, "HUBSPOT_SIMULATOR_PORT", 8102),
        )

    def require_free(self) -> None:
        """Raise CannotRun unless all three ports can be opened."""
        _require_free("PORT", self.console)
        _require_free("SALESFORCE_SIMULATOR_PORT", self.salesforce)
        _require_free("HUBSPOT_SIMULATOR_PORT", self.hubspot)
        if len({self.console, self.salesforce, self.hubspot}) < 3:
            raise CannotRun("The console and the two simulators need a port each.")


def main() -> None:
    folder = DataFolder.named_by(os.environ)
    try:
        if sys.argv[1:] == ["reset"]:
            reset(folder)
        else:
            run(folder, Places.named_by(os.environ))
    except CannotRun as error:
        sys.exit(f"crmsync: {error}")
    except Stopped:
        sys.exit(0)
    except Exception as error:
        log = folder.logs / "demo.log"
        log.write_text(traceback.format_exc())
        sys.exit(f"crmsync: unexpected {type(error).__name__}. The details are in {log}.")


def reset(folder: DataFolder) -> None:
    """Forget everything in the data folder; raises CannotRun while a demo runs in it."""
    if not folder.path.exists():
        return
    with folder.held():
        Processes(folder).end()
        embedded.stop(folder)
        folder.empty()


def run(folder: DataFolder, places: Places) -> None:
    for stop_signal in STOP_SIGNALS:
        signal.signal(stop_signal, _stop)
    started_by = os.getppid()
    folder.make()
    with folder.held():
        processes = Processes(folder)
        try:
            processes.end()  # what a demo left behind that was killed
            places.require_free()
            _start(folder, places, processes)
            _print_ready(folder, places)
            while not _is_abandoned(started_by):
                processes.check()
                time.sleep(0.5)
        finally:
            _ignore_signals()
            processes.end()
            embedded.stop(folder)


def _is_abandoned(started_by: int) -> bool:
    """Return whether the make that started us was killed: nobody could end us any more."""
    return "MAKELEVEL" in os.environ and os.getppid() != started_by


def _start(folder: DataFolder, places: Places, processes: Processes) -> None:
    environment = folder.keys() | _settings(folder, places)
    os.environ.update(environment)
    _start_simulators(folder, places, processes)
    _start_servers(folder, processes)
    folder.remember_settings(_settings(folder, places))
    _prepare_database(folder)
    for name, command in procfile().items():
        processes.start(name, command, os.environ)
    for url in map(_url, (places.salesforce, places.hubspot)):
        _wait(processes, f"The simulator at {url}", partial(_answers, url))
    _wait(processes, "The console", lambda: _answers(f"{_url(places.console)}/sign-in/"))
    _wait(processes, "The worker", _worker_answers)

    _connect(folder, places)
    processes.check()


def _settings(folder: DataFolder, places: Places) -> dict[str, str]:
    """Return the settings of a demo, by their names in crmsync/settings.py, and gunicorn's."""
    return {
        "CRMSYNC_DATA_DIR": str(folder.path),
        "CRMSYNC_ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "crmsync.settings",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{places.console}",
        "PATH": f"{os.path.dirname(sys.executable)}:{os.environ.get('PATH', '')}",
        "SIMULATORS": "1",
        "CONSOLE_URL": _url(places.console),
        "POLL_SECONDS": os.environ.get("POLL_SECONDS", "60"),
        "SALESFORCE_LOGIN_URL": _url(places.salesforce),
        "SALESFORCE_CLIENT_ID": "crmsync-demo",
        "SALESFORCE_CLIENT_SECRET": "crmsync-demo-secret",
        "HUBSPOT_LOGIN_URL": _url(places.hubspot),
        "HUBSPOT_API_URL": _url(places.hubspot),
        "HUBSPOT_CLIENT_ID": "crmsync-demo",
        "HUBSPOT_CLIENT_SECRET": "crmsync-demo-secret",
    }


def procfile() -> dict[str, list[str]]:
    """Return the command of each process: {"web": ["gunicorn", ...], ...}."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: shlex.split(command) for name, _, command in (x.partition(":") for x in lines)}


def _start_simulators(folder: DataFolder, places: Places, processes: Processes) -> None:
    (folder.path / "simulators").mkdir(mode=0o700, exist_ok=True)
    for crm, port in (("salesforce", places.salesforce), ("hubspot", places.hubspot)):
        state = folder.path / "simulators" / f"{crm}.json"
        command = [sys.executable, "-m", "sync_engine.simulators", crm, "--port", str(port)]
        command += ["--state", str(state), "--seed", "demo"]
        processes.start(f"{crm}-simulator", command, os.environ)


def _start_servers(folder: DataFolder, processes: Processes) -> None:
    embedded.complete(os.environ, folder)
    for name, process in embedded.serving(folder).items():
        processes.watch(name, process, embedded.log_of(name, folder))
    django.setup()
    from django.conf import settings
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
        redis.Redis.from_url(settings.REDIS_URL).ping()
    except OperationalError as error:
        raise CannotRun(f"The database of DATABASE_URL does not answer: {_line(error)}") from error
    except (ValueError, redis.RedisError) as error:
        raise CannotRun(f"The Redis of REDIS_URL does not answer: {_line(error)}") from error


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _prepare_database(folder: DataFolder) -> None:
    """Migrate, and see that the admin of this data folder can sign in."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    password = folder.secrets()["ADMIN_PASSWORD"]
    admin, _ = User.objects.get_or_create(username="admin", defaults={"is_staff": True})
    if not admin.check_password(password):
        admin.set_password(password)
        admin.save()
    connection.close()


def _connect(folder: DataFolder, places: Places) -> None:
    from crmsync.connect_demo import connect
    from sync_engine.core.values import Crm

    hosts = {Crm.HUBSPOT: places.hubspot, Crm.SALESFORCE: places.salesforce}
    connect(
        _url(places.console),
        folder.secrets()["ADMIN_PASSWORD"],
        {crm: f"127.0.0.1:{port}" for crm, port in hosts.items()},
    )


def _worker_answers() -> bool:
    from crmsync.celery import app

    return bool(app.control.ping(timeout=1))


def _answers(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between us and this machine
        try:
            return session.get(url, timeout=5).status_code < 400
        except requests.RequestException:
            return False


def _wait(processes: Processes, who: str, answers: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not answers():
        processes.check()
        if time.monotonic() > until:
            raise CannotRun(f"{who} did not answer within {seconds} seconds.")
        time.sleep(0.2)


def _print_ready(folder: DataFolder, places: Places) -> None:
    password = folder.secrets()["ADMIN_PASSWORD"]
    print(
        f"READY console={_url(places.console)} user=admin password={password} "
        f"salesforce={_url(places.salesforce)} hubspot={_url(places.hubspot)}",
        flush=True,
    )


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise CannotRun(f"{name} is {text!r}, and has to be a number from 1 to 65535.")
    return int(text)


def _require_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Stop the program that uses it, or choose another port with {name}."
            ) from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    _ignore_signals()
    raise Stopped


def _ignore_signals() -> None:
    for stop_signal in STOP_SIGNALS:
        signal.signal(stop_signal, signal.SIG_IGN)


if __name__ == "__main__":
    main()
