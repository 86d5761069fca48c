"""Records that moved on: merged, converted, deleted, brought back. What becomes of their links.

Source: sync.md 5. Absence is never a deletion, and a link that has a partner keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.values import Crm, RecordRef
from sync_engine.crms.base import ChangedRow, Changes
from sync_engine.models import RecordChange, RecordLink, SyncError
from sync_engine.models.record_link import RecordLinkQuerySet
from sync_engine.runs.job import Job
from sync_engine.runs.note import note_link

GONE_IN = {
    Crm.HUBSPOT: RecordLink.State.GONE_IN_HUBSPOT,
    Crm.SALESFORCE: RecordLink.State.GONE_IN_SALESFORCE,
}


def follow(job: Job, changes: Mapping[Crm, Changes]) -> None:
    """Let links follow their records. A deleted Salesforce record leaves a tombstone; whether its
    HubSpot record is deleted too is decided a poll later (`deletes`)."""
    for crm in Crm:
        rows = [row for name in job.objects(crm) for row in changes[crm].rows.get(name, ())]
        _revive(job, crm, [row.id for row in rows if not row.is_deleted and row.became is None])
        _follow_moved(job, crm, rows)
        gone = [row.id for row in rows if row.is_deleted and row.became is None]
        bury(job, _open(job, crm, gone).free(job.clock()), GONE_IN[crm])
        _close_proposals(job, crm, [row.id for row in rows if row.is_deleted or row.became])


def _follow_moved(job: Job, crm: Crm, rows: Sequence[ChangedRow]) -> None:
    """Follow merges and conversions in their order: a chain of them leads to its end. Most rows
    are known to no link, or were followed by an earlier poll."""
    moved = {row.id: row.became for row in sorted(rows, key=_by_time) if row.became is not None}
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).naming({crm: moved})
    known = {str(link.record_id(crm)) for link in links}
    for id, heir in moved.items():
        if id in known:
            _go_on(job, crm, id, heir)
            known.add(heir.id)


def _by_time(row: ChangedRow) -> tuple[object, str]:
    return row.stamp, row.id


def _go_on(job: Job, crm: Crm, id: str, heir: RecordRef) -> None:
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    for link in _open(job, crm, [id]).free(job.clock()):
        move(job, link, crm, heir)
    if not links.naming({crm: [heir.id]}).exists():
        bequeath(job, crm, [id], heir)


def move(job: Job, link: RecordLink, crm: Crm, heir: RecordRef) -> None:
    """Let a link go on with the record in which its own lives on. What happened to the values
    meanwhile was not seen: the baseline is stale.

    An heir that has a partner keeps it; the link is *merged away*, and its partner in the other
    CRM is not touched: merging the two there is proposed. A lone link just gives way.
    """
    with transaction.atomic():
        others = _open(job, crm, [heir.id]).exclude(pk=link.pk)
        living = others.filter(state=RecordLink.State.LIVE).first()
        if link.state == RecordLink.State.PENDING:
            _close_errors(job, RecordLink.objects.filter(pk=link.pk))  # the heir may have others
        if living is not None and link.state == RecordLink.State.PENDING:
            give_way(RecordLink.objects.filter(pk=link.pk), living)
            return
        if living is not None:
            bury(job, RecordLink.objects.filter(pk=link.pk), RecordLink.State.MERGED_AWAY)
            _propose_merge(job, link, crm)
            _point_to(link, crm, heir)  # so that it is found when the heir is to be forgotten
            link.save(update_fields=["hubspot_id", "salesforce_id", "salesforce_object"])
            return
        give_way(others, link)
        _point_to(link, crm, heir)
        link.since, link.look_again = job.clock(), True
        link.save(
            update_fields=[
                "hubspot_id", "hubspot_stamp", "salesforce_id", "salesforce_stamp",
                "salesforce_object", "since", "look_again",
            ]
        )  # fmt: skip


def give_way(lone: RecordLinkQuerySet, heir: RecordLink) -> None:
    """End lone links whose record another link takes over, history and all: a write of theirs may
    be in doubt."""
    for link in lone:
        RecordChange.objects.hand_over({link.pk: heir.pk})
        link.delete()


def bequeath(job: Job, crm: Crm, ids: Collection[str], heir: RecordRef) -> RecordLink | None:
    """Let a tombstone stand for the record in which its own lives on, and return it: what was
    deleted in the other CRM is not made anew because of a merge or a conversion. The deletion is
    not carried over any more either: the heir may be somebody else, too."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).free(job.clock())
    tombstones = links.filter(state=GONE_IN[crm.other]).naming({crm: ids})
    tombstone = tombstones.order_by("pk").first()
    if tombstone is not None:
        _point_to(tombstone, crm, heir)
        tombstone.delete_after = None
        tombstone.save()
    return tombstone


