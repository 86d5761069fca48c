"""Queries to Salesforce, five in one call, and what became of records that were asked for.

Source: salesforce-api.md 4 (queries), 5.3 (composite), 6.3 (deletes, merges), 6.4 (conversion).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from simple_salesforce.format import format_soql

from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.crms.base import Fate
from sync_engine.crms.batches import batches
from sync_engine.crms.salesforce_api import ROOT, SalesforceApi, first_problem
from sync_engine.crms.salesforce_fields import became

QUERIES_A_CALL = 5  # of the 25 parts of a composite call, at most five may be queries
VALUES_A_QUERY = 200

Page = Mapping[str, Any]  # {"records": [...], "done": bool, "nextRecordsUrl": str}


def first_pages(
    api: SalesforceApi, cause: Cause, resource: str, queries: Iterable[str]
) -> Sequence[Page]:
    """Ask up to five queries in one call; raises CrmError if one of them failed.

    resource  "query", or "queryAll" for deleted rows too
    """
    parts = [
        {"method": "GET", "url": f"{ROOT}{resource}?q={quote(soql)}", "referenceId": f"q{i}"}
        for i, soql in enumerate(queries)
    ]
    answer = api.call(cause, "POST", "composite", {"compositeRequest": parts})
    for part in answer["compositeResponse"]:
        if part["httpStatusCode"] != 200:
            raise CrmError(first_problem(part["httpStatusCode"], part["body"]))
    return [part["body"] for part in answer["compositeResponse"]]


def all_rows(api: SalesforceApi, cause: Cause, page: Page) -> list[Mapping[str, Any]]:
    """Return the rows of a page and of those behind it. An address that leads elsewhere is not
    followed: only what stands behind our own root is used of it."""
    rows = list(page["records"])
    while not page["done"]:
        path = str(page["nextRecordsUrl"]).removeprefix(ROOT)
        page = api.call(cause, "GET", path)
        rows += page["records"]
    return rows


def where_in(select: str, by: str, values: Iterable[str]) -> list[str]:
    """Write the queries that `select` rows whose field `by` holds one of `values`."""
    return [
        f"{select} WHERE {by} IN {format_soql('{}', part)}"
        for part in batches(dict.fromkeys(values), VALUES_A_QUERY)
    ]


def fates(
    api: SalesforceApi, object_name: str, ids: Collection[str], traces: Collection[str]
) -> dict[str, Fate]:
    """Return what became of records, deleted ones included; one call for 1,000 ids.

    traces  those of `salesforce_fields.TRACES` that the object has
    """
    select = f"SELECT {', '.join(('Id', 'IsDeleted', *traces))} FROM {object_name}"
    return {
        row["Id"]: Fate(row["IsDeleted"], became(object_name, row))
        for row in _rows(api, where_in(select, "Id", ids))
    }


def forebears(
    api: SalesforceApi, object_name: str, ids: Collection[str]
) -> dict[str, Sequence[str]]:
    """Return {id: records that were merged into it, or leads that were converted to it}."""
    queries = where_in(f"SELECT Id, MasterRecordId FROM {object_name}", "MasterRecordId", ids)
    if object_name == "Contact":
        queries += where_in("SELECT Id, ConvertedContactId FROM Lead", "ConvertedContactId", ids)
    found: dict[str, list[str]] = {}
    for row in _rows(api, queries):
        heir = row.get("MasterRecordId") or row["ConvertedContactId"]
        found.setdefault(heir, []).append(row["Id"])
    return dict(found)


def _rows(api: SalesforceApi, queries: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for group in batches(queries, QUERIES_A_CALL):
        for page in first_pages(api, Cause.READING, "queryAll", group):
            yield from all_rows(api, Cause.READING, page)
