"""Person accounts: an account that is a person, and the contact that is its shadow. Who writes to
the account writes to both; nobody writes to the shadow. Source: salesforce-api.md 7, sync.md 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sync_engine.simulators.salesforce.errors import Refusal, fields_missing
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import children
from sync_engine.simulators.salesforce.tables.persons import (
    SHARED,
    account_fields,
    is_of_person,
    of_person,
)
from sync_engine.simulators.salesforce.unique import check_unique

# What the account has of these is kept when it becomes a person, and the contact's is lost.
KEPT_BY_ACCOUNT = ("Phone", "Fax", "Description", "OwnerId")
PARENTS = {"Account": "ParentId", "Contact": "AccountId"}


def settle_person(org: Org, sobject: SObject, row: Row, before: Row, given: Row) -> None:
    """Fill what follows from an account being a person or a business; raises Refusal where `given`
    does not fit."""
    if sobject.name in PARENTS:
        _check_parent(org, sobject, row)
    if sobject.name != "Account":
        return
    is_person = _is_person(org, row, before, given)
    if before and is_person != before.get("IsPersonAccount", False):
        _change(org, row, given, is_person)
    else:
        _check_names(org, given, is_person)
    row["IsPersonAccount"] = is_person
    required = "LastName" if is_person else "Name"
    if row.get(required) is None:
        raise fields_missing([required])
    if is_person:
        row["Name"] = " ".join(filter(None, (row.get("FirstName"), row["LastName"])))
        row["PersonContactId"] = row.get("PersonContactId") or org.new_id("003")


def cast_shadow(org: Org, row: Row) -> None:
    """Write a person account's contact as the account is now; raises Refusal."""
    contact, table = org.sobjects["Contact"], org.store["Contact"]
    before = table.get(row["PersonContactId"]) or {}
    stamps = (
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    )
    shadow: Row = {
        "Id": row["PersonContactId"],
        "IsDeleted": False,
        **{name: row[name] for name in stamps},
        **before,
        **{name: row.get(own) for name, own in _pairs(org)},
        **{name: row[name] for name in stamps[2:]},
        "AccountId": row["Id"],
        "IsPersonAccount": True,
    }
    if contact.derive:
        contact.derive(shadow, before)
    check_unique(org, contact, shadow, before)
    org.store.put(table, shadow)


def refuse_shadow(sobject: SObject, row: Row, verb: str) -> None:
    """Raise Refusal where the record is a person account's contact: only its account is written."""
    if sobject.name != "Contact" or not row.get("IsPersonAccount"):
        return
    if verb == "delete":
        raise Refusal("INVALID_PERSON_ACCOUNT_OPERATION", "cannot delete a person contact", ())
    raise Refusal(
        "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", (), status=403
    )


def person_type(org: Org) -> str | None:
    """Return the record type that a person account gets by itself."""
    default = org.default_types.get("Account")
    table = org.store["RecordType"]
    rows = [table.get(one) or {} for one in table]
    of_persons = [row["Id"] for row in rows if row.get("IsPersonType") and row["IsActive"]]
    return default if default in of_persons else next(iter(of_persons), None)


def _is_person(org: Org, row: Row, before: Row, given: Row) -> bool:
    """Is the account a person by its record type? A new one with a last name and no type is."""
    if not before and given.get("LastName") and "RecordTypeId" not in given:
        row["RecordTypeId"] = person_type(org)
    kind = org.store["RecordType"].get(row.get("RecordTypeId") or "") or {}
    return bool(kind.get("IsPersonType"))


def _check_names(org: Org, given: Row, is_person: bool) -> None:
    """Raise Refusal where fields of the other kind of account are written."""
    of_persons = {field.name for field in account_fields(org.sobjects["Contact"])} - {"Name"}
    wrong = [name for name in given if (name == "Name" if is_person else name in of_persons)]
    if wrong:
        raise _bad_names(wrong)


def _check_parent(org: Org, sobject: SObject, row: Row) -> None:
    """Raise Refusal where the record would belong to a person account, or a person account to one."""
    parent_id = row.get(PARENTS[sobject.name])
    if parent_id is None or (sobject.name == "Contact" and row.get("IsPersonAccount")):
        return
    parent = org.store["Account"].get(parent_id) or {}
    if parent.get("IsPersonAccount") or row.get("IsPersonAccount"):
        raise Refusal(
            "INVALID_PERSON_ACCOUNT_OPERATION",
            "a person account has no contacts, no parent and no child accounts",
            (PARENTS[sobject.name],),
        )


def _change(org: Org, row: Row, given: Row, is_person: bool) -> None:
    """Make a business account a person with its one contact, or part a person from its account."""
    others = [name for name in given if name != "RecordTypeId"]
    if others:
        raise _bad_names(others)
    if is_person:
        _become_person(org, row)
        return
    table = org.store["Contact"]
    contact = table.get(row["PersonContactId"]) or {}
    org.store.put(table, {**contact, "IsPersonAccount": False})
    blank = {own: None for name, own in _pairs(org) if name not in KEPT_BY_ACCOUNT}
    row.update(blank | {"PersonContactId": None})


def _become_person(org: Org, row: Row) -> None:
    contacts = children(org, "Contact", "AccountId", row["Id"])
    related = row.get("ParentId") or children(org, "Account", "ParentId", row["Id"])
    if len(contacts) != 1 or related or contacts[0]["OwnerId"] != row["OwnerId"]:
        raise Refusal(
            "INVALID_PERSON_ACCOUNT_OPERATION",
            "an account that becomes a person has one contact, of the same owner, no parent and "
            "no child accounts",
            (),
        )
    (contact,) = contacts
    taken = {own: contact.get(name) for name, own in _pairs(org) if name not in KEPT_BY_ACCOUNT}
    row.update(taken | {"PersonContactId": contact["Id"]})


def _pairs(org: Org) -> Iterator[tuple[str, str]]:
    """Yield (a contact's field, the account's field that holds the same of a person)."""
    for field in org.sobjects["Contact"].fields.values():
        if field.name in SHARED:
            yield field.name, field.name
        elif is_of_person(field) and field.type != "address":
            yield field.name, of_person(field).name


def _bad_names(names: Sequence[str]) -> Refusal:
    return Refusal(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Account: bad field names on insert/update call: {', '.join(names)}",
        names,
    )
