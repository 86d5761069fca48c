"""The records an org starts with: the demo's, or many synthetic ones."""

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
from sync_engine.simulators.salesforce import moments, records
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.tables.contacts import SALUTATIONS

HISTORY = timedelta(days=400)


def seed_demo(org: Org) -> None:
    """Make Salesforce's share of the demo's people, and their companies, over the last year."""
    random = Random(f"salesforce ages {DEMO_SEED}")
    accounts = {company.number: _account(org, random, company) for company in companies()}
    for person in salesforce_people():
        values = _contact(person) | {"AccountId": accounts[person.company.number]}
        _create(org, random, "Contact", values, person.owner.email)


def load(org: Org, object_name: str, count: int, seed: int) -> int:
    """Make `count` synthetic contacts, 30 fields each, stamped over the last year."""
    random = Random(seed)
    now = org.clock.now()
    table = org.store[object_name]
    by = org.admin_user
    for number in range(count):
        age = HISTORY * (1 - (number + 1) / count)
        stamp = moments.spell(now - age)
        row = {
            "Id": org.new_id("003"),
            "IsDeleted": False,
            **_synthetic(random, seed, number),
            "OwnerId": by,
            "CreatedDate": stamp,
            "CreatedById": by,
            "LastModifiedDate": stamp,
            "LastModifiedById": by,
            "SystemModstamp": stamp,
        }
        table.put(row)
    return count


def _synthetic(random: Random, seed: int, number: int) -> dict[str, Any]:
    first, last = f"Given{random.randrange(5000)}", f"Family{number}"
    return {
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Salutation": SALUTATIONS[number % len(SALUTATIONS)],
        "Email": f"person{number}.{seed}@load.example",
        "Title": f"Title {number % 97}",
        "Department": f"Department {number % 31}",
        "Phone": f"+1 555 01{number % 100:02}",
        "MobilePhone": f"+1 555 01{(number + 7) % 100:02}",
        "Fax": f"+1 555 01{(number + 9) % 100:02}",
        "MailingStreet": f"{number % 400} Mill Lane",
        "MailingCity": f"City {number % 211}",
        "MailingState": "Oregon",
        "MailingPostalCode": f"{97000 + number % 999}",
        "MailingCountry": "United States",
        "LeadSource": "Web",
        "Description": f"Synthetic contact {number}",
        "HasOptedOutOfEmail": False,
        "HasOptedOutOfFax": False,
        "DoNotCall": False,
        "IsEmailBounced": False,
    }


def _account(org: Org, random: Random, company: Company) -> str:
    values = {
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
    return _create(org, random, "Account", values, company.owner.email)


def _contact(person: Person) -> dict[str, Any]:
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


def _create(org: Org, random: Random, object_name: str, values: dict[str, Any], owner: str) -> str:
    """Create a record by the rules, some time within the last year."""
    session = Session(org.user_named(owner), "seed", sees_all=True)
    now, org.clock.shift = org.clock.shift, org.clock.shift - HISTORY * random.random()
    try:
        return records.create(org, session, org.sobjects[object_name], values)
    finally:
        org.clock.shift = now
