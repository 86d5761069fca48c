"""When fields were edited, by Salesforce's field history, where an org keeps it.

An admin switches it on by object and field; until then its object is not there, and who may not see
the records does not see their history either. Source: Salesforce's public object reference
(ContactHistory, LeadHistory).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from simple_salesforce.format import format_soql

from sync_engine.core import error_types as types
from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.crms.batches import batches
from sync_engine.crms.described import Cache
from sync_engine.crms.salesforce_api import SalesforceApi
from sync_engine.crms.salesforce_fields import moment
from sync_engine.crms.salesforce_query import QUERIES_A_CALL, all_rows, first_pages, where_in

# {object: (its history, the field that names the record)}
_HISTORIES = {"Contact": ("ContactHistory", "ContactId"), "Lead": ("LeadHistory", "LeadId")}

_NOT_SHOWN = (types.OBJECT_PERMISSION, types.FIELD_PERMISSION, types.ACCESS)

_AN_HOUR = 3600

FieldsById = Mapping[str, Collection[str]]


class FieldHistory:
    """account: tells the accounts that share the cache apart."""

    def __init__(self, api: SalesforceApi, cache: Cache, account: str) -> None:
        self._api, self._cache, self._account = api, cache, account

    def edited_at(
        self, object_name: str, fields_by_id: FieldsById
    ) -> dict[str, dict[str, datetime]]:
        """Return {id: {field: when somebody else than us last changed it}}; one call for 1,000
        ids, none for an hour once there was no history. {} where there is none."""
        missing = f"no-history:{self._account}:{object_name}"
        is_asked = object_name in _HISTORIES and any(fields_by_id.values())
        if not is_asked or self._cache.get(missing):
            return {}
        try:
            return self._edits(object_name, fields_by_id)
        except CrmError as error:
            if error.problem.type not in _NOT_SHOWN:
                raise
            self._cache.set(missing, True, _AN_HOUR)
            return {}

    def _edits(self, object_name: str, fields_by_id: FieldsById) -> dict[str, dict[str, datetime]]:
        _, record_id = _HISTORIES[object_name]
        names = {_told_as(name): name for fields in fields_by_id.values() for name in fields}
        rows = list(self._rows(object_name, fields_by_id, names))
        ours = self._our_user() if rows else ""
        edits: dict[str, dict[str, datetime]] = {}
        for row in rows:
            id, name = row[record_id], names.get(row["Field"], "")
            if row["CreatedById"] != ours and name in fields_by_id[id]:
                edits.setdefault(id, {}).setdefault(name, moment(row["CreatedDate"]))
        return edits

    def _rows(
        self, object_name: str, ids: Collection[str], names: Collection[str]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield changes of these fields; those of one record newest first."""
        history, record_id = _HISTORIES[object_name]
        select = f"SELECT {record_id}, Field, CreatedDate, CreatedById FROM {history}"
        of_fields = format_soql("AND Field IN {} ORDER BY CreatedDate DESC", sorted(names))
        queries = [f"{query} {of_fields}" for query in where_in(select, record_id, ids)]
        for group in batches(queries, QUERIES_A_CALL):
            for page in first_pages(self._api, Cause.READING, "query", group):
                yield from all_rows(self._api, Cause.READING, page)

    def _our_user(self) -> str:
        """Return the id of the user that we write as. A person may share it: what it changed
        counts as ours, for a write of ours is never somebody's edit (sync.md 2)."""
        key = f"user:{self._account}"
        kept = self._cache.get(key)
        if kept is None:
            kept = self._api.user_info()["user_id"]
            self._cache.set(key, kept, _AN_HOUR)
        return str(kept)


def _told_as(field: str) -> str:
    """A history names a standard lookup without Id: Owner, Account."""
    return field.removesuffix("Id")
