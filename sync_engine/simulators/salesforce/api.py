"""/services/data: which resource answers a call, who may call, what it costs.
Source: salesforce-api.md 1.1, 2, 5.3."""

from __future__ import annotations

from typing import Any

import orjson

from sync_engine.simulators.http import NotJson, Request, Response
from sync_engine.simulators.salesforce import (
    bulk,
    bulk_ingest,
    bulk_query,
    changes,
    collections,
    composite,
    describe,
    headers,
    ids,
    single,
    tooling,
)
from sync_engine.simulators.salesforce.errors import (
    Refusal,
    api_disabled,
    bad_json,
    limit_exceeded,
    malformed,
    not_found,
    not_simulated,
    session_expired,
)
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.rest import Call, NoBody, Reply, field_names
from sync_engine.simulators.salesforce.soql import run as soql

# What is below an object and is not here.
LEFT_OUT = frozenset(
    ["listviews", "quickactions", "layouts", "defaultvalues", "eventseries", "relevantitems"]
)
VERSIONS = {"v60.0": "Spring '24", "v66.0": "Spring '26"}
OLDEST_ALIVE = 31
RESOURCES = ("composite", "jobs", "limits", "query", "queryAll", "sobjects", "tooling")
WORK = {bulk_ingest.KIND: bulk_ingest.work, bulk_query.KIND: bulk_query.work}
LIMIT_HEADER = "sforce-limit-info"
LARGEST_BODY = 50 * 2**20
LARGEST_FILE = 150 * 2**20
LONGEST_URL = 16_384


class Api:
    def __init__(self, org: Org) -> None:
        self._org = org

    def versions(self) -> Response:
        """GET /services/data needs no session."""
        listed = [
            {"label": label, "url": f"/services/data/{version}", "version": version[1:]}
            for version, label in VERSIONS.items()
        ]
        return _response(Reply(200, listed))

    def answer(self, request: Request) -> Response:
        """Answer a call below /services/data/vXX.0, and count it."""
        try:
            session = self._session(request)
            if not self._org.has_api:
                raise api_disabled()
            if self._org.usage.is_exceeded():
                raise limit_exceeded()
        except Refusal as refusal:
            return _response(Reply(refusal.status, refusal.body()))
        self._org.usage.count(cost(request))
        if self._org.jobs:
            bulk.advance(self._org, WORK)
        try:
            reply = self.reply(_call(request, session))
        except Refusal as refusal:
            reply = Reply(refusal.status, refusal.body())
        reply.headers[LIMIT_HEADER] = self._org.usage.header()
        return _response(reply, headers.layout(request.headers))

    def reply(self, call: Call) -> Reply:
        """Answer one call, which may be part of a composite; raises Refusal."""
        _check_version(call.version)
        org, parts = self._org, call.parts
        match parts:
            case ():
                return self._resources(call)
            case ("limits",):
                return self._limits(call)
            case ("limits", name) if name.lower() == "recordcount":
                return self._record_count(call)
            case ("sobjects", *_):
                return _sobjects(org, call)
            case ("query" | "queryAll" as resource,):
                return self._query(call, all_rows=resource == "queryAll")
            case ("query" | "queryAll", locator):
                return Reply(200, soql.more(org, call.session, locator, call.version))
            case ("composite", *_):
                return self._composite(call)
            case ("jobs", "ingest", *_):
                return bulk_ingest.answer(org, call)
            case ("jobs", "query", *_):
                return bulk_query.answer(org, call)
            case ("tooling", "query"):
                return self._query(call, all_rows=False, reached="tooling")
            case ("tooling", "sobjects", name) if name.lower() == "customfield":
                return tooling.create_field(org, call)
        raise not_simulated(f"{call.method} /services/data/{call.version}/{'/'.join(parts)}")

    def _composite(self, call: Call) -> Reply:
        match call.parts[1:]:
            case ():
                return composite.composite(self._org, call, self.reply)
            case ("batch",):
                return composite.batch(self._org, call, self.reply)
            case ("sobjects",):
                return collections.any_type(self._org, call)
            case ("sobjects", _):
                return collections.one_type(self._org, call)
            case ("sobjects", _, _):
                return collections.upsert(self._org, call)
        raise not_simulated(f"{call.method} {'/'.join(call.parts)}")

    def _session(self, request: Request) -> Session:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        user_id = self._org.sessions.user_of(token.strip())
        if kind.lower() not in ("bearer", "oauth") or user_id is None:
            raise session_expired()
        return Session(
            user_id,
            by=user_id,
            origin=origin(request),
            version=request.parts[2] if len(request.parts) > 2 else "",
            auto_assign=request.headers.get("sforce-auto-assign", "TRUE"),
            **headers.duplicate_options(request.headers),
        )

    def _resources(self, call: Call) -> Reply:
        call.allow("GET", "HEAD")
        base = f"/services/data/{call.version}/"
        listed = {name: base + name for name in RESOURCES}
        identity = f"{call.session.origin}/id/{self._org.id}/{call.session.user_id}"
        return Reply(200, {**listed, "identity": identity})

    def _limits(self, call: Call) -> Reply:
        call.allow("GET", "HEAD")
        usage = self._org.usage
        left = max(0, usage.daily_calls - usage.used())
        return Reply(
            200,
            {
                "DailyApiRequests": {"Max": usage.daily_calls, "Remaining": left},
                "DailyBulkApiBatches": {"Max": 15_000, "Remaining": 15_000},
                "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
                "DataStorageMB": {"Max": 10_240, "Remaining": 10_000},
                "FileStorageMB": {"Max": 10_240, "Remaining": 10_240},
            },
        )

    def _record_count(self, call: Call) -> Reply:
        """GET /limits/recordCount?sObjects=Account,Contact; the rest of the answer is silence."""
        call.allow("GET", "HEAD")
        wanted = [self._org.sobject(name) for name in field_names(call.first("sObjects"))]
        counted = [
            {"count": len(self._org.store[sobject.name]), "name": sobject.name}
            for sobject in wanted
            if sobject
        ]
        return Reply(200, {"sObjects": [row for row in counted if row["count"]]})

    def _query(self, call: Call, *, all_rows: bool, reached: str = "data") -> Reply:
        call.allow("GET", "HEAD")
        if "explain" in call.query:
            raise not_simulated("query?explain")
        if "q" not in call.query:
            raise malformed("A query string has to be specified")
        asked = soql.Asked(
            text=call.first("q"),
            version=call.version,
            page_size=headers.page_size(call.headers, self._org.page_size),
            all_rows=all_rows,
            reached=reached,
        )
        return Reply(200, soql.query(self._org, call.session, asked))


