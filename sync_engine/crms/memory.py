"""A CRM in memory behind the same door as the real ones: the reference for what they do.

It stores values as that CRM does, counts its calls, and can be edited by a person and told to
misbehave. One contract suite holds it, the simulators and the real CRMs to the same behaviour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sync_engine.core import error_types as types
from sync_engine.core.allocation import Cause
from sync_engine.core.checks import Granted
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.fields import Field
from sync_engine.core.owners import Owner
from sync_engine.core.values import Crm, Record, Value
from sync_engine.crms.base import AccountIdentity, Asked, Changes, Fate, Outcome, Row
from sync_engine.crms.memory_consent import MemoryConsent
from sync_engine.crms.memory_granted import IDENTITIES, MemoryRights
from sync_engine.crms.memory_history import MemoryHistory
from sync_engine.crms.memory_lists import MemoryLists
from sync_engine.crms.memory_owners import MemoryOwners
from sync_engine.crms.memory_store import MemoryStore, Refused, Stored, refusals_raised
from sync_engine.crms.metered import Meter


class MemoryCrm:
    """
    clock   the CRM's own, aware UTC
    fields  {object name: {field name: Field}} beside or instead of `memory_fields.FIELDS`;
            an object that is in neither takes any text field
    calls   {method: how often it was called}; every call of a method is one API call
    """

    def __init__(
        self,
        crm: Crm,
        clock: Callable[[], datetime],
        fields: Mapping[str, Mapping[str, Field]] | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.crm = crm
        self.ahead = timedelta()  # what a test says of this CRM's clock
        self.write_batch = 100 if crm is Crm.HUBSPOT else 200
        self.calls: Counter[str] = Counter()
        self.lists = MemoryLists()
        self._described: set[str] = set()
        self._store = MemoryStore(crm, clock, fields or {})
        self.history = MemoryHistory(self._store)
        self._meter = meter
        self.rights = MemoryRights(crm)
        self.consent = MemoryConsent(self._store, self.rights, self._called, self._outcomes)
        self.staff = MemoryOwners(crm)
        self._store.defaults |= self.staff.of_new_records
        self._refusing: list[Problem] = []
        self._failing: list[Problem] = []
        self._losing: list[str] = []

    # The door

    def identity(self) -> AccountIdentity:
        self._called("identity", Cause.DESCRIBE)
        return IDENTITIES[self.crm]

    def fields(self, object_name: str) -> Mapping[str, Field]:
        if object_name not in self._described:
            self._called("fields", Cause.DESCRIBE)
            self._described.add(object_name)
        return self._store.fields[object_name]

    def granted(self, object_names: Collection[str]) -> Granted:
        self._called("granted", Cause.DESCRIBE)
        return self.rights.granted(object_names, self._store)

    def owners(self) -> Sequence[Owner]:
        if not self.calls["owners"]:
            self._called("owners", Cause.DESCRIBE)
        self.rights.check_owners()
        return self.staff.hired

    def ensure_key(self, object_name: str, name: str, label: str) -> None:
        self._called("ensure_key", Cause.DESCRIBE)
        self.rights.check_fields(object_name)
        self._store.add_key(object_name, name, label)

    def create_property(self, object_name: str, field: Field) -> None:
        self._called("create_property", Cause.DESCRIBE)
        self.rights.check_fields(object_name)
        self._store.add_field(object_name, field)

    def add_options(self, object_name: str, name: str, values: Collection[str]) -> None:
        self._called("add_options", Cause.DESCRIBE)
        self.rights.check_fields(object_name)
        with refusals_raised():
            self._store.add_options(object_name, name, values)

    def changed(self, asked: Sequence[Asked]) -> Changes:
        self._called("changed", Cause.POLLING)
        rows = {one.object_name: self._store.changed(one) for one in asked}
        return Changes(rows, until=self._store.now())

    def read(
        self, object_name: str, ids: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Record]:
        self._called("read", Cause.READING)
        return {
            id: self._store.record(object_name, stored, fields)
            for stored in self._store.living(object_name)
            for id in {stored.id, *stored.absorbed} & {*ids}
        }

    def fates(self, object_name: str, ids: Collection[str]) -> Mapping[str, Fate]:
        self._called("fates", Cause.READING)
        rows = self._store.rows[object_name]
        found = {id: Fate(rows[id].is_deleted, rows[id].became) for id in ids if id in rows}
        if self.crm is Crm.SALESFORCE:
            return found
        return {id: Fate(is_deleted=True) for id, fate in found.items() if fate == Fate(True)}

    def holders(self, object_name: str, name: str, after: str) -> Sequence[str]:
        self._called("holders", Cause.READING)
        held = [row.id for row in self._store.living(object_name) if row.values.get(name)]
        return [id for id in sorted(held) if id > after][:200]

    def find(
        self, object_name: str, by: str, values: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Sequence[Record]]:
        self._called("find", Cause.READING)
        asked, found = {value.strip().casefold(): value for value in values}, defaultdict(list)
        for stored in self._store.living(object_name):
            for text in asked.keys() & stored.bears(by):
                record = self._store.record(object_name, stored, {by, *fields})
                found[asked[text]].append(record)
        return found

    def forebears(self, object_name: str, ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        if self.crm is Crm.HUBSPOT:
            return {}
        self._called("forebears", Cause.READING)
        found = defaultdict(list)
        for name in (object_name, "Lead"):
            for stored in self._store.rows[name].values():
                heir = stored.became
                if heir and heir.object_name == object_name and heir.id in ids:
                    found[heir.id].append(stored.id)
        return found

    def edited_at(
        self, object_name: str, fields_by_id: Mapping[str, Collection[str]]
    ) -> Mapping[str, Mapping[str, datetime]]:
        if not self.history.is_kept(object_name):
            return {}
        self._called("edited_at", Cause.READING)
        return self.history.edited_at(object_name, fields_by_id)

    def create(self, object_name: str, rows: Sequence[Row], key_field: str) -> Sequence[Outcome]:
        self._called("create", Cause.WRITING)
        return self._upsert(object_name, rows, key_field)

    def create_assigned(
        self, object_name: str, rows: Sequence[Row], key_field: str
    ) -> Sequence[Outcome]:
        self._called("create_assigned", Cause.WRITING)
        return self._upsert(object_name, list(map(self.staff.assigned, rows)), key_field)

    def _upsert(self, object_name: str, rows: Sequence[Row], key_field: str) -> Sequence[Outcome]:
        def upsert(row: Row) -> Outcome:
            found = self._store.owner(object_name, key_field, row.key) if key_field else None
            keyed = {key_field: row.key} if key_field else {}
            stored = self._store.write(object_name, found, {**row.values, **keyed})
            return Outcome(stored.id, found is None, self._held(stored, row))

        return self._outcomes(rows, upsert)

    def update(self, object_name: str, rows: Sequence[Row]) -> Sequence[Outcome]:
        self._called("update", Cause.WRITING)

        def write(row: Row) -> Outcome:
            found = self._store.get(object_name, row.id or "")
            stored = self._store.write(object_name, found, row.values)
            return Outcome(stored.id, held=self._held(stored, row))

        return self._outcomes(rows, write)

    def archive(self, object_name: str, ids: Sequence[str]) -> Sequence[Outcome]:
        self._called("archive", Cause.WRITING)

        def bin_one(row: Row) -> Outcome:
            stored = self._store.rows[object_name].get(row.id or "")
            if stored is not None and not stored.is_deleted:
                self._store.delete(object_name, stored.id)
            return Outcome(row.id)

        return self._outcomes([Row({}, id=id) for id in ids], bin_one)

    # What a person does in the CRM's own screens; raises CrmError where the CRM refuses it

    def person_creates(self, object_name: str, values: Mapping[str, Value]) -> str:
        with refusals_raised():
            stored = self._store.write(object_name, None, values)
        self.history.created(stored, values)
        return stored.id

    def person_edits(self, object_name: str, id: str, values: Mapping[str, Value]) -> None:
        with refusals_raised():
            found = self._store.get(object_name, id)
            before = dict(found.values)
            stored = self._store.write(object_name, found, values)
        edited = [name for name in values if stored.values[name] != before.get(name)]
        self.history.edited(object_name, stored, edited)

    def person_deletes(self, object_name: str, id: str) -> None:
        with refusals_raised():
            self._store.delete(object_name, id)

    def person_restores(self, object_name: str, id: str) -> None:
        """Bring a deleted record back from the recycle bin."""
        self._store.restore(object_name, id)

    def person_merges(self, object_name: str, winner: str, loser: str) -> str:
        """Merge two records and return the survivor's id: a new one in HubSpot."""
        with refusals_raised():
            return self._store.merge(object_name, winner, loser)

    def person_converts(self, lead: str, contact: str) -> None:
        """Convert a lead to a contact that is there."""
        with refusals_raised():
            self._store.convert(lead, contact)

    def person_erases(self, object_name: str, id: str) -> None:
        """Delete a record for good, for privacy: the CRM knows nothing of it any more."""
        del self._store.rows[object_name][id]

    def values_of(self, object_name: str, id: str) -> dict[str, Value]:
        """Return what a living record holds, as a person sees it; costs no call."""
        with refusals_raised():
            return dict(self._store.get(object_name, id).values)

    def ids_of(self, object_name: str) -> list[str]:
        """Return the ids of the living records, in the order of their creation; costs no call."""
        return [stored.id for stored in self._store.living(object_name)]

    # What goes wrong

    def refuse_next(self, problem: Problem) -> None:
        """Refuse the next row that we write."""
        self._refusing.append(problem)

    def fail_next(self, problem: Problem) -> None:
        """Fail the next call as a whole, whatever it is; nothing is carried out."""
        self._failing.append(problem)

    def lose_next_write(self) -> None:
        """Let the next write never arrive: its outcome is in doubt."""
        self._losing.append("write")

    def lose_next_answer(self) -> None:
        """Carry the next write out and drop the connection: its outcome is in doubt."""
        self._losing.append("answer")

    # Inside

    def _called(self, method: str, cause: Cause) -> None:
        if self._meter is not None:
            self._meter.reserve(self.crm, cause)
        self.calls[method] += 1
        if self._failing:
            raise CrmError(self._failing.pop(0))

    def _held(self, stored: Stored, row: Row) -> Mapping[str, Value]:
        """Only HubSpot's answer to a write says what it holds."""
        if self.crm is Crm.SALESFORCE:
            return {}
        return {name: stored.values[name] for name in row.values}

    def _outcomes(
        self, rows: Sequence[Row], write_one: Callable[[Row], Outcome]
    ) -> Sequence[Outcome]:
        lost = self._losing.pop(0) if self._losing else ""
        outcomes = [] if lost == "write" else [self._outcome(row, write_one) for row in rows]
        if not lost:
            return outcomes
        problem = Problem(self.crm, types.TEMPORARY, message="The connection was dropped.")
        return [Outcome(row.id, problem=problem, in_doubt=True) for row in rows]

    def _outcome(self, row: Row, write_one: Callable[[Row], Outcome]) -> Outcome:
        if self._refusing:
            return Outcome(row.id, problem=self._refusing.pop(0))
        try:
            return write_one(row)
        except Refused as refused:
            return Outcome(refused.owner or row.id, problem=refused.problem)
