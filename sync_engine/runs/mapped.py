"""The two fields of a mapping, as this connection carries values between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sync_engine.core.catalog import ObjectType
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.places import PlaceRule, place_rules


def between(
    hubspot: Field,
    salesforce: Field,
    zone: str,
    object_type: ObjectType,
    answers: Mapping[str, str],
) -> tuple[Field, Field]:
    """Return both fields with what no describe says: the account's time zone, the admin's answers
    about states and countries, and that a dropdown takes ids which it lacks.

    answers  {policy: choice in effect}
    """
    ours, theirs = _place_rules(hubspot, salesforce, object_type, answers)
    if hubspot.kind is FieldKind.PICKLIST and salesforce.kind is FieldKind.REFERENCE:
        hubspot = replace(hubspot, restricted=False)  # runs.options adds it before it is written
    return (
        replace(hubspot, zone=zone, place=ours),
        replace(salesforce, zone=zone, place=theirs),
    )


def _place_rules(
    hubspot: Field, salesforce: Field, object_type: ObjectType, answers: Mapping[str, str]
) -> tuple[PlaceRule | None, PlaceRule | None]:
    part = object_type.part_of(hubspot.name)
    if part is None:
        return None, None
    return place_rules(
        part,
        salesforce.place.places if salesforce.place else None,
        picklists=answers["salesforce_places"],
        is_matched=answers["hubspot_places"] == "match",
    )
