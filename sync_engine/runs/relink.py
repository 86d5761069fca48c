"""Setting the links of one object type to what the keys say (sync.md 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from sync_engine.core.values import Crm, RecordRef
from sync_engine.models import Connection, RecordChange, RecordLink


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a link shall be.

    look_again  whether the next poll shall read both records, though neither has changed
    """

    hubspot_id: str
    salesforce: RecordRef
    state: RecordLink.State = RecordLink.State.LIVE
    look_again: bool = False

    def is_met_by(self, link: RecordLink) -> bool:
        return self._row() == (link.hubspot_id, link.salesforce_id, link.state)

    def _row(self) -> tuple[str, str, str]:
        return self.hubspot_id, self.salesforce.id, self.state


@dataclass(slots=True)
class Relinked:
    """What one batch needs. heirs: {a lone link that gives way: the one that stays}"""

    counts: Counter[str] = field(default_factory=Counter)
    changed: list[RecordLink] = field(default_factory=list)
    new: list[RecordLink] = field(default_factory=list)
    heirs: dict[int, int] = field(default_factory=dict)
    given_up: dict[int, RecordLink] = field(default_factory=dict)


@transaction.atomic
def relink(
    connection: Connection, object_type: str, wanted: Sequence[Wanted], now: datetime
) -> Relinked:
    """Make, complete, re-point or revive links until all that is wanted is there.

    A live link that stands in the way is given up: its other record belongs to nobody we know,
    and nothing is made for it.
    """
    ids = {
        Crm.HUBSPOT: [one.hubspot_id for one in wanted],
        Crm.SALESFORCE: [one.salesforce.id for one in wanted],
    }
    links = RecordLink.objects.of(connection.pk, object_type).naming(ids).order_by("pk")
    known = _by_id(links.select_for_update())
    done, used = Relinked(), set[int]()
    for one in wanted:
        _meet(done, used, one, _naming(known, one), now)
    for pk in used:
        done.given_up.pop(pk, None)
    for link in done.new:
        link.connection, link.object_type = connection, object_type
    _save(done)
    return done


def _by_id(links: Iterable[RecordLink]) -> dict[str, list[RecordLink]]:
    found: dict[str, list[RecordLink]] = {}
    for link in links:
        for id in (link.hubspot_id, link.salesforce_id):
            if id is not None:
                found.setdefault(id, []).append(link)
    return found


def _naming(known: dict[str, list[RecordLink]], one: Wanted) -> list[RecordLink]:
    """Return the links that name either record, the fittest first."""
    both = known.get(one.hubspot_id, []) + known.get(one.salesforce.id, [])
    links = {link.pk: link for link in both}
    return sorted(links.values(), key=lambda link: _fitness(link, one), reverse=True)


def _fitness(link: RecordLink, one: Wanted) -> tuple[bool, bool, bool]:
    names_hubspots = link.hubspot_id == one.hubspot_id
    return names_hubspots and link.salesforce_id == one.salesforce.id, link.is_open, names_hubspots


def _meet(
    done: Relinked, used: set[int], one: Wanted, links: Sequence[RecordLink], now: datetime
) -> None:
    """Choose the link that shall be as wanted; a tombstone of another pair is left alone."""
    if one.state != RecordLink.State.LIVE and links:
        return
    fit = [
        link
        for link in links
        if link.pk not in used and (link.is_open or link.hubspot_id == one.hubspot_id)
    ]
    if not fit:
        done.new.append(_as_wanted(RecordLink(), one, now))
        done.counts["new"] += 1
        return
    link = fit[0]
    used.add(link.pk)
    _give_up(done, [other for other in fit[1:] if other.is_open], link)
    if one.is_met_by(link):
        done.counts["unchanged"] += 1
        return
    done.counts[_deed(link)] += 1
    done.changed.append(_as_wanted(link, one, now))
    link.look_again = True


def _deed(link: RecordLink) -> str:
    if link.state == RecordLink.State.PENDING:
        return "completed"
    return "re-pointed" if link.is_open else "revived"


def _as_wanted(link: RecordLink, one: Wanted, now: datetime) -> RecordLink:
    link.hubspot_id, link.salesforce_id = one.hubspot_id, one.salesforce.id
    link.salesforce_object, link.state = one.salesforce.object_name, one.state
    link.since, link.look_again = now, one.look_again
    link.gone_at, link.delete_after, link.first_seen = None, None, {}
    return link


def _give_up(done: Relinked, others: Iterable[RecordLink], heir: RecordLink) -> None:
    for other in others:
        if other.state == RecordLink.State.PENDING:
            done.heirs[other.pk] = heir.pk
        else:
            done.given_up[other.pk] = other


def _save(done: Relinked) -> None:
    """Two links may change places: first both are taken out of each other's way."""
    away = [*done.given_up, *(link.pk for link in done.changed)]
    RecordLink.objects.filter(pk__in=away).update(state=RecordLink.State.MERGED_AWAY)
    RecordChange.objects.hand_over(done.heirs)
    RecordLink.objects.filter(pk__in=done.heirs).delete()
    columns = [
        "hubspot_id", "salesforce_id", "salesforce_object", "state", "since", "look_again",
        "gone_at", "delete_after", "first_seen",
    ]  # fmt: skip
    RecordLink.objects.bulk_update(done.changed, columns, batch_size=500)
    RecordLink.objects.bulk_create(done.new, batch_size=500)
