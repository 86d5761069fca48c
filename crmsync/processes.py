"""The demo's processes: started together, watched together, ended together."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from crmsync.data_folder import ROOT, CannotRun, DataFolder

# Every process of a demo bears it, and so does whatever that process starts: this is how they are
# found again after the demo itself was killed. Its value is the data folder.
MARK = "CRMSYNC_DEMO_OF"

# Seconds that processes get to finish what they do. A sync run survives being cut short.
GRACE = 4


class Processes:
    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._watched: dict[str, tuple[psutil.Process, Path]] = {}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a process in a session of its own: Ctrl-C reaches the demo alone."""
        log = self._folder.logs / f"{name}.log"
        with log.open("wb") as output:
            process = psutil.Popen(
                command,
                cwd=ROOT,
                env={**environment, MARK: str(self._folder.path)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.watch(name, process, log)

    def watch(self, name: str, process: psutil.Process, log: Path) -> None:
        self._watched[name] = (process, log)

    def check(self) -> None:
        """Raise CannotRun if one of them has ended."""
        for name, (process, log) in self._watched.items():
            if not is_alive(process):
                raise CannotRun(f"{name} ended by itself. Its log is {log}.")

    def end(self) -> None:
        """End every process of this data folder, those of an earlier demo too."""
        ours = list(_marked(self._folder))
        for process in ours:
            if process.pid == _session(process):
                _ask_to_end(process)
        wait_for_end(ours, GRACE)
        for process in _marked(self._folder):
            process.kill()
        for process, _ in self._watched.values():
            if isinstance(process, psutil.Popen):
                process.wait()


def _marked(folder: DataFolder) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(folder.path):
                yield process
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or somebody else's


def _session(process: psutil.Process) -> int:
    try:
        return os.getsid(process.pid)
    except ProcessLookupError:
        return 0


def _ask_to_end(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return


def is_alive(process: psutil.Process) -> bool:
    """Return whether it still works: a zombie only waits for its parent to notice."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_end(processes: Collection[psutil.Process], seconds: float) -> bool:
    """Return whether all of them have ended in time."""
    until = time.monotonic() + seconds
    while any(map(is_alive, processes)):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
