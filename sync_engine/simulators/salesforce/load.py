"""Synthetic records by the hundred thousand, straight into the tables: the org's rules are not
asked, and nothing is audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sync_engine.simulators.masses import (
    DAYS,
    Order,
    company,
    day,
    order,
    parent_of,
    person,
    request,
    sale,
)
from sync_engine.simulators.salesforce import moments
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.seed import account_values, contact_values
from sync_engine.simulators.salesforce.tables.accounts import RATINGS


def load(org: Org, asked: Mapping[str, Any]) -> int:
    """Make the records that masses.Order asks for, stamped over the last year, and return how
    many; raises Refused. The same ones twice are duplicates."""
    wanted = order(asked, tuple(_MAKERS))
    sobject, table = org.sobjects[wanted.object_name], org.store[wanted.object_name]
    parents = list(org.store["Account"]) if wanted.parents else []
    make, blank = _MAKERS[wanted.object_name], _blank(org, sobject)
    stamps = _Stamps(org, wanted)
    for at, number in enumerate(wanted.numbers):
        given = {name: value for name, value in make(wanted.seed, number).items() if value != ""}
        row = {"Id": org.new_id(sobject.prefix), **blank, **given}
        if parents and "AccountId" in sobject.fields:
            row["AccountId"] = parent_of(number, parents)
        stamp = stamps.of(at)
        row.update(CreatedDate=stamp, LastModifiedDate=stamp, SystemModstamp=stamp)
        if sobject.derive:
            sobject.derive(row, {})
        table.put(row)
    return wanted.count


class _Stamps:
    """When each record of a load was made: from the oldest to now."""

    def __init__(self, org: Org, wanted: Order) -> None:
        self._now = org.clock.now()
        self._step = timedelta(DAYS) / max(1, wanted.count)
        self._count = wanted.count

    def of(self, at: int) -> str:
        return moments.spell(self._now - self._step * (self._count - 1 - at))


def _blank(org: Org, sobject: SObject) -> Row:
    """Return what each record of an object holds where nothing is said."""
    defaults = {f.name: f.default for f in sobject.fields.values() if f.default is not None}
    by = org.admin_user
    return {**defaults, "OwnerId": by, "CreatedById": by, "LastModifiedById": by}


def _contact(seed: int, number: int) -> Row:
    one = person(seed, number)
    return {
        **contact_values(one),
        "HomePhone": one.phone,
        "OtherPhone": one.mobile,
        "OtherStreet": f"{number % 400} Mill Lane",
        "OtherCity": one.company.city,
        "OtherState": one.company.state,
        "OtherPostalCode": one.company.zip,
        "OtherCountry": one.company.country,
        "AssistantName": one.company.owner.first_name,
        "Birthdate": day(-10_000 - number % 15_000),
        "Description": f"Person {number}, made up with seed {seed}",
    }


def _lead(seed: int, number: int) -> Row:
    one = person(seed, number)
    at_work = one.company
    return {
        "Salutation": one.salutation,
        "FirstName": one.first_name,
        "LastName": one.last_name,
        "Title": one.title,
        "Company": at_work.name,
        "Email": one.email,
        "Phone": one.phone,
        "MobilePhone": one.mobile,
        "Fax": one.fax,
        "Website": f"https://{at_work.domain}",
        "Street": at_work.street,
        "City": at_work.city,
        "State": at_work.state,
        "PostalCode": at_work.zip,
        "Country": at_work.country,
        "LeadSource": one.lead_source,
        "Industry": at_work.industry,
        "Rating": _turn(RATINGS, number),
        "AnnualRevenue": float(at_work.employees * 100_000),
        "NumberOfEmployees": at_work.employees,
        "Description": f"Person {number}, made up with seed {seed}",
    }


def _account(seed: int, number: int) -> Row:
    one = company(seed, number)
    return {
        **account_values(one),
        "Type": "Prospect",
        "Fax": one.phone,
        "AccountNumber": f"{seed}-{number}",
        "Sic": f"{number % 9000 + 1000}",
        "Ownership": _turn(("Public", "Private"), number),
        "TickerSymbol": f"L{number % 1000}",
        "Rating": _turn(RATINGS, number),
        "Site": one.city,
        "AccountSource": "Web",
        "AnnualRevenue": float(one.employees * 100_000),
        "Description": f"Company {number}, made up with seed {seed}",
        "ShippingStreet": one.street,
        "ShippingCity": one.city,
        "ShippingState": one.state,
        "ShippingPostalCode": one.zip,
        "ShippingCountry": one.country,
    }


def _opportunity(seed: int, number: int) -> Row:
    one = sale(seed, number)
    stages = {None: "Qualification", True: "Closed Won", False: "Closed Lost"}
    return {
        "Name": one.name,
        "Description": one.description,
        "StageName": stages[one.won],
        "Amount": float(one.amount),
        "CloseDate": one.closes,
        "Type": "New Business" if one.is_new_business else "Existing Business",
        "NextStep": one.next_step,
        "LeadSource": "Web",
        "TotalOpportunityQuantity": float(number % 9 + 1),
    }


def _case(seed: int, number: int) -> Row:
    one, who = request(seed, number), person(seed, number)
    return {
        "Subject": one.subject,
        "Description": one.text,
        "Status": "Closed" if one.is_closed else "New",
        "Priority": ("Low", "Medium", "High")[one.urgency],
        "Origin": _turn(("Phone", "Email", "Web"), number),
        "Type": _turn(("Mechanical", "Electrical", "Electronic", "Other"), number),
        "Reason": _turn(("Installation", "Performance", "Breakdown", "Other"), number),
        "SuppliedName": f"{who.first_name} {who.last_name}",
        "SuppliedEmail": who.email,
        "SuppliedPhone": who.phone,
        "SuppliedCompany": who.company.name,
    }


def _turn(options: Sequence[str], number: int) -> str:
    return options[number % len(options)]


_MAKERS: dict[str, Callable[[int, int], Row]] = {
    "Contact": _contact,
    "Lead": _lead,
    "Account": _account,
    "Opportunity": _opportunity,
    "Case": _case,
}
