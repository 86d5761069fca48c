"""Making the links anew from the keys alone: for a database that was lost, or restored from a
backup that is older than reality (sync.md 4).

Nothing is written to a CRM, and no link is forgotten. Every baseline becomes stale: what was agreed
may have been agreed otherwise since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.keyed import match
from sync_engine.core.values import Crm, RecordRef
from sync_engine.crms.base import CrmClient, Crms
from sync_engine.crms.batches import batches
from sync_engine.models import Connection, RecordLink
from sync_engine.runs.job import Clock
from sync_engine.runs.relink import Wanted, relink

_LINKS_A_BATCH = 1000


@dataclass(slots=True)
class Rebuilt:
    """What came of one object type.

    counts      {what was done with links: how many}; without a key: left as they were
    to_look_at  sentences for the admin
    """

    object_type: ObjectType
    counts: Counter[str] = field(default_factory=Counter)
    to_look_at: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Bearers:
    """The living records that bear a key. objects: {id: its object's name}"""

    keys: Mapping[str, str]
    objects: Mapping[str, str]


def rebuild(connection: Connection, crms: Crms, clock: Clock) -> list[Rebuilt]:
    """Rebuild the links of a connection that does not sync meanwhile; raises CrmError. Safe to
    run again."""
    return [_rebuild(connection, crms, clock, object_type) for object_type in CATALOG.values()]


def _rebuild(connection: Connection, crms: Crms, clock: Clock, object_type: ObjectType) -> Rebuilt:
    rebuilt = Rebuilt(object_type)
    hubspot = _bearers(crms.hubspot, (object_type.hubspot,), connection.key_property)
    salesforce = _bearers(crms.salesforce, object_type.salesforce, connection.key_field)
    matched = match({Crm.HUBSPOT: hubspot.keys, Crm.SALESFORCE: salesforce.keys})
    rebuilt.to_look_at += matched.conflicts
    wanted = [
        Wanted(id, RecordRef(salesforce.objects[key], key)) for id, key in matched.pairs.items()
    ]
    wanted += _named_by_hubspot(crms, object_type, matched.one_sided[Crm.HUBSPOT], rebuilt)
    wanted += _named_by_salesforce(crms, object_type, salesforce, matched.one_sided, rebuilt)
    RecordLink.objects.of(connection.pk, object_type.slug).update(since=clock())
    given_up: dict[int, RecordLink] = {}
    for batch in batches(wanted, _LINKS_A_BATCH):
        done = relink(connection, object_type.slug, batch, clock())
        rebuilt.counts += done.counts
        given_up |= done.given_up
    _tell_given_up(given_up, rebuilt)
    return rebuilt


def _bearers(client: CrmClient, object_names: tuple[str, ...], key: str) -> _Bearers:
    """Read every record that bears a key, page by page. A lead that was converted lives on in its
    contact, and its key counts no more."""
    keys: dict[str, str] = {}
    objects: dict[str, str] = {}
    for name in object_names:
        last = ""
        while key in client.fields(name) and (page := client.holders(name, key, last)):
            last = page[-1]
            for id, record in client.read(name, page, [key]).items():
                if record.id == id and record.became is None and record.values.get(key):
                    keys[id], objects[id] = str(record.values[key]), name
    return _Bearers(keys, objects)


def _named_by_hubspot(
    crms: Crms, object_type: ObjectType, keys: Mapping[str, str], rebuilt: Rebuilt
) -> Iterator[Wanted]:
    """Yield links for Salesforce records that are named and bear no key themselves."""
    found = {
        id: (name, fate)
        for name in object_type.salesforce
        for id, fate in crms.salesforce.fates(name, [*keys.values()]).items()
    }
    for hubspot_id, id in keys.items():
        name, fate = found.get(id, (object_type.salesforce[0], None))
        is_there = fate is not None and not fate.is_deleted
        rebuilt.to_look_at.append(_told(Crm.HUBSPOT, hubspot_id, id, is_there))
        yield _wanted(hubspot_id, RecordRef(name, id), Crm.SALESFORCE, is_there)


def _named_by_salesforce(
    crms: Crms,
    object_type: ObjectType,
    salesforce: _Bearers,
    one_sided: Mapping[Crm, Mapping[str, str]],
    rebuilt: Rebuilt,
) -> Iterator[Wanted]:
    """Yield links for HubSpot records that are named and bear no key themselves."""
    keys = one_sided[Crm.SALESFORCE]
    found = crms.hubspot.read(object_type.hubspot, [*keys.values()], []) if keys else {}
    for id, hubspot_id in keys.items():
        is_there = hubspot_id in found
        rebuilt.to_look_at.append(_told(Crm.SALESFORCE, id, hubspot_id, is_there))
        ref = RecordRef(salesforce.objects[id], id)
        yield _wanted(hubspot_id, ref, Crm.HUBSPOT, is_there)


def _wanted(hubspot_id: str, ref: RecordRef, named_in: Crm, is_there: bool) -> Wanted:
    """A record that is not there any more, or not shown to us, leaves a tombstone: else the next
    edit of the one that names it would make it anew."""
    if is_there:
        return Wanted(hubspot_id, ref, look_again=True)
    gone = {
        Crm.HUBSPOT: RecordLink.State.GONE_IN_HUBSPOT,
        Crm.SALESFORCE: RecordLink.State.GONE_IN_SALESFORCE,
    }
    return Wanted(hubspot_id, ref, gone[named_in])


def _told(crm: Crm, id: str, named: str, is_there: bool) -> str:
    names = f"{crm.label} record {id} names {crm.other.label} record {named}, which "
    if is_there:
        return f"{names}names nobody. They are linked, and the next sync writes the missing key."
    return (
        f"{names}is deleted, or not shown to us. Nothing is made in its place. Where there is "
        f"another partner, put the key of {id} right."
    )


def _tell_given_up(given_up: Mapping[int, RecordLink], rebuilt: Rebuilt) -> None:
    """A link may have been given up in one batch and taken up again in another."""
    for link in RecordLink.objects.filter(
        pk__in=given_up, state=RecordLink.State.MERGED_AWAY
    ).order_by("pk"):
        rebuilt.to_look_at.append(
            f"HubSpot record {link.hubspot_id} and Salesforce record {link.salesforce_id} were "
            f"linked. By the keys one of them belongs to another record, so this link was given up."
        )
