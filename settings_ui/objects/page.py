"""What the tab of an object type shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from settings_ui.frame import frame
from settings_ui.htmx import HtmxRequest
from settings_ui.objects.forms import sections_of
from settings_ui.objects.limit import limit_of
from sync_engine.core.brakes import LIMITS, BrakeKind
from sync_engine.core.catalog import ObjectType
from sync_engine.models import Connection, FieldMapping, ObjectSettings, RecordLink
from sync_engine.models.field_mapping import MOST_MAPPINGS

_FEW, _SHARE = LIMITS[BrakeKind.DELETE]

# What an answer that deletes means, shown once it is chosen.
_DELETES = (
    "Saving alone deletes nothing: it begins with the next deletion in Salesforce. Before more "
    f"than {_FEW}, or {_SHARE:.0%} of the linked records, are deleted within 24 hours, we ask "
    "you. HubSpot can restore a deleted record for 90 days."
)


def page_context(
    request: HtmxRequest,
    connection: Connection,
    object_type: ObjectType,
    now: datetime,
    **refused: Any,
) -> dict[str, Any]:
    """refused: the form that was not saved, whether somebody else was quicker, their change."""
    settings = _seen(connection, object_type, now)
    sections = sections_of(object_type, settings.answers_to(object_type), refused.get("form"))
    links = RecordLink.objects.of(connection.pk, object_type.slug)
    return {
        **frame(request, connection, tab=object_type.slug, now=now),
        **tab_context(connection, object_type),
        **limit_of(connection, object_type),
        **refused,
        "settings": settings,
        "sections": [one for one in sections if not one.is_about_places],
        "places": [one for one in sections if one.is_about_places],
        "deletes": _DELETES,
        "linked": links.filter(state=RecordLink.State.LIVE).count(),
    }


def tab_context(connection: Connection, object_type: ObjectType) -> dict[str, Any]:
    """Return what both inner tabs need."""
    mappings = FieldMapping.objects.filter(connection=connection, object_type=object_type.slug)
    return {
        "object_type": object_type,
        "mappings_count": mappings.count(),
        "most_mappings": MOST_MAPPINGS,
    }


def _seen(connection: Connection, object_type: ObjectType, now: datetime) -> ObjectSettings:
    """Return the settings to look at: those that are kept, else what they would begin as."""
    kept = ObjectSettings.objects.filter(connection=connection, object_type=object_type.slug)
    return kept.first() or ObjectSettings(
        connection=connection, object_type=object_type.slug, since=now
    )
