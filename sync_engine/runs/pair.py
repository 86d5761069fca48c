"""Step 4: the partner of a record that has none yet: by our key and by e-mail in one look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.matching import find_partner
from sync_engine.core.plan import NO_IDENTITY, is_blank
from sync_engine.core.values import Crm, Record
from sync_engine.models import RecordChange, RecordLink
from sync_engine.models.record_link import Partner, RecordLinkQuerySet
from sync_engine.runs.inherit import inherit, rejoin
from sync_engine.runs.job import Job, Work
from sync_engine.runs.keyless import keeps_from_creating

Found = Mapping[str, list[Record]]  # {what was looked for: the records that bear it}


def pair(job: Job, works: Sequence[Work]) -> list[Work]:
    """Give every lone record its partner, or decide that one is to be created.

    Returns the works that are left: two records that found each other are one pair.
    """
    works = rejoin(job, inherit(job, works))
    for crm in Crm:
        seekers = [work for work in works if work.alone_in is crm and _may_sync(job, work)]
        if seekers:
            _pair_from(job, crm, seekers)
            gone = _absorbed(works)
            works = [work for work in works if work.link.pk not in gone]
    return list(works)


def _may_sync(job: Job, work: Work) -> bool:
    if work.link.state != RecordLink.State.PENDING:
        return False
    for crm, record in work.records.items():
        name = job.object_type.identity.get(crm)
        if name is not None and is_blank(record, name):
            work.skipped = NO_IDENTITY
    return not work.skipped


def _pair_from(job: Job, crm: Crm, seekers: Sequence[Work]) -> None:
    """Look in the other CRM for the partners of records that stand alone in `crm`."""
    target = crm.other
    by_key = find(job, target, job.key(target), [work.records[crm].id for work in seekers])
    by_identity = _find_by_identity(job, crm, seekers)
    taken = linked(job, target, [*by_key.values(), *by_identity.values()])
    doubted = _in_doubt(seekers, target)
    partners: list[tuple[Work, Record]] = []
    for work in seekers:
        record = work.records[crm]
        named = by_identity.get(_identity(job, crm, record), [])
        candidates = by_key.get(record.id, [])
        match = find_partner(candidates, named, taken, job.objects(target))
        if match.partner is not None:
            taken.add(match.partner.id)
            partners.append((work, match.partner))
        elif match.taken is not None:
            work.problems.append(_duplicate(target, match.taken))
        else:
            _create_or_leave(job, crm, work, doubted.get(work.link.pk, ""))
    _attach(job, target, partners)


def find(job: Job, crm: Crm, by: str, values: Collection[str]) -> Found:
    """Return the records of a CRM whose field `by` holds one of `values`, by that value. A lead
    that was converted leads to its contact."""
    found: dict[str, list[Record]] = {}
    for object_name in job.objects(crm):
        if by == job.key(crm) and not job.connection.has_key(object_name):
            continue
        fields = job.fields(crm, object_name)
        for value, records in job.crms.of(crm).find(object_name, by, values, fields).items():
            found.setdefault(value, []).extend(records)
    heirs = _heirs(job, crm, [record for records in found.values() for record in records])
    return {
        value: [living for record in records if (living := heirs.get(record.id, record))]
        for value, records in found.items()
    }


def _heirs(job: Job, crm: Crm, found: Collection[Record]) -> Mapping[str, Record | None]:
    """Return {id of a record that lives on in another one: that one, None where it is unseen}."""
    gone = {record.id: record.became for record in found if record.became}
    read: dict[str, Record] = {}
    for object_name in {ref.object_name for ref in gone.values()}:
        ids = {ref.id for ref in gone.values() if ref.object_name == object_name}
        read |= job.crms.of(crm).read(object_name, ids, job.fields(crm, object_name))
    return {id: read.get(ref.id) for id, ref in gone.items()}


def _find_by_identity(job: Job, crm: Crm, seekers: Sequence[Work]) -> Found:
    if crm.other not in job.object_type.identity:
        return {}
    values = {_identity(job, crm, work.records[crm]) for work in seekers}
    return find(job, crm.other, job.object_type.identity[crm.other], values)


def _identity(job: Job, crm: Crm, record: Record) -> str:
    name = job.object_type.identity.get(crm, "")
    return str(record.values.get(name) or "").strip().lower()


def linked(job: Job, crm: Crm, found: Collection[Collection[Record]]) -> set[str]:
    """Return the ids of candidates that have a partner already."""
    ids = {record.id for records in found for record in records}
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    live = links.filter(state=RecordLink.State.LIVE).naming({crm: ids})
    return {str(link.record_id(crm)) for link in live}


def _create_or_leave(job: Job, crm: Crm, work: Work, doubted: str) -> None:
    """Only what nobody has is created, and only where the admin wants it (product.md 7.1). What
    may have been created already is sent to the same object again, whatever the answer is now.

    doubted  the object to which it was sent; "" if it was not
    """
    object_name = doubted or job.creates(crm.other)
    if not object_name:
        work.skipped = f"It has no partner, and none is created in {crm.other.label}."
        return
    if because := keeps_from_creating(job, object_name, in_doubt=bool(doubted)):
        work.skipped = because
        return
    work.creating = crm.other
    if crm is Crm.HUBSPOT:
        work.link.salesforce_object = object_name


def _in_doubt(works: Sequence[Work], crm: Crm) -> dict[int, str]:
    """Return {link: the object of its create} where nobody knows what came of that create."""
    changes = RecordChange.objects.unsettled().filter(
        link__in=[work.link for work in works], crm=crm.value, kind=RecordChange.Kind.CREATE
    )
    return dict(changes.values_list("link", "object_name"))


def _attach(job: Job, target: Crm, partners: Sequence[tuple[Work, Record]]) -> None:
    """Link the pairs, in one transaction with the lone links their partners may have had."""
    if not partners:
        return
    token = partners[0][0].token
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    lone = links.filter(state=RecordLink.State.PENDING).naming(
        {target: [record.id for _, record in partners]}
    )
    heirs = {record.id: work.link for work, record in partners}
    with transaction.atomic():
        _take_over(
            {heirs[str(link.record_id(target))]: link for link in lone.free_for(token, job.clock())}
        )
        attached = RecordLink.objects.attach(
            token, [_both(target, work, record) for work, record in partners]
        )
        _end_tombstones(
            links, target, {id: link for id, link in heirs.items() if link.pk in attached}
        )
    for work, record in partners:
        if work.link.pk in attached:
            _linked_now(work, target, record)
        else:  # another worker holds the partner, and will look at the pair
            work.look_again, work.skipped = True, "Its partner is in another worker’s hands."


def _take_over(given_up: Mapping[RecordLink, RecordLink]) -> None:
    """Let links go on in the place of others, with their history: a write of theirs may be in
    doubt. given_up: {the link that stays: the one that goes}"""
    for link, gone in given_up.items():
        link.since = min(link.since, gone.since)
    RecordLink.objects.bulk_update(given_up, ["since"], batch_size=500)
    RecordChange.objects.hand_over({gone.pk: link.pk for link, gone in given_up.items()})
    RecordLink.objects.filter(pk__in=[gone.pk for gone in given_up.values()]).delete()


def _end_tombstones(
    links: RecordLinkQuerySet, target: Crm, heirs: Mapping[str, RecordLink]
) -> None:
    """A record whose partner was deleted has a new one: its history goes on there, and there is
    nothing left to decide about the deletion (sync.md 5)."""
    tombstones = links.exclude(state__in=RecordLink.OPEN).naming({target: list(heirs)})
    RecordChange.objects.hand_over(
        {link.pk: heirs[str(link.record_id(target))].pk for link in tombstones}
    )
    tombstones.delete()


def _both(target: Crm, work: Work, record: Record) -> Partner:
    ids = {target: record.id, target.other: work.records[target.other].id}
    return Partner(
        link_id=work.link.pk,
        hubspot_id=ids[Crm.HUBSPOT],
        salesforce_id=ids[Crm.SALESFORCE],
        salesforce_object=_salesforce_object(work, target, record),
    )


def _salesforce_object(work: Work, target: Crm, record: Record) -> str:
    return record.object_name if target is Crm.SALESFORCE else work.link.salesforce_object


def _linked_now(work: Work, target: Crm, record: Record) -> None:
    work.records[target] = record
    work.link.state = RecordLink.State.LIVE
    work.link.salesforce_object = _salesforce_object(work, target, record)
    if target is Crm.HUBSPOT:
        work.link.hubspot_id = record.id
    else:
        work.link.salesforce_id = record.id


def _absorbed(works: Sequence[Work]) -> set[int]:
    """Return the keys of links that were given up for their partner's."""
    keys = {work.link.pk for work in works}
    return keys - set(RecordLink.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _duplicate(crm: Crm, taken: Record) -> Problem:
    return Problem(
        crm,
        error_types.ALREADY_LINKED,
        message=f"{crm.label} record {taken.id} is linked with another record.",
    )
