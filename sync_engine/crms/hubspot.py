"""HubSpot behind the door, in batches of a hundred.

Source: hubspot-api.md 5 (records), 6 (properties), 7 (search), 11 and 13 (who answers).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.core.fields import Field
from sync_engine.core.values import Crm, Record, Value
from sync_engine.crms.access import Hosts, TokenSource
from sync_engine.crms.base import AccountIdentity, Asked, ChangedRow, Changes, Outcome, Row
from sync_engine.crms.batches import batches, write
from sync_engine.crms.described import Cache, Described
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_batch import CONFLICTS, outcomes, with_owner
from sync_engine.crms.hubspot_fields import (
    encoded,
    fields_of,
    milliseconds,
    moment,
    record_of,
    stamp_property,
)
from sync_engine.crms.hubspot_paths import path
from sync_engine.crms.metered import Meter
from sync_engine.crms.pace import Pace

_ROWS_A_BATCH = 100
_HISTORIES_A_BATCH = 50
_ROWS_A_SEARCH = 200

# The search index shows a change some seconds after it was made.
_UNSURE = timedelta(seconds=15)

_A_DAY = 86_400
_GROUP = {"name": "salesforceinformation", "label": "Salesforce Information"}


class HubspotClient:
    crm = Crm.HUBSPOT
    write_batch = _ROWS_A_BATCH

    def __init__(
        self, tokens: TokenSource, hosts: Hosts, meter: Meter, cache: Cache, pace: Pace
    ) -> None:
        self._api = HubspotApi(tokens, hosts, meter, pace)
        self._account, self._cache = tokens.account, cache
        self._described = Described(cache, tokens.account, self._definitions)

    def identity(self) -> AccountIdentity:
        account = self._api.read(Cause.DESCRIBE, "GET", path("account", "details"))
        token = self._token()
        return AccountIdentity(
            id=str(account["portalId"]),
            name=token.get("hub_domain") or str(account["portalId"]),
            host=urlsplit(self._api.access().url).netloc,
            user_id=str(token.get("user_id", "")),
            user_name=token.get("user", ""),
            time_zone=account.get("timeZone") or "UTC",
            is_sandbox=account.get("accountType") == "SANDBOX",
        )

    def fields(self, object_name: str) -> Mapping[str, Field]:
        return self._described.known(object_name)

    def ensure_key(self, object_name: str, name: str, label: str) -> None:
        """hasUniqueValue can only be set when a property is made."""
        if name in self._described.fresh(object_name):
            return
        definition = {
            "name": name,
            "label": label,
            "type": "string",
            "fieldType": "text",
            "groupName": _GROUP["name"],
            "hasUniqueValue": True,
            "description": "Filled by crmsync: the Salesforce record that this record is linked to.",
        }
        self._make(path("properties", object_name, "groups"), _GROUP)
        self._make(path("properties", object_name), definition)
        self._described.fresh(object_name)

    def changed(self, asked: Sequence[Asked]) -> Changes:
        """One call for every 200 rows of an object; ids and stamps only."""
        rows: dict[str, Sequence[ChangedRow]] = {}
        until: list[datetime] = []
        for one in asked:
            found = []
            for page in self._pages(one):
                until.append(self._api.answered - _UNSURE)
                found += page
            rows[one.object_name] = sorted(found, key=lambda row: row.stamp)
        return Changes(rows, until=min(until))

    def read(
        self, object_name: str, ids: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Record]:
        """One call for 100 ids."""
        records: dict[str, Record] = {}
        for group in batches(ids, _ROWS_A_BATCH):
            for row in self._batch_read(object_name, group, fields, {}):
                record = self._record(object_name, row, fields)
                records[record.id] = record
        return records

    def find(
        self, object_name: str, by: str, values: Collection[str], fields: Collection[str]
    ) -> Sequence[Record]:
        """One call for 100 values. An e-mail also finds who bears it as a second address."""
        wanted = {value.strip().lower() if by == "email" else value for value in values}
        return [
            self._record(object_name, row, {by, *fields})
            for group in batches(sorted(wanted), _ROWS_A_BATCH)
            for row in self._batch_read(object_name, group, {by, *fields}, {"idProperty": by})
        ]

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
                    "id": row.key,
                    "idProperty": key_field,
                    "objectWriteTraceId": str(place),
                    "properties": _properties({**row.values, key_field: row.key}),
                }
                for place, row in enumerate(rows)
            ]
            answer = self._write(object_name, "batch/upsert", inputs)
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

    def _write(self, object_name: str, kind: str, inputs: list[dict[str, Any]]) -> Any:
        where = path("objects", object_name, kind)
        return self._api.write(Cause.WRITING, "POST", where, {"inputs": inputs})

    def _batch_read(
        self,
        object_name: str,
        ids: Collection[str],
        fields: Collection[str],
        more: Mapping[str, Any],
    ) -> Sequence[Mapping[str, Any]]:
        """Return the rows that were found; one that is missing is only unseen."""
        body = {
            "properties": sorted({*fields, stamp_property(object_name)}),
            "inputs": [{"id": id} for id in ids],
            **more,
        }
        where = path("objects", object_name, "batch/read")
        rows: Sequence[Mapping[str, Any]] = self._api.read(Cause.READING, "POST", where, body)[
            "results"
        ]
        return rows

    def _record(self, object_name: str, row: Mapping[str, Any], fields: Collection[str]) -> Record:
        return record_of(object_name, row, fields, self._described.known(object_name))

    def _definitions(self, object_name: str) -> Mapping[str, Field]:
        answer = self._api.read(Cause.DESCRIBE, "GET", path("properties", object_name))
        return fields_of(answer["results"])

    def _pages(self, asked: Asked) -> Iterator[list[ChangedRow]]:
        """Page by id, never by offset: a search gives no more than its first 10,000 rows."""
        stamp, last = stamp_property(asked.object_name), "0"
        where = path("objects", asked.object_name, "search")
        while True:
            body = _search(stamp, milliseconds(asked.since), last)
            rows = self._api.read(Cause.POLLING, "POST", where, body)["results"]
            yield [
                ChangedRow(str(row["id"]), moment(row["properties"].get(stamp) or row["updatedAt"]))
                for row in rows
            ]
            if len(rows) < _ROWS_A_SEARCH:
                return
            last = str(rows[-1]["id"])

    def _edits(self, row: Mapping[str, Any], names: Collection[str]) -> dict[str, datetime]:
        """Return the time of the newest entry of each property that is not ours."""
        ours = self._app_id()
        edits: dict[str, datetime] = {}
        for name, entries in (row.get("propertiesWithHistory") or {}).items():
            foreign = [
                moment(entry["timestamp"])
                for entry in entries
                if (entry.get("sourceType"), str(entry.get("sourceId"))) != ("INTEGRATION", ours)
            ]
            if name in names and foreign:
                edits[name] = max(foreign)
        return edits

    def _app_id(self) -> str:
        """Return the id that our own entries of a history bear."""
        key = f"app:{self._account}"
        kept = self._cache.get(key)
        if kept is None:
            kept = str(self._token().get("app_id", ""))
            self._cache.set(key, kept, _A_DAY)
        return str(kept)

    def _token(self) -> Mapping[str, Any]:
        """Return what HubSpot says about our token: who granted it, to which app and account."""
        token = quote(self._api.access().token, safe="")
        answer: Mapping[str, Any] = self._api.read(
            Cause.DESCRIBE, "GET", f"/oauth/v1/access-tokens/{token}"
        )
        return answer

    def _make(self, where: str, body: Mapping[str, Any]) -> None:
        """Create something, unless it is there."""
        try:
            self._api.write(Cause.DESCRIBE, "POST", where, body)
        except CrmError as error:
            if error.problem.type not in CONFLICTS:
                raise


def _search(stamp: str, since: str, after_id: str) -> dict[str, Any]:
    filters = [
        {"propertyName": stamp, "operator": "GTE", "value": since},
        {"propertyName": "hs_object_id", "operator": "GT", "value": after_id},
    ]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "properties": [stamp],
        "limit": _ROWS_A_SEARCH,
    }


def _properties(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: encoded(value) for name, value in values.items()}


def _one_row_each(rows: Sequence[Row]) -> list[Row]:
    """Join rows of one record: HubSpot refuses a batch that names an id twice, as a whole."""
    values: dict[str | None, dict[str, Value]] = {}
    for row in rows:
        values.setdefault(row.id, {}).update(row.values)
    return [Row(joined, id=id) for id, joined in values.items()]
