"""One call of the API: who asks, for what, and its body's shape checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.http import NotJson, Request
from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.errors import HubSpotError, invalid_json, missing_members
from sync_engine.simulators.hubspot.tokens import Grant

Answer = tuple[int, Any]  # status and body; None is no body


@dataclass(frozen=True, slots=True)
class Call:
    """args: what the path's placeholders hold. family: "v1", "v3", "v4" or "2026-03"."""

    account: Account
    request: Request
    grant: Grant
    args: tuple[str, ...]
    family: str

    def body(self) -> dict[str, Any]:
        """Return the body, which has to be a JSON object; raises HubSpotError."""
        return as_object(self._json())

    def body_list(self) -> list[Any]:
        return as_list(self._json(), "body")

    def names(self, name: str) -> list[str]:
        """Return a list in the query, whether its items are repeated or joined with commas."""
        joined = ",".join(self.request.query.get(name, []))
        return [part.strip() for part in joined.split(",") if part.strip()]

    def flag(self, name: str) -> bool:
        return self.request.first(name).lower() == "true"

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number in the query; raises HubSpotError where it is none or too big."""
        return as_number(self.request.first(name) or default, name, most)

    def _json(self) -> Any:
        try:
            return self.request.json()
        except NotJson as error:
            raise invalid_json(str(error)) from error


Handler = Callable[[Call], Answer]


def as_object(sent: Any) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise invalid_json("Cannot construct instance: an object was expected")
    return sent


def as_list(sent: Any, name: str) -> list[Any]:
    if not isinstance(sent, list):
        raise invalid_json(f"Cannot deserialize value of type `java.util.ArrayList` for {name}")
    return sent


def optional_list(body: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list in the body, empty where it is missing or null; raises HubSpotError."""
    sent = body.get(name)
    return [] if sent is None else as_list(sent, name)


def as_name(sent: Any, name: str) -> str:
    """Return a text or a number, which HubSpot reads as text."""
    if isinstance(sent, bool) or not isinstance(sent, str | int):
        raise invalid_json(f"Cannot deserialize value of type `java.lang.String` for {name}")
    return str(sent)


def as_number(sent: Any, name: str, most: int) -> int:
    text = as_name(sent, name).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise HubSpotError(400, f"{name} was not a valid integer: {text}")
    number = int(text)
    if number > most:
        raise HubSpotError(400, f"{name} must be at most {most}")
    return number


def require(body: Mapping[str, Any], *names: str) -> None:
    """Raise HubSpotError where a member is missing or null."""
    missing = [name for name in names if body.get(name) is None]
    if missing:
        raise missing_members(missing)


def inputs(body: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """Return the inputs of a batch, at most `most`; raises HubSpotError."""
    require(body, "inputs")
    found = [as_object(one) for one in as_list(body["inputs"], "inputs")]
    if len(found) > most:
        raise HubSpotError(
            400,
            f"The maximum number of inputs supported in a batch request is {most}. "
            "Please reduce the number of items and try again",
        )
    return found


def names_in(body: Mapping[str, Any], name: str) -> list[str]:
    return [as_name(one, name) for one in optional_list(body, name)]


def record_id(text: str) -> int | None:
    """Read a record's id; None where it cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
