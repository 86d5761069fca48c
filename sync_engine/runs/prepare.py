"""Before a run: which object types it covers, and which of their mappings work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.fields import Field
from sync_engine.core.fits import nothing_passes
from sync_engine.core.manners import Manner
from sync_engine.core.plan import MappedField
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.crms.base import Crms
from sync_engine.models import Connection, FieldMapping, ObjectSettings, Segment, SyncRun
from sync_engine.runs.exchanges import HIDDEN, Exchanges, exchanges_of
from sync_engine.runs.job import Clock, Job
from sync_engine.runs.keys import mend_keys
from sync_engine.runs.lifecycle import with_automation
from sync_engine.runs.mapped import between

Fields = Mapping[str, Mapping[str, Field]]  # {object name of either CRM: {field name: Field}}


def jobs_of(
    connection: Connection, run: SyncRun, crms: Crms, clock: Clock, only: Collection[str] = ()
) -> list[Job]:
    """Return a job per object type that is on, in the catalog's order. only: their slugs."""
    settings = {
        row.object_type: row
        for row in ObjectSettings.objects.filter(connection=connection, is_on=True)
    }
    return [
        _job(connection, run, crms, clock, object_type, settings[slug])
        for slug, object_type in CATALOG.items()
        if slug in settings and (not only or slug in only)
    ]


def _job(
    connection: Connection,
    run: SyncRun,
    crms: Crms,
    clock: Clock,
    object_type: ObjectType,
    settings: ObjectSettings,
) -> Job:
    fields, answers = _fields(crms, object_type), settings.answers_to(object_type)
    mend_keys(connection, crms, object_type, fields)
    FieldMapping.objects.seed(connection.pk, object_type, clock())
    mappings = list(FieldMapping.objects.of(connection.pk, object_type))
    exchanges = exchanges_of(crms, _manners(mappings, object_type, fields))
    for mapping in mappings:
        gone = (
            _gone(mapping, object_type, fields)
            or _hidden(mapping, object_type, exchanges)
            or _nothing_passes(mapping, object_type, fields)
        )
        _suspend_or_resume(mapping, gone, clock)
        _learn_names(mapping, object_type, fields)
    job = Job(
        connection=connection,
        run=run,
        object_type=object_type,
        answers=answers,
        since=settings.since,
        mapped={
            name: tuple(
                _carried(mapping, connection.time_zone, object_type, answers)
                for mapping in _mapped(mappings, name, fields, object_type, exchanges)
            )
            for name in object_type.salesforce
        },
        crms=crms,
        clock=clock,
        segment=Segment.objects.of(connection.pk, object_type.slug),
    )
    return with_automation(job)


def _fields(crms: Crms, object_type: ObjectType) -> Fields:
    return {
        object_type.hubspot: crms.hubspot.fields(object_type.hubspot),
        **{name: crms.salesforce.fields(name) for name in object_type.salesforce},
    }


def _mapped(
    mappings: Collection[FieldMapping],
    salesforce_object: str,
    fields: Fields,
    object_type: ObjectType,
    exchanges: Exchanges,
) -> tuple[MappedField, ...]:
    return tuple(
        MappedField(
            hubspot=fields[object_type.hubspot][mapping.hubspot_field],
            salesforce=fields[salesforce_object][side.name],
            rule=_rule(mapping, object_type, fields),
            since=mapping.since,
            setting=mapping.rule_set_by_id,
            manner=(manner := object_type.manner_of(mapping.hubspot_field)),
            exchange=exchanges.get(manner),
        )
        for mapping in mappings
        if not mapping.suspended_because
        for side in mapping.salesforce_fields.all()
        if side.salesforce_object == salesforce_object
    )


def _rule(mapping: FieldMapping, object_type: ObjectType, fields: Fields) -> SyncRule:
    """Return the rule in effect: in an org with person accounts some fields are never written."""
    rule, standard = SyncRule(mapping.sync_rule), object_type.standard(mapping.hubspot_field)
    has_persons = any("IsPersonAccount" in fields[name] for name in object_type.salesforce)
    if standard and standard.empty_for_persons and has_persons and rule is not SyncRule.DONT_SYNC:
        return SyncRule.ALWAYS_SALESFORCE
    return rule


def _carried(
    mapping: MappedField, zone: str, object_type: ObjectType, answers: Mapping[str, str]
) -> MappedField:
    fields = between(mapping.hubspot, mapping.salesforce, zone, object_type, answers)
    return replace(mapping, hubspot=fields[0], salesforce=fields[1])


def _manners(
    mappings: Collection[FieldMapping], object_type: ObjectType, fields: Fields
) -> set[Manner]:
    """Return the manners of the mappings that are in use."""
    return {
        object_type.manner_of(mapping.hubspot_field)
        for mapping in mappings
        if mapping.sync_rule != SyncRule.DONT_SYNC and not _gone(mapping, object_type, fields)
    }


def _hidden(mapping: FieldMapping, object_type: ObjectType, exchanges: Exchanges) -> str:
    """Return a sentence that names what a CRM does not show us; "" if the mapping needs none."""
    manner = object_type.manner_of(mapping.hubspot_field)
    is_used = mapping.sync_rule != SyncRule.DONT_SYNC
    return HIDDEN.get(manner, "") if is_used and manner not in exchanges else ""


def _nothing_passes(mapping: FieldMapping, object_type: ObjectType, fields: Fields) -> str:
    """Return why no value of a mapping can pass, a sentence; "" if some can, or none shall."""
    if mapping.sync_rule == SyncRule.DONT_SYNC:
        return ""
    hubspot = fields[object_type.hubspot][mapping.hubspot_field]
    reasons = [
        nothing_passes(hubspot, fields[side.salesforce_object][side.name])
        for side in mapping.salesforce_fields.all()
    ]
    return reasons[0] if reasons and all(reasons) else ""


def _suspend_or_resume(mapping: FieldMapping, gone: str, clock: Clock) -> None:
    """A mapping whose field is gone stops by itself, once, not once per record (sync.md 1)."""
    if gone and gone != mapping.suspended_because:
        mapping.suspend(gone)
    elif mapping.suspended_because and not gone:
        mapping.resume(clock())


def _learn_names(mapping: FieldMapping, object_type: ObjectType, fields: Fields) -> None:
    """Show the admin the CRMs' own words for the two fields."""
    if (found := fields[object_type.hubspot].get(mapping.hubspot_field)) is not None:
        mapping.call(found.label)
    for side in mapping.salesforce_fields.all():
        if (field := fields[side.salesforce_object].get(side.name)) is not None:
            side.call(field.label, field.type_label)


def _gone(mapping: FieldMapping, object_type: ObjectType, fields: Fields) -> str:
    """Return a sentence that names the field which is missing; "" if all are there."""
    if mapping.hubspot_field not in fields[object_type.hubspot]:
        return missing(Crm.HUBSPOT, mapping.hubspot_field)
    for side in mapping.salesforce_fields.all():
        if side.name not in fields.get(side.salesforce_object, {}):
            return missing(Crm.SALESFORCE, f"{side.salesforce_object}.{side.name}")
    return ""


def missing(crm: Crm, name: str) -> str:
    """Say that a mapping is suspended for want of a field."""
    word = "property" if crm is Crm.HUBSPOT else "field"
    return (
        f"The {crm.label} {word} {name} does not exist, or the connected user may not see it. "
        f"Make it, or set this mapping to Don’t sync."
    )
