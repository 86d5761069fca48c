"""One call of the REST API inside the simulator, and its reply: what the resources take and give.

A composite's sub-requests are calls like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, unquote
from zlib import crc32

from sync_engine.simulators.salesforce import ids
from sync_engine.simulators.salesforce.errors import (
    Refusal,
    bad_json,
    method_not_allowed,
    not_found,
)
from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import visible_fields


class NoBody:
    """The body of a call without one, which is not the same as the JSON value null."""


@dataclass(frozen=True, slots=True)
class Call:
    """parts: of the path after the version. version: "v66.0". body: parsed JSON, or NoBody."""

    method: str
    version: str
    parts: tuple[str, ...]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: Any
    session: Session

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def record(self) -> dict[str, Any]:
        """Return the body as a JSON object; raises Refusal."""
        if not isinstance(self.body, dict):
            raise bad_json("The HTTP entity body is required, and is a JSON object")
        return self.body

    def allow(self, *methods: str) -> None:
        if self.method not in methods:
            raise method_not_allowed(self.method, ",".join(sorted(methods)))


@dataclass(slots=True)
class Reply:
    """body: JSON values; None for an empty answer."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def freshness(changed: datetime, content: bytes = b"") -> dict[str, str]:
    """Return the headers by which a caller tells whether what it has is still so. content: what
    may be another within the same second."""
    return {
        "last-modified": format_datetime(changed, usegmt=True),
        "etag": f'"{int(changed.timestamp()):x}{crc32(content):x}"',
    }


def is_known(call: Call, changed: datetime, fresh: Mapping[str, str]) -> bool:
    """Has the caller what changed then, as its headers say? fresh: from `freshness`."""
    if "if-none-match" in call.headers:
        return call.headers["if-none-match"] == fresh["etag"]
    try:
        return parsedate_to_datetime(call.headers["if-modified-since"]) >= changed
    except (KeyError, ValueError, TypeError):
        return False


def split_url(url: str) -> tuple[str, tuple[str, ...], dict[str, list[str]]]:
    """Return (version, parts after it, query) of /services/data/v66.0/...; raises Refusal."""
    path, _, query = url.partition("?")
    parts = tuple(unquote(part) for part in path.split("/") if part)
    if parts[:2] != ("services", "data") or len(parts) < 3:
        raise not_found()
    return parts[2], parts[3:], parse_qs(query, keep_blank_values=True)


def sobject_named(org: Org, session: Session, name: str) -> SObject:
    """Return the object; raises Refusal where it is not there or hidden from this user."""
    sobject = org.sobject(name)
    if sobject is None or not org.access.may(sobject.name, "read", session.user_id):
        raise not_found()
    return sobject


def visible_field(org: Org, session: Session, sobject: SObject, name: str) -> Field | None:
    return visible_fields(org, session, sobject).get(name.lower())


def key_field(org: Org, session: Session, sobject: SObject, name: str) -> Field:
    """Return the field that may be upserted on; raises Refusal."""
    found = visible_field(org, session, sobject, name)
    if found is None or not (found.external_id or found.id_lookup):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {name}")
    return found


def record_id(text: Any) -> str:
    """Return an id with 18 characters; raises Refusal MALFORMED_ID."""
    found = ids.full(text) if isinstance(text, str) else None
    if found is None:
        raise Refusal("MALFORMED_ID", f"malformed id {text}", ())
    return found


def field_names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]
