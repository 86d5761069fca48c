"""The records that the demo's org starts with."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from sync_engine.simulators.people import (
    DEMO_SEED,
    Company,
    Person,
    companies,
    salesforce_people,
)
from sync_engine.simulators.salesforce import records
from sync_engine.simulators.salesforce.org import Org, Session

HISTORY = timedelta(days=400)
LEAD_EVERY = 6  # one in so many people is a lead still, and has no account
LEAD_STATUS = ("Open - Not Contacted", "Working - Contacted")


def seed_demo(org: Org) -> None:
    """Make Salesforce's share of the demo's people, and their companies, over the last year."""
    random = Random(f"salesforce ages {DEMO_SEED}")
    accounts = {
        company.number: _create(
            org, random, "Account", account_values(company), company.owner.email
        )
        for company in companies()
    }
    for person in salesforce_people():
        if is_lead(person):
            _create(org, random, "Lead", lead_values(person), person.owner.email)
        else:
            values = contact_values(person) | {"AccountId": accounts[person.company.number]}
            _create(org, random, "Contact", values, person.owner.email)


def is_lead(person: Person) -> bool:
    return person.number % LEAD_EVERY == 0


def account_values(company: Company) -> dict[str, Any]:
    return {
        "Name": company.name,
        "Website": f"https://{company.domain}",
        "Industry": company.industry,
        "Phone": company.phone,
        "NumberOfEmployees": company.employees,
        "BillingStreet": company.street,
        "BillingCity": company.city,
        "BillingState": company.state,
        "BillingPostalCode": company.zip,
        "BillingCountry": company.country,
    }


def contact_values(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "Salutation": person.salutation,
        "FirstName": person.first_name,
        "LastName": person.last_name,
        "Title": person.title,
        "Department": person.department,
        "Email": person.email,
        "Phone": person.phone,
        "MobilePhone": person.mobile,
        "Fax": person.fax,
        "LeadSource": person.lead_source,
        "MailingStreet": company.street,
        "MailingCity": company.city,
        "MailingState": company.state,
        "MailingPostalCode": company.zip,
        "MailingCountry": company.country,
    }


def lead_values(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "Salutation": person.salutation,
        "FirstName": person.first_name,
        "LastName": person.last_name,
        "Title": person.title,
        "Email": person.email,
        "Phone": person.phone,
        "MobilePhone": person.mobile,
        "Fax": person.fax,
        "LeadSource": person.lead_source,
        "Status": LEAD_STATUS[person.number // LEAD_EVERY % len(LEAD_STATUS)],
        "Company": company.name,
        "Website": f"https://www.{company.domain}",
        "Industry": company.industry,
        "NumberOfEmployees": company.employees,
        "Street": company.street,
        "City": company.city,
        "State": company.state,
        "PostalCode": company.zip,
        "Country": company.country,
    }


def _create(org: Org, random: Random, object_name: str, values: dict[str, Any], owner: str) -> str:
    """Create a record by the rules, some time within the last year."""
    session = Session(org.user_named(owner), "seed", sees_all=True)
    now, org.clock.shift = org.clock.shift, org.clock.shift - HISTORY * random.random()
    try:
        return records.create(org, session, org.sobjects[object_name], values)
    finally:
        org.clock.shift = now
