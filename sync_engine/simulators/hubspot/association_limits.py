"""How many records one record may be associated with. Source: hubspot-api.md 2.2, 8.1.

A limit belongs to one type and one direction; that of the unlabelled type counts them all. What
was associated before a limit was set stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sync_engine.simulators.hubspot.association_types import MOST_LINKED, AssociationType
from sync_engine.simulators.hubspot.associations import Associations, Link, Side
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.kinds import kind_named

Booking = tuple[Side, int]  # a record and the type of which it takes one more


class Room:
    """What one call may still associate: what is there, and what its earlier inputs will take."""

    def __init__(self, associations: Associations) -> None:
        self._associations = associations
        self._booked: Counter[Booking] = Counter()

    def wanted(self, source: Side, links: Iterable[Link]) -> list[Booking]:
        """Return what `links` of `source` would take; raises HubSpotError where it is too much."""
        bookings: list[Booking] = []
        for link in links:
            for type_ in self._with_default(link):
                inverse = self._associations.types.by_id[type_.inverse]
                if not _replaces_another(type_):
                    bookings += self._one(source, link.to, type_)
                bookings += self._one(link.to, source, inverse)
        for (side, type_id), count in Counter(bookings).items():
            self._refuse_beyond(side, self._associations.types.by_id[type_id], count)
        return bookings

    def book(self, bookings: Iterable[Booking]) -> None:
        self._booked.update(bookings)

    def _with_default(self, link: Link) -> list[AssociationType]:
        first = link.types[0]
        default = self._associations.types.default_between(first.source, first.target)
        return list(dict.fromkeys([*link.types, *([default] if default else [])]))

    def _one(self, side: Side, other: Side, type_: AssociationType) -> list[Booking]:
        there = self._associations.of(side, other[0]).get(other[1], ())
        return [] if type_.id in there else [(side, type_.id)]

    def _refuse_beyond(self, side: Side, type_: AssociationType, count: int) -> None:
        most = self._associations.types.limit_of(type_)
        if most is None:
            return
        held = self._associations.count(side, type_) + self._booked[side, type_.id]
        if held + count > most:
            record = f"{kind_named(side[0]).singular} {side[1]}"
            as_what = f" as {type_.label}" if type_.label else ""
            raise HubSpotError(
                400,
                f"The association limit was reached: {record} can be associated with {most} "
                f"{type_.target} at most{as_what}.",
                context={"objectId": [str(side[1])], "limit": [str(most)]},
            )


def _replaces_another(type_: AssociationType) -> bool:
    """Say whether the new one takes the place of the old: a record has one primary company."""
    return type_.label == "Primary" and type_.target == "companies"


def check_limit(associations: Associations, type_: AssociationType, most: int) -> None:
    """Raise HubSpotError where `most` does not go with the other limits of the pair.

    A label's limit is at most that of the unlabelled type, which is at most the account's.
    """
    if not 1 <= most <= MOST_LINKED:
        raise HubSpotError(400, f"maxToObjectIds has to be from 1 to {MOST_LINKED}")
    types = associations.types
    pair = types.between(type_.source, type_.target)
    if type_.label is None:
        least = max((types.limit_of(one) or 0 for one in pair if one.label), default=0)
        if most < least:
            said = f"maxToObjectIds has to be {least} at least, the limit of a label"
            raise HubSpotError(400, said)
        return
    default = types.default_between(type_.source, type_.target)
    whole = types.limit_of(default) if default else None
    if whole is not None and most > whole:
        said = f"maxToObjectIds has to be from 1 to {whole}, the limit of the objects"
        raise HubSpotError(400, said)
