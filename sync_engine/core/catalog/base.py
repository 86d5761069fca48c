"""How an object type is declared. Data and nothing else: an admin could read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync_engine.core.lifecycle import Automation
from sync_engine.core.manners import Manner
from sync_engine.core.places import Part
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a policy.

    consequence  one sentence on what it does, shown beside it
    creates      the object that is created in the other CRM for a record without a partner there;
                 "" where none is
    updates      whether values flow into the other CRM
    deletes      whether the partner of a deleted record is deleted
    """

    name: str
    label: str
    consequence: str = ""
    creates: str = ""
    updates: bool = True
    deletes: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A question of an object type's tab, and the answers it allows.

    section   the heading it stands under, in the manual's words
    source    the CRM in which something happens; the other one is where the answer acts
    default   the name of the choice in effect until an admin answers
    shared    the default where another HubSpot account syncs with the same org already; "" where
              that makes no difference
    notes     the manual's notes, short
    """

    name: str
    section: str
    question: str
    source: Crm
    choices: tuple[Choice, ...]
    default: str
    shared: str = ""
    notes: tuple[str, ...] = ()

    def choice(self, name: str) -> Choice:
        """Return an answer by its name; raises KeyError."""
        return {choice.name: choice for choice in self.choices}[name]


@dataclass(frozen=True, slots=True)
class StandardMapping:
    """A mapping that comes with the object type.

    salesforce  {Salesforce object: field}: one property may serve differently named fields
    locked      why its rule cannot be changed; "" where it can
    manner      how it is decided: by its rule, or in a way of its own
    part        of an address: its values are states or countries, as the policies
                `salesforce_places` and `hubspot_places` say; None for other mappings
    empty_for_persons
                in an org with person accounts we leave the Salesforce field as it is: a lead can
                become a person only while it is empty (product.md 7.6)
    """

    hubspot: str
    salesforce: Mapping[str, str]
    rule: SyncRule = SyncRule.PREFER_SALESFORCE
    locked: str = ""
    manner: Manner = Manner.PLAIN
    part: Part | None = None
    empty_for_persons: bool = False


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A kind of record that is kept equal in both CRMs.

    slug         its name in URLs, rows and code
    hubspot      HubSpot's name of the object
    salesforce   Salesforce's objects, in the order in which partners are looked for
    summary      one sentence under the tab's title
    identity     {CRM: field} that identifies a record on both sides (the e-mail): partners are
                 found by it, it is never cleared, and a record without it does not sync.
                 Empty where partners are found by key alone
    always_on    contacts sync whenever the connection does
    may_have_segment
                 whether an inclusion segment may limit which of its HubSpot records sync
    left_ids     {Salesforce object: the HubSpot property in which HubSpot's own Salesforce
                 integration left the ids of its records}
    assigned     {Salesforce object: the field that names its owner}: a new record for which we
                 know no owner is given one by Salesforce's assignment rules
    manners      {HubSpot property: how it is decided, whoever maps it}
    lifecycle    how opportunities move its lifecycle stage on; None where they do not
    """

    slug: str
    label: str
    hubspot: str
    salesforce: tuple[str, ...]
    summary: str
    standard_mappings: tuple[StandardMapping, ...]
    policies: tuple[Policy, ...] = ()
    identity: Mapping[Crm, str] = field(default_factory=dict)
    always_on: bool = False
    may_have_segment: bool = False
    left_ids: Mapping[str, str] = field(default_factory=dict)
    assigned: Mapping[str, str] = field(default_factory=dict)
    manners: Mapping[str, Manner] = field(default_factory=dict)
    lifecycle: Automation | None = None

    def policy(self, name: str) -> Policy | None:
        return next((policy for policy in self.policies if policy.name == name), None)

    def objects(self, crm: Crm) -> tuple[str, ...]:
        """Name a CRM's objects of the type, in the order in which partners are looked for."""
        return (self.hubspot,) if crm is Crm.HUBSPOT else self.salesforce

    def part_of(self, hubspot_field: str) -> Part | None:
        """Return which part of an address a property holds, None for other properties."""
        parts = {one.hubspot: one.part for one in self.standard_mappings}
        return parts.get(hubspot_field)

    def standard(self, hubspot_field: str) -> StandardMapping | None:
        return next((one for one in self.standard_mappings if one.hubspot == hubspot_field), None)

    def manner_of(self, hubspot_field: str) -> Manner:
        """Return how the mapping of a property is decided, an admin's own mapping too."""
        standard = {one.hubspot: one.manner for one in self.standard_mappings}
        return (standard | {**self.manners}).get(hubspot_field, Manner.PLAIN)

    def rules_of(self, hubspot_field: str) -> tuple[SyncRule, ...]:
        """Return the rules that a mapping may have. The identity has to pass both ways, else
        records would be made that never sync (product.md 17.3, "E-mail mapping")."""
        if hubspot_field == self.identity.get(Crm.HUBSPOT):
            return (SyncRule.PREFER_SALESFORCE, SyncRule.TWO_WAY)
        return self.manner_of(hubspot_field).rules
