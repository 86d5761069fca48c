"""HubSpot behind the door, in batches of a hundred.

Source: hubspot-api.md 5 (records), 6 (properties), 7 (search), 11 and 13 (who answers).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sync_engine.core.allocation import Cause
from sync_engine.core.checks import Granted
from sync_engine.core.fields import Field
from sync_engine.core.owners import Owner
from sync_engine.core.values import Crm, Record, Value
from sync_engine.crms.access import Hosts, TokenSource
from sync_engine.crms.base import AccountIdentity, Asked, ChangedRow, Changes, Fate, Outcome, Row
from sync_engine.crms.batches import batches, write
from sync_engine.crms.described import Cache, Described
from sync_engine.crms.hubspot_account import about, granted, identity
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_batch import outcomes, with_owner
from sync_engine.crms.hubspot_consent import HubspotConsent
from sync_engine.crms.hubspot_fates import fate_of
from sync_engine.crms.hubspot_fields import (
    ADDRESSES,
    MERGED,
    bearing,
    encoded,
    fields_of,
    moment,
    record_of,
    stamp_property,
)
from sync_engine.crms.hubspot_lists import HubspotLists
from sync_engine.crms.hubspot_owners import owners
from sync_engine.crms.hubspot_paths import path
from sync_engine.crms.hubspot_properties import (
    add_options,
    definition_of,
    key_definition,
    make_property,
)
from sync_engine.crms.hubspot_search import holders, pages
from sync_engine.crms.known_owners import known_owners
from sync_engine.crms.metered import Meter
from sync_engine.crms.pace import Pace

_ROWS_A_BATCH = 100
_HISTORIES_A_BATCH = 50

# The search index shows a change some seconds after it was made.
_UNSURE = timedelta(seconds=15)

_A_DAY = 86_400


class HubspotClient:
    crm = Crm.HUBSPOT
    write_batch = _ROWS_A_BATCH

    def __init__(
        self, tokens: TokenSource, hosts: Hosts, meter: Meter, cache: Cache, pace: Pace
    ) -> None:
        self._api = HubspotApi(tokens, hosts, meter, pace)
        self._account, self._cache = tokens.account, cache
        self.lists = HubspotLists(self._api)
        self.consent = HubspotConsent(self._api)
        self._described = Described(cache, tokens.account, self._definitions)

    def identity(self) -> AccountIdentity:
        return identity(self._api)

    def granted(self, object_names: Collection[str]) -> Granted:
        return granted(self._api, self._described)

    @property
    def ahead(self) -> timedelta:
        return self._api.clock.ahead

    def fields(self, object_name: str) -> Mapping[str, Field]:
        return self._described.known(object_name)

    def owners(self) -> Sequence[Owner]:
        """One call for 500 owners, and one for 500 archived ones."""
        return known_owners(self._cache, self._account, lambda: owners(self._api))

    def ensure_key(self, object_name: str, name: str, label: str) -> None:
        if name not in self._described.fresh(object_name):
            make_property(self._api, object_name, key_definition(name, label))
            self._described.fresh(object_name)

    def create_property(self, object_name: str, field: Field) -> None:
        if field.name not in self._described.fresh(object_name):
            make_property(self._api, object_name, definition_of(field))
            self._described.fresh(object_name)

    def add_options(self, object_name: str, name: str, values: Collection[str]) -> None:
        add_options(self._api, object_name, name, values)
        self._described.fresh(object_name)

    def changed(self, asked: Sequence[Asked]) -> Changes:
        """One call for every 200 rows of an object; ids and stamps only."""
        rows: dict[str, Sequence[ChangedRow]] = {}
        until: list[datetime] = []
        for one in asked:
            found = []
            for page in pages(self._api, one):
                until.append(self._api.clock.answered - _UNSURE)
                found += page
            rows[one.object_name] = sorted(found, key=lambda row: row.stamp)
        return Changes(rows, until=min(until))

    def read(
        self, object_name: str, ids: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Record]:
        """One call for 100 ids. Who asks for a record that was merged is answered with the
        survivor (hubspot-api.md 9)."""
        records: dict[str, Record] = {}
        for group in batches(ids, _ROWS_A_BATCH):
            for row in self._batch_read(object_name, group, {*fields, MERGED}, {}):
                record = self._record(object_name, row, fields)
                records |= dict.fromkeys({record.id, *record.absorbed} & {*group}, record)
        return records

    def fates(self, object_name: str, ids: Collection[str]) -> Mapping[str, Fate]:
        """One call for 100 ids, and one more for each that the recycle bin does not know."""
        found = {
            str(row["id"]): Fate(is_deleted=True)
            for group in batches(ids, _ROWS_A_BATCH)
            for row in self._batch_read(object_name, group, (), {}, archived=True)
        }
        for id in set(ids) - found.keys():
            if (fate := fate_of(self._api, object_name, id)) is not None:
                found[id] = fate
        return found

    def holders(self, object_name: str, name: str, after: str) -> Sequence[str]:
        """One call for 200 ids."""
        return holders(self._api, object_name, name, after=after or "0")

    def find(
        self, object_name: str, by: str, values: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Sequence[Record]]:
        """One call for 100 values. An e-mail also finds who bears it as a second address."""
        asked, found = {value.strip().lower(): value for value in values}, dict[str, list[Record]]()
        properties = {by, *fields, MERGED, *([ADDRESSES] if by == "email" else [])}
        sent = asked if by == "email" else asked.values()
        for group in batches(sent, _ROWS_A_BATCH):
            for row in self._batch_read(object_name, group, properties, {"idProperty": by}):
                record = self._record(object_name, row, {by, *fields})
                for value in asked.keys() & {*bearing(row, by)}:
                    found.setdefault(asked[value], []).append(record)
        return found

    def forebears(self, object_name: str, ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Return {}: a HubSpot record names its own."""
        return {}

    def edited_at(
        self, object_name: str, fields_by_id: Mapping[str, Collection[str]]
    ) -> Mapping[str, Mapping[str, datetime]]:
        """One call for 50 ids; entries of our own app's writes are left out."""
        times: dict[str, dict[str, datetime]] = {}
        for ids in batches(fields_by_id, _HISTORIES_A_BATCH):
            names = sorted({name for id in ids for name in fields_by_id[id]})
            extra = {"propertiesWithHistory": names}
            for row in self._batch_read(object_name, ids, (), extra):
                id = str(row["id"])
                times[id] = self._edits(row, fields_by_id.get(id, ()))
        return times

    def create(self, object_name: str, rows: Sequence[Row], key_field: str) -> Sequence[Outcome]:
        def send(rows: Sequence[Row]) -> Sequence[Outcome]:
            inputs = [
                {
                    "objectWriteTraceId": str(place),
                    "properties": _properties(row.values),
                    **(_keyed(row, key_field) if key_field else {"associations": []}),
                }
                for place, row in enumerate(rows)
            ]
            kind = "batch/upsert" if key_field else "batch/create"
            answer = self._write(object_name, kind, inputs)
            return outcomes(rows, answer, key_field, self._described.known(object_name))

        return list(map(with_owner, write(rows, send)))

    def update(self, object_name: str, rows: Sequence[Row]) -> Sequence[Outcome]:
        def send(rows: Sequence[Row]) -> Sequence[Outcome]:
            inputs = [
                {
                    "id": row.id,
                    "objectWriteTraceId": str(place),
                    "properties": _properties(row.values),
                }
                for place, row in enumerate(rows)
            ]
            answer = self._write(object_name, "batch/update", inputs)
            return outcomes(rows, answer, None, self._described.known(object_name))

        records = _one_row_each(rows)
        written = map(with_owner, write(records, send))
        by_id = {record.id: outcome for record, outcome in zip(records, written, strict=True)}
        return [by_id[row.id] for row in rows]

    def archive(self, object_name: str, ids: Sequence[str]) -> Sequence[Outcome]:
        def send(rows: Sequence[Row]) -> Sequence[Outcome]:
            self._write(object_name, "batch/archive", [{"id": row.id} for row in rows])
            return [Outcome(row.id) for row in rows]

        return write([Row({}, id=id) for id in ids], send)

    def _write(self, object_name: str, kind: str, inputs: list[dict[str, Any]]) -> Any:
        where = path("objects", object_name, kind)
        return self._api.write(Cause.WRITING, "POST", where, {"inputs": inputs})

    def _batch_read(
        self,
        object_name: str,
        ids: Collection[str],
        fields: Collection[str],
        more: Mapping[str, Any],
        *,
        archived: bool = False,
    ) -> Sequence[Mapping[str, Any]]:
        """Return the rows that were found, of the living or of the recycle bin; one that is
        missing is only unseen."""
        body = {
            "properties": sorted({*fields, stamp_property(object_name)}),
            "inputs": [{"id": id} for id in ids],
            **more,
        }
        where = path("objects", object_name, "batch/read") + ("?archived=true" if archived else "")
        rows: Sequence[Mapping[str, Any]] = self._api.read(Cause.READING, "POST", where, body)[
            "results"
        ]
        return rows

    def _record(self, object_name: str, row: Mapping[str, Any], fields: Collection[str]) -> Record:
        return record_of(object_name, row, fields, self._described.known(object_name))

    def _definitions(self, object_name: str) -> Mapping[str, Field]:
        answer = self._api.read(Cause.DESCRIBE, "GET", path("properties", object_name))
        return fields_of(answer["results"])

    def _edits(self, row: Mapping[str, Any], names: Collection[str]) -> dict[str, datetime]:
        """Return the time of the newest entry of each property that is not ours."""
        ours = self._app_id()
        edits: dict[str, datetime] = {}
        for name, entries in (row.get("propertiesWithHistory") or {}).items():
            foreign = [
                moment(entry["timestamp"])
                for entry in entries
                if entry.get("sourceType") != "INTEGRATION"
                or ours not in ("", str(entry.get("sourceId")))
            ]
            if name in names and foreign:
                edits[name] = max(foreign)
        return edits

    def _app_id(self) -> str:
        """Return the id that our own entries of a history bear. Where HubSpot does not tell, ""
        stands for every integration's: a write of ours never counts as somebody's edit."""
        key = f"app:{self._account}"
        kept = self._cache.get(key)
        if kept is None:
            kept = about(self._api).app_id
            self._cache.set(key, kept, _A_DAY)
        return str(kept)


def _keyed(row: Row, key_field: str) -> dict[str, Any]:
    return {
        "id": row.key,
        "idProperty": key_field,
        "properties": _properties({**row.values, key_field: row.key}),
    }


def _properties(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: encoded(value) for name, value in values.items()}


def _one_row_each(rows: Sequence[Row]) -> list[Row]:
    """Join rows of one record: HubSpot refuses a batch that names an id twice, as a whole."""
    values: dict[str | None, dict[str, Value]] = {}
    for row in rows:
        values.setdefault(row.id, {}).update(row.values)
    return [Row(joined, id=id) for id, joined in values.items()]
