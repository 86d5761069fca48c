"""What an account and a contact get when an org turns person accounts on. Source: salesforce-api.md 7
and the recorded describe of such an org."""

from __future__ import annotations

from dataclasses import replace

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    Field,
    SObject,
    flag,
    lookup,
    text,
)

# What a person account and its contact hold in one field of the same name.
SHARED = ("FirstName", "LastName", "Salutation", "Phone", "Fax", "Description", "OwnerId")
LENGTHS = {"Title": 80}


def account_fields(contact: SObject) -> list[Field]:
    """Return the fields that accounts get: the person's names, and what contacts have of a person."""
    names = [replace(contact.fields[name], nillable=True) for name in SHARED[:3]]
    return [
        text("Name", "Account Name", 255, compound="Name"),
        *names,
        lookup("PersonContactId", "Contact ID", "Contact", **READ_ONLY),
        flag("IsPersonAccount", "Is Person Account", **READ_ONLY),
        *[of_person(field) for field in contact.fields.values() if is_of_person(field)],
    ]


def contact_fields() -> list[Field]:
    return [flag("IsPersonAccount", "Is Person Account", **READ_ONLY)]


def record_type_fields() -> list[Field]:
    return [flag("IsPersonType", "Is Person Type", **READ_ONLY)]


def is_of_person(field: Field) -> bool:
    """Does an account show this field of a contact under a name of its own?"""
    is_written = field.createable or field.type == "address"
    return is_written and field.type != "reference" and field.name not in SHARED


def of_person(field: Field) -> Field:
    """Return a contact's field as an account has it: PersonEmail, Level__pc."""
    name = f"{field.name.removesuffix('__c')}__pc" if field.custom else f"Person{field.name}"
    return replace(
        field,
        name=name,
        length=LENGTHS.get(field.name, field.length),
        compound=f"Person{field.compound}" if field.compound else "",
        id_lookup=False,
        external_id=False,
        unique=False,
    )
