"""Adoption: links are taken over from the ids that HubSpot's own integration left (product.md
7.2), each verified on both sides first.

Nothing is written to a CRM, and a pair syncs at its next change. Its baseline is stale: what
happened to the values before was not seen (sync.md 2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import transaction

from sync_engine.core.adoption import Left, Verdict, address, same_address, verdict
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.core.spelling import id_of_18
from sync_engine.core.values import Crm, Record, RecordRef
from sync_engine.crms.base import Crms
from sync_engine.models import Adoption, RecordLink
from sync_engine.models.sync_run import SLICE_SIZE
from sync_engine.runs.agree import MOMENT
from sync_engine.runs.job import Clock

# A record that was merged into one that was merged, and so on.
_MOST_STEPS = 5

Named = Mapping[str, RecordRef]  # {HubSpot id: the Salesforce record that it names}
Place = tuple[ObjectType, str, str]  # object type, Salesforce object, property with its ids


def places() -> list[Place]:
    """Return where ids were left: every property of every object type, in the catalog's order."""
    return [
        (object_type, salesforce_object, name)
        for object_type in CATALOG.values()
        for salesforce_object, name in object_type.left_ids.items()
    ]


def adopt(adoption: Adoption, crms: Crms, clock: Clock) -> bool:
    """Take over the links of the next 2,000 records; return whether there may be more.

    adoption  claimed. What fails in passing waits, and is taken up again.
    """
    try:
        return _adopt(adoption, crms, clock)
    except AllocationSpent as spent:
        adoption.wait(str(spent))
    except CrmError as error:
        problem = error.problem
        because = f"{problem.crm.label}: {problem.type.title}. {problem.message}".strip()
        if problem.type.remedy is Remedy.RETRY:
            adoption.wait(because)
        else:
            adoption.end(clock(), because)
    return False


def _adopt(adoption: Adoption, crms: Crms, clock: Clock) -> bool:
    if adoption.place >= len(places()):
        adoption.end(clock())
        return False
    object_type, salesforce_object, name = places()[adoption.place]
    ids = _next_ids(crms, object_type, name, adoption.after)
    found = _left(crms, object_type, salesforce_object, name, ids)
    with transaction.atomic():
        if not adoption.is_ours():
            return False
        adoption.note(_link(adoption, object_type, found, clock))
        following = (adoption.place, ids[-1]) if ids else (adoption.place + 1, "")
        adoption.go_on(*following)
    return True


def _next_ids(crms: Crms, object_type: ObjectType, name: str, after: str) -> list[str]:
    if name not in crms.hubspot.fields(object_type.hubspot):
        return []
    ids: list[str] = []
    while len(ids) < SLICE_SIZE:
        some = crms.hubspot.holders(object_type.hubspot, name, after)
        if not some:
            break
        ids += some
        after = ids[-1]
    return ids


def _left(
    crms: Crms, object_type: ObjectType, salesforce_object: str, name: str, ids: Sequence[str]
) -> list[tuple[Left, str]]:
    """Read both halves of links that were left, with the Salesforce ids that they name."""
    fields = {name, *_identity(object_type, Crm.HUBSPOT)}
    read = crms.hubspot.read(object_type.hubspot, ids, fields).values()
    here = {record.id: record for record in read if record.values.get(name)}
    named = {
        id: RecordRef(salesforce_object, id_of_18(str(record.values[name])))
        for id, record in here.items()
    }
    there = _follow(crms, object_type, named)
    pairs = [(record, there.get(id)) for id, record in here.items()]
    return [(left, named[left.hubspot.id].id) for left in _with_bearers(crms, object_type, pairs)]


def _identity(object_type: ObjectType, crm: Crm) -> Collection[str]:
    return [object_type.identity[crm]] if crm in object_type.identity else []


def _follow(crms: Crms, object_type: ObjectType, named: Named) -> dict[str, Record]:
    """Return {HubSpot id: the living record}, where a record lives on in another one that one."""
    living: dict[str, Record] = {}
    wanted = dict(named)
    for _ in range(_MOST_STEPS):
        moved: dict[str, RecordRef] = {}
        for object_name in {ref.object_name for ref in wanted.values()}:
            group = {id: ref.id for id, ref in wanted.items() if ref.object_name == object_name}
            step = _step(crms, object_type, object_name, {*group.values()})
            for id, one in ((id, step.get(sought)) for id, sought in group.items()):
                if isinstance(one, Record):
                    living[id] = one
                elif one is not None:
                    moved[id] = one
        wanted = moved
    return living


def _step(
    crms: Crms, object_type: ObjectType, object_name: str, ids: Collection[str]
) -> dict[str, Record | RecordRef]:
    """Return the records that live, and where the others went."""
    fields = _identity(object_type, Crm.SALESFORCE)
    found: dict[str, Record | RecordRef] = {
        id: record.became or record
        for id, record in crms.salesforce.read(object_name, ids, fields).items()
    }
    unseen = [id for id in ids if id not in found]
    fates = crms.salesforce.fates(object_name, unseen) if unseen else {}
    return found | {id: fate.became for id, fate in fates.items() if fate.became}


def _with_bearers(
    crms: Crms, object_type: ObjectType, pairs: Sequence[tuple[Record, Record | None]]
) -> Iterator[Left]:
    """Find out who bears the addresses of pairs whose addresses differ."""
    identity = object_type.identity
    differing = [
        (here, there) for here, there in pairs if there and not same_address(here, there, identity)
    ]
    of_salesforce = {address(there, identity) for _, there in differing} - {""}
    of_hubspot = {address(here, identity) for here, _ in differing} - {""}
    bearers = {
        Crm.HUBSPOT: _bearers(crms, object_type, Crm.HUBSPOT, of_salesforce),
        Crm.SALESFORCE: _bearers(crms, object_type, Crm.SALESFORCE, of_hubspot),
    }
    for here, there in pairs:
        theirs = address(there, identity) if there else ""
        yield Left(
            here,
            there,
            {
                Crm.HUBSPOT: bearers[Crm.HUBSPOT].get(theirs, ()),
                Crm.SALESFORCE: bearers[Crm.SALESFORCE].get(address(here, identity), ()),
            },
        )


def _bearers(
    crms: Crms, object_type: ObjectType, crm: Crm, addresses: Collection[str]
) -> dict[str, list[str]]:
    """Return {address: ids of the records of a CRM that bear it}."""
    found: dict[str, list[str]] = {}
    if not addresses:
        return found
    for object_name in object_type.objects(crm):
        by = object_type.identity[crm]
        for value, records in crms.of(crm).find(object_name, by, addresses, ()).items():
            found.setdefault(value, []).extend(record.id for record in records)
    return found


def _link(
    adoption: Adoption,
    object_type: ObjectType,
    found: Sequence[tuple[Left, str]],
    clock: Clock,
) -> list[tuple[str, str, Verdict]]:
    """Make the links that are good. Of two that name one record the one whose address is the
    same comes first."""
    ordered = sorted(
        found,
        key=lambda one: (
            one[0].salesforce is None
            or not same_address(one[0].hubspot, one[0].salesforce, object_type.identity)
        ),
    )
    linked = _linked(adoption, object_type, [left for left, _ in ordered])
    taken: set[str] = set()
    outcomes: list[tuple[str, str, Verdict]] = []
    links: list[RecordLink] = []
    for left, named in ordered:
        decided = verdict(left, linked, object_type.identity)
        if decided is Verdict.ADOPTED and left.salesforce is not None:
            if left.salesforce.id in taken:
                decided = Verdict.TWICE
            else:
                taken.add(left.salesforce.id)
                links.append(_new(adoption, object_type, left.hubspot, left.salesforce, clock))
        outcomes.append((left.hubspot.id, named, decided))
    RecordLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=500)
    return outcomes


def _linked(adoption: Adoption, object_type: ObjectType, found: Sequence[Left]) -> set[str]:
    """Return the ids of both CRMs' records that have an open link."""
    ids = {
        Crm.HUBSPOT: [left.hubspot.id for left in found],
        Crm.SALESFORCE: [left.salesforce.id for left in found if left.salesforce],
    }
    links = RecordLink.objects.of(adoption.connection_id, object_type.slug).open().naming(ids)
    named = links.values_list("hubspot_id", "salesforce_id")
    return {id for pair in named for id in pair if id}


def _new(
    adoption: Adoption, object_type: ObjectType, here: Record, there: Record, clock: Clock
) -> RecordLink:
    """A live link whose fields were never settled. With the stamps of these reads: the records
    are no news until they change."""
    return RecordLink(
        connection_id=adoption.connection_id,
        object_type=object_type.slug,
        hubspot_id=here.id,
        salesforce_id=there.id,
        salesforce_object=there.object_name,
        state=RecordLink.State.LIVE,
        since=clock(),
        hubspot_stamp=here.stamp,
        salesforce_stamp=there.stamp if there.stamp < clock() - MOMENT else None,
    )
