"""Salesforce's contract: which statuses and bodies an answer may have, by call.

Salesforce publishes no such description, and no client of its carries one, so `shapes` tells them
in words of our own. What a composite holds is checked part by part, as calls of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import orjson

from tests.simulators.salesforce import shapes
from tests.simulators.salesforce.shapes import Schema

NO_BODY = None
CSV = "text/csv"
ANY = "[A-Z]+"  # how OAuth minds methods is not known
DATA = re.compile(r"/services/data/v\d+\.\d")

# Method, path after the version, what each status brings; the first that fits counts.
CALLS: list[tuple[str, str, dict[int, Any]]] = [
    ("GET", r"/?", {200: shapes.RESOURCES}),
    ("GET", r"/limits/?", {200: shapes.LIMITS}),
    ("GET", r"/limits/recordCount/?", {200: shapes.COUNTED}),
    ("GET", r"/(query|queryAll)(/[^/]*)?/?", {200: shapes.QUERIED}),
    ("GET", r"/tooling/query(/[^/]*)?/?", {200: shapes.TOOLED}),
    ("POST", r"/tooling/sobjects/\w+/?", {201: shapes.FIELD_MADE}),
    ("GET", r"/sobjects/?", {200: shapes.DESCRIBED_ALL, 304: NO_BODY}),
    ("GET", r"/sobjects/\w+/describe/?", {200: shapes.DESCRIBED, 304: NO_BODY}),
    ("GET", r"/sobjects/\w+/updated/?", {200: shapes.UPDATED}),
    ("GET", r"/sobjects/\w+/deleted/?", {200: shapes.DELETED}),
    ("GET", r"/sobjects/\w+/?", {200: shapes.BASIC}),
    ("POST", r"/sobjects/\w+(/Id)?/?", {201: shapes.SAVED}),
    ("GET", r"/sobjects/\w+/[^/]+/?", {200: shapes.RECORD, 304: NO_BODY}),
    ("PATCH", r"/sobjects/\w+/[^/]+/?", {204: NO_BODY}),
    ("DELETE", r"/sobjects/\w+/[^/]+(/[^/]+)?/?", {204: NO_BODY, 300: shapes.LINKS}),
    ("GET", r"/sobjects/\w+/\w+/[^/]+/?", {200: shapes.RECORD, 300: shapes.LINKS}),
    (
        "PATCH",
        r"/sobjects/\w+/\w+/[^/]+/?",
        {200: shapes.UPSERTED, 201: shapes.UPSERTED, 300: shapes.LINKS},
    ),
    ("POST", r"/composite/?", {200: shapes.COMPOSITE}),
    ("POST", r"/composite/batch/?", {200: shapes.BATCH}),
    ("(POST|PATCH|DELETE)", r"/composite/sobjects/?", {200: shapes.SAVED_OR_NOT}),
    (
        "(GET|POST)",
        r"/composite/sobjects/\w+/?",
        {200: shapes.of(shapes.or_null(shapes.RECORD))},
    ),
    ("PATCH", r"/composite/sobjects/\w+/\w+/?", {200: shapes.UPSERTED_OR_NOT}),
    ("(GET|POST)", r"/jobs/ingest/?", {200: shapes.either(shapes.INGEST, shapes.JOBS)}),
    ("(GET|POST)", r"/jobs/query/?", {200: shapes.either(shapes.QUERY_JOB, shapes.JOBS)}),
    ("(GET|PATCH)", r"/jobs/ingest/\w+/?", {200: shapes.INGEST}),
    ("(GET|PATCH)", r"/jobs/query/\w+/?", {200: shapes.QUERY_JOB}),
    ("DELETE", r"/jobs/\w+/\w+/?", {204: NO_BODY}),
    ("PUT", r"/jobs/ingest/\w+/batches/?", {201: NO_BODY}),
    ("GET", r"/jobs/ingest/\w+/(successful|failed)Results/?", {200: CSV}),
    ("GET", r"/jobs/ingest/\w+/unprocessed[Rr]ecords/?", {200: CSV}),
    ("GET", r"/jobs/query/\w+/results/?", {200: CSV}),
    ("GET", r"/jobs/query/\w+/resultPages/?", {200: shapes.RESULT_PAGES}),
]
OUTSIDE: list[tuple[str, str, dict[int, Any]]] = [
    ("GET", r"/services/data/?", {200: shapes.VERSIONS}),
    ("POST", r"/services/oauth2/authorize/?", {302: NO_BODY}),
    (ANY, r"/services/oauth2/token/?", {200: shapes.TOKEN, 400: shapes.OAUTH_ERROR}),
    (ANY, r"/services/oauth2/revoke/?", {200: NO_BODY, 400: shapes.OAUTH_ERROR}),
    (ANY, r"/services/oauth2/userinfo/?", {200: shapes.USER_INFO}),
    (ANY, r"/id/\w+/\w+/?", {200: shapes.IDENTITY}),
]
# Which status goes with a code, where it is not 400 (salesforce-api.md 10.1, 10.2).
STATUSES = {
    **dict.fromkeys(["INVALID_SESSION_ID"], {401}),
    **dict.fromkeys(
        ["REQUEST_LIMIT_EXCEEDED", "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"], {403}
    ),
    **dict.fromkeys(["INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS"], {400, 403}),
    "NOT_FOUND": {404},
    "ENTITY_IS_DELETED": {400, 404},
    "METHOD_NOT_ALLOWED": {405},
    "UNSUPPORTED_MEDIA_TYPE": {415},
    "URI_TOO_LONG": {414},
    "UNSUPPORTED_API_VERSION": {410},
    "INVALIDJOB": {400, 404},
    "VERSION_MISMATCH": {409},
    "NOT_SIMULATED": {404, 501},  # ours, for what is not there; 404 outside /services
    "UNABLE_TO_LOCK_ROW": {400, 500},
    "UNKNOWN_EXCEPTION": {500},
    "SERVER_UNAVAILABLE": {503},
}
# Answered by what stands before Salesforce, in any form.
GATEWAY = frozenset({502, 503, 504})
VALIDATORS: dict[int, Any] = {}  # by identity: shapes are made once
USAGE = re.compile(r"api-usage=\d+/\d+")


def answer_faults(
    method: str,
    path: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    sent: bytes = b"",
) -> list[str]:
    """Say what is wrong with an answer. headers: names in lower case; sent: the request's body."""
    if (
        method == "HEAD"
        or status in GATEWAY
        or headers.get("content-type", "").startswith("text/h")
    ):
        return []
    faults = [] if status in (401, 403) else list(_header_faults(path, headers))
    if headers.get("content-type", "").startswith(CSV):
        is_expected = _expected(method, path).get(status) == CSV
        faults += [] if is_expected else ["CSV where there is none"]
        return [f"{method} {path} answered {status}: {fault}" for fault in faults]
    try:
        told = orjson.loads(body) if body else NO_BODY
    except orjson.JSONDecodeError:
        return [f"{method} {path} answered {status}: not JSON"]
    faults += _body_faults(method, path, status, told, bool(body))
    faults += _part_faults(path, told, sent) if status == 200 else []
    return [f"{method} {path} answered {status}: {fault}" for fault in faults]


