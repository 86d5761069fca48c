"""The demo's account: HubSpot's share of the demo's people and their companies."""

from __future__ import annotations

from random import Random
from typing import Any

from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.associations import Link
from sync_engine.simulators.hubspot.drafts import Drafts
from sync_engine.simulators.hubspot.lists import RecordList
from sync_engine.simulators.hubspot.users import USERS, person, user_by_name
from sync_engine.simulators.people import Company, Person, Staff, hubspot_people

_PRIMARY = 1
_STAGES = ("subscriber", "lead", "lead", "marketingqualifiedlead", "opportunity", "customer")
_DAY = 86_400_000
_DAYS = 300
# Name of an active segment of contacts -> the lifecycle stages of its members.
_SEGMENTS = {
    "Customers": ["customer"],
    "Customers and prospects": ["customer", "opportunity", "marketingqualifiedlead"],
    "Evangelists": ["evangelist"],  # nobody is one yet
}
_OWNER_IDS = {user.email: str(user.owner_id) for user in USERS}


def seed_demo(account: Account) -> None:
    """Make the records, over the last 300 days, each by the one who looks after it."""
    random = Random("hubspot seed")
    company_ids: dict[int, int] = {}
    people = hubspot_people()
    for number, one in enumerate(people):
        at = account.now() - _DAYS * _DAY + number * _DAYS * _DAY // len(people)
        if one.company.number not in company_ids:
            drafts = _drafts(account, "companies", one.company.owner, at)
            company_ids[one.company.number] = _create(drafts, company_values(one.company))
        drafts = _drafts(account, "contacts", one.owner, at)
        contact_id = _create(drafts, contact_values(one, random.choice(_STAGES)))
        to = ("companies", company_ids[one.company.number])
        account.associations.link(
            contact_id, [Link(to, (account.associations.types.by_id[_PRIMARY],))]
        )
    for name, stages in _SEGMENTS.items():
        _make_segment(account, name, stages)


def company_values(one: Company) -> dict[str, str]:
    return {
        "name": one.name,
        "domain": one.domain,
        "phone": one.phone,
        "address": one.street,
        "city": one.city,
        "state": one.state,
        "zip": one.zip,
        "country": one.country,
        "numberofemployees": str(one.employees),
        "hubspot_owner_id": owner_id(one.owner),
    }


def contact_values(one: Person, stage: str) -> dict[str, str]:
    return {
        "email": one.email,
        "firstname": one.first_name,
        "lastname": one.last_name,
        "salutation": one.salutation,
        "jobtitle": one.title,
        "company": one.company.name,
        "phone": one.phone,
        "mobilephone": one.mobile,
        "fax": one.fax,
        "address": one.company.street,
        "city": one.company.city,
        "state": one.company.state,
        "zip": one.company.zip,
        "country": one.company.country,
        "website": f"https://www.{one.company.domain}",
        "industry": one.company.industry,
        "lifecyclestage": stage,
        "hubspot_owner_id": owner_id(one.owner),
    }


def _make_segment(account: Account, name: str, stages: list[str]) -> None:
    rule = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": stages}
    one = {"filterType": "PROPERTY", "property": "lifecyclestage", "operation": rule}
    group = {"filterBranchType": "AND", "filterBranches": [], "filters": [one]}
    filters: dict[str, Any] = {
        "filterBranchType": "OR",
        "filterBranches": [group],
        "filters": [],
    }
    now, id = account.now(), account.lists.new_id()
    account.lists.every[id] = RecordList(
        id=id,
        name=name,
        plural="contacts",
        processing="DYNAMIC",
        user_id=USERS[0].id,
        created=now,
        updated=now,
        filters_updated=now,
        filters=filters,
    )


def _drafts(account: Account, plural: str, owner: Staff, at: int) -> Drafts:
    return Drafts(account, account.tables[plural], person(user_by_name(owner.email)), at)


def _create(drafts: Drafts, values: dict[str, str]) -> int:
    return drafts.carry_out(drafts.create(values)).id


def owner_id(one: Staff) -> str:
    return _OWNER_IDS[one.email]
