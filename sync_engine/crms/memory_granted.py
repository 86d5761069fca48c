"""What the user of a CRM in memory may do: everything, until a test takes something away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sync_engine.core import error_types as types
from sync_engine.core.checks import EVERY_RECORD, Granted
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.permissions import CONSENT, PERMISSIONS, scopes
from sync_engine.core.spelling import id_of_18
from sync_engine.core.values import Crm
from sync_engine.crms.base import AccountIdentity
from sync_engine.crms.memory_store import MemoryStore

_A_DAY = timedelta(days=1)
_ON_RECORDS = frozenset({"read", "create", "edit", EVERY_RECORD})


IDENTITIES = {
    Crm.HUBSPOT: AccountIdentity("24816357", "babbage.example", "api.hubapi.com"),
    Crm.SALESFORCE: AccountIdentity(
        id_of_18("00D000000000001"),
        "Babbage & Co",
        "babbage.my.salesforce.com",
        edition="Enterprise Edition",
        user_id=id_of_18("005000000000001"),
        user_name="integration@babbage.example",
    ),
}


@dataclass
class MemoryRights:
    """
    taken    rights that the user lacks, as the CRM names them
    objects  {object: what is left of the rights on its records}
    """

    crm: Crm
    edition: str = "Enterprise Edition"
    taken: set[str] = field(default_factory=set)
    objects: dict[str, frozenset[str]] = field(default_factory=dict)

    def granted(self, object_names: Collection[str], store: MemoryStore) -> Granted:
        everything = {name for one in PERMISSIONS for name in one.granted_as}
        everything |= {"CustomizeApplication", *(name for some in scopes() for name in some)}
        rights = frozenset(everything - self.taken)
        if self.crm is Crm.HUBSPOT:
            return Granted(rights, syncs_elsewhere=_syncs_elsewhere(store))
        objects = {name: self.objects.get(name, _ON_RECORDS) for name in object_names}
        return Granted(rights, objects, self.edition)

    def check_fields(self, object_name: str) -> None:
        """Raise CrmError where the user may not make fields."""
        needed = {"CustomizeApplication", f"crm.schemas.{object_name}.write"}
        if needed & self.taken:
            type_ = types.ACCESS if self.crm is Crm.SALESFORCE else types.MISSING_SCOPES
            raise CrmError(Problem(self.crm, type_, message="insufficient access rights"))

    def check_owners(self) -> None:
        """Raise CrmError where the user may not see who owns records."""
        if "crm.objects.owners.read" in self.taken:
            raise CrmError(Problem(self.crm, types.MISSING_SCOPES, message="owners.read"))

    def check_consent(self) -> None:
        """Raise CrmError where the user may not opt anybody out."""
        if CONSENT in self.taken:
            raise CrmError(Problem(self.crm, types.MISSING_SCOPES, message=CONSENT))


def _syncs_elsewhere(store: MemoryStore) -> bool:
    synced = [row.values.get("salesforcelastsynctime") for row in store.living("contacts")]
    return any(isinstance(at, datetime) and at > store.now() - _A_DAY for at in synced)
