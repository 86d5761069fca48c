"""Contacts. HubSpot contacts are Salesforce contacts. Source: seeds 000, 003, 004; product.md 7, 17.6."""

from __future__ import annotations

from sync_engine.core.catalog.base import Choice, ObjectType, Policy, StandardMapping
from sync_engine.core.values import Crm

CONTACTS = ObjectType(
    slug="contacts",
    label="Contacts",
    hubspot="contacts",
    salesforce=("Contact",),
    summary="HubSpot contacts sync with Salesforce contacts.",
    identity={Crm.HUBSPOT: "email", Crm.SALESFORCE: "Email"},
    always_on=True,
    policies=(
        Policy(
            name="salesforce_changed",
            section="Creating and updating contacts",
            question="In HubSpot, when a Salesforce contact is created or updated",
            source=Crm.SALESFORCE,
            choices=(
                Choice(
                    "create_or_update",
                    "Create or update the contact",
                    "A contact is found by e-mail, else created",
                ),
                Choice(
                    "update",
                    "Don’t automatically create HubSpot contacts",
                    "Linked contacts are updated. Choose this where several HubSpot accounts "
                    "share one org",
                ),
                Choice("nothing", "Do nothing", "No value flows to HubSpot contacts"),
            ),
            default="create_or_update",
            notes=("A contact without an e-mail address does not sync until it has one.",),
        ),
    ),
    standard_mappings=(
        StandardMapping("email", {"Contact": "Email"}),
        StandardMapping("firstname", {"Contact": "FirstName"}),
        StandardMapping("lastname", {"Contact": "LastName"}),
        StandardMapping("jobtitle", {"Contact": "Title"}),
        StandardMapping("salutation", {"Contact": "Salutation"}),
        StandardMapping("phone", {"Contact": "Phone"}),
        StandardMapping("fax", {"Contact": "Fax"}),
        StandardMapping("address", {"Contact": "MailingStreet"}),
        StandardMapping("city", {"Contact": "MailingCity"}),
        StandardMapping("state", {"Contact": "MailingState"}),
        StandardMapping("zip", {"Contact": "MailingPostalCode"}),
        StandardMapping("country", {"Contact": "MailingCountry"}),
    ),
)
