"""Which records are associated. Source: hubspot-api.md 8.

A labelled type brings the unlabelled one along; a record has one primary company.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.hubspot.association_types import (
    AssociationType,
    AssociationTypes,
)
from sync_engine.simulators.hubspot.errors import HubSpotError, invalid_json
from sync_engine.simulators.hubspot.kinds import Kind
from sync_engine.simulators.hubspot.table import Table

Side = tuple[str, int]  # plural name, record id
Tables = Mapping[str, Table]  # by plural name


@dataclass(frozen=True, slots=True)
class Link:
    """An association to make. types: at least one."""

    to: Side
    types: tuple[AssociationType, ...]


class Associations:
    """_links: side -> plural name of the others -> their id -> type ids; kept both ways."""

    def __init__(self) -> None:
        self.types = AssociationTypes()
        self._links: dict[Side, dict[str, dict[int, set[int]]]] = {}

    def of(self, side: Side, target: str) -> Mapping[int, set[int]]:
        return self._links.get(side, {}).get(target, {})

    def count(self, side: Side, type_: AssociationType) -> int:
        """Return how many records a record is associated with by this type."""
        linked = self.of(side, type_.target)
        if type_.label is None:
            return len(linked)
        return sum(type_.id in types for types in linked.values())

    def link(self, row_id: int, links: Iterable[Link]) -> None:
        for one in links:
            source = (one.types[0].source, row_id)
            for type_ in one.types:
                self._demote_primary(source, type_)
                self._add(source, one.to, type_)
                default = self.types.default_between(type_.source, type_.target)
                if default is not None:
                    self._add(source, one.to, default)

    def replace(self, row_id: int, link: Link) -> None:
        """Make the association bear exactly these labels."""
        self.unlink((link.types[0].source, row_id), link.to)
        self.link(row_id, [link])

    def unlink(self, source: Side, to: Side) -> None:
        self._links.get(source, {}).get(to[0], {}).pop(to[1], None)
        self._links.get(to, {}).get(source[0], {}).pop(source[1], None)

    def forget(self, side: Side) -> None:
        """Drop every association of a record that is gone."""
        for target, linked in self._links.pop(side, {}).items():
            for to_id in linked:
                self._of_side((target, to_id), side[0]).pop(side[1], None)

    def move(self, plural: str, old_ids: Iterable[int], new_id: int) -> None:
        """Hand the associations of records that were merged to the record that survived."""
        for old_id in old_ids:
            for target, linked in self._links.pop((plural, old_id), {}).items():
                for to_id, types in linked.items():
                    back = self._of_side((target, to_id), plural)
                    back.setdefault(new_id, set()).update(back.pop(old_id, ()))
                    self._of_side((plural, new_id), target).setdefault(to_id, set()).update(types)

    def shown(self, tables: Tables, side: Side, target: str) -> dict[int, set[int]]:
        """Return as `of` does what a client is shown: of records in the bin, and with them, nothing
        until they are restored."""
        plural, row_id = side
        if row_id not in tables[plural].rows:
            return {}
        rows = tables[target].rows
        return {to_id: types for to_id, types in self.of(side, target).items() if to_id in rows}

    def of_record(
        self, tables: Tables, kind: Kind, row_id: int, targets: Sequence[Kind]
    ) -> dict[str, Any]:
        """Return what a record's own answer tells of its associations, by plural name."""
        found: dict[str, Any] = {}
        for target in targets:
            linked = self.shown(tables, (kind.plural, row_id), target.plural)
            name = f"{kind.singular}_to_{target.singular}"
            if linked:
                found[target.plural] = {
                    "results": [{"id": str(one), "type": name} for one in linked]
                }
        return found

    def asked(self, tables: Tables, kind: Kind, sent: Any) -> list[Link]:
        """Read the `associations` of a create; raises HubSpotError."""
        if sent is None:
            return []
        if not isinstance(sent, list):
            raise invalid_json("associations has to be a list")
        return [self._asked_one(tables, kind, one) for one in sent]

    def _asked_one(self, tables: Tables, kind: Kind, sent: Any) -> Link:
        to = sent.get("to") if isinstance(sent, dict) else None
        if not isinstance(to, dict) or not isinstance(to.get("id"), str | int):
            raise invalid_json("Some required fields were not set: [to]")
        types = self.specs(sent.get("types"), kind.plural)
        target = types[0].target
        return Link((target, existing(tables, target, str(to["id"]))), types)

    def specs(
        self, sent: Any, source: str, target: str | None = None
    ) -> tuple[AssociationType, ...]:
        """Read association specs for records of `source`; raises HubSpotError."""
        if not isinstance(sent, list) or not sent:
            raise invalid_json("Some required fields were not set: [types]")
        found: list[AssociationType] = []
        for one in sent:
            type_id = one.get("associationTypeId") if isinstance(one, dict) else None
            category = one.get("associationCategory") if isinstance(one, dict) else None
            type_ = self.types.by_id.get(type_id) if isinstance(type_id, int) else None
            fits = type_ and type_.source == source and target in (None, type_.target)
            if type_ is None or not fits or category != type_.category:
                allowed = [one.id for one in self.types.between(source, target)] if target else []
                raise HubSpotError(
                    400, f"Invalid association type {type_id!r} for {source}. Valid: {allowed}"
                )
            found.append(type_)
        return tuple(found)

    def drop_types(self, source: Side, to: Side, types: Iterable[AssociationType]) -> None:
        """Take labels off an association; without the unlabelled type nothing is left of it."""
        for type_ in types:
            if type_.label is None:
                self.unlink(source, to)
                return
            self._of_side(source, to[0]).get(to[1], set()).discard(type_.id)
            self._of_side(to, source[0]).get(source[1], set()).discard(type_.inverse)

    def drop_label(self, type_id: int) -> None:
        """Delete a label of the account's own; what bore it stays associated."""
        gone = {type_id, self.types.by_id[type_id].inverse}
        self.types.remove(type_id)
        for targets in self._links.values():
            for linked in targets.values():
                for types in linked.values():
                    types -= gone

    def dump(self) -> list[Any]:
        return [
            [*side, target, to_id, sorted(types)]
            for side, targets in self._links.items()
            for target, linked in targets.items()
            for to_id, types in linked.items()
        ]

    def restore(self, state: Iterable[Any]) -> None:
        self._links = {}
        for plural, row_id, target, to_id, types in state:
            self._of_side((plural, row_id), target)[to_id] = set(types)

    def _of_side(self, side: Side, target: str) -> dict[int, set[int]]:
        return self._links.setdefault(side, {}).setdefault(target, {})

    def _add(self, source: Side, to: Side, type_: AssociationType) -> None:
        self._of_side(source, to[0]).setdefault(to[1], set()).add(type_.id)
        self._of_side(to, source[0]).setdefault(source[1], set()).add(type_.inverse)

    def _demote_primary(self, source: Side, type_: AssociationType) -> None:
        if type_.label != "Primary" or type_.target != "companies":
            return
        for company, types in self.of(source, "companies").items():
            types.discard(type_.id)
            self._of_side(("companies", company), source[0])[source[1]].discard(type_.inverse)


def existing(tables: Tables, plural: str, asked: str) -> int:
    """Return the id of a record that is there; raises HubSpotError."""
    if not (asked.isascii() and asked.isdigit() and int(asked[:19]) in tables[plural].rows):
        raise HubSpotError(
            400,
            f"{asked} is not a valid ID",
            sub_category="crm.associations.INVALID_IDENTIFIER",
        )
    return int(asked[:19])
