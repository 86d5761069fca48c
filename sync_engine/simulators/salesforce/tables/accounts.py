"""Account: companies."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    REQUIRED,
    SObject,
    address,
    area,
    day,
    lookup,
    money,
    phone,
    pick,
    standard,
    text,
    url,
    whole,
)

RATINGS = ("Hot", "Warm", "Cold")
INDUSTRIES = (
    "Agriculture", "Apparel", "Banking", "Biotechnology", "Chemicals", "Communications",
    "Construction", "Consulting", "Education", "Electronics", "Energy", "Engineering",
    "Entertainment", "Environmental", "Finance", "Food & Beverage", "Government", "Healthcare",
    "Hospitality", "Insurance", "Machinery", "Manufacturing", "Media", "Not For Profit",
    "Recreation", "Retail", "Shipping", "Technology", "Telecommunications", "Transportation",
    "Utilities", "Other",
)  # fmt: skip
TYPES = (
    "Prospect", "Customer - Direct", "Customer - Channel", "Channel Partner / Reseller",
    "Installation Partner", "Technology Partner", "Other",
)  # fmt: skip


def account() -> SObject:
    return SObject(
        name="Account",
        label="Account",
        plural="Accounts",
        prefix="001",
        mergeable=True,
        cascade=(("Contact", "AccountId"), ("Opportunity", "AccountId"), ("Task", "WhatId"), ("Event", "WhatId")),
        restrict=(("Case", "AccountId", ""), ("Opportunity", "AccountId", "IsWon")),
        fields=standard(
            "Account",
            lookup("MasterRecordId", "Master Record ID", "Account", **READ_ONLY),
            text("Name", "Account Name", 255, **REQUIRED),
            pick("Type", "Account Type", TYPES),
            lookup("ParentId", "Parent Account ID", "Account"),
            address("Billing", "Billing"),
            address("Shipping", "Shipping"),
            phone("Phone", "Account Phone"),
            phone("Fax", "Account Fax"),
            text("AccountNumber", "Account Number", 40),
            url("Website", "Website"),
            text("Sic", "SIC Code", 20),
            pick("Industry", "Industry", INDUSTRIES),
            money("AnnualRevenue", "Annual Revenue", scale=0),
            whole("NumberOfEmployees", "Employees", 8),
            pick("Ownership", "Ownership", ("Public", "Private", "Subsidiary", "Other")),
            text("TickerSymbol", "Ticker Symbol", 20),
            area("Description", "Account Description", 32000),
            pick("Rating", "Account Rating", RATINGS),
            text("Site", "Account Site", 80),
            lookup("OwnerId", "Owner ID", "User", nillable=False, defaulted=True),
            pick("AccountSource", "Account Source",
                 ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")),
            day("LastActivityDate", "Last Activity", **READ_ONLY),
        ),
    )  # fmt: skip