def _point_to(link: RecordLink, crm: Crm, ref: RecordRef) -> None:
    if crm is Crm.HUBSPOT:
        link.hubspot_id, link.hubspot_stamp = ref.id, None
    else:
        link.salesforce_id, link.salesforce_stamp = ref.id, None
        link.salesforce_object = ref.object_name


def bury(job: Job, links: RecordLinkQuerySet, state: RecordLink.State) -> None:
    """Make tombstones of links. What kept their records back is over: nothing of them syncs."""
    _close_errors(job, links)
    now = job.clock()
    is_open = state == RecordLink.State.GONE_IN_SALESFORCE
    had_partner = links.exclude(hubspot_id=None)
    had_partner.update(state=state, gone_at=now, delete_after=now if is_open else None)
    links.update(state=state, gone_at=now)


def _close_errors(job: Job, links: RecordLinkQuerySet) -> None:
    ids = links.values_list("hubspot_id", "salesforce_id")
    keys = [f"{crm}:{id}" for pair in ids for crm, id in zip(Crm, pair, strict=True)]
    errors = SyncError.objects.current(job.connection.pk).about(job.object_type.slug, keys)
    errors.close(job.clock())


def _propose_merge(job: Job, link: RecordLink, crm: Crm) -> None:
    message = (
        f"{crm.label} record {link.record_id(crm)} was merged into one that is linked with "
        f"another {crm.other.label} record. Merge the two in {crm.other.label} as well."
    )
    note_link(job, link, Problem(crm, error_types.MERGED_AWAY, message=message))


def _close_proposals(job: Job, crm: Crm, ids: Collection[str]) -> None:
    """What was to be merged here, as it was in the other CRM, is merged or deleted."""
    if not ids:
        return
    proposed = SyncError.objects.current(job.connection.pk).filter(
        object_type=job.object_type.slug, type=error_types.MERGED_AWAY.slug, crm=crm.other.value
    )
    proposed.filter(**{f"{crm}_id__in": ids}).close(job.clock())


def _revive(job: Job, crm: Crm, ids: Collection[str]) -> None:
    """A record came back from the recycle bin: its link lives again. What happened to the values
    meanwhile was not seen: the baseline is stale. Where its partner is gone too, or has another
    link by now, the record stands alone and looks for one."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    states = (GONE_IN[crm], RecordLink.State.GONE)
    for link in links.filter(state__in=states).naming({crm: ids}):
        if _open(job, crm, [str(link.record_id(crm))]).exists():
            continue
        if _may_resume(job, crm.other, link):
            link.state = RecordLink.State.LIVE
        else:
            link.state, link.agreed = RecordLink.State.PENDING, {}
            _forget(link, crm.other)
        link.since, link.look_again, link.delete_after = job.clock(), True, None
        link.save()


def _may_resume(job: Job, crm: Crm, link: RecordLink) -> bool:
    """Tell whether the partner of a record that came back, a record of `crm`, waits for it."""
    partner = link.record_id(crm)
    if partner is None or link.state == RecordLink.State.GONE:
        return False
    return not _open(job, crm, [partner]).exists()


def _forget(link: RecordLink, crm: Crm) -> None:
    if crm is Crm.HUBSPOT:
        link.hubspot_id = link.hubspot_stamp = None
    else:
        link.salesforce_id = link.salesforce_stamp = None


def _open(job: Job, crm: Crm, ids: Sequence[str]) -> RecordLinkQuerySet:
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open()
    return links.naming({crm: ids})
