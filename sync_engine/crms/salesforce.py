"""Salesforce behind the door, in as few calls as its batches allow.

Source: salesforce-api.md 4 (queries), 5.2 and 5.3 (collections, composite), 6 (what changed).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sync_engine.core import error_types as types
from sync_engine.core.allocation import Cause
from sync_engine.core.checks import Granted
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.fields import Field
from sync_engine.core.owners import Owner
from sync_engine.core.values import Crm, Record
from sync_engine.crms.access import Hosts, TokenSource
from sync_engine.crms.base import AccountIdentity, Asked, ChangedRow, Changes, Fate, Outcome, Row
from sync_engine.crms.batches import batches, write
from sync_engine.crms.described import Cache, Described
from sync_engine.crms.known_owners import known_owners
from sync_engine.crms.metered import Meter
from sync_engine.crms.salesforce_api import SalesforceApi, first_problem
from sync_engine.crms.salesforce_fields import PERSON, TRACES, encoded, fields_of, record_of
from sync_engine.crms.salesforce_granted import granted
from sync_engine.crms.salesforce_history import FieldHistory
from sync_engine.crms.salesforce_key import ensure_external_id
from sync_engine.crms.salesforce_owners import owners
from sync_engine.crms.salesforce_persons import of_shadows, through_accounts
from sync_engine.crms.salesforce_query import (
    QUERIES_A_CALL,
    VALUES_A_QUERY,
    Page,
    all_rows,
    fates,
    first_pages,
    forebears,
    where_in,
)

_IDS_A_READ = 2000

# A row may be committed later than its stamp: what is younger than this is not yet sure.
_UNSURE = timedelta(seconds=5)

_ALWAYS = ("Id", "LastModifiedDate", "SystemModstamp", "IsDeleted")

T = TypeVar("T")

Call = Callable[[str, str, object], Any]  # method, path, body


class SalesforceClient:
    crm = Crm.SALESFORCE
    write_batch = 200

    def __init__(self, tokens: TokenSource, hosts: Hosts, meter: Meter, cache: Cache) -> None:
        self._api = SalesforceApi(tokens, hosts, meter)
        self._account, self._cache = tokens.account, cache
        self._described = Described(cache, tokens.account, self._describe)
        self._history = FieldHistory(self._api, cache, tokens.account)

    def identity(self) -> AccountIdentity:
        user = self._api.user_info()
        soql = "SELECT Id, Name, OrganizationType, IsSandbox FROM Organization"
        (org,) = self._api.call(Cause.DESCRIBE, "GET", "query", params={"q": soql})["records"]
        return AccountIdentity(
            id=org["Id"],
            name=org["Name"],
            host=urlsplit(self._api.url).netloc,
            edition=org["OrganizationType"] or "",
            user_id=user["user_id"],
            user_name=user["preferred_username"],
            time_zone=user.get("zoneinfo") or "UTC",
            is_sandbox=org["IsSandbox"],
        )

    @property
    def ahead(self) -> timedelta:
        return self._api.clock.ahead

    def daily_call_limit(self) -> int:
        """Return how many API calls Salesforce allows the org in 24 hours."""
        limits = self._api.call(Cause.DESCRIBE, "GET", "limits")
        return int(limits["DailyApiRequests"]["Max"])

    def granted(self, object_names: Collection[str]) -> Granted:
        return granted(self._api, object_names, self._described.known("UserPermissionAccess"))

    def fields(self, object_name: str) -> Mapping[str, Field]:
        return self._described.known(object_name)

    def owners(self) -> Sequence[Owner]:
        """One call for 2,000 users and 2,000 queues."""
        return known_owners(self._cache, self._account, lambda: owners(self._api))

    def ensure_key(self, object_name: str, name: str, label: str) -> None:
        if name not in self._described.fresh(object_name):
            user_id = self._api.user_info()["user_id"]
            ensure_external_id(self._api, user_id, f"{object_name}.{name}", label)
            self._described.fresh(object_name)

    def changed(self, asked: Sequence[Asked]) -> Changes:
        """One call for up to five objects, and one more for every further page."""
        rows: dict[str, Sequence[ChangedRow]] = {}
        until: list[datetime] = []
        for group in batches(asked, QUERIES_A_CALL):

            def ask(group: Sequence[Asked] = group) -> Sequence[Page]:
                queries = map(self._changes, group)
                return first_pages(self._api, Cause.POLLING, "queryAll", queries)

            pages = self._by_known_fields([one.object_name for one in group], ask)
            until.append(self._api.clock.answered - _UNSURE)
            for one, page in zip(group, pages, strict=True):
                found = all_rows(self._api, Cause.POLLING, page)
                rows[one.object_name] = [self._changed_row(one, row) for row in found]
        return Changes(rows, until=min(until))

    def read(
        self, object_name: str, ids: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Record]:
        """One call for 2,000 ids."""
        path = f"composite/sobjects/{object_name}"
        records: dict[str, Record] = {}
        for group in batches(ids, _IDS_A_READ):

            def ask(group: list[str] = group) -> Any:
                body = {"ids": group, "fields": self._selected(object_name, fields)}
                return self._api.call(Cause.READING, "POST", path, body)

            for row in self._by_known_fields([object_name], ask) or ():
                if row is not None and not row["IsDeleted"]:
                    records[row["Id"]] = self._record(object_name, row, fields)
        return records

    def fates(self, object_name: str, ids: Collection[str]) -> Mapping[str, Fate]:
        """One call for 1,000 ids."""
        known = self._described.known(object_name)
        return fates(self._api, object_name, ids, [name for name in TRACES if name in known])

    def holders(self, object_name: str, name: str, after: str) -> Sequence[str]:
        """One call for 2,000 ids."""
        where = f"{name} != null" + (f" AND Id > '{after}'" if after else "")
        soql = f"SELECT Id FROM {object_name} WHERE {where} ORDER BY Id LIMIT {_IDS_A_READ}"
        page = self._api.call(Cause.READING, "GET", "query", params={"q": soql})
        return [row["Id"] for row in all_rows(self._api, Cause.READING, page)]

    def find(
        self, object_name: str, by: str, values: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Sequence[Record]]:
        """One call for 1,000 values."""
        asked, found = {value.casefold(): value for value in values}, dict[str, list[Record]]()
        for group in batches(asked.values(), QUERIES_A_CALL * VALUES_A_QUERY):

            def ask(group: Sequence[str] = group) -> Sequence[Page]:
                selected = ", ".join(self._selected(object_name, {by, *fields}))
                queries = where_in(f"SELECT {selected} FROM {object_name}", by, group)
                return first_pages(self._api, Cause.READING, "query", queries)

            for page in self._by_known_fields([object_name], ask):
                for row in all_rows(self._api, Cause.READING, page):
                    record = self._record(object_name, row, {by, *fields})
                    found.setdefault(asked[str(row[by]).casefold()], []).append(record)
        return found

    def forebears(self, object_name: str, ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """One call for 500 contacts or 1,000 leads."""
        return forebears(self._api, object_name, ids)

    def edited_at(
        self, object_name: str, fields_by_id: Mapping[str, Collection[str]]
    ) -> Mapping[str, Mapping[str, datetime]]:
        """One call for 1,000 ids; none, and {}, where the org keeps no field history."""
        return self._history.edited_at(object_name, fields_by_id)

    def create(self, object_name: str, rows: Sequence[Row], key_field: str) -> Sequence[Outcome]:
        return self._create(self._api.write, object_name, rows, key_field)

    def create_assigned(
        self, object_name: str, rows: Sequence[Row], key_field: str
    ) -> Sequence[Outcome]:
        return self._create(self._api.write_assigned, object_name, rows, key_field)

    def update(self, object_name: str, rows: Sequence[Row]) -> Sequence[Outcome]:
        def send(rows: Sequence[Row]) -> Sequence[Outcome]:
            return _send(self._api.write, "composite/sobjects", object_name, rows, "id")

        return of_shadows(rows, write(through_accounts(rows), send))

    def _create(
        self, call: Call, object_name: str, rows: Sequence[Row], key_field: str
    ) -> Sequence[Outcome]:
        path = "composite/sobjects" + (f"/{object_name}/{key_field}" if key_field else "")

        def send(rows: Sequence[Row]) -> Sequence[Outcome]:
            return _send(call, path, object_name, rows, key_field)

        return write(rows, send)

    def _describe(self, object_name: str) -> Mapping[str, Field]:
        try:
            answer = self._api.call(Cause.DESCRIBE, "GET", f"sobjects/{object_name}/describe")
        except CrmError as error:
            if error.problem.code != "NOT_FOUND":
                raise
            # An object without rights is answered like one that does not exist.
            hidden = Problem(Crm.SALESFORCE, types.OBJECT_PERMISSION, "NOT_FOUND", object_name)
            raise CrmError(hidden) from None
        return fields_of(answer)

    def _selected(self, object_name: str, fields: Collection[str]) -> list[str]:
        """Name what a query may ask for: a field that is hidden or gone fails it as a whole."""
        known = self._described.known(object_name)
        persons = PERSON if object_name == "Contact" and "IsPersonAccount" in known else ()
        wanted = {*fields, *TRACES, *persons} - {*_ALWAYS}
        return [*_ALWAYS, *sorted(name for name in wanted if name in known or "." in name)]

    def _changes(self, asked: Asked) -> str:
        selected = self._selected(asked.object_name, asked.fields)
        since = asked.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        of_parent = f" OR {asked.parent}.SystemModstamp >= {since}" if asked.parent else ""
        return (
            f"SELECT {', '.join(selected)} FROM {asked.object_name} "
            f"WHERE SystemModstamp >= {since}{of_parent} ORDER BY SystemModstamp, Id"
        )

    def _changed_row(self, asked: Asked, row: Mapping[str, Any]) -> ChangedRow:
        record = self._record(asked.object_name, row, asked.fields)
        return ChangedRow(record.id, record.stamp, record, row["IsDeleted"], record.became)

    def _record(self, object_name: str, row: Mapping[str, Any], fields: Collection[str]) -> Record:
        return record_of(object_name, row, fields, self._described.known(object_name))

    def _by_known_fields(self, object_names: Sequence[str], ask: Callable[[], T]) -> T:
        """Ask, and ask once more with fresh fields: one may have been deleted or hidden."""
        try:
            return ask()
        except CrmError as error:
            if error.problem.code != "INVALID_FIELD":
                raise
        for name in object_names:
            self._described.fresh(name)
        return ask()


def _send(
    call: Call, path: str, object_name: str, rows: Sequence[Row], named_by: str
) -> Sequence[Outcome]:
    """named_by: the field that tells the records apart; "" creates them, whatever is there"""
    records = [
        {
            "attributes": {"type": row.instead.object_name if row.instead else object_name},
            **{name: encoded(value) for name, value in row.values.items()},
            **({named_by: row.key if row.id is None else row.id} if named_by else {}),
        }
        for row in rows
    ]
    body = {"allOrNone": False, "records": records}
    answers = call("PATCH" if named_by else "POST", path, body) or ()
    if len(answers) != len(rows):
        problem = Problem(Crm.SALESFORCE, types.TEMPORARY, message="Rows are unaccounted for.")
        raise CrmError(problem, in_doubt=True)
    return [_outcome(row, answer) for row, answer in zip(rows, answers, strict=True)]


def _outcome(row: Row, answer: Mapping[str, Any]) -> Outcome:
    if answer["success"]:
        # Only an upsert says whether it made the record; what bears neither id nor key is new.
        is_new = answer.get("created", row.id is None and row.key is None)
        return Outcome(answer["id"], created=bool(is_new))
    return Outcome(row.id, problem=first_problem(200, answer["errors"]))
