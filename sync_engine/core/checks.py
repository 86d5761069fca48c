"""Setup checks: what a connection's users may do, held against what its configuration uses.

Least privilege: what nothing configured needs is shown as not needed, whether granted or not.
Source: product.md 3.1 and 3.2, sync.md 4 (keys).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sync_engine.core import error_types as types
from sync_engine.core.catalog import ObjectType
from sync_engine.core.errors import Problem
from sync_engine.core.lifecycle import Automation
from sync_engine.core.permissions import PERMISSIONS, Permission, on_records
from sync_engine.core.values import Crm

# As Organization.OrganizationType names them; Group Edition is "Team Edition" there.
NO_API = ("Group Edition", "Team Edition", "Personal Edition", "Contact Manager Edition")

EVERY_RECORD = "modify_all"


@dataclass(frozen=True, slots=True)
class Granted:
    """What a CRM says its connected user may do.

    rights           its own names of what is granted: system permissions without "Permissions" in
                     front, scopes; None where it does not say
    objects          {object: what may be done with its records: "read", "create", "edit",
                     "modify_all"}; an object that is missing is hidden
    edition          as AccountIdentity.edition
    syncs_elsewhere  HubSpot's own Salesforce integration wrote here within the last day
    """

    rights: frozenset[str] | None
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    edition: str = ""
    syncs_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What a configuration uses.

    names    the objects and HubSpot properties that sync, and what else is switched on
    keys     {object: whether it has the field that holds our key}, as far as is known
    """

    object_types: tuple[ObjectType, ...]
    names: frozenset[str]
    keys: Mapping[str, bool]


class Grade(StrEnum):
    """`label`: the state for who does not see the icon."""

    PASSED = "passed"
    WARNS = "warns"  # syncing works, and lacks something
    FAILED = "failed"  # setup is not finished with it
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"  # the CRM does not say

    @property
    def label(self) -> str:
        return {"passed": "granted", "warns": "missing"}.get(
            self.value, self.value.replace("_", " ")
        )


@dataclass(frozen=True, slots=True)
class Check:
    """
    purpose  what it is for, short
    without  what fails without it; "" where nothing is amiss
    steps    what to do about it, in order; remedy: their heading
    """

    crm: Crm
    title: str
    grade: Grade
    purpose: str
    without: str = ""
    steps: tuple[str, ...] = ()
    remedy: str = "How to grant it"


def checks(use: Use, said: Mapping[Crm, Granted | Problem]) -> list[Check]:
    """Return the checks of every CRM that was asked, in the order in which they are shown.

    said  what each CRM answered; a Problem where it refused
    """
    found: list[Check] = []
    for crm, answer in said.items():
        if isinstance(answer, Problem):
            found.append(_refused(answer))
        else:
            found += (
                _of_salesforce(use, answer) if crm is Crm.SALESFORCE else _of_hubspot(use, answer)
            )
    return found


def blocking(found: Iterable[Check]) -> list[Check]:
    return [check for check in found if check.grade is Grade.FAILED]


def _refused(problem: Problem) -> Check:
    title = "API access" if problem.type is types.API_DISABLED else f"{problem.crm.label} answers"
    return Check(
        problem.crm,
        title,
        Grade.FAILED,
        "Needed always",
        f"{problem.type.title}. {problem.message or problem.type.meaning}",
        problem.type.fix,
        "What to do",
    )


def _of_salesforce(use: Use, granted: Granted) -> Iterator[Check]:
    yield _edition(granted)
    mine = [one for one in PERMISSIONS if one.crm is Crm.SALESFORCE]
    always = [one for one in mine if not one.needed_by]
    yield from (_permission(one, use, granted) for one in always)
    for object_type in use.object_types:
        for name in object_type.salesforce:
            yield _modify_all(object_type, name, granted)
        if object_type.lifecycle is not None:
            yield _opportunities(object_type.lifecycle, use, granted)
    yield _key_field(use, granted)
    yield from (_permission(one, use, granted) for one in mine if one.needed_by)


def _of_hubspot(use: Use, granted: Granted) -> Iterator[Check]:
    purpose = "HubSpot lets nobody connect an app without it"
    yield Check(Crm.HUBSPOT, "Account Access", Grade.PASSED, purpose)
    yield _other_integration(granted)
    for object_type in use.object_types:
        yield from (_permission(one, use, granted) for one in on_records(object_type))
    mine = [one for one in PERMISSIONS if one.crm is Crm.HUBSPOT]
    yield from (_permission(one, use, granted) for one in mine)


def _permission(one: Permission, use: Use, granted: Granted) -> Check:
    if one.needed_by and use.names.isdisjoint(one.needed_by):
        return Check(one.crm, one.title, Grade.NOT_NEEDED, one.purpose)
    if granted.rights is None:
        return Check(one.crm, one.title, Grade.UNKNOWN, one.purpose, one.without)
    if not granted.rights.isdisjoint(one.granted_as):
        return Check(one.crm, one.title, Grade.PASSED, one.purpose)
    grade = Grade.FAILED if one.is_vital else Grade.WARNS
    return Check(one.crm, one.title, grade, one.purpose, one.without, one.steps)


