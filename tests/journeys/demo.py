"""A demo as a person starts it: a process, its one line, its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from crmsync.data_folder import ROOT, DataFolder
from crmsync.processes import is_alive

READY = re.compile(
    r"READY console=(?P<console>\S+) user=admin password=(?P<password>\S+) "
    r"salesforce=(?P<salesforce>\S+) hubspot=(?P<hubspot>\S+)\n"
)


@dataclass
class Ended:
    code: int
    said: str  # on stderr


class Demo:
    """One data folder and three ports. Whatever else it needs comes from `settings`."""

    def __init__(self, path: Path, **settings: str) -> None:
        self.folder = DataFolder(path.resolve())
        ports = _free_ports()
        names = ("PORT", "SALESFORCE_SIMULATOR_PORT", "HUBSPOT_SIMULATOR_PORT")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        place = {"CRMSYNC_DATA_DIR": str(path), "POLL_SECONDS": "3600"}
        self.environment = kept | place | dict(zip(names, ports, strict=True)) | settings
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> dict[str, str]:
        """Return what the READY line says: console, password, salesforce, hubspot."""
        process = self.begin()
        assert process.stdout is not None
        line = process.stdout.readline()
        if ready := READY.fullmatch(line):
            return ready.groupdict()
        raise AssertionError(f"no READY: {line!r} {self.wait()}")

    def begin(self) -> subprocess.Popen[str]:
        self.process = self._run("crmsync.demo")
        return self.process

    def fail(self, *arguments: str) -> Ended:
        """Start what cannot start; return how it ended."""
        self.process = self._run("crmsync.demo", *arguments)
        return self.wait()

    def stop(self, by: signal.Signals) -> Ended:
        """Send a signal; it has ten seconds to leave nothing behind."""
        assert self.process is not None
        self.process.send_signal(by)
        return self.wait(10)

    def wait(self, seconds: float = 60) -> Ended:
        """Wait for its end. Nothing but the READY line may have been on stdout."""
        assert self.process is not None
        out, said = self.process.communicate(timeout=seconds)
        assert out == ""
        return Ended(self.process.returncode, said)

    def is_running(self) -> bool:
        """Return whether it still works: the console answers, and nobody has stopped."""
        console = f"http://127.0.0.1:{self.environment['PORT']}/sign-in/"
        return (
            self.process is not None
            and self.process.poll() is None
            and requests.get(console, timeout=10).ok
        )

    def left(self) -> list[psutil.Process]:
        """Every process that has to do with the data folder, however it came to be."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def end(self) -> None:
        """Leave nothing behind, whatever a test did."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
        for process in self.left():
            process.kill()

    def _is_ours(self, process: psutil.Process) -> bool:
        place = str(self.folder.path)
        try:
            told = " ".join([*process.cmdline(), *process.environ().values(), process.cwd()])
        except (psutil.Error, OSError):
            return False
        return process.pid != os.getpid() and place in told and is_alive(process)

    def _run(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def _free_ports() -> list[str]:
    """Return three ports that nobody uses now."""
    sockets = [socket.socket() for _ in range(3)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports
