"""A Salesforce record was deleted a poll ago: does its HubSpot record go too? (sync.md 5)

Only where the admin wants it, only if nothing else bears its e-mail by now (then the link moves
there), and within the brake. Nothing is ever deleted in Salesforce.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sync_engine.core.brakes import BrakeKind
from sync_engine.core.matching import Match, find_partner
from sync_engine.core.values import Crm
from sync_engine.models import RecordChange, RecordLink, SyncSlice
from sync_engine.models.record_link import Partner
from sync_engine.runs.brake import Reserved, reserve
from sync_engine.runs.job import Job, Work
from sync_engine.runs.note import note
from sync_engine.runs.pair import find, linked
from sync_engine.runs.segment import leave_outsiders
from sync_engine.runs.trace import forget

# A deletion that was held back or refused is decided anew so much later.
LATER = timedelta(hours=1)


def decide_deletions(job: Job, works: Sequence[Work]) -> list[Work]:
    """Return the works whose HubSpot records are to be deleted. For the others the decision has
    fallen: the link moved, the record stays, or is gone as well."""
    name = job.object_type.hubspot
    ids = [str(work.link.hubspot_id) for work in works]
    records = job.crms.hubspot.read(name, ids, job.fields(Crm.HUBSPOT, name))
    unseen = [work for work in works if str(work.link.hubspot_id) not in records]
    for work in works:
        if work not in unseen:
            work.records[Crm.HUBSPOT] = records[str(work.link.hubspot_id)]
    _note_gone(job, unseen)
    _settle(job, works)
    seen = _without_partner(job, [work for work in works if work.records])
    matches = _matches(job, seen)
    _move(job, [(work, match) for work, match in zip(seen, matches, strict=True) if match.partner])
    if not job.deletes_in_hubspot:
        return []
    leave_outsiders(job, seen)  # "only if still in the inclusion segment" (product.md 24)
    nobody = [work for work, match in zip(seen, matches, strict=True) if match == Match()]
    return [work for work in nobody if not work.skipped]


def brake_deletions(job: Job, going: list[Work]) -> list[Reserved]:
    """Reserve the deletions; held back are all or none, and taken out of `going`."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open().count()

    def hold(work: Work, crm: Crm) -> None:
        going.remove(work)

    return reserve(job, Crm.HUBSPOT, BrakeKind.DELETE, list(going), hold, links)


def close_deletions(
    job: Job, slice_: SyncSlice, works: Sequence[Work], going: Sequence[Work]
) -> None:
    """Write down what was decided, and let go. What was refused is decided anew later, and what
    was not sent after all with the next look."""
    held = RecordLink.objects.filter(claim=slice_.holder)
    done = [work.link.pk for work in works if work.counts]
    again = [work.link.pk for work in works if work.problems or work.look_again or work.in_doubt]
    held.filter(pk__in=done).update(state=RecordLink.State.GONE)
    held.filter(pk__in=again).update(delete_after=job.clock() + LATER)
    unsent = [work.link.pk for work in going if not work.counts]
    held.exclude(pk__in=[*again, *unsent]).update(delete_after=None)
    refused = note(job, works)
    held.release(slice_.holder)
    job.run.add(deleted_in_hubspot=len(done), refused=refused)


def _without_partner(job: Job, works: Sequence[Work]) -> list[Work]:
    """Return the works whose HubSpot record is still the one that their link names, and has no
    other partner: one that was merged is somebody else, too, and stays."""
    ids = [work.records[Crm.HUBSPOT].id for work in works]
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open()
    taken = set(links.naming({Crm.HUBSPOT: ids}).values_list("hubspot_id", flat=True))
    return [
        work
        for work, id in zip(works, ids, strict=True)
        if id == work.link.hubspot_id and id not in taken
    ]


def _note_gone(job: Job, unseen: Sequence[Work]) -> None:
    """Of a record that is in the recycle bin already, nothing is left to decide; one that HubSpot
    does not know any more was deleted for privacy. What is merely unseen is decided later."""
    if not unseen:
        return
    ids = [str(work.link.hubspot_id) for work in unseen]
    fates = job.crms.hubspot.fates(job.object_type.hubspot, ids)
    for work, id in zip(unseen, ids, strict=True):
        if id not in fates:
            forget(job, work)
        elif fates[id].is_deleted:
            RecordLink.objects.filter(pk=work.link.pk).update(state=RecordLink.State.GONE)
        else:
            work.look_again = True


def _settle(job: Job, works: Sequence[Work]) -> None:
    """Close deletions of which nobody knew the outcome. Sending one twice is harmless."""
    by_link = {work.link.pk: work for work in works}
    changes = list(RecordChange.objects.unsettled().filter(link__in=by_link))
    for change in changes:
        is_gone = not by_link[change.link_id].records
        change.state = RecordChange.State.DONE if is_gone else RecordChange.State.WITHDRAWN
    RecordChange.objects.close(changes, job.clock())


def _matches(job: Job, works: Sequence[Work]) -> list[Match]:
    """Look for living Salesforce records that bear the e-mail of each HubSpot record."""
    identity = job.object_type.identity
    if not works or not identity:
        return [Match() for _ in works]
    addresses = [_address(job, work) for work in works]
    found = find(job, Crm.SALESFORCE, identity[Crm.SALESFORCE], [one for one in addresses if one])
    taken = linked(job, Crm.SALESFORCE, found.values())
    return [
        find_partner([], found.get(address, []), taken, job.objects(Crm.SALESFORCE))
        for address in addresses
    ]


def _address(job: Job, work: Work) -> str:
    name = job.object_type.identity[Crm.HUBSPOT]
    return str(work.records[Crm.HUBSPOT].values.get(name) or "").strip().lower()


def _move(job: Job, pairs: Sequence[tuple[Work, Match]]) -> None:
    """Let links go on with the records that bear the e-mail now. They were never settled."""
    for work, match in pairs:
        if match.partner is None:
            continue
        links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
        lone = links.filter(state=RecordLink.State.PENDING).free_for(work.token, job.clock())
        lone.naming({Crm.SALESFORCE: [match.partner.id]}).delete()
        partner = Partner(
            work.link.pk, str(work.link.hubspot_id), match.partner.id, match.partner.object_name
        )
        if work.link.pk in RecordLink.objects.attach(work.token, [partner]):
            RecordLink.objects.filter(pk=work.link.pk).update(
                agreed={}, since=job.clock(), look_again=True, salesforce_stamp=None
            )
        else:
            work.look_again = True
