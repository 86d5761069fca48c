"""Synthetic records by the hundred thousand, straight into the table: nothing is checked, and
nothing is audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync_engine.simulators.base import Refused
from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.associations import Link
from sync_engine.simulators.hubspot.kinds import CONTACTS
from sync_engine.simulators.hubspot.seed import company_values, contact_values, owner_id
from sync_engine.simulators.hubspot.table import Table, Write
from sync_engine.simulators.hubspot.users import IMPORT
from sync_engine.simulators.masses import (
    DAYS,
    Order,
    address,
    company,
    day,
    order,
    parent_of,
    person,
    request,
    sale,
)

_MILLISECONDS = DAYS * 86_400_000
_PRIMARY = 1  # of a contact and its company


def load(account: Account, asked: Mapping[str, Any]) -> int:
    """Make the records that masses.Order asks for, made over the last year, and return how many;
    search sees them at once. Raises Refused."""
    wanted = order(asked, tuple(_MAKERS))
    table, make = account.tables[wanted.object_name], _MAKERS[wanted.object_name]
    _refuse_taken(table, wanted)
    parents = list(account.tables["companies"].rows) if wanted.parents else []
    now = account.now()
    for at, number in enumerate(wanted.numbers, start=1):
        made = now - _MILLISECONDS + _MILLISECONDS * at // wanted.count
        row = table.insert(table.new_id(), Write(make(wanted.seed, number), IMPORT, made))
        if parents:
            _associate(account, table, row.id, parent_of(number, parents))
    table.index.catch_up(now)
    return wanted.count


def _refuse_taken(table: Table, wanted: Order) -> None:
    """Raise Refused where a contact of these is there already: no two share an e-mail address."""
    if table.kind is CONTACTS and any(
        address(wanted.seed, number) in table.unique["email"] for number in wanted.numbers
    ):
        raise Refused("Some of these are there already. Say another 'seed' or 'start'.")


def _associate(account: Account, table: Table, row_id: int, company_id: int) -> None:
    types = account.associations.types
    plural = table.kind.plural
    default = types.default_between(plural, "companies")
    type_ = types.by_id[_PRIMARY] if table.kind is CONTACTS else default
    if type_ is not None:
        account.associations.link(row_id, [Link(("companies", company_id), (type_,))])


def _contact(seed: int, number: int) -> dict[str, str]:
    one = person(seed, number)
    return contact_values(one, _turn(("lead", "opportunity", "customer"), number)) | {
        "hs_lead_status": _turn(("NEW", "OPEN", "IN_PROGRESS"), number),
        "hs_language": _turn(("de", "en", "fr"), number),
        "hs_role": _turn(("engineering", "marketing", "sales"), number),
        "hs_seniority": _turn(("employee", "manager", "director"), number),
        "job_function": one.department,
        "company_size": str(one.company.employees),
        "work_email": one.email,
        "date_of_birth": day(-10_000 - number % 15_000),
        "start_date": day(-(number % 3_000)),
        "degree": _turn(("BSc", "MSc", "PhD"), number),
        "school": f"University of {one.company.city}",
        "message": f"Person {number}, made up with seed {seed}",
    }


def _company(seed: int, number: int) -> dict[str, str]:
    one = company(seed, number)
    return company_values(one) | {
        "website": f"https://{one.domain}",
        "address2": f"Floor {number % 20}",
        "description": f"Company {number}, made up with seed {seed}",
        "about_us": f"{one.name} of {one.city}",
        "industry": _turn(("BANKING", "INSURANCE", "MACHINERY"), number),
        "type": "PROSPECT",
        "annualrevenue": str(one.employees * 100_000),
        "founded_year": str(1900 + number % 120),
        "is_public": _turn(("true", "false"), number),
        "lifecyclestage": _turn(("lead", "opportunity", "customer"), number),
        "hs_lead_status": _turn(("NEW", "OPEN", "IN_PROGRESS"), number),
        "timezone": "Europe/Berlin",
    }


def _deal(seed: int, number: int) -> dict[str, str]:
    one, owner = sale(seed, number), company(seed, number).owner
    stages = {None: "qualifiedtobuy", True: "closedwon", False: "closedlost"}
    return {
        "dealname": one.name,
        "pipeline": "default",
        "dealstage": stages[one.won],
        "amount": str(one.amount),
        "closedate": f"{one.closes}T00:00:00.000Z",
        "description": one.description,
        "dealtype": "newbusiness" if one.is_new_business else "existingbusiness",
        "deal_currency_code": "USD",
        "hs_priority": _turn(("low", "medium", "high"), number),
        "hs_next_step": one.next_step,
        "hs_forecast_amount": str(one.amount // 2),
        "hs_tcv": str(one.amount * 3),
        "hubspot_owner_id": owner_id(owner),
    }


def _ticket(seed: int, number: int) -> dict[str, str]:
    one, owner = request(seed, number), company(seed, number).owner
    return {
        "subject": one.subject,
        "content": one.text,
        "hs_pipeline": "0",
        "hs_pipeline_stage": "4" if one.is_closed else "1",
        "hs_ticket_priority": ("LOW", "MEDIUM", "HIGH")[one.urgency],
        "hs_ticket_category": _turn(("PRODUCT_ISSUE", "BILLING_ISSUE"), number),
        "source_type": _turn(("PHONE", "EMAIL", "FORM"), number),
        "hubspot_owner_id": owner_id(owner),
    }


def _turn(options: Sequence[str], number: int) -> str:
    return options[number % len(options)]


_MAKERS: dict[str, Callable[[int, int], dict[str, str]]] = {
    "contacts": _contact,
    "companies": _company,
    "deals": _deal,
    "tickets": _ticket,
}
