"""Opportunities that move contacts' lifecycle stage on (product.md 7.4, sync.md 2).

How far they have come is a value of the contact, looked up: it is planned, agreed and written like
any other, and what another worker or a later poll looks up anew is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sync_engine.core.errors import CrmError, Remedy
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.lifecycle import OPPORTUNITIES, Automation, Stages, furthest
from sync_engine.core.manners import Manner
from sync_engine.core.plan import MappedField
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm, Record
from sync_engine.crms.base import Asked, Changes
from sync_engine.models import RecordLink
from sync_engine.runs.job import Job, Work


def with_automation(job: Job) -> Job:
    """Return the job with the mapping that stands for the automation, where the admin wants it.

    There is none where an admin's own mapping of the lifecycle stage decides, where the portal
    lacks the stages, or where Salesforce does not show us opportunities.
    """
    automation = job.object_type.lifecycle
    if automation is None or job.answers[automation.policy] != automation.answer:
        return job
    stage = job.crms.hubspot.fields(job.object_type.hubspot).get(automation.hubspot_field)
    mapped = job.mapped[automation.attached]
    if stage is None or not {*automation.stages.values()} <= {*stage.options}:
        return job
    if any(one.hubspot.name == stage.name and one.rule is not SyncRule.DONT_SYNC for one in mapped):
        return job
    if not _may_look(job, automation):
        return job
    ours = MappedField(
        hubspot=stage,
        salesforce=Field(OPPORTUNITIES, "Opportunities", FieldKind.TEXT, writable=False),
        rule=SyncRule.ALWAYS_SALESFORCE,
        since=job.since,
        manner=Manner.OPPORTUNITIES,
        exchange=Stages(automation.stages),
    )
    return replace(job, mapped={**job.mapped, automation.attached: (*mapped, ours)})


def _may_look(job: Job, automation: Automation) -> bool:
    try:
        for name in (automation.role, automation.parent):
            job.crms.salesforce.fields(name)
    except CrmError as error:
        if error.problem.type.remedy is not Remedy.HOLD:
            raise
        return False
    return True


def is_on(job: Job) -> Automation | None:
    """Return the automation, where this job carries it out."""
    automation = job.object_type.lifecycle
    if automation is None:
        return None
    mapped = job.mapped.get(automation.attached, ())
    return automation if any(one.manner is Manner.OPPORTUNITIES for one in mapped) else None


def asked_of(automation: Automation, since: datetime) -> Asked:
    """Ask for roles that changed, and for those whose opportunity did."""
    return Asked(automation.role, since, automation.asked, automation.parent)


def moved(job: Job, changes: Changes) -> set[tuple[Crm, str, str]]:
    """Return the linked records whose opportunities have come to where their links do not know
    them: a look that reaches back shows the same role again and again."""
    automation = is_on(job)
    if automation is None:
        return set()
    found: dict[str, set[str]] = {}
    for row in changes.rows.get(automation.role, ()):
        reached = automation.reached(row.record.values) if row.record else None
        if reached is not None and row.record is not None and not row.is_deleted:
            found.setdefault(str(row.record.values[automation.by]), set()).add(reached)
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    live = links.filter(state=RecordLink.State.LIVE).naming({Crm.SALESFORCE: list(found)})
    return {
        (Crm.SALESFORCE, automation.attached, str(link.salesforce_id))
        for link in live
        if not _knows(link, automation, found[str(link.salesforce_id)])
    }


def look_up(job: Job, works: Sequence[Work]) -> None:
    """Give each record in hand that opportunities may be attached to how far they have come."""
    automation = is_on(job)
    if automation is None:
        return
    unknown = {
        record.id: work
        for work in works
        if (record := work.records.get(Crm.SALESFORCE)) is not None
        and record.object_name == automation.attached
        and OPPORTUNITIES not in record.values
    }
    if not unknown:
        return
    roles = job.crms.salesforce.find(
        automation.role, automation.by, list(unknown), automation.asked
    )
    for id, work in unknown.items():
        reached = furthest(automation.reached(role.values) for role in roles.get(id, ()))
        work.records[Crm.SALESFORCE] = _with(work.records[Crm.SALESFORCE], reached)


def _knows(link: RecordLink, automation: Automation, reached: set[str]) -> bool:
    agreed = link.agreed_values.get(automation.hubspot_field)
    return agreed is not None and furthest([agreed.salesforce, *reached]) == agreed.salesforce


def _with(record: Record, reached: str | None) -> Record:
    return replace(record, values={**record.values, OPPORTUNITIES: reached})
