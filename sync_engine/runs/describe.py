"""What fields a CRM's object has, kept for a while: a describe costs a call."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.cache import cache

from sync_engine.core.fields import Field
from sync_engine.crms.base import CrmClient
from sync_engine.models import Connection

# Seconds. A field that is deleted or hidden meanwhile is refused by the CRM, which forgets them.
KEPT = 900


def fields_of(connection: Connection, client: CrmClient, object_name: str) -> Mapping[str, Field]:
    """Return the fields that the connected user may see, by name."""
    key = _key(connection, client, object_name)
    fields: Mapping[str, Field] | None = cache.get(key)
    if fields is None:
        fields = dict(client.fields(object_name))
        cache.set(key, fields, KEPT)
    return fields


def forget_fields(connection: Connection, client: CrmClient, object_name: str) -> None:
    cache.delete(_key(connection, client, object_name))


def _key(connection: Connection, client: CrmClient, object_name: str) -> str:
    return f"fields:{connection.pk}:{client.crm}:{object_name}"
