"""How an object type is limited, as its tab and Sync Health show it. Source: product.md 6.1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.models import Connection, Segment


@dataclass(frozen=True, slots=True)
class Limit:
    """segment: None where all records sync."""

    object_type: ObjectType
    segment: Segment | None

    @property
    def list_id(self) -> str:
        return self.segment.list_id if self.segment else ""

    @property
    def members(self) -> int:
        return self.segment.members.count() if self.segment else 0


def limit_of(connection: Connection, object_type: ObjectType) -> dict[str, Any]:
    """Return what the section needs; nothing where no segment may limit the object type."""
    if not object_type.may_have_segment:
        return {}
    limit = Limit(object_type, Segment.objects.of(connection.pk, object_type.slug))
    is_stopped = limit.segment is not None and limit.segment.stopped_because
    return {
        "limit": limit,
        "segment_tool": segment_tool(connection),
        "stopped": [limit] if is_stopped else [],
    }


def stopped(connection: Connection) -> list[Limit]:
    """Return the object types that wait for an admin because of their segment."""
    segments = Segment.objects.stopped(connection.pk)
    return [Limit(CATALOG[segment.object_type], segment) for segment in segments]


def segment_tool(connection: Connection) -> str:
    """Return the address of HubSpot's own tool for segments; a simulator has none but its page."""
    if settings.SIMULATORS:
        return str(settings.HUBSPOT_LOGIN_URL)
    account = connection.hubspot_account_id
    return f"{settings.HUBSPOT_LOGIN_URL}/contacts/{account}/objectLists/all"
