"""A simulator as a process on one core of its own, and its control calls."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil

SERVER_CORE = 0


@contextmanager
def simulator(crm: str) -> Iterator[Server]:
    """Start the simulator of "salesforce" or "hubspot"; end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "sync_engine.simulators", crm, "--port", str(port)]
    process = subprocess.Popen(command)
    try:
        _keep_apart(process.pid)
        server = Server(crm, port, psutil.Process(process.pid))
        server.wait_until_it_answers()
        yield server
    finally:
        process.terminate()
        process.wait()


class Server:
    def __init__(self, crm: str, port: int, process: psutil.Process) -> None:
        self.crm = crm
        self.port = port
        self._process = process

    def control(self, path: str, **body: Any) -> Any:
        """POST to /__simulator__/; return the answer."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/__simulator__/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked) as answer:
            return json.load(answer)

    def token(self) -> str:
        return str(self.control("token")["access_token"])

    def cpu_seconds(self) -> float:
        """Return how long it has worked since it was started."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def gigabytes(self) -> float:
        """Return the resident memory."""
        return float(self._process.memory_info().rss) / 1e9

    def wait_until_it_answers(self) -> None:
        while self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE:
            with suppress(urllib.error.URLError):
                self.control("reset")
                return
            time.sleep(0.02)
        raise RuntimeError(f"The {self.crm} simulator ended.")


def _keep_apart(server: int) -> None:
    """Let the server have one core, and this process the others, where the system can do that."""
    cores = set(range(os.cpu_count() or 1))
    if hasattr(os, "sched_setaffinity") and len(cores) > 1:
        os.sched_setaffinity(server, {SERVER_CORE})
        os.sched_setaffinity(0, cores - {SERVER_CORE})
