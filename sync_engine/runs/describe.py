"""What fields a CRM's object has, kept for a while: a describe costs a call."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.core.cache import cache

from sync_engine.core.fields import Field
from sync_engine.crms.base import CrmClient
from sync_engine.models import Connection

# Seconds. A field that is deleted or hidden meanwhile is refused by the CRM, which forgets them.
KEPT = 900


def fields_of(connection: Connection, client: CrmClient, object_name: str) -> Mapping[str, Field]:
    """Return the fields that the connected user may see, by name."""
    key = f"{_prefix(connection)}:{client.crm}:{object_name}"
    fields: Mapping[str, Field] | None = cache.get(key)
    if fields is None:
        fields = dict(client.fields(object_name))
        cache.set(key, fields, KEPT)
    return fields


def forget_described(connection: Connection) -> None:
    """Ask both CRMs anew at the next need."""
    cache.set(_edition_key(connection), uuid.uuid4().hex, None)


def _prefix(connection: Connection) -> str:
    return f"fields:{connection.pk}:{cache.get(_edition_key(connection), 'first')}"


def _edition_key(connection: Connection) -> str:
    return f"fields:{connection.pk}:edition"