def _edition(granted: Granted) -> Check:
    title = "Edition with API access"
    if granted.edition not in NO_API:
        purpose = f"{granted.edition or 'It answers'}. Group Edition cannot be connected"
        return Check(Crm.SALESFORCE, title, Grade.PASSED, purpose)
    return Check(
        Crm.SALESFORCE,
        title,
        Grade.FAILED,
        granted.edition,
        "This edition has no API, so nothing can sync.",
        (
            "Upgrade the org to Professional Edition with the API, to Enterprise Edition or above.",
            "Or log in to another org.",
        ),
        "What to do",
    )


def _modify_all(object_type: ObjectType, name: str, granted: Granted) -> Check:
    """Salesforce grants in full what HubSpot's manual calls Modify All; less than that syncs less."""
    title, purpose = f"Modify All on {name}", f"Needed for {object_type.label.lower()}"
    rights = granted.objects.get(name, frozenset())
    if EVERY_RECORD in rights:
        return Check(Crm.SALESFORCE, title, Grade.PASSED, purpose)
    grade = Grade.WARNS
    if "read" not in rights:
        without = f"{name} records cannot be read, so they do not sync."
        grade = Grade.FAILED if object_type.always_on else Grade.WARNS
    elif missing := [verb for verb in ("create", "edit") if verb not in rights]:
        without = f"{name} records cannot be {_participles(missing)}: those writes are refused."
    elif "ViewSetup" not in (granted.rights or ()):
        without = "We cannot see it without View Setup and Configuration."
        return Check(Crm.SALESFORCE, title, Grade.UNKNOWN, purpose, without)
    else:
        without = f"{name} records that are not shared with the integration user do not sync."
    return Check(Crm.SALESFORCE, title, grade, purpose, without, _object_settings(name))


def _opportunities(automation: Automation, use: Use, granted: Granted) -> Check:
    """Who may read opportunities may read who is on them."""
    title = f"Read on {automation.parent}"
    purpose = "Needed to update lifecycle stages by opportunities"
    if automation.policy not in use.names:
        return Check(Crm.SALESFORCE, title, Grade.NOT_NEEDED, purpose)
    if "read" in granted.objects.get(automation.parent, ()):
        return Check(Crm.SALESFORCE, title, Grade.PASSED, purpose)
    without = "Opportunities change no lifecycle stage in HubSpot."
    steps = _object_settings(automation.parent, "Read and View All")
    return Check(Crm.SALESFORCE, title, Grade.WARNS, purpose, without, steps)


def _participles(verbs: list[str]) -> str:
    return " or ".join({"create": "created", "edit": "changed"}[verb] for verb in verbs)


def _object_settings(name: str, right: str = "Modify All") -> tuple[str, ...]:
    return (
        "In Salesforce Setup, open Permission Sets, and one that the integration user has.",
        f"Open Object Settings, {name}, tick {right} and save.",
        "Come back and check again. It takes effect at once.",
    )


def _key_field(use: Use, granted: Granted) -> Check:
    """The field that holds our key: without it we look before we create (sync.md 4)."""
    title = "Customize Application"
    objects = [name for type_ in use.object_types for name in type_.salesforce]
    if all(use.keys.get(name) for name in objects):
        return Check(Crm.SALESFORCE, title, Grade.NOT_NEEDED, "Our key field is there already")
    purpose = "Lets us add one external ID field, so that a lost answer never makes a duplicate"
    if granted.rights is not None and "CustomizeApplication" in granted.rights:
        return Check(Crm.SALESFORCE, title, Grade.PASSED, purpose)
    steps = (
        "In Salesforce Setup, open Permission Sets, and one that the integration user has.",
        "Under System Permissions, tick Customize Application and Manage Profiles and Permission "
        "Sets, and save. Both may be taken away again once setup is finished.",
        "Come back and check again. It takes effect at once.",
    )
    without = "Without it we look before we create: safe, but slower."
    return Check(Crm.SALESFORCE, title, Grade.WARNS, purpose, without, steps)


def _other_integration(granted: Granted) -> Check:
    title = "HubSpot’s own Salesforce integration is off"
    purpose = "Two integrations would undo each other’s work"
    if not granted.syncs_elsewhere:
        return Check(Crm.HUBSPOT, title, Grade.PASSED, purpose)
    return Check(
        Crm.HUBSPOT,
        title,
        Grade.FAILED,
        purpose,
        "It synced a contact within the last 24 hours.",
        (
            "In HubSpot, open Settings, Integrations, Connected Apps, Salesforce.",
            "Switch the sync off at the top. Disconnect it only once its links are taken over here: "
            "its records and properties stay either way.",
            "Check again when its last sync is 24 hours ago.",
        ),
        "How to switch it off",
    )
