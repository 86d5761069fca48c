"""A simulator's memory on disk, so that the demo's CRMs survive a restart."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from pathlib import Path
from typing import NoReturn

import orjson

from sync_engine.simulators.base import Simulator
from sync_engine.simulators.front import Front

SECONDS_BETWEEN_SAVES = 3.0
SECONDS_BETWEEN_LOOKS = 0.05
FIRST_OWN_FILE = 3  # after standard input, output and error

log = logging.getLogger("simulators")


class StateFile:
    """Saves by rename: the file is always whole."""

    def __init__(self, path: Path, simulator: Simulator, front: Front) -> None:
        self._path = path
        self._simulator = simulator
        self._front = front
        self._saved = front.changes

    def load(self) -> bool:
        """Restore what was saved; return False where nothing was."""
        if not self._path.exists():
            return False
        self._simulator.restore(orjson.loads(self._path.read_bytes()))
        return True

    def save(self) -> None:
        changes = self._front.changes
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._draft(os.getpid())
        draft.write_bytes(orjson.dumps(self._simulator.dump()))
        draft.replace(self._path)
        self._saved = changes

    async def save_now_and_then(self) -> None:
        """Save what changed, for ever."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_SAVES)
            if self._front.changes != self._saved:
                await self.save_aside()

    async def save_aside(self) -> None:
        """Save in a child process, which has the memory as it is now: no answer waits for it."""
        changes = self._front.changes
        child = os.fork()
        if not child:
            self._save_and_end()
        try:
            while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        except asyncio.CancelledError:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            self._draft(child).unlink(missing_ok=True)
            raise
        if ended[1] == 0:
            self._saved = changes

    def _save_and_end(self) -> NoReturn:
        # A connection that the simulator closes ends only where nobody else holds it open.
        os.closerange(FIRST_OWN_FILE, os.sysconf("SC_OPEN_MAX"))
        try:
            self.save()
        except Exception:
            log.exception("The state could not be saved to %s.", self._path)
            os._exit(1)
        os._exit(0)

    def _draft(self, process: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{process}")
