"""What a brake has stopped, in words."""

from __future__ import annotations

from sync_engine.core.brakes import BrakeKind
from sync_engine.core.catalog import CATALOG
from sync_engine.core.values import Crm
from sync_engine.models import Brake

WORDS = {
    BrakeKind.CREATE: "would be created",
    BrakeKind.BLANK: "would lose a value",
    BrakeKind.OPT_OUT: "would be unsubscribed from all e-mail",
    BrakeKind.DELETE: "would be deleted",
}


def sentence(brake: Brake) -> str:
    """Return "1,204 contacts would be created in HubSpot"."""
    records = CATALOG[brake.object_type].label.lower()
    words = WORDS[BrakeKind(brake.kind)]
    return f"{brake.held_back:,} {records} {words} in {Crm(brake.crm).label}"
