"""Converting a lead into an account, a contact and an opportunity. Source: salesforce-api.md 6.4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sync_engine.simulators.salesforce import records
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.history import note_changes
from sync_engine.simulators.salesforce.org import AuditEntry, Org, Session
from sync_engine.simulators.salesforce.reading import children
from sync_engine.simulators.salesforce.tables.contacts import CONVERTED_STATUS
from sync_engine.simulators.salesforce.tables.persons import SHARED
from sync_engine.simulators.salesforce.tables.sales import STAGES

DAYS_TO_CLOSE = 90
PLACES = ("Street", "City", "State", "PostalCode", "Country")
TO_ACCOUNT = ("Phone", "Fax", "Website", "Industry", "AnnualRevenue", "NumberOfEmployees", "Rating")
TO_CONTACT = (
    "FirstName", "LastName", "Salutation", "Title", "Email", "Phone", "MobilePhone", "Fax",
    "LeadSource", "Description", "HasOptedOutOfEmail", "DoNotCall",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """account, contact: ids of records to use instead of new ones. opportunity: the new one's name,
    "" for none. status: what the lead becomes."""

    account: str = ""
    contact: str = ""
    opportunity: str = ""
    status: str = CONVERTED_STATUS


def convert(org: Org, session: Session, lead: Row, wanted: Wanted) -> dict[str, str | None]:
    """Convert a lead; return the ids of what it became. Raises Refusal."""
    if lead.get("IsConverted"):
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", ())
    _check_status(org, wanted.status)
    _check_kind(org, lead, wanted)
    owner = lead["OwnerId"] if lead["OwnerId"] in org.store["User"] else session.user_id
    account = wanted.account or _account(org, session, lead, owner)
    shadow = (org.store["Account"].get(account) or {}).get("PersonContactId")
    contact = shadow or wanted.contact or _contact(org, session, lead, account, owner)
    opportunity = None
    if wanted.opportunity:
        opportunity = _opportunity(org, session, lead, (wanted.opportunity, account, owner))
        role = {"OpportunityId": opportunity, "ContactId": contact, "IsPrimary": True}
        records.create(org, session, org.sobjects["OpportunityContactRole"], role)
    became = {
        "ConvertedAccountId": account,
        "ConvertedContactId": contact,
        "ConvertedOpportunityId": opportunity,
    }
    _mark(org, session, lead, {**became, "Status": wanted.status})
    _move(org, lead["Id"], contact)
    return became


def _check_kind(org: Org, lead: Row, wanted: Wanted) -> None:
    """Raise Refusal where a lead without a company would not become a person, or one with it would."""
    account = org.store["Account"].get(wanted.account) or {}
    is_wrong = account and bool(account.get("IsPersonAccount")) == bool(lead.get("Company"))
    if is_wrong or (not lead.get("Company") and wanted.contact):
        raise Refusal(
            "INVALID_PERSON_ACCOUNT_OPERATION",
            "a lead without a company becomes a person account, one with a company does not",
            (),
        )


def _check_status(org: Org, status: str) -> None:
    table = org.store["LeadStatus"]
    rows = (table.get(one) or {} for one in table)
    if not any(row["ApiName"] == status and row["IsConverted"] for row in rows):
        raise Refusal("INVALID_STATUS", f"{status} is not a converted status", ("Status",))


def _account(org: Org, session: Session, lead: Row, owner: str) -> str:
    values = {name: lead[name] for name in TO_ACCOUNT if lead.get(name) is not None}
    values |= {f"Billing{part}": lead[part] for part in PLACES if lead.get(part)}
    values |= _named(lead) | {"OwnerId": owner}
    return records.create(org, session, org.sobjects["Account"], values)


def _named(lead: Row) -> Row:
    """Return what names the account: the company; a lead without one becomes a person account."""
    if lead.get("Company"):
        return {"Name": lead["Company"]}
    person = {name: lead[name] for name in TO_CONTACT if lead.get(name) is not None}
    kept = {name: person.pop(name) for name in SHARED if name in person}
    person |= {f"Mailing{part}": lead[part] for part in PLACES if lead.get(part)}
    return kept | {f"Person{name}": value for name, value in person.items()}


def _contact(org: Org, session: Session, lead: Row, account: str, owner: str) -> str:
    values = {name: lead[name] for name in TO_CONTACT if lead.get(name) is not None}
    values |= {f"Mailing{part}": lead[part] for part in PLACES if lead.get(part)}
    values |= {"AccountId": account, "OwnerId": owner}
    return records.create(org, session, org.sobjects["Contact"], values)


def _opportunity(org: Org, session: Session, lead: Row, wanted: tuple[str, str, str]) -> str:
    name, account, owner = wanted
    closes = org.clock.now() + timedelta(days=DAYS_TO_CLOSE)
    values = {
        "Name": name,
        "AccountId": account,
        "OwnerId": owner,
        "StageName": STAGES[0][0],
        "CloseDate": closes.date().isoformat(),
        "LeadSource": lead.get("LeadSource"),
    }
    return records.create(org, session, org.sobjects["Opportunity"], values)


def _mark(org: Org, session: Session, lead: Row, became: dict[str, Any]) -> None:
    now = org.now()
    facts = {**became, "IsConverted": True, "ConvertedDate": now[:10]}
    stamps = {"LastModifiedDate": now, "LastModifiedById": session.user_id, "SystemModstamp": now}
    row = {**lead, **facts, **stamps}
    org.store.put(org.store["Lead"], row)
    note_changes(org, org.sobjects["Lead"], row, lead)
    entry = AuditEntry(now, session.by, "Lead", lead["Id"], "convert", became)
    org.store.after_commit(lambda: org.audit.append(entry))


def _move(org: Org, lead_id: str, contact: str) -> None:
    """Give activities and campaign memberships to the contact, silently."""
    for name, lookup, moved in (
        ("Task", "WhoId", "WhoId"),
        ("Event", "WhoId", "WhoId"),
        ("CampaignMember", "LeadId", "ContactId"),
    ):
        for row in children(org, name, lookup, lead_id):
            org.store.put(org.store[name], {**row, moved: contact})
