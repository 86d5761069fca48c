"""What says values in the other CRM's words, made of what both CRMs show us."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sync_engine.core import error_types as types
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.core.exchange import Exchange
from sync_engine.core.manners import Manner
from sync_engine.core.owners import Owners
from sync_engine.crms.base import Crms

Exchanges = Mapping[Manner, Exchange]

HIDDEN = {
    Manner.OWNER: (
        "Who may own a record is not shown to the connected user. In HubSpot, log in again and "
        "grant Owners; in Salesforce, let the user see other users and queues. Or set this mapping "
        "to Don’t sync."
    ),
}


def exchanges_of(crms: Crms, manners: Collection[Manner]) -> Exchanges:
    """Return the exchanges that mappings of these manners need; one is missing where a CRM does
    not show us what it is made of. Raises CrmError where a CRM cannot be asked at all."""
    if Manner.OWNER not in manners:
        return {}
    try:
        return {Manner.OWNER: Owners(crms.hubspot.owners(), crms.salesforce.owners())}
    except CrmError as error:
        if error.problem.type.remedy is Remedy.HOLD or error.problem.type is types.MISSING_SCOPES:
            return {}
        raise
