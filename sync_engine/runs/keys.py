"""The fields that hold our key (sync.md 4), and going on without one where we may not make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sync_engine.core import error_types as types
from sync_engine.core.catalog import ObjectType
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.core.fields import Field
from sync_engine.core.values import Crm
from sync_engine.crms.base import Crms
from sync_engine.models import Connection


def ensure_keys(connection: Connection, crms: Crms, object_types: Iterable[ObjectType]) -> None:
    """Make what is missing and remember what is refused: without a key we look before we create.

    Safe to run again, and worth it once a permission was granted. Raises CrmError where a CRM
    cannot be asked at all.
    """
    connection.remember_keys(
        {
            name: _refusal(connection, crms, crm, name)
            for object_type in object_types
            for crm in Crm
            for name in object_type.objects(crm)
        }
    )


def mend_keys(
    connection: Connection,
    crms: Crms,
    object_type: ObjectType,
    fields: Mapping[str, Mapping[str, Field]],
) -> None:
    """Make a key field anew that somebody deleted, or go on without it; take up one that an admin
    has made for us, or that a write found gone.

    fields  {object: its fields}, as the CRMs say now
    """
    names = {name: crm for crm in Crm for name in object_type.objects(crm)}
    if any(
        (key_name(connection, crm) in fields[name]) is not connection.has_key(name)
        for name, crm in names.items()
    ):
        ensure_keys(connection, crms, [object_type])


def key_name(connection: Connection, crm: Crm) -> str:
    """Name the field in which a CRM keeps the other's record id."""
    return connection.key_property if crm is Crm.HUBSPOT else connection.key_field


def _refusal(connection: Connection, crms: Crms, crm: Crm, object_name: str) -> str:
    """Return why a CRM does not let us make the field, "" where it is there."""
    try:
        crms.of(crm).ensure_key(
            object_name, key_name(connection, crm), f"{crm.other.label} record ID"
        )
    except CrmError as error:
        problem = error.problem
        if problem.type.remedy is not Remedy.HOLD and problem.type is not types.MISSING_SCOPES:
            raise
        return problem.message or problem.type.title
    return ""
