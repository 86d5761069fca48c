"""The fields that hold our key (sync.md 4), and going on without one where we may not make it."""

from __future__ import annotations

from collections.abc import Iterable

from sync_engine.core import error_types as types
from sync_engine.core.catalog import ObjectType
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.core.values import Crm
from sync_engine.crms.base import Crms
from sync_engine.models import Connection


def ensure_keys(connection: Connection, crms: Crms, object_types: Iterable[ObjectType]) -> None:
    """Make what is missing and remember what is refused: without a key we look before we create.

    Safe to run again, and worth it once a permission was granted. Raises CrmError where a CRM
    cannot be asked at all.
    """
    refused: dict[str, str] = {}
    for object_type in object_types:
        for crm in Crm:
            for name in object_type.objects(crm):
                if because := _refusal(connection, crms, crm, name):
                    refused[name] = because
    connection.remember_keys(refused)


def _refusal(connection: Connection, crms: Crms, crm: Crm, object_name: str) -> str:
    """Return why a CRM does not let us make the field, "" where it is there."""
    field, label = connection.key_property, "Salesforce record ID"
    if crm is Crm.SALESFORCE:
        field, label = connection.key_field, "HubSpot record ID"
    try:
        crms.of(crm).ensure_key(object_name, field, label)
    except CrmError as error:
        problem = error.problem
        if problem.type.remedy is not Remedy.HOLD and problem.type is not types.MISSING_SCOPES:
            raise
        return problem.message or problem.type.title
    return ""
