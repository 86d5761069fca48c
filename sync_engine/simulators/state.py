"""A simulator's memory on disk, so that the demo's CRMs survive a restart."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import orjson

from sync_engine.simulators.base import Simulator
from sync_engine.simulators.front import Front

SECONDS_BETWEEN_SAVES = 3.0


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
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        draft.write_bytes(orjson.dumps(self._simulator.dump()))
        draft.replace(self._path)
        self._saved = changes

    async def save_now_and_then(self) -> None:
        """Save what changed, for ever. Saving takes a tenth of the time at most."""
        pause = SECONDS_BETWEEN_SAVES
        while True:
            await asyncio.sleep(pause)
            if self._front.changes != self._saved:
                began = time.monotonic()
                self.save()
                pause = max(SECONDS_BETWEEN_SAVES, 10 * (time.monotonic() - began))
