"""Opportunity and Case: deals and tickets."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    REQUIRED,
    Field,
    Row,
    SObject,
    area,
    day,
    email,
    flag,
    lookup,
    moment,
    money,
    number,
    pick,
    standard,
    text,
)
from sync_engine.simulators.salesforce.ids import number_of
from sync_engine.simulators.salesforce.tables.contacts import LEAD_SOURCES

# Stage, probability in %, forecast category, is it closed, is it won.
STAGES = (
    ("Prospecting", 10.0, "Pipeline", False, False),
    ("Qualification", 10.0, "Pipeline", False, False),
    ("Needs Analysis", 20.0, "Pipeline", False, False),
    ("Value Proposition", 50.0, "Pipeline", False, False),
    ("Id. Decision Makers", 60.0, "Pipeline", False, False),
    ("Perception Analysis", 70.0, "Pipeline", False, False),
    ("Proposal/Price Quote", 75.0, "BestCase", False, False),
    ("Negotiation/Review", 90.0, "BestCase", False, False),
    ("Closed Won", 100.0, "Closed", True, True),
    ("Closed Lost", 0.0, "Omitted", True, False),
)
CASE_STATUSES = ("New", "Working", "Escalated", "Closed")
CLOSED_CASE = "Closed"
STAGE_BY_NAME = {stage[0]: stage for stage in STAGES}


def opportunity() -> SObject:
    return SObject(
        name="Opportunity",
        label="Opportunity",
        plural="Opportunities",
        prefix="006",
        cascade=(("OpportunityContactRole", "OpportunityId"), ("Task", "WhatId"), ("Event", "WhatId")),
        derive=_follow_stage,
        fields=standard(
            "Opportunity",
            lookup("AccountId", "Account ID", "Account"),
            text("Name", "Name", 120, id_lookup=True, **REQUIRED),
            area("Description", "Description", 32000),
            pick("StageName", "Stage", tuple(STAGE_BY_NAME), **REQUIRED),
            money("Amount", "Amount"),
            Field("Probability", "Probability (%)", "percent", precision=3, defaulted=True),
            day("CloseDate", "Close Date", **REQUIRED),
            pick("Type", "Opportunity Type", ("Existing Business", "New Business")),
            text("NextStep", "Next Step", 255),
            pick("LeadSource", "Lead Source", LEAD_SOURCES),
            flag("IsClosed", "Closed", **READ_ONLY),
            flag("IsWon", "Won", **READ_ONLY),
            pick("ForecastCategory", "Forecast Category",
                 ("Omitted", "Pipeline", "BestCase", "Forecast", "Closed"), length=40, nillable=False, **READ_ONLY),
            number("TotalOpportunityQuantity", "Quantity", 18, 2),
            lookup("OwnerId", "Owner ID", "User", nillable=False, defaulted=True),
            day("LastActivityDate", "Last Activity", **READ_ONLY),
        ),
    )  # fmt: skip


def case() -> SObject:
    return SObject(
        name="Case",
        label="Case",
        plural="Cases",
        prefix="500",
        cascade=(("Task", "WhatId"), ("Event", "WhatId")),
        mergeable=True,
        derive=_case_facts,
        name_field="CaseNumber",
        fields=standard(
            "Case",
            lookup("MasterRecordId", "Master Record ID", "Case", **READ_ONLY),
            text("CaseNumber", "Case Number", 30, nillable=False, defaulted=True,
                 id_lookup=True, **READ_ONLY),
            lookup("ContactId", "Contact ID", "Contact"),
            lookup("AccountId", "Account ID", "Account"),
            lookup("ParentId", "Parent Case ID", "Case"),
            text("SuppliedName", "Name", 80),
            email("SuppliedEmail", "Email Address"),
            text("SuppliedPhone", "Phone", 40),
            text("SuppliedCompany", "Company", 80),
            pick("Type", "Case Type", ("Mechanical", "Electrical", "Electronic", "Other")),
            pick("Status", "Status", CASE_STATUSES,
                 defaulted=True, default="New"),
            pick("Reason", "Case Reason", ("Installation", "Performance", "Breakdown", "Other")),
            pick("Origin", "Case Origin", ("Phone", "Email", "Web")),
            text("Subject", "Subject", 255),
            pick("Priority", "Priority", ("High", "Medium", "Low"),
                 defaulted=True, default="Medium"),
            area("Description", "Description", 32000),
            flag("IsClosed", "Closed", **READ_ONLY),
            moment("ClosedDate", "Closed Date", **READ_ONLY),
            flag("IsEscalated", "Escalated"),
            lookup("OwnerId", "Owner ID", "Group", "User", nillable=False, defaulted=True),
        ),
    )  # fmt: skip


def _follow_stage(row: Row, before: Row) -> None:
    _, probability, forecast, is_closed, is_won = STAGE_BY_NAME.get(
        row["StageName"], ("", 0.0, "Pipeline", False, False)
    )
    moved = row["StageName"] != before.get("StageName")
    if row.get("Probability") is None or (
        moved and row["Probability"] == before.get("Probability")
    ):
        row["Probability"] = probability
    row.update(ForecastCategory=forecast, IsClosed=is_closed, IsWon=is_won)


def _case_facts(row: Row, before: Row) -> None:
    row["CaseNumber"] = f"{number_of(row['Id']) + 1000:08}"
    row["IsClosed"] = row.get("Status") == CLOSED_CASE
    if row["IsClosed"] and not before.get("IsClosed"):
        row["ClosedDate"] = row["LastModifiedDate"]
    elif not row["IsClosed"]:
        row["ClosedDate"] = None
