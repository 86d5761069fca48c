"""The folder in which one copy of crmsync on this machine keeps its servers, secrets and logs."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

# Whatever crmsync puts into a data folder: a reset removes these and nothing else.
OURS = (
    "postgres",
    "postgres.unfinished",
    "redis",
    "simulators",
    "logs",
    "secrets.json",
    "settings.json",
    "servers.lock",
    "lock",
)

ROOT = Path(__file__).resolve().parent.parent


class CannotRun(Exception):
    """The message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class DataFolder:
    path: Path

    @classmethod
    def named_by(cls, environment: Mapping[str, str]) -> DataFolder:
        """Return the folder CRMSYNC_DATA_DIR names, .data of this checkout by default."""
        return cls((ROOT / (environment.get("CRMSYNC_DATA_DIR") or ".data")).resolve())

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def make(self) -> None:
        """Create the folder unless it is there; raises CannotRun if it cannot be written."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.path).close()
        except OSError as error:
            raise CannotRun(
                f"The data folder {self.path} cannot be written ({error.strerror}). "
                "Choose another one with CRMSYNC_DATA_DIR."
            ) from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only demo in this folder; raises CannotRun if there is one already.

        The system gives the lock back when its holder dies, however it dies.
        """
        with (self.path / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CannotRun(
                    f"crmsync already runs in the data folder {self.path}. "
                    "Stop it first, or choose another folder with CRMSYNC_DATA_DIR."
                ) from error
            yield

    def secrets(self) -> dict[str, str]:
        """Return SECRET_KEY, CREDENTIAL_KEYS and ADMIN_PASSWORD, made at random the first time."""
        kept = self._load("secrets.json")
        if not kept:
            kept = {
                "SECRET_KEY": secrets.token_urlsafe(50),
                "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
                "ADMIN_PASSWORD": secrets.token_urlsafe(12),
            }
            self._keep("secrets.json", kept)
        return kept

    def keys(self) -> dict[str, str]:
        """Return the secrets that are settings."""
        return {name: self.secrets()[name] for name in ("SECRET_KEY", "CREDENTIAL_KEYS")}

    def remember_settings(self, settings: Mapping[str, str]) -> None:
        """Keep what the demo runs with, so that manage.py in this folder runs with the same."""
        self._keep("settings.json", settings)

    def lend_settings(self, environment: MutableMapping[str, str]) -> None:
        """Put keys and remembered settings where the environment does not name its own."""
        for name, value in (self.keys() | self._load("settings.json")).items():
            environment.setdefault(name, value)

    def empty(self) -> None:
        """Remove what crmsync put here, and the folder if nothing else is in it."""
        for name in OURS:
            path = self.path / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if not any(self.path.iterdir()):
            self.path.rmdir()

    def _load(self, name: str) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        return kept

    def _keep(self, name: str, values: Mapping[str, str]) -> None:
        """Write whole or not at all, readable by nobody else."""
        fresh = self.path / f"{name}.new"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(values, file, indent=1)
        fresh.replace(self.path / name)
