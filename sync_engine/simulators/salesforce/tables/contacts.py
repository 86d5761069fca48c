"""Contact and Lead: people."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    REQUIRED,
    Field,
    Row,
    SObject,
    address,
    area,
    day,
    email,
    flag,
    lookup,
    moment,
    money,
    phone,
    pick,
    standard,
    text,
    url,
    whole,
)
from sync_engine.simulators.salesforce.tables.accounts import INDUSTRIES, RATINGS

SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")
LEAD_STATUSES = (
    "Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted",
)  # fmt: skip
CONVERTED_STATUS = "Closed - Converted"
LEAD_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")


CONTACT_CASCADE = (
    ("OpportunityContactRole", "ContactId"),
    ("CampaignMember", "ContactId"),
    ("Task", "WhoId"),
    ("Event", "WhoId"),
    ("ContactHistory", "ContactId"),
)
LEAD_CASCADE = (
    ("CampaignMember", "LeadId"),
    ("Task", "WhoId"),
    ("Event", "WhoId"),
    ("LeadHistory", "LeadId"),
)


def contact() -> SObject:
    return SObject(
        name="Contact",
        label="Contact",
        plural="Contacts",
        prefix="003",
        mergeable=True,
        restrict=(("Case", "ContactId", ""),),
        cascade=CONTACT_CASCADE,
        derive=full_name,
        fields=standard(
            "Contact",
            lookup("MasterRecordId", "Master Record ID", "Contact", **READ_ONLY),
            lookup("AccountId", "Account ID", "Account"),
            *person_name(),
            address("Other", "Other"),
            address("Mailing", "Mailing"),
            phone("Phone", "Business Phone"),
            phone("Fax", "Business Fax"),
            phone("MobilePhone", "Mobile Phone"),
            phone("HomePhone", "Home Phone"),
            phone("OtherPhone", "Other Phone"),
            phone("AssistantPhone", "Asst. Phone"),
            lookup("ReportsToId", "Reports To ID", "Contact"),
            email("Email", "Email", id_lookup=True),
            text("Title", "Title", 128),
            text("Department", "Department", 80),
            text("AssistantName", "Assistant's Name", 40),
            pick("LeadSource", "Lead Source", LEAD_SOURCES),
            day("Birthdate", "Birthdate"),
            area("Description", "Contact Description", 32000),
            lookup("OwnerId", "Owner ID", "User", nillable=False, defaulted=True),
            flag("HasOptedOutOfEmail", "Email Opt Out"),
            flag("HasOptedOutOfFax", "Fax Opt Out"),
            flag("DoNotCall", "Do Not Call"),
            *bounces(),
            day("LastActivityDate", "Last Activity", **READ_ONLY),
            moment("LastViewedDate", "Last Viewed Date", **READ_ONLY),
            moment("LastReferencedDate", "Last Referenced Date", **READ_ONLY),
            url("PhotoUrl", "Photo URL", **READ_ONLY),
        ),
    )


def lead() -> SObject:
    return SObject(
        name="Lead",
        label="Lead",
        plural="Leads",
        prefix="00Q",
        cascade=LEAD_CASCADE,
        mergeable=True,
        derive=full_name,
        fields=standard(
            "Lead",
            lookup("MasterRecordId", "Master Record ID", "Lead", **READ_ONLY),
            *person_name(),
            text("Title", "Title", 128),
            text("Company", "Company", 255, **REQUIRED),
            address("", ""),
            phone("Phone", "Phone"),
            phone("MobilePhone", "Mobile Phone"),
            phone("Fax", "Fax"),
            email("Email", "Email", id_lookup=True),
            url("Website", "Website"),
            area("Description", "Description", 32000),
            pick("LeadSource", "Lead Source", LEAD_SOURCES),
            pick(
                "Status",
                "Status",
                LEAD_STATUSES,
                nillable=False,
                defaulted=True,
                default="Open - Not Contacted",
            ),
            pick("Industry", "Industry", INDUSTRIES),
            pick("Rating", "Rating", RATINGS),
            money("AnnualRevenue", "Annual Revenue", scale=0),
            whole("NumberOfEmployees", "Employees", 8),
            lookup("OwnerId", "Owner ID", "Group", "User", nillable=False, defaulted=True),
            flag("HasOptedOutOfEmail", "Email Opt Out"),
            flag("DoNotCall", "Do Not Call"),
            flag("IsUnreadByOwner", "Unread By Owner", default=True),
            *_conversion(),
            *bounces(createable=False),
            day("LastActivityDate", "Last Activity", **READ_ONLY),
        ),
    )  # fmt: skip


def person_name() -> list[Field]:
    part = {"compound": "Name"}
    return [
        text("LastName", "Last Name", 80, **REQUIRED, **part),
        text("FirstName", "First Name", 40, **part),
        pick("Salutation", "Salutation", SALUTATIONS, length=40, restricted=True, **part),
        text("Name", "Full Name", 121, **REQUIRED, **READ_ONLY),
    ]


def bounces(**more: Any) -> list[Field]:
    return [
        text("EmailBouncedReason", "Email Bounced Reason", 255, **more),
        moment("EmailBouncedDate", "Email Bounced Date", **more),
        flag("IsEmailBounced", "Is Email Bounced", **READ_ONLY),
    ]


def full_name(row: Row, before: Row) -> None:
    row["Name"] = " ".join(filter(None, (row.get("FirstName"), row.get("LastName"))))
    row["IsEmailBounced"] = row.get("EmailBouncedDate") is not None


def _conversion() -> list[Field]:
    return [
        flag("IsConverted", "Converted", updateable=False),
        day("ConvertedDate", "Converted Date", **READ_ONLY),
        lookup("ConvertedAccountId", "Converted Account ID", "Account", **READ_ONLY),
        lookup("ConvertedContactId", "Converted Contact ID", "Contact", **READ_ONLY),
        lookup("ConvertedOpportunityId", "Converted Opportunity ID", "Opportunity", **READ_ONLY),
    ]
