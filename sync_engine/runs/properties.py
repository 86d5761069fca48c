"""HubSpot properties for mappings that lack one: made only when an admin asks (product.md 17.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sync_engine.core.catalog import CATALOG
from sync_engine.core.fields import Field
from sync_engine.core.values import Crm
from sync_engine.crms.base import Crms
from sync_engine.models import FieldMapping, SettingChange
from sync_engine.runs.prepare import missing


class NothingToMake(Exception):
    """The property is there, or no Salesforce field says what it should hold. For the admin."""


def lacks_property(mapping: FieldMapping) -> bool:
    """Whether a mapping is suspended for want of its HubSpot property."""
    return mapping.suspended_because == missing(Crm.HUBSPOT, mapping.hubspot_field)


def create_property(mapping: FieldMapping, crms: Crms, *, by: str, now: datetime) -> None:
    """Make the property that a mapping lacks, for what its Salesforce fields hold, and let the
    mapping work. Raises CrmError and NothingToMake."""
    if not lacks_property(mapping):
        raise NothingToMake("This mapping does not lack a HubSpot property.")
    wanted = _wanted(mapping, crms)
    crms.hubspot.create_property(CATALOG[mapping.object_type].hubspot, wanted)
    SettingChange.objects.create(
        connection_id=mapping.connection_id,
        at=now,
        by=by,
        what=f"HubSpot property {mapping.object_type}.{mapping.hubspot_field}",
        before="Not there",
        after="Created",
    )
    mapping.resume(now)
    mapping.call(wanted.label)


def _wanted(mapping: FieldMapping, crms: Crms) -> Field:
    """Describe the property: as the first of the Salesforce fields, with the options of all."""
    known = [
        found
        for side in mapping.salesforce_fields.all()
        if (found := crms.salesforce.fields(side.salesforce_object).get(side.name))
    ]
    if not known:
        raise NothingToMake("Its Salesforce field does not exist, or we may not see it.")
    options = dict.fromkeys(option for field in known for option in field.options)
    return replace(known[0], name=mapping.hubspot_field, options=tuple(options))
