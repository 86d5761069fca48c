"""The two questions about states and countries, which every object type with an address asks.

Source: seed 003, "Matching state and country fields"; product.md 16.3. What the answers do is in
core.places.
"""

from __future__ import annotations

from sync_engine.core.catalog.base import Choice, Policy
from sync_engine.core.values import Crm

_SECTION = "Matching state and country fields"

SALESFORCE_PLACES = Policy(
    name="salesforce_places",
    section=_SECTION,
    question="In Salesforce, State and Country picklists are",
    source=Crm.SALESFORCE,
    choices=(
        Choice(
            "disabled",
            "The picklist is disabled in Salesforce",
            "Salesforce takes any state and country",
        ),
        Choice(
            "enabled",
            "The picklist is enabled in Salesforce",
            "Salesforce takes only the states and countries of its list",
        ),
        Choice(
            "customized",
            "The picklist is enabled and customized in Salesforce",
            "Salesforce takes only what your admins have put on its list",
        ),
    ),
    default="disabled",
    notes=(
        "A state requires a country.",
        "If Salesforce shows us its picklists, they count, whatever is chosen here.",
    ),
)

HUBSPOT_PLACES = Policy(
    name="hubspot_places",
    section=_SECTION,
    question="HubSpot’s states and countries",
    source=Crm.HUBSPOT,
    choices=(
        Choice(
            "match",
            "Match default Salesforce state/country values when syncing",
            "USA, US and United States are one country, and Salesforce gets its own name of it",
        ),
        Choice(
            "as_is",
            "Sync HubSpot state/country values to Salesforce",
            "A value goes over as it is spelled. If Salesforce’s list lacks it, it does not sync",
        ),
    ),
    default="as_is",
)
