"""What both simulators are to the parts they share: control, faults, pages, state on disk.

A simulator imports nothing of the engine and is imported by nothing of it: clients reach it by
URL, as they reach the real CRM.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sync_engine.simulators.http import Request, Response


class Clock:
    """The simulator's time: the machine's, moved by `shift`."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a table as the simulator's page shows it. options: () for free text."""

    name: str
    label: str
    writable: bool
    options: tuple[str, ...] = ()


class Refused(Exception):
    """The CRM's rules refuse what a person asked for on the page. The message is shown there."""


class Simulator(Protocol):
    """One CRM. `answer` is its API and OAuth; the rest is what a person does in its own screens,
    for the page at `/` and the control calls under `/__simulator__/`."""

    title: str  # "Salesforce"
    clock: Clock

    def answer(self, request: Request) -> Response:
        """Answer one call of the CRM's API, its login pages included."""
        ...

    def bill(self, request: Request, response: Response) -> int:
        """Return how many calls the vendor would count for this exchange."""
        ...

    def objects(self) -> Sequence[str]:
        """Names of the objects that the page shows."""
        ...

    def columns(self, object_name: str) -> Sequence[Column]: ...

    def search(
        self, object_name: str, text: str, limit: int
    ) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Return (id, {column: value}) of records that contain `text`, latest changed first."""
        ...

    def get(self, object_name: str, record_id: str) -> Mapping[str, Any]:
        """Return {column: value}; raises KeyError."""
        ...

    def create(self, object_name: str, values: Mapping[str, Any], by: str) -> str:
        """Create a record as the person `by` does in the CRM's own screens; raises Refused."""
        ...

    def edit(
        self, object_name: str, record_id: str, values: Mapping[str, Any], by: str
    ) -> None: ...

    def delete(self, object_name: str, record_id: str, by: str) -> None: ...

    def audit(self) -> Sequence[Mapping[str, Any]]:
        """Return who changed which record when: {"at", "by", "object", "id", "what", "values"}."""
        ...

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], Any]]:
        """What REST lacks and a test needs, by name: POST /__simulator__/actions/NAME."""
        ...

    def token(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an access token for a client of a person's own, as one user or another."""
        ...

    def load(self, asked: Mapping[str, Any]) -> int:
        """Make synthetic records, fast, as masses.Order says; return how many."""
        ...

    def seed_demo(self) -> None:
        """Make the demo's records, its share of `people.py`."""
        ...

    def reset(self) -> None:
        """Forget every record, token and custom field."""
        ...

    def dump(self) -> dict[str, Any]:
        """Return the whole state as JSON values, for the file on disk."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None: ...
