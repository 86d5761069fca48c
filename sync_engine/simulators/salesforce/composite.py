"""Several calls in one: /composite and /composite/batch. Source: salesforce-api.md 5.3."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal, bad_json
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.rest import Call, NoBody, Reply, split_url

MOST = 25
MOST_QUERIES = 5
QUERY_RESOURCES = {"query", "queryAll"}
REFERENCE = re.compile(r"@\{([^}]*)\}")
WHOLE_REFERENCE = re.compile(r"@\{([^}]*)\}\Z")
STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
HALTED = "The transaction was rolled back since another operation in the same transaction failed."
Answer = Callable[[Call], Reply]


class _Failed(Exception):
    """A sub-request was refused, and all were wanted or none."""


def composite(org: Org, call: Call, answer: Answer) -> Reply:
    """Run up to 25 sub-requests in order; later ones may refer to earlier answers."""
    call.allow("POST")
    body = call.record()
    asked = _asked(body.get("compositeRequest"))
    replies: dict[str, Reply] = {}
    try:
        with org.store.transaction():
            for one in asked:
                replies[one["referenceId"]] = _run(call, one, replies, answer)
            if body.get("allOrNone") is True and not all(map(_is_good, replies.values())):
                raise _Failed
    except _Failed:
        halted = Refusal("PROCESSING_HALTED", HALTED).body()
        replies = {
            name: Reply(400, halted) if _is_good(reply) else reply
            for name, reply in replies.items()
        }
    return Reply(200, {"compositeResponse": [_shown(n, reply) for n, reply in replies.items()]})


def batch(org: Org, call: Call, answer: Answer) -> Reply:
    """Run up to 25 independent sub-requests."""
    call.allow("POST")
    asked = call.record().get("batchRequests")
    if not isinstance(asked, list) or not asked or not all(isinstance(a, dict) for a in asked):
        raise bad_json("batchRequests is a list of objects")
    if len(asked) > MOST:
        raise Refusal("LIMIT_EXCEEDED", f"A batch has at most {MOST} sub-requests")
    results = []
    for one in asked:
        url = f"/services/data/{str(one.get('url', '')).lstrip('/')}"
        reply = _answer(call, str(one.get("method", "")), url, one.get("richInput"), answer)
        results.append({"statusCode": reply.status, "result": reply.body})
    has_errors = any(result["statusCode"] >= 400 for result in results)
    return Reply(200, {"hasErrors": has_errors, "results": results})


def _asked(asked: Any) -> list[dict[str, Any]]:
    if not isinstance(asked, list) or not asked or not all(isinstance(a, dict) for a in asked):
        raise bad_json("compositeRequest is a list of objects")
    if len(asked) > MOST:
        raise Refusal("LIMIT_EXCEEDED", f"A composite request has at most {MOST} sub-requests")
    for one in asked:
        if not all(isinstance(one.get(key), str) for key in ("method", "url", "referenceId")):
            raise bad_json("Each sub-request has a method, a url and a referenceId")
    if len({one["referenceId"] for one in asked}) < len(asked):
        raise bad_json("Each referenceId is used once")
    if sum(_is_query(one["url"]) for one in asked) > MOST_QUERIES:
        raise Refusal(
            "LIMIT_EXCEEDED",
            f"A composite request has at most {MOST_QUERIES} query or collection sub-requests",
        )
    return asked


def _run(
    call: Call, asked: Mapping[str, Any], replies: Mapping[str, Reply], answer: Answer
) -> Reply:
    try:
        url = _filled_text(asked["url"], replies)
        body = _filled(asked.get("body"), replies)
    except LookupError as missing:
        message = f"Invalid reference specified. No value for {missing.args[0]} found."
        return Reply(400, Refusal("PROCESSING_HALTED", message).body())
    own = asked.get("httpHeaders")
    if isinstance(own, dict):
        told = {str(name).lower(): str(value) for name, value in own.items()}
        call = replace(call, headers={**call.headers, **told})
    return _answer(call, asked["method"], url, body, answer)


def _answer(call: Call, method: str, url: str, body: Any, answer: Answer) -> Reply:
    try:
        version, parts, query = split_url(url)
        if parts[:1] == ("composite",) and parts[:2] != ("composite", "sobjects"):
            raise Refusal("INVALID_INPUT", f"{url} is not allowed as a sub-request")
        inner = Call(
            method=method.upper(),
            version=version,
            parts=parts,
            query=query,
            headers=call.headers,
            body=NoBody if body is None else body,
            session=call.session,
        )
        return answer(inner)
    except Refusal as refusal:
        return Reply(refusal.status, refusal.body())


def _is_query(url: str) -> bool:
    parts = [part for part in url.partition("?")[0].split("/") if part][3:]
    return parts[:1] != [] and (
        parts[0] in QUERY_RESOURCES or parts[:2] == ["composite", "sobjects"]
    )


def _is_good(reply: Reply) -> bool:
    return reply.status < 300


def _shown(name: str, reply: Reply) -> dict[str, Any]:
    location = reply.headers.get("location")
    return {
        "body": reply.body,
        "httpHeaders": {"Location": location} if location else {},
        "httpStatusCode": reply.status,
        "referenceId": name,
    }


def _filled(value: Any, replies: Mapping[str, Reply]) -> Any:
    """Put what @{...} refers to in its place; raises LookupError."""
    if isinstance(value, dict):
        return {key: _filled(inner, replies) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, replies) for inner in value]
    if not isinstance(value, str):
        return value
    whole = WHOLE_REFERENCE.match(value)
    return _looked_up(whole.group(1), replies) if whole else _filled_text(value, replies)


def _filled_text(text: str, replies: Mapping[str, Reply]) -> str:
    return REFERENCE.sub(lambda match: str(_looked_up(match.group(1), replies)), text)


def _looked_up(reference: str, replies: Mapping[str, Reply]) -> Any:
    name, _, path = reference.partition(".")
    if "[" in name:
        name, _, rest = name.partition("[")
        path = f"[{rest}.{path}"
    reply = replies.get(name)
    if reply is None or not _is_good(reply):
        raise LookupError(reference)
    value = reply.body
    for key, index in STEP.findall(path):
        try:
            value = value[int(index)] if index else value[key]
        except (LookupError, TypeError) as error:
            raise LookupError(reference) from error
    return value
