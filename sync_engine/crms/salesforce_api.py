"""One call to Salesforce: counted, timed, to Salesforce only, its failures in our words.

Below simple-salesforce lies our own requests session, for the library has no time-outs, loses
headers on its own retries and writes https:// whatever it is told (salesforce-api.md 12.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import orjson
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from sync_engine.core import error_types as types
from sync_engine.core.allocation import Cause
from sync_engine.core.classify import classify_salesforce
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.crms.access import Access, Hosts, TokenSource
from sync_engine.crms.clock import CrmClock
from sync_engine.crms.deadline import TIMEOUTS, bind
from sync_engine.crms.metered import Meter

VERSION = "66.0"  # pinned: a newer one is a decision, with the tests run against it
ROOT = f"/services/data/v{VERSION}/"

_AUTO_ASSIGN = "Sforce-Auto-Assign"

# "api-usage=18/5000", of all integrations of the org in the last 24 hours.
_USAGE = re.compile(r"\bapi-usage=(\d+)/(\d+)")


class _Session(requests.Session):
    """The one way out: what the library does on its own is counted and checked too.

    cause  what the next call is for
    """

    cause = Cause.READING

    def __init__(self, hosts: Hosts, meter: Meter) -> None:
        super().__init__()
        self.clock = CrmClock()
        bind(self)
        # Without it every update through REST runs assignment rules (salesforce-api.md 0.1).
        self.headers[_AUTO_ASSIGN] = "FALSE"
        self._hosts, self._meter = hosts, meter

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self._hosts.check(request.url or "")
        if "/oauth2/" not in request.path_url:  # who is signed in costs nothing
            self._meter.reserve(Crm.SALESFORCE, self.cause)
        answer = super().send(request, **kwargs | {"timeout": TIMEOUTS, "allow_redirects": False})
        self.cookies.clear()
        self.clock.learn(answer.headers.get("Date"))
        if used := _USAGE.search(answer.headers.get("Sforce-Limit-Info", "")):
            self._meter.org_used(int(used[1]), int(used[2]))
        return answer


class SalesforceApi:
    def __init__(self, tokens: TokenSource, hosts: Hosts, meter: Meter) -> None:
        self._tokens = tokens
        self._session = _Session(hosts, meter)
        self._access: Access | None = None

    @property
    def url(self) -> str:
        """Where the org's API is reached; the token that comes with it may be old."""
        return self._signed_in().url

    @property
    def clock(self) -> CrmClock:
        return self._session.clock

    def call(
        self,
        cause: Cause,
        method: str,
        path: str,
        body: object = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """Make one call and return its JSON, None for an empty answer; raises CrmError.

        path  below /services/data/vXX.0/
        A refused token is renewed and the call made again, once: Salesforce did nothing.
        """
        data = None if body is None else orjson.dumps(body)

        def send(library: Salesforce) -> Any:
            return library.restful(path, method=method, params=dict(params or {}), data=data)

        return self._call(cause, send)

    def write(self, method: str, path: str, body: object) -> Any:
        """Make one call that writes; as `call`."""
        return self.call(Cause.WRITING, method, path, body)

    def write_assigned(self, method: str, path: str, body: object) -> Any:
        """Make one call that writes, and run assignment rules on what it writes; as `call`."""
        data, headers = orjson.dumps(body), {_AUTO_ASSIGN: "TRUE"}

        def send(library: Salesforce) -> Any:
            return library.restful(path, method=method, data=data, headers=headers)

        return self._call(Cause.WRITING, send)

    def user_info(self) -> Mapping[str, Any]:
        """Return who is signed in, in OpenID Connect's words (salesforce-api.md 1.5)."""
        answer = self._call(Cause.DESCRIBE, lambda library: library.oauth2("userinfo"))
        return answer or {}

    def _signed_in(self) -> Access:
        if self._access is None:
            self._access = self._tokens.access()
        return self._access

    def _call(self, cause: Cause, send: Callable[[Salesforce], Any]) -> Any:
        self._session.cause = cause
        access = self._signed_in()
        with _translated(cause):
            try:
                return send(_library(self._session, access))
            except SalesforceError as error:
                if _problem(error).type is not types.SIGNED_OUT:
                    raise
            self._access = self._tokens.renew(access)
            return send(_library(self._session, self._access))


def _library(session: requests.Session, access: Access) -> Salesforce:
    """Hand our session to the library, and our address: it would write https:// before it."""
    library = Salesforce(
        session_id=access.token,
        instance_url=access.url,
        version=VERSION,
        session=session,
        parse_float=Decimal,
        object_pairs_hook=dict,
    )
    library.base_url = access.url + ROOT
    library.oauth2_url = f"{access.url}/services/oauth2/"
    return library


@contextmanager
def _translated(cause: Cause) -> Iterator[None]:
    """Turn the library's exceptions into ours. The one place that knows both.

    After a write that got no clear answer nobody knows whether it was carried out.
    """
    is_write = cause is Cause.WRITING
    try:
        yield
    except SalesforceError as error:
        raise CrmError(_problem(error), in_doubt=is_write and error.status >= 500) from None
    except requests.ConnectTimeout:
        raise CrmError(_temporary("Salesforce could not be reached.")) from None
    except requests.RequestException as error:
        sent = not _never_left(error)
        message = f"Salesforce did not answer: {type(error).__name__}."
        raise CrmError(_temporary(message), in_doubt=is_write and sent) from None


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether no connection was made at all, so that nothing can have been carried out."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


def _temporary(message: str) -> Problem:
    return Problem(Crm.SALESFORCE, types.TEMPORARY, message=message)


def _problem(error: SalesforceError) -> Problem:
    return first_problem(error.status, error.content)


def first_problem(status: int, content: object) -> Problem:
    """Read a refusal in any shape Salesforce gives it: a list, an object, text, a page.

    Collections say `statusCode` where single calls say `errorCode`; `fields` may be missing.
    """
    refusals = content if isinstance(content, list) else [content]
    first = refusals[0] if refusals and isinstance(refusals[0], dict) else {}
    code = str(first.get("errorCode") or first.get("statusCode") or first.get("error") or "")
    if content == "Bad_OAuth_Token":
        code = "INVALID_SESSION_ID"
    message = str(first.get("message") or first.get("error_description") or "")
    fields = tuple(map(str, first.get("fields") or ()))
    type_ = classify_salesforce(status, code, message, fields)
    return Problem(Crm.SALESFORCE, type_, code, message, fields)
