"""The kinds of record this account holds: names, ids and what differs between them.

Source: hubspot-api.md 5.1, 5.2, 5.4, 6.3, 13.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sync_engine.simulators.hubspot.errors import HubSpotError, not_simulated


@dataclass(frozen=True, slots=True)
class Kind:
    """One object type.

    legacy         its name in error texts
    modified       the property that bears the modified stamp
    defaults       what an answer holds when nothing is asked for, besides the system properties
    required       groups of names; of each group one at least has to be set on create
    searchable     what the search's `query` looks into
    kept_versions  how many values of one property the history keeps
    first_id       the id before the first record's
    """

    plural: str
    singular: str
    type_id: str
    legacy: str
    modified: str
    defaults: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    searchable: tuple[str, ...]
    read_scopes: tuple[str, ...]
    write_scopes: tuple[str, ...]
    first_id: int
    kept_versions: int = 45
    created: str = "createdate"

    @property
    def system(self) -> tuple[str, ...]:
        return (self.created, "hs_object_id", self.modified)


CONTACTS = Kind(
    plural="contacts",
    singular="contact",
    type_id="0-1",
    legacy="CONTACT",
    modified="lastmodifieddate",
    defaults=("email", "firstname", "lastname"),
    required=(("email", "firstname", "lastname"),),
    searchable=(
        "firstname",
        "lastname",
        "email",
        "hs_additional_emails",
        "phone",
        "mobilephone",
        "fax",
        "company",
    ),
    read_scopes=("crm.objects.contacts.read",),
    write_scopes=("crm.objects.contacts.write",),
    first_id=138_017_600_000,
    kept_versions=20,
)
COMPANIES = Kind(
    plural="companies",
    singular="company",
    type_id="0-2",
    legacy="COMPANY",
    modified="hs_lastmodifieddate",
    defaults=("name", "domain"),
    required=(("name", "domain"),),
    searchable=("name", "domain", "website", "phone"),
    read_scopes=("crm.objects.companies.read",),
    write_scopes=("crm.objects.companies.write",),
    first_id=31_950_200_000,
)
DEALS = Kind(
    plural="deals",
    singular="deal",
    type_id="0-3",
    legacy="DEAL",
    modified="hs_lastmodifieddate",
    defaults=("amount", "closedate", "dealname", "dealstage", "pipeline"),
    required=(("dealname",), ("dealstage",)),
    searchable=("dealname", "description"),
    read_scopes=("crm.objects.deals.read",),
    write_scopes=("crm.objects.deals.write",),
    first_id=41_207_300_000,
)
TICKETS = Kind(
    plural="tickets",
    singular="ticket",
    type_id="0-5",
    legacy="TICKET",
    modified="hs_lastmodifieddate",
    defaults=("subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority"),
    required=(("subject",), ("hs_pipeline_stage",)),
    searchable=("subject", "content"),
    read_scopes=("tickets",),
    write_scopes=("tickets",),
    first_id=22_118_400_000,
)

TASKS = Kind(
    plural="tasks",
    singular="task",
    type_id="0-27",
    legacy="TASK",
    modified="hs_lastmodifieddate",
    defaults=(),
    required=(("hs_timestamp",),),
    searchable=("hs_task_subject", "hs_task_body"),
    read_scopes=CONTACTS.read_scopes,
    write_scopes=CONTACTS.write_scopes,
    first_id=87_204_500_000,
    created="hs_createdate",
)

KINDS = (CONTACTS, COMPANIES, DEALS, TICKETS, TASKS)
_BY_NAME = {name: kind for kind in KINDS for name in (kind.plural, kind.singular, kind.type_id)}


# What HubSpot has besides: singular names and type ids; custom objects have ids of another form.
_ELSEWHERE = {
    "product": "0-7",
    "line_item": "0-8",
    "quote": "0-14",
    "communication": "0-18",
    "note": "0-46",
    "meeting": "0-47",
    "call": "0-48",
    "email": "0-49",
    "invoice": "0-53",
    "marketing_event": "0-54",
    "user": "0-115",
    "lead": "0-136",
}
_NOT_SIMULATED = {name for one, id_ in _ELSEWHERE.items() for name in (one, f"{one}s", id_)}
_CUSTOM = re.compile(r"2-\d+|p\d+_\w+")


def kind_named(asked: str) -> Kind:
    """Return the kind by plural, singular or type id; raises HubSpotError."""
    try:
        return _BY_NAME[asked.lower()]
    except KeyError:
        if asked.lower() in _NOT_SIMULATED or _CUSTOM.fullmatch(asked.lower()):
            raise not_simulated(f"Object type {asked}") from None
        said = f"Unable to infer object type from: {asked}"
        raise HubSpotError(400, said, category="") from None
