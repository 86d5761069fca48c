"""Members of campaigns have a status of their campaign's own list. Source: salesforce-api.md 7."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import children

FIRST_STATUSES = (("Sent", True, False), ("Responded", False, True))


def begin_statuses(org: Org, campaign: Row) -> None:
    """Give a new campaign the statuses that it begins with."""
    stamps = (
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    )
    for order, (label, is_default, has_responded) in enumerate(FIRST_STATUSES, 1):
        row: Row = {
            "Id": org.new_id("01Y"),
            "IsDeleted": False,
            "CampaignId": campaign["Id"],
            "Label": label,
            "SortOrder": order,
            "IsDefault": is_default,
            "HasResponded": has_responded,
            **{name: campaign[name] for name in stamps},
        }
        org.store.put(org.store["CampaignMemberStatus"], row)


def settle_member(org: Org, row: Row, before: Row, given: Row) -> None:
    """Fill the campaign's default status, and what follows from the status. One that is not in the
    list is kept as it is."""
    listed = children(org, "CampaignMemberStatus", "CampaignId", row["CampaignId"])
    default = next((status["Label"] for status in listed if status.get("IsDefault")), None)
    if row.get("Status") is None or (not before and "Status" not in given):
        row["Status"] = default or row.get("Status")
    same = (s for s in listed if s["Label"].lower() == str(row.get("Status")).lower())
    row["HasResponded"] = any(status.get("HasResponded") for status in same)
