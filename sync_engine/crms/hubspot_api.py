"""One call to HubSpot: paced, counted, timed, to HubSpot only, its failures in our words.

The official client gives the kept connection pool and the exceptions; bodies are read raw, for
its models cost twenty times the CPU (hubspot-api.md 16.1).
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
import urllib3.exceptions
from hubspot.crm.objects import ApiClient, Configuration
from hubspot.crm.objects.exceptions import ApiException

from sync_engine.core import error_types as types
from sync_engine.core.allocation import Cause
from sync_engine.core.classify import classify_hubspot
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.crms.access import Access, Hosts, TokenSource
from sync_engine.crms.clock import CrmClock
from sync_engine.crms.deadline import TIMEOUTS, bound
from sync_engine.crms.metered import Meter
from sync_engine.crms.pace import BURST, SEARCH, Pace, burst_of

# A read that meets one of these is made again, a few times, after a pause of our choice.
_PASSING = frozenset({423, 429, 502, 503, 504})
_ATTEMPTS = 4
_LONGEST_PAUSE = 10.0


class HubspotApi:
    def __init__(self, tokens: TokenSource, hosts: Hosts, meter: Meter, pace: Pace) -> None:
        configuration = Configuration()
        configuration.retries = False  # it would also follow redirects
        self._library = ApiClient(configuration)
        bound(self._library.rest_client.pool_manager)
        self._tokens, self._hosts, self._meter, self._pace = tokens, hosts, meter, pace
        self._burst = BURST
        self.clock = CrmClock()

    def access(self) -> Access:
        return self._tokens.access()

    def read(self, cause: Cause, method: str, path: str, body: object = None) -> Any:
        """Make one call that changes nothing and return its JSON; raises CrmError.

        One that fails in passing is made again: four attempts, with pauses at random.
        """
        for attempt in range(1, _ATTEMPTS):
            try:
                return self._call(cause, method, path, body)
            except _Refused as refused:
                if refused.status not in _PASSING:
                    raise refused.error from None
                time.sleep(_pause(attempt, refused.retry_after))
        return self.write(cause, method, path, body)

    def write(self, cause: Cause, method: str, path: str, body: object) -> Any:
        """Make one call, once, and return its JSON; raises CrmError."""
        try:
            return self._call(cause, method, path, body)
        except _Refused as refused:
            raise refused.error from None

    def _call(self, cause: Cause, method: str, path: str, body: object) -> Any:
        access = self._tokens.access()
        try:
            return self._send(access, cause, method, path, body)
        except _Refused as refused:
            if refused.status != 401:
                raise
        return self._send(self._tokens.renew(access), cause, method, path, body)

    def _send(self, access: Access, cause: Cause, method: str, path: str, body: object) -> Any:
        self._hosts.check(access.url)
        if not path.startswith("/oauth/"):  # who is signed in costs nothing
            self._pace.wait(SEARCH if path.endswith("/search") else self._burst)
            self._meter.reserve(Crm.HUBSPOT, cause)
        with _translated(is_write=cause is Cause.WRITING):
            answer = self._library.call_api(
                path,
                method,
                header_params={
                    "Authorization": f"Bearer {access.token}",
                    "Content-Type": "application/json",
                    "Accept-Encoding": "gzip",
                },
                body=body,
                _host=access.url,
                _preload_content=False,
                _request_timeout=TIMEOUTS,
            )
            self._learn(answer.headers)
            return orjson.loads(answer.data) if answer.data else None

    def _learn(self, headers: Mapping[str, str]) -> None:
        self.clock.learn(headers.get("Date"))
        if headers.get("X-HubSpot-RateLimit-Max", "").isdigit():
            self._burst = burst_of(int(headers["X-HubSpot-RateLimit-Max"]))


class _Refused(Exception):
    """retry_after: seconds, 0 where HubSpot does not say"""

    def __init__(self, error: CrmError, status: int, retry_after: float = 0.0) -> None:
        super().__init__(str(error))
        self.error, self.status, self.retry_after = error, status, retry_after


def _pause(attempt: int, retry_after: float) -> float:
    """Return seconds: what HubSpot asks for, else at random up to a growing most."""
    return min(_LONGEST_PAUSE, retry_after or random.uniform(0, 2.0**attempt))


@contextmanager
def _translated(*, is_write: bool) -> Iterator[None]:
    """Turn the library's exceptions into ours. The one place that knows both.

    After a write that got no clear answer nobody knows whether it was carried out.
    """
    try:
        yield
    except ApiException as error:
        status = error.status or 503  # 0: the connection could not be secured
        failed = CrmError(
            problem_of(status, _body(error.body)), in_doubt=is_write and status >= 500
        )
        wait = str((error.headers or {}).get("Retry-After", ""))
        raise _Refused(failed, status, float(wait) if wait.isdigit() else 0.0) from None
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        raise CrmError(_temporary("HubSpot could not be reached.")) from None
    except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError) as error:
        message = f"HubSpot did not answer: {type(error).__name__}."
        raise CrmError(_temporary(message), in_doubt=is_write) from None


def _body(text: str | None) -> Mapping[str, Any]:
    try:
        body = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _temporary(message: str) -> Problem:
    return Problem(Crm.HUBSPOT, types.TEMPORARY, message=message)


# Some refusals hold their list of errors as text inside the message.
_CODE_IN_TEXT = re.compile(r'"error":"([A-Z_]+)"')
_NAME_IN_TEXT = re.compile(r'"name":"(\w+)"')


def problem_of(status: int, body: Mapping[str, Any]) -> Problem:
    """Read HubSpot's envelope, of a whole call or of one row; every part of it may be missing."""
    message = str(body.get("message") or body.get("error_description") or "")
    details = [one for one in body.get("errors") or () if isinstance(one, dict)]
    codes = [one["code"] for one in details if one.get("code")] or _CODE_IN_TEXT.findall(message)
    names = {
        name
        for one in (body, *details)
        for name in (one.get("context") or {}).get("propertyName") or ()
    } or set(_NAME_IN_TEXT.findall(message))
    category = str(body.get("category") or body.get("errorType") or body.get("status") or "")
    code = str(codes[0]) if codes else ""
    type_ = classify_hubspot(status, category, code, message)
    return Problem(Crm.HUBSPOT, type_, code or category, message, tuple(sorted(names)))
