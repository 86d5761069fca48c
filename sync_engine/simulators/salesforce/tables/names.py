"""Name: what a lookup leads to that may name records of several objects. Source: salesforce-api.md 15."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    SObject,
    bare,
    email,
    flag,
    phone,
    text,
)


def name() -> SObject:
    return SObject(
        name="Name",
        label="Name",
        plural="Names",
        prefix="",
        fields=bare(
            "Name",
            text("Name", "Name", 255, **READ_ONLY),
            text("Type", "Type", 40, **READ_ONLY),
            text("FirstName", "First Name", 40, **READ_ONLY),
            text("LastName", "Last Name", 80, **READ_ONLY),
            email("Email", "Email", **READ_ONLY),
            phone("Phone", "Phone", **READ_ONLY),
            text("Title", "Title", 128, **READ_ONLY),
            text("Username", "Username", 80, **READ_ONLY),
            text("Alias", "Alias", 8, **READ_ONLY),
            flag("IsActive", "Active", **READ_ONLY),
        ),
    )
