"""What became of a HubSpot record that no batch knows (hubspot-api.md 9)."""

from __future__ import annotations

from sync_engine.core import error_types
from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.core.values import RecordRef
from sync_engine.crms.base import Fate
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_paths import path


def fate_of(api: HubspotApi, object_name: str, id: str) -> Fate | None:
    """Ask for one record: HubSpot answers with the survivor of a merge. None: it knows nothing of
    it any more, so it was deleted for privacy; raises CrmError."""
    try:
        row = api.read(Cause.READING, "GET", path("objects", object_name, id))
    except CrmError as error:
        if error.problem.type is error_types.DELETED:
            return None
        raise
    survivor = str(row["id"])
    return Fate(became=RecordRef(object_name, survivor) if survivor != id else None)
