"""Every permission that syncing may need in a CRM: what for, what fails without it, who grants it.

Source: product.md 3.1 (the manual's table), salesforce-api.md 9.1, hubspot-api.md 13.3. A new one
is one entry here; whether it is needed follows from what the configuration uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.values import Crm

# Nothing of ours uses it: HubSpot's own integration asks for it all the same.
NOTHING = ("nothing of ours",)

CONSENT = "communication_preferences.read_write"
CONSENT_IN_BATCHES = "communication_preferences.statuses.batch.write"

# What needs it is neither an object nor a property.
SEGMENT = "inclusion segment"


@dataclass(frozen=True, slots=True)
class Permission:
    """
    title       as the CRM's own screens call it
    granted_as  the CRM's names of it; one of them is enough
    purpose     what it is for, short
    without     what fails without it; "" where nothing of ours needs it
    steps       how to grant it
    needed_by   objects and HubSpot properties that need it, or SEGMENT; () where syncing always
                does
    is_vital    nothing can sync without it: setup is not finished
    """

    crm: Crm
    title: str
    granted_as: tuple[str, ...]
    purpose: str
    without: str = ""
    steps: tuple[str, ...] = field(default=(), repr=False)
    needed_by: tuple[str, ...] = ()
    is_vital: bool = False


def _tick(title: str) -> tuple[str, ...]:
    return (
        "In Salesforce Setup, open Permission Sets, and one that the integration user has, or make "
        "a new one and assign it to that user.",
        f"Under System Permissions, tick {title} and save.",
        "Come back and check again. It takes effect at once.",
    )


LOG_IN_AGAIN = (
    "Log in to HubSpot again, as a user who has this permission.",
    "Grant everything that HubSpot’s page asks for.",
)

PERMISSIONS = (
    Permission(
        Crm.SALESFORCE,
        "API Enabled",
        ("ApiEnabled",),
        "Needed always",
        "Salesforce refuses every call, so nothing syncs.",
        _tick("API Enabled"),
        is_vital=True,
    ),
    Permission(
        Crm.SALESFORCE,
        "View Setup and Configuration",
        ("ViewSetup",),
        "Lets us see what this user may do",
        "We cannot see whether objects are granted in full. What is granted syncs all the same.",
        _tick("View Setup and Configuration"),
    ),
    Permission(
        Crm.SALESFORCE,
        "Modify Metadata",
        ("ModifyMetadata", "ModifyAllData"),
        "Needed for deals",
        "Deals do not sync.",
        _tick("Modify Metadata Through Metadata API Functions"),
        needed_by=("Opportunity",),
    ),
    Permission(
        Crm.SALESFORCE,
        "Task Type visible",
        ("Task.Type",),
        "For activity sync only",
        "Activities do not sync.",
        (
            "In Salesforce Setup, open Object Manager, Task, Fields, Type, Set Field-Level Security.",
            "Tick Visible for the integration user’s profile and save.",
        ),
        needed_by=("Task",),
    ),
    Permission(
        Crm.SALESFORCE,
        "Download AppExchange Packages",
        ("InstallPackaging",),
        "Only for the Embed window, which crmsync does not have",
        needed_by=NOTHING,
    ),
    Permission(
        Crm.SALESFORCE,
        "System administrator",
        (),
        "The single permissions above are enough",
        needed_by=NOTHING,
    ),
    Permission(
        Crm.HUBSPOT,
        "Owners",
        ("crm.objects.owners.read",),
        "Needed to tell which user owns a record",
        "The owner of a record does not sync.",
        LOG_IN_AGAIN,
        needed_by=("hubspot_owner_id",),
    ),
    Permission(
        Crm.HUBSPOT,
        "Segments",
        ("crm.lists.read",),
        "Needed for an inclusion segment",
        "An object type that is limited to a segment stops and asks.",
        LOG_IN_AGAIN,
        needed_by=(SEGMENT,),
    ),
    Permission(
        Crm.HUBSPOT,
        "Subscription preferences",
        (CONSENT,),
        "Needed to bring an opt-out to HubSpot",
        "Who opts out in Salesforce is not unsubscribed in HubSpot.",
        LOG_IN_AGAIN,
        needed_by=("hs_email_optout",),
    ),
    Permission(
        Crm.HUBSPOT,
        "Subscription preferences in batches",
        (CONSENT_IN_BATCHES,),
        "Carries a hundred opt-outs in one call. Only Enterprise has it; without it they are "
        "carried one by one",
        needed_by=NOTHING,
    ),
)


def on_records(object_type: ObjectType) -> tuple[Permission, ...]:
    """Return what HubSpot has to grant for the records of an object type."""
    label, name = object_type.label, object_type.hubspot
    purpose = f"Needed for {label.lower()}"
    return (
        Permission(
            Crm.HUBSPOT,
            f"Read {label.lower()}",
            ("tickets",) if name == "tickets" else (f"crm.objects.{name}.read",),
            purpose,
            f"{label} cannot be read, so they do not sync.",
            LOG_IN_AGAIN,
            is_vital=object_type.always_on,
        ),
        Permission(
            Crm.HUBSPOT,
            f"Write {label.lower()}",
            ("tickets",) if name == "tickets" else (f"crm.objects.{name}.write",),
            purpose,
            f"Nothing from Salesforce reaches {label.lower()}.",
            LOG_IN_AGAIN,
            is_vital=object_type.always_on,
        ),
        Permission(
            Crm.HUBSPOT,
            f"Properties of {label.lower()}",
            ("tickets",) if name == "tickets" else (f"crm.schemas.{name}.write",),
            "Lets us add the property that keeps the Salesforce ID, and properties you ask for",
            "Without it we look before we create: safe, but slower.",
            LOG_IN_AGAIN,
        ),
    )


def scopes() -> tuple[list[str], list[str]]:
    """Return the scopes to ask HubSpot for: without which nothing syncs, and the others."""
    records = [one for object_type in CATALOG.values() for one in on_records(object_type)]
    others = [one for one in PERMISSIONS if one.crm is Crm.HUBSPOT]
    vital = [name for one in records if one.is_vital for name in one.granted_as]
    rest = [name for one in (*records, *others) if not one.is_vital for name in one.granted_as]
    return vital, list(dict.fromkeys(rest))
