"""From a request to HubSpot's answer: token, rates, scopes, the call itself, headers."""

from __future__ import annotations

from uuid import uuid4

from sync_engine.simulators.http import Request, Response, json_response
from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.call import Answer, Call
from sync_engine.simulators.hubspot.errors import HubSpotError, missing_scopes, not_simulated
from sync_engine.simulators.hubspot.login import login
from sync_engine.simulators.hubspot.paths import ROOTS, Parts, canonical
from sync_engine.simulators.hubspot.rates import Window
from sync_engine.simulators.hubspot.routes import ROUTES
from sync_engine.simulators.hubspot.scopes import write_records
from sync_engine.simulators.hubspot.tokens import Grant

LONGEST_URL = 16_200
_NOBODY = Grant(0, ())
_ROOTS = {(root,) for root in ROOTS}


def answer(account: Account, request: Request) -> Response:
    """Answer one call of the API or the login page. Raises nothing for wrong input."""
    version, path = canonical(request.parts)
    if path == ("oauth", "authorize") and request.method in ("GET", "POST"):
        return login(account, request)
    correlation_id = str(uuid4())
    headers = {"X-HubSpot-Correlation-Id": correlation_id, "X-Trace": correlation_id}
    try:
        status, body = _answer(account, request, (version, path), headers)
    except HubSpotError as error:
        status, body = error.status, error.body(correlation_id)
    if body is None:
        return Response(status, b"", headers)
    return json_response(status, body, headers)


def _answer(
    account: Account, request: Request, asked: tuple[str, Parts], headers: dict[str, str]
) -> Answer:
    version, path = asked
    if len(request.raw_path) + len(request.query_string) > LONGEST_URL:
        raise HubSpotError(414, "URI Too Long", category="")
    found = ROUTES.find(version, request.method, path)
    is_open = path[:1] == ("oauth",)
    grant = (
        _NOBODY if is_open or path[:1] not in _ROOTS else _enter(account, request, path, headers)
    )
    if found is None:
        raise _no_such_call(request, path)
    handler, scopes, args = found
    required = scopes(args)
    if not grant.allows(required):
        raise missing_scopes(required)
    if scopes is write_records:
        account.trouble.check_lock(account.table(args[0]).kind.plural, account.now())
    return handler(Call(account, request, grant, args, version))


def _enter(account: Account, request: Request, path: Parts, headers: dict[str, str]) -> Grant:
    """Check the token, then count the call; headers tell what is left, except a search's."""
    now = account.now()
    grant = account.tokens.grant_of(request.headers.get("authorization", ""), now)
    window = _window(account, path, grant)
    try:
        account.rates.take(window, now, grant)
    finally:
        if window is not account.rates.search:
            headers.update(account.rates.headers(now, grant))
    account.trouble.check_migration(now, headers)
    return grant


def _window(account: Account, path: Parts, grant: Grant) -> Window:
    if path[-1] == "search" and path[1:2] == ("objects",):
        return account.rates.search
    if "associations" in path:
        return account.rates.associations
    return account.rates.burst_of(grant)


def _no_such_call(request: Request, path: Parts) -> HubSpotError:
    if path[:1] in _ROOTS:
        return not_simulated(f"{request.method} {request.path}")
    return HubSpotError(404, "resource not found", category="")
