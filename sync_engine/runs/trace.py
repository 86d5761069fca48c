"""Records that are not where their link looks for them: merged meanwhile, converted, deleted.

Source: sync.md 1 ("unseen"), 3.4, 5; hubspot-api.md 9. The reads of a slice may show it before
the poll that gathers it does, and of a record merged in HubSpot nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.values import Crm, Record, RecordRef
from sync_engine.crms.base import Fate
from sync_engine.models import RecordLink, SyncError
from sync_engine.models.record_link import RecordLinkQuerySet
from sync_engine.runs.erase import erase
from sync_engine.runs.follow import GONE_IN, bequeath, bury, give_way, move
from sync_engine.runs.job import Job, Work


def trace(job: Job, works: Sequence[Work]) -> list[Work]:
    """Let links follow records that a read shows to live on in others, or to have absorbed some.
    Returns the works that have nothing to do with it; the moved are looked at by the next poll."""
    moved: set[int] = set()
    for work in works:
        for record in list(work.records.values()):
            if record.became is not None:
                moved |= _move_all(job, work, Crm.SALESFORCE, [work.link], record.became)
            elif record.absorbed and _is_news(work, record):
                heir = RecordRef(record.object_name, record.id)
                _close_errors(job, record)
                links = _claimants(job, work, record)
                moved |= _move_all(job, work, Crm.HUBSPOT, links, heir)
                if not links:
                    moved |= _give_way_to_tombstone(job, work, record)
    for work in works:
        if work.link.pk in moved:
            _put_off(work)
    return [work for work in works if work.link.pk not in moved]


def find_out(job: Job, crm: Crm, unseen: Sequence[Work]) -> None:
    """Ask what became of records that a read did not return, and let their links follow."""
    by_object: dict[str, list[Work]] = {}
    for work in unseen:
        by_object.setdefault(job.object_of(crm, work.link), []).append(work)
    for object_name, group in by_object.items():
        ids = [str(work.link.record_id(crm)) for work in group]
        fates = job.crms.of(crm).fates(object_name, ids)
        for work, id in zip(group, ids, strict=True):
            _follow(job, crm, work, fates.get(id))


def take_over(job: Job, work: Work, forebears: Sequence[str]) -> set[int]:
    """Give a lone Salesforce record the links of those that live on in it. Returns the keys of
    the links that moved and of its own, if it gave way."""
    links = _links(job).filter(state=RecordLink.State.LIVE).naming({Crm.SALESFORCE: forebears})
    record = work.records[Crm.SALESFORCE]
    heir = RecordRef(record.object_name, record.id)
    moved = _move_all(job, work, Crm.SALESFORCE, list(links.order_by("pk")), heir)
    if work.link.pk in moved:
        _put_off(work)
    return moved


def _follow(job: Job, crm: Crm, work: Work, fate: Fate | None) -> None:
    if fate is not None and fate.became is not None:
        _move_all(job, work, crm, [work.link], fate.became)
        _put_off(work)
    elif fate is not None and fate.is_deleted:
        bury(job, RecordLink.objects.filter(pk=work.link.pk), GONE_IN[crm])
        _put_off(work)
    elif fate is None and crm is Crm.HUBSPOT:
        forget(job, work)
        _put_off(work)
    else:
        # Not known, or not shown to us: never blank, never deleted (sync.md 1).
        message = f"{crm.label} did not return it."
        work.problems.append(Problem(crm, error_types.DELETED, message=message))


def forget(job: Job, work: Work) -> None:
    """Erase what we remember of a record that HubSpot does not know any more, and of those that
    were merged into it. HubSpot shows everything to who may read the object: it was deleted for
    privacy."""
    bury(job, RecordLink.objects.filter(pk=work.link.pk), GONE_IN[Crm.HUBSPOT])
    links = _links(job).naming({Crm.HUBSPOT: [str(work.link.hubspot_id)]})
    erase(links.values_list("pk", flat=True), job.clock())


def _put_off(work: Work) -> None:
    """Leave the pair to the next poll: nothing was compared yet."""
    work.link = RecordLink.objects.filter(pk=work.link.pk).first() or work.link
    work.agreed = work.link.agreed_values
    work.records, work.is_glimpse = {}, True


def _is_news(work: Work, record: Record) -> bool:
    """Tell whether a merge in HubSpot is not yet in the link: it names an old id, or it stands
    alone and the merged ones may have had partners."""
    return work.link.hubspot_id != record.id or work.link.state == RecordLink.State.PENDING


def _close_errors(job: Job, record: Record) -> None:
    """What kept the merged records back is over: they are no more."""
    keys = [f"{Crm.HUBSPOT}:{id}" for id in record.absorbed if id != record.id]
    errors = SyncError.objects.current(job.connection.pk).about(job.object_type.slug, keys)
    errors.close(job.clock())


def _claimants(job: Job, work: Work, record: Record) -> list[RecordLink]:
    """Return the links of the records that were merged, the winner's first: whose partner the
    survivor's key names, else in the order of the merge; those without a partner come last."""
    links = _links(job).naming({Crm.HUBSPOT: record.absorbed})
    partner, order = record.values.get(job.key(Crm.HUBSPOT)), list(record.absorbed)
    return sorted(
        [*links.open(), *_waiting_for(job, links)],
        key=lambda link: (
            link.salesforce_id is None,
            link.salesforce_id != partner,
            link.state != RecordLink.State.LIVE,
            order.index(str(link.hubspot_id)),
        ),
    )


def _waiting_for(job: Job, links: RecordLinkQuerySet) -> list[RecordLink]:
    """Return tombstones of HubSpot records whose partners have nobody else by now."""
    gone = list(links.filter(state=RecordLink.State.GONE_IN_HUBSPOT, salesforce_id__isnull=False))
    partners = {Crm.SALESFORCE: [str(link.salesforce_id) for link in gone]}
    taken = set(_links(job).open().naming(partners).values_list("salesforce_id", flat=True))
    return [link for link in gone if link.salesforce_id not in taken]


def _give_way_to_tombstone(job: Job, work: Work, record: Record) -> set[int]:
    """Where one of the merged records had lost its partner, nothing is made anew for the survivor.
    Returns the key of the lone link that gave way."""
    if work.link.state != RecordLink.State.PENDING:
        return set()
    heir = RecordRef(record.object_name, record.id)
    with transaction.atomic():
        tombstone = bequeath(job, Crm.HUBSPOT, record.absorbed, heir)
        if tombstone is None:
            return set()
        give_way(RecordLink.objects.filter(pk=work.link.pk), tombstone)
    return {work.link.pk}


def _move_all(
    job: Job, work: Work, crm: Crm, links: Sequence[RecordLink], heir: RecordRef
) -> set[int]:
    """Move links to one heir, the first of them to keep it. Returns the keys of those that moved
    and of those that gave way. All or none: where another worker holds one, all are left, and
    looked at again."""
    if not links:
        return set()
    with transaction.atomic():
        touched = _links(job).open().naming({crm: [heir.id]}) | _links(job).filter(
            pk__in=[link.pk for link in links]
        )
        keys = set(touched.select_for_update().values_list("pk", flat=True))
        if touched.free_for(work.token, job.clock()).count() < len(keys):
            touched.update(look_again=True)
            return keys
        for link in links:
            if not link.is_open:
                link.state = RecordLink.State.LIVE
                link.save(update_fields=["state"])
            move(job, link, crm, heir)
    return keys


def _links(job: Job) -> RecordLinkQuerySet:
    return RecordLink.objects.of(job.connection.pk, job.object_type.slug)
