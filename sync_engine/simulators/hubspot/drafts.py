"""What a write would do, checked but not done: a batch is all or nothing unless it is traced.

Source: hubspot-api.md 4.2, 5.4, 6.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.errors import (
    BadValue,
    HubSpotError,
    already_exists,
    bad_values,
    value_taken,
)
from sync_engine.simulators.hubspot.pipelines import PLACES
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Key, Table, Taken, Write
from sync_engine.simulators.hubspot.users import PORTAL_ID, Author
from sync_engine.simulators.hubspot.values import kept


@dataclass(frozen=True, slots=True)
class Draft:
    """One record's write. row: None for a create. sent: names as the caller sent them."""

    id: int
    row: Row | None
    changes: Mapping[str, str]
    sent: tuple[str, ...]


@dataclass
class Drafts:
    """The drafts of one call. now: milliseconds, one for all of them. claimed: unique values
    that earlier drafts will take."""

    account: Account
    table: Table
    author: Author
    now: int
    claimed: dict[Key, int] = field(default_factory=dict)

    def create(self, sent: Mapping[str, Any]) -> Draft:
        """Check a new record; raises HubSpotError."""
        changes = {name: value for name, value in self._changes(sent, None).items() if value}
        changes = self._only_pipeline() | changes
        self._check_required(changes)
        self._check_stage(changes, None)
        changes |= self.account.consent.followed_by(changes)
        row_id = self.table.new_id()
        self._claim(changes, row_id)
        return Draft(row_id, None, changes, tuple(sent))

    def update(self, row: Row, sent: Mapping[str, Any]) -> Draft:
        """Check a change of a record; raises HubSpotError."""
        changes = self._changes(sent, row)
        self._refuse_without(
            "updating", [name for name in self._wanted() if changes.get(name) == ""]
        )
        self._check_stage(changes, row)
        changes |= self.account.consent.followed_by(changes)
        self._claim(changes, row.id)
        return Draft(row.id, row, changes, tuple(sent))

    def carry_out(self, draft: Draft) -> Row:
        write = Write(draft.changes, self.author, self.now)
        if draft.row is None:
            done = self.table.insert(draft.id, write)
            self.account.note(self.table, draft.id, "create", write)
        else:
            done = self.table.change(draft.row, write)
            self.account.note(self.table, draft.id, "update", write)
        return done

    def _changes(self, sent: Mapping[str, Any], row: Row | None) -> dict[str, str]:
        held = row.values() if row else {}
        properties = self.table.properties.live
        changes: dict[str, str] = {}
        bad: list[BadValue] = []
        for name, value in sent.items():
            one = properties.get(name)
            if one is None:
                said = f'Property "{name}" does not exist'
                bad.append(BadValue(name, "PROPERTY_DOESNT_EXIST", said))
                continue
            found = kept(one, value, held.get(name, ""))
            if isinstance(found, BadValue):
                bad.append(found)
            else:
                changes[name] = found
        blocked = self.account.consent.refused(changes)
        if bad or blocked:
            raise bad_values([*bad, *([blocked] if blocked else [])], PORTAL_ID)
        return self._without_backward_stage(changes, held)

    def _without_backward_stage(
        self, changes: dict[str, str], held: Mapping[str, str]
    ) -> dict[str, str]:
        """A lifecycle stage only moves forward: backwards is ignored without a word."""
        new, old = changes.get("lifecyclestage"), held.get("lifecyclestage")
        if new and old and self.author.source_type != "CRM_UI":
            rank = self.table.properties.live["lifecyclestage"].rank
            if rank[new] < rank.get(old, 0):
                del changes["lifecyclestage"]
        return changes

    def _only_pipeline(self) -> dict[str, str]:
        """Return where a new record goes that does not say so, as long as there is no choice."""
        found = self.account.pipelines.of(self.table.kind.plural)
        return {PLACES[self.table.kind.plural][0]: next(iter(found))} if len(found) == 1 else {}

    def _check_stage(self, changes: Mapping[str, str], row: Row | None) -> None:
        """Raise HubSpotError where a record is put into a stage of another pipeline."""
        place, step = PLACES.get(self.table.kind.plural, ("", ""))
        if place not in changes and step not in changes:
            return
        after = {**(row.values() if row else {}), **changes}
        pipeline = self.account.pipelines.of(self.table.kind.plural).get(after.get(place, ""))
        stage_id = after.get(step, "")
        if pipeline and stage_id and pipeline.stage(stage_id) is None:
            allowed = ", ".join(f'label: "{o.label}"\nvalue: "{o.id}"\n' for o in pipeline.stages)
            said = f"{stage_id} was not one of the allowed options: [{allowed}]"
            raise bad_values([BadValue(step, "INVALID_OPTION", said)], PORTAL_ID)

    def _check_required(self, changes: Mapping[str, str]) -> None:
        place = PLACES.get(self.table.kind.plural, ())[:1]
        wanted = (*self.table.kind.required, *((name,) for name in (*place, *self._wanted())))
        missing = [names for names in wanted if not any(name in changes for name in names)]
        self._refuse_without("creating", [name for names in missing for name in names])

    def _wanted(self) -> tuple[str, ...]:
        """Return what the account's admins want of each record, besides what HubSpot wants."""
        return self.account.required.get(self.table.kind.plural, ())

    def _refuse_without(self, doing: str, missing: Sequence[str]) -> None:
        if missing:
            raise HubSpotError(
                400,
                f"Error {doing} {self.table.kind.legacy}. Some required properties were not set.",
                context={"properties": list(dict.fromkeys(missing))},
            )

    def _claim(self, changes: Mapping[str, str], row_id: int) -> None:
        keys = [key for key in self.table.keys(changes) if key[1]]
        for key in keys:
            owner = self.claimed.get(key)
            if owner is None:
                owner = self.table.owner_of(key)
            if owner is not None and owner != row_id:
                raise self._conflict(Taken(key, owner), row_id)
        self.claimed.update(dict.fromkeys(keys, row_id))

    def _conflict(self, taken: Taken, row_id: int) -> HubSpotError:
        """A create with somebody's first address is a conflict; all else that is taken is not."""
        name, value = taken.key
        owner = self.table.rows.get(taken.owner_id)
        is_new = row_id not in self.table.rows
        primary = owner is None or owner.values().get("email") == value
        if is_new and name == "email" and primary:
            return already_exists(self.table.kind.singular, taken.owner_id)
        coordinates = (
            f"portalId={PORTAL_ID}, objectTypeId=ObjectTypeId{{legacyObjectType="
            f"{self.table.kind.legacy}}}, propertyName={name}, value={value}"
        )
        return value_taken(coordinates, record_id=row_id, owner_id=taken.owner_id)
