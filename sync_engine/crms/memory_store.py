"""What the CRM in memory does with its records: it checks, stores, stamps, merges.

Values are stored as that CRM stores them (sync.md 1, "Equal").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from sync_engine.core import error_types as types
from sync_engine.core.convert import CannotConvert, stored_as
from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.errors import CrmError, ErrorType, Problem
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.spelling import id_of_18
from sync_engine.core.values import Crm, Record, RecordRef, Value
from sync_engine.crms.base import Asked, ChangedRow
from sync_engine.crms.memory_fields import FIELDS, AnyText

_PREFIXES = {"Account": "001", "Contact": "003", "Lead": "00Q"}
_A_MILLISECOND = timedelta(milliseconds=1)
OPTED_OUT = "hs_email_optout"
STAGE = "lifecyclestage"
_LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)


@dataclass
class Stored:
    """
    edited_at  {field: when somebody else than us last edited it}
    became     the record in which it lives on: merged into, or converted to
    absorbed   ids of the records that were merged into it
    addresses  a HubSpot contact's second addresses: those of the records it absorbed
    """

    id: str
    values: dict[str, Value] = field(default_factory=dict)
    at: datetime = _LONG_AGO
    edited_at: dict[str, datetime] = field(default_factory=dict)
    is_deleted: bool = False
    became: RecordRef | None = None
    absorbed: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()

    def bears(self, name: str) -> frozenset[str]:
        """Return what it is found by in a field, in small letters: of e-mail, all its addresses."""
        own = frozenset({str(self.values.get(name) or "").casefold()} - {""})
        return own | self.addresses if name == "email" else own


class Refused(Exception):
    """owner: the record that holds a unique value already."""

    def __init__(self, problem: Problem, owner: str | None = None) -> None:
        super().__init__(problem.type.slug)
        self.problem, self.owner = problem, owner


@contextmanager
def refusals_raised() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise CrmError(refused.problem) from refused


class MemoryStore:
    def __init__(
        self,
        crm: Crm,
        clock: Callable[[], datetime],
        fields: Mapping[str, Mapping[str, Field]],
    ) -> None:
        self.crm, self._clock = crm, clock
        self.fields: dict[str, Mapping[str, Field]] = defaultdict(AnyText)
        self.fields.update(FIELDS[crm] | dict(fields))
        self.rows: dict[str, dict[str, Stored]] = defaultdict(dict)
        self.defaults: dict[str, Value] = {}  # what a new record holds, where it is given nothing
        self.opted_out: set[str] = set()  # addresses: who bears one shows it
        self._unique = {("contacts", "email")} if crm is Crm.HUBSPOT else set()
        self._latest = _LONG_AGO
        self._made = 0

    def now(self) -> datetime:
        now = self._clock()
        if self.crm is Crm.SALESFORCE:
            return now.replace(microsecond=0)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def add_key(self, object_name: str, name: str, label: str) -> None:
        self.add_field(object_name, Field(name, label, FieldKind.TEXT, "string", max_length=32))
        self._unique.add((object_name, name))

    def add_field(self, object_name: str, field: Field) -> None:
        known = self.fields[object_name]
        if field.name not in known:
            self.fields[object_name] = {**known, field.name: field}

    def add_options(self, object_name: str, name: str, values: Collection[str]) -> None:
        """Add what a dropdown lacks to its options; raises Refused."""
        known = self.fields[object_name]
        if name not in known:
            self._refuse(types.MAPPING, f"No such property: {name}", name)
        options = tuple(dict.fromkeys((*known[name].options, *values)))
        self.fields[object_name] = {**known, name: replace(known[name], options=options)}

    def living(self, object_name: str) -> list[Stored]:
        return [stored for stored in self.rows[object_name].values() if not stored.is_deleted]

    def get(self, object_name: str, id: str) -> Stored:
        """Return a living record; raises Refused."""
        stored = self.rows[object_name].get(id)
        if stored is None or stored.is_deleted:
            self._refuse(types.DELETED, "The record is deleted.")
        return stored

    def owner(self, object_name: str, name: str, value: Value) -> Stored | None:
        """Return the living record that holds `value` in a unique field, in whatever case."""
        if value is None:
            return None
        wanted = str(value).casefold()
        held_by = {text: one for one in self.living(object_name) for text in one.bears(name)}
        return held_by.get(wanted)

    def record(self, object_name: str, stored: Stored, fields: Collection[str]) -> Record:
        known = self.fields[object_name]
        values = {
            name: stored.values.get(name, known[name].blank_is) for name in fields if name in known
        }
        values |= {name: self._of_parent(stored, name) for name in fields if "." in name}
        traces = (stored.became, stored.absorbed)
        return Record(self.crm, object_name, stored.id, values, stored.at, stored.at, *traces)

    def changed(self, asked: Asked) -> list[ChangedRow]:
        """HubSpot's search is an index: no values, and nothing of archived records."""
        rows = []
        for stored in self.rows[asked.object_name].values():
            parent = self._parent(stored, asked.parent)
            if max(stored.at, parent.at if parent else stored.at) < asked.since:
                continue
            if self.crm is Crm.SALESFORCE:
                record = self.record(asked.object_name, stored, asked.fields)
                flags = (stored.is_deleted, stored.became)
                rows.append(ChangedRow(stored.id, stored.at, record, *flags))
            elif not stored.is_deleted:
                rows.append(ChangedRow(stored.id, stored.at))
        return sorted(rows, key=lambda row: (row.stamp, row.id))

    def _parent(self, stored: Stored, lookup: str) -> Stored | None:
        return self.rows[lookup].get(str(stored.values.get(f"{lookup}Id"))) if lookup else None

    def _of_parent(self, stored: Stored, name: str) -> Value:
        lookup, _, field = name.partition(".")
        parent = self._parent(stored, lookup)
        blank = self.fields[lookup][field].blank_is
        return parent.values.get(field, blank) if parent else None

    def write(self, object_name: str, stored: Stored | None, values: Mapping[str, Value]) -> Stored:
        """Create or update a record. Everything is checked first; raises Refused."""
        if stored is not None and stored.became is not None:
            self._refuse(types.DELETED, "The lead is converted.")
        if stored is None:
            known = set(self.fields[object_name])
            values = {n: v for n, v in self.defaults.items() if n in known} | dict(values)
        new = {name: self._as_stored(object_name, name, value) for name, value in values.items()}
        self._require(object_name, (stored.values if stored else {}) | new)
        self._keep_unique(object_name, stored, new)
        stored = stored or self._new(object_name)
        self._keep_stage(object_name, stored, new)
        if object_name == "contacts" and new.get("email") in self.opted_out:
            new[OPTED_OUT] = True
        stored.values |= new
        stored.at = self._tick()
        return stored

    def opt(self, address: str, *, out: bool) -> None:
        """Opt an address out of all e-mail, or in again; its contact shows it."""
        (self.opted_out.add if out else self.opted_out.discard)(address)
        found = self.owner("contacts", "email", address)
        if found is not None and bool(found.values.get(OPTED_OUT)) is not out:
            found.values[OPTED_OUT], found.at = out, self._tick()

    def delete(self, object_name: str, id: str) -> None:
        stored = self.get(object_name, id)
        stored.is_deleted, stored.at = True, self._tick()

    def restore(self, object_name: str, id: str) -> None:
        stored = self.rows[object_name][id]
        stored.is_deleted, stored.at = False, self._tick()

    def merge(self, object_name: str, winner: str, loser: str) -> str:
        """Merge two records and return the survivor's id: a new one in HubSpot, which names those
        that it absorbed."""
        kept, lost = self.get(object_name, winner), self.get(object_name, loser)
        values = lost.values | {k: v for k, v in kept.values.items() if v is not None}
        survivor = self._new(object_name) if self.crm is Crm.HUBSPOT else kept
        for stored in (kept, lost):
            if stored is not survivor:
                stored.is_deleted, stored.became = True, RecordRef(object_name, survivor.id)
                stored.at = self._tick()
        if self.crm is Crm.HUBSPOT:
            survivor.absorbed = (*kept.absorbed, *lost.absorbed, kept.id, lost.id)
            survivor.addresses = kept.bears("email") | lost.bears("email")
        survivor.values, survivor.at = values, self._tick()
        return survivor.id

    def convert(self, lead: str, contact: str) -> None:
        """Let a lead live on in a contact: nobody can edit it any more."""
        stored = self.get("Lead", lead)
        stored.became, stored.at = RecordRef("Contact", contact), self._tick()

    def _tick(self) -> datetime:
        """Return the time of a write: whole seconds, or milliseconds that strictly increase."""
        now = self.now()
        if self.crm is Crm.HUBSPOT:
            now = max(now, self._latest + _A_MILLISECOND)
        self._latest = now
        return now

    def _new(self, object_name: str) -> Stored:
        self._made += 1
        if self.crm is Crm.HUBSPOT:
            stored = Stored(str(500 + self._made))
        else:
            stored = Stored(id_of_18(f"{_PREFIXES.get(object_name, 'a0x')}{self._made:012}"))
        self.rows[object_name][stored.id] = stored
        return stored

    def _as_stored(self, object_name: str, name: str, value: Value) -> Value:
        known = self.fields[object_name]
        if name not in known:
            unknown = types.MAPPING if self.crm is Crm.HUBSPOT else types.FIELD_PERMISSION
            self._refuse(unknown, f"No such field: {name}", name)
        if not known[name].writable:
            self._refuse(types.FIELD_PERMISSION, f"{name} is read-only.", name)
        try:
            new = stored_as(value, known[name])
        except CannotConvert as error:
            self._refuse(ERROR_TYPES[error.slug], str(error), name)
        if known[name].kind is FieldKind.EMAIL and new is not None and not _is_address(str(new)):
            self._refuse(types.INVALID_EMAIL, f"{name}: invalid email address", name)
        return new

    def _keep_stage(self, object_name: str, stored: Stored, new: dict[str, Value]) -> None:
        """A lifecycle stage that comes before the one held is ignored, without an error."""
        order = self.fields[object_name][STAGE].options if new.get(STAGE) else ()
        before = stored.values.get(STAGE)
        if before in order and order.index(str(before)) > order.index(str(new[STAGE])):
            del new[STAGE]

    def _require(self, object_name: str, values: Mapping[str, Value]) -> None:
        for name, declared in self.fields[object_name].items():
            if declared.is_required and values.get(name) is None:
                self._refuse(types.REQUIRED_FIELD, f"Required fields are missing: [{name}]", name)

    def _keep_unique(
        self, object_name: str, stored: Stored | None, new: Mapping[str, Value]
    ) -> None:
        for name, value in new.items():
            if (object_name, name) not in self._unique:
                continue
            owner = self.owner(object_name, name, value)
            if owner is not None and owner is not stored:
                type_ = types.EMAIL_IN_USE if name == "email" else types.VALUE_IN_USE
                self._refuse(type_, f"{owner.id} already has that value.", name, owner.id)

    def _refuse(
        self, type_: ErrorType, message: str, name: str = "", owner: str | None = None
    ) -> NoReturn:
        fields = (name,) if name else ()
        raise Refused(Problem(self.crm, type_, message=message, fields=fields), owner)


def _is_address(text: str) -> bool:
    mailbox, at, domain = text.partition("@")
    return bool(mailbox and at and "." in domain) and " " not in text
