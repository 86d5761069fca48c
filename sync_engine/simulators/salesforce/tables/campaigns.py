"""Campaigns with their members, and contact roles."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    REQUIRED,
    Row,
    SObject,
    area,
    day,
    flag,
    lookup,
    money,
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
        cascade=(("CampaignMember", "CampaignId"), ("CampaignMemberStatus", "CampaignId"), ("Task", "WhatId"), ("Event", "WhatId")),
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


def campaign_member_status() -> SObject:
    return SObject(
        name="CampaignMemberStatus",
        label="Campaign Member Status",
        plural="Campaign Member Statuses",
        prefix="01Y",
        name_field="",
        together=("CampaignId", "Label"),
        only_one=("IsDefault", "CampaignId"),
        fields=standard(
            "Campaign Member Status",
            lookup("CampaignId", "Campaign ID", "Campaign", updateable=False, **REQUIRED),
            text("Label", "Label", 765, **REQUIRED),
            whole("SortOrder", "Sort Order", 9),
            flag("IsDefault", "Is Default"),
            flag("HasResponded", "Responded"),
        ),
    )


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


def _member_facts(row: Row, before: Row) -> None:
    named = [name for name in ("LeadId", "ContactId") if row.get(name)]
    if not named or (len(named) > 1 and not before):
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION", "A campaign member is one lead or one contact", named
        )
    if row.get("HasResponded") and not before.get("HasResponded"):
        row["FirstRespondedDate"] = row["LastModifiedDate"][:10]