def _expected(method: str, path: str) -> dict[int, Any]:
    path = re.sub("/+", "/", path)
    bare = DATA.sub("", path, count=1)
    for asked, shape, by_status in OUTSIDE if bare == path else CALLS:
        if re.fullmatch(asked, method) and re.fullmatch(shape, bare):
            return by_status
    return {}


def _header_faults(path: str, headers: Mapping[str, str]) -> Iterator[str]:
    """Every call below a version says how much of the allocation is used (section 2)."""
    if DATA.match(path) and not USAGE.match(headers.get("sforce-limit-info", "")):
        yield "no Sforce-Limit-Info"


def _body_faults(method: str, path: str, status: int, told: Any, has_body: bool) -> list[str]:
    expected = _expected(method, path)
    if status >= 400:
        is_oauth = status in expected
        shape = expected[status] if is_oauth else shapes.REST_ERRORS
        return _against(shape, told) or ([] if is_oauth else _code_faults(status, told))
    if status not in expected:
        return [f"{status} is not among {sorted(expected)}" if expected else "no such call"]
    if expected[status] is NO_BODY:
        return ["a body where there is none"] if has_body else []
    return ["no CSV"] if expected[status] == CSV else _against(expected[status], told)


def _code_faults(status: int, told: Any) -> list[str]:
    codes = [one["errorCode"] for one in told]
    return [
        f"{code} comes not with it" for code in codes if status not in STATUSES.get(code, {400})
    ]


def _part_faults(path: str, told: Any, sent: bytes) -> list[str]:
    """Check the parts of a composite or a batch, each against what it asked."""
    bare = DATA.sub("", path).rstrip("/")
    if bare not in ("/composite", "/composite/batch"):
        return []
    asked = orjson.loads(sent)
    if bare == "/composite":
        parts = zip(asked["compositeRequest"], told["compositeResponse"], strict=True)
        found = [(p["method"], p["url"], a["httpStatusCode"], a["body"]) for p, a in parts]
    else:
        parts = zip(asked["batchRequests"], told["results"], strict=True)
        found = [
            (p["method"], f"/services/data/{p['url'].lstrip('/')}", a["statusCode"], a["result"])
            for p, a in parts
        ]
    return [
        f"{method} {url} answered {status} in it: {fault}"
        for method, url, status, body in found
        if status != 501
        for fault in _body_faults(method, url.partition("?")[0], status, body, body is not None)
    ]


def _against(shape: Schema, told: Any) -> list[str]:
    validator = VALIDATORS.get(id(shape)) or jsonschema_rs.Draft202012Validator(shape)
    VALIDATORS[id(shape)] = validator
    found = validator.iter_errors(told)
    return [f"{'.'.join(map(str, one.instance_path))}: {one.message[:300]}" for one in found]
