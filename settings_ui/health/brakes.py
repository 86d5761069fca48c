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

# What letting them through means, where it is hard to take back.
MEANS = {
    BrakeKind.OPT_OUT: (
        "Who is unsubscribed gets no marketing e-mail any more. We never subscribe anybody again: "
        "that is done by hand, and HubSpot may want the person’s own consent."
    ),
    BrakeKind.DELETE: (
        "HubSpot keeps a deleted record for 90 days. Until then it can be restored there."
    ),
}


def sentence(brake: Brake) -> str:
    """Return "1,204 contacts would be created in HubSpot"."""
    records = CATALOG[brake.object_type].label.lower()
    many = f"One of the {records}" if brake.held_back == 1 else f"{brake.held_back:,} {records}"
    return f"{many} {WORDS[BrakeKind(brake.kind)]} in {Crm(brake.crm).label}"


def means(brake: Brake) -> str:
    """Say what letting them through means; "" where it is taken back easily."""
    return MEANS.get(BrakeKind(brake.kind), "")
