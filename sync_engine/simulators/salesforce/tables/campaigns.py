"""Campaigns and their members, contact roles, and the stages and statuses that a record can have."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    REQUIRED,
    Field,
    Row,
    SObject,
    area,
    bare,
    day,
    flag,
    lookup,
    money,
    number,
    pick,
    standard,
    text,
    whole,
)

ROLES = (
    "Business User", "Decision Maker", "Economic Buyer", "Economic Decision Maker", "Evaluator",
    "Executive Sponsor", "Influencer", "Technical Buyer", "Other",
)  # fmt: skip
CAMPAIGN_TYPES = ("Conference", "Webinar", "Trade Show", "Email", "Telemarketing", "Other")


def campaign() -> SObject:
    return SObject(
        name="Campaign",
        label="Campaign",
        plural="Campaigns",
        prefix="701",
        cascade=(("CampaignMember", "CampaignId"), ("Task", "WhatId"), ("Event", "WhatId")),
        fields=standard(
            "Campaign",
            text("Name", "Name", 80, **REQUIRED),
            lookup("ParentId", "Parent Campaign ID", "Campaign"),
            pick("Type", "Type", CAMPAIGN_TYPES, length=40),
            pick("Status", "Status", ("Planned", "In Progress", "Completed", "Aborted"),
                 length=40, defaulted=True, default="Planned"),
            day("StartDate", "Start Date"),
            day("EndDate", "End Date"),
            money("ExpectedRevenue", "Expected Revenue"),
            money("BudgetedCost", "Budgeted Cost", scale=0),
            flag("IsActive", "Active"),
            area("Description", "Description", 32000),
            lookup("OwnerId", "Owner ID", "User", nillable=False, defaulted=True),
        ),
    )  # fmt: skip


def campaign_member() -> SObject:
    fixed: dict[str, Any] = {"updateable": False}
    return SObject(
        name="CampaignMember",
        label="Campaign Member",
        plural="Campaign Members",
        prefix="00v",
        name_field="",
        derive=_member_facts,
        together=("CampaignId", "LeadId", "ContactId"),
        already="Already a campaign member.",
        fields=standard(
            "Campaign Member",
            lookup("CampaignId", "Campaign ID", "Campaign", **REQUIRED, **fixed),
            lookup("LeadId", "Lead ID", "Lead", **fixed),
            lookup("ContactId", "Contact ID", "Contact", **fixed),
            pick("Status", "Status", ("Sent", "Responded"), length=40, defaulted=True,
                 default="Sent"),
            flag("HasResponded", "Responded", **READ_ONLY),
            day("FirstRespondedDate", "First Responded Date", **READ_ONLY),
        ),
    )  # fmt: skip


def opportunity_contact_role() -> SObject:
    return SObject(
        name="OpportunityContactRole",
        label="Opportunity Contact Role",
        plural="Opportunity Contact Roles",
        prefix="00K",
        name_field="",
        only_one=("IsPrimary", "OpportunityId"),
        fields=standard(
            "Contact Role",
            lookup("OpportunityId", "Opportunity ID", "Opportunity", updateable=False, **REQUIRED),
            lookup("ContactId", "Contact ID", "Contact", **REQUIRED),
            pick("Role", "Role", ROLES, length=40),
            flag("IsPrimary", "Primary"),
        ),
    )


def lead_status() -> SObject:
    return _list(
        "LeadStatus",
        "Lead Status Value",
        "01J",
        flag("IsDefault", "Is Default", **READ_ONLY),
        flag("IsConverted", "Is Converted", **READ_ONLY),
    )


def opportunity_stage() -> SObject:
    return _list(
        "OpportunityStage",
        "Opportunity Stage",
        "01K",
        flag("IsActive", "Active", **READ_ONLY),
        flag("IsClosed", "Closed", **READ_ONLY),
        flag("IsWon", "Won", **READ_ONLY),
        number("DefaultProbability", "Probability (%)", 3, 0, **READ_ONLY),
        text("ForecastCategory", "Forecast Category", 40, **READ_ONLY),
    )


def _list(name: str, label: str, prefix: str, *own: Field) -> SObject:
    """Return an object whose records are the values of a picklist."""
    return SObject(
        name=name,
        label=label,
        plural=f"{label}s",
        prefix=prefix,
        createable=False,
        updateable=False,
        deletable=False,
        name_field="MasterLabel",
        fields=bare(
            label,
            text("MasterLabel", "Master Label", 255, **READ_ONLY),
            text("ApiName", "API Name", 255, **READ_ONLY),
            whole("SortOrder", "Order", 9, **READ_ONLY),
            *own,
        ),
    )


def _member_facts(row: Row, before: Row) -> None:
    named = [name for name in ("LeadId", "ContactId") if row.get(name)]
    if not named or (len(named) > 1 and not before):
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION", "A campaign member is one lead or one contact", named
        )
    row["HasResponded"] = row.get("Status") == "Responded"
    if row["HasResponded"] and not before.get("HasResponded"):
        row["FirstRespondedDate"] = row["LastModifiedDate"][:10]
