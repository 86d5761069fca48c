"""Choosing an inclusion segment among those that HubSpot has (product.md 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sync_engine.core.catalog import ObjectType
from sync_engine.crms.lists import RecordList
from sync_engine.models import Connection, Segment
from sync_engine.runs.connect import crms_of


class NotOffered(Exception):
    """HubSpot has no such segment, or it is not active. The message is for the admin."""


def offered(connection: Connection, object_type: ObjectType) -> Sequence[RecordList]:
    """Return HubSpot's active segments of an object type, by name. Raises CrmError."""
    return crms_of(connection).hubspot.lists.active(object_type.hubspot)


def choose(
    connection: Connection,
    object_type: ObjectType,
    list_id: str,
    *,
    seen: str,
    by: str,
    now: datetime,
) -> RecordList:
    """Let only the members of one of HubSpot's segments sync, and return it.

    seen: the id of the list that the admin saw chosen; "" for everybody
    Raises CrmError, NotOffered, and Segment.ChangedMeanwhile.
    """
    found = {one.id: one for one in offered(connection, object_type)}.get(list_id)
    if found is None:
        raise NotOffered(
            "This segment was deleted in HubSpot, or is not active any more. Choose another one."
        )
    Segment.objects.choose(
        connection.pk, object_type.slug, (found.id, found.name), seen=seen, by=by, now=now
    )
    return found