def cost(request: Request) -> int:
    """Return how many calls Salesforce bills: one, but for a batch one for each part."""
    if not request.path.rstrip("/").endswith("/composite/batch"):
        return 1
    try:
        return max(1, len(request.json()["batchRequests"]))
    except (NotJson, TypeError, KeyError):
        return 1


def origin(request: Request) -> str:
    return f"http://{request.headers.get('host', '127.0.0.1')}"


def _sobjects(org: Org, call: Call) -> Reply:
    match call.parts[1:]:
        case ():
            return describe.every_object(org, call)
        case (_,):
            return describe.basic(org, call) if call.method == "GET" else single.of_type(org, call)
        case (_, name) if name.lower() == "id" and call.method == "POST":
            return single.of_type(org, call)
        case (_, name, *_) if name.lower() in LEFT_OUT:
            raise not_simulated(f"{call.method} {'/'.join(call.parts)}")
        case (_, "describe"):
            return describe.full(org, call)
        case (_, "describe", *_):
            raise not_simulated(f"{call.method} {'/'.join(call.parts)}")
        case (_, "updated"):
            return changes.updated(org, call)
        case (_, "deleted"):
            return changes.deleted(org, call)
        case (_, _):
            return single.by_id(org, call)
        case (_, name, relationship) if ids.full(name) and not relationship.endswith("__c"):
            raise not_simulated(f"{call.method} of the relationship {relationship}")
        case (_, _, _):
            return single.by_key(org, call)
    raise not_simulated(f"{call.method} {'/'.join(call.parts)}")


def _call(request: Request, session: Session) -> Call:
    if len(request.raw_path) + len(request.query_string) > LONGEST_URL:
        raise Refusal("URI_TOO_LONG", "The requested URI is too long", status=414)
    is_csv = request.headers.get("content-type", "").startswith("text/csv")
    if len(request.body) > (LARGEST_FILE if is_csv else LARGEST_BODY):
        raise Refusal("EXCEEDED_MAX_SIZE_REQUEST", "Request size exceeded 50 MB limit")
    return Call(
        method=request.method,
        version=request.parts[2],
        parts=request.parts[3:],
        query=request.query,
        headers=request.headers,
        body=_csv(request) if is_csv else _body(request),
        session=session,
    )


def _csv(request: Request) -> Any:
    if request.method != "PUT" or request.parts[3:5] != ("jobs", "ingest"):
        raise Refusal(
            "UNSUPPORTED_MEDIA_TYPE", "Content type text/csv is not supported", status=415
        )
    try:
        return request.body.decode()
    except UnicodeDecodeError as error:
        raise Refusal("CLIENTINPUTERROR", "The data is not UTF-8") from error


def _body(request: Request) -> Any:
    if not request.body or request.method in ("GET", "HEAD", "DELETE"):
        return NoBody
    if "json" not in request.headers.get("content-type", "application/json"):
        raise Refusal(
            "UNSUPPORTED_MEDIA_TYPE",
            f"Content type {request.headers['content-type']} is not supported",
            status=415,
        )
    try:
        return request.json()
    except NotJson as error:
        raise bad_json(str(error)) from error


def _check_version(version: str) -> None:
    if version in VERSIONS:
        return
    number = version[1:].partition(".")[0]
    if version.startswith("v") and number.isdecimal() and int(number[:4]) < OLDEST_ALIVE:
        raise Refusal("UNSUPPORTED_API_VERSION", f"API version {number} is retired", status=410)
    raise not_found()


def _response(reply: Reply, layout: int = 0) -> Response:
    """layout: an option of orjson."""
    if reply.body is None:
        return Response(reply.status, b"", reply.headers)
    if reply.headers.get("content-type") == "text/csv":
        return Response(reply.status, str(reply.body).encode(), reply.headers)
    more = {"content-type": "application/json;charset=UTF-8", **reply.headers}
    return Response(reply.status, orjson.dumps(reply.body, option=layout), more)
