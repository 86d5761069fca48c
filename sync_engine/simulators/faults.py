"""Misbehaviour on demand: rules that a test or a person sets, tried in order, first match wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from sync_engine.simulators.base import Refused
from sync_engine.simulators.http import Request, Response

# Header of an answer that is a rule's and not the CRM's: it need not look like the CRM's.
FAULT = "x-simulator-fault"


@dataclass
class Fault:
    """What happens to the calls that match. Several effects may be named at once.

    method    "POST"; "" for any
    path      regular expression, found anywhere in the path
    contains  text that the request's body must contain; "" for any
    skip      how many matching calls pass untouched first
    times     how often it happens; None: until deleted
    status    answer this, with `body` (text, or JSON) and `headers`
    drop      close the connection without an answer
    truncate  send so many bytes of the answer, then close the connection
    moment    of status and drop: "before" the call does anything, or "after" it is committed
    delay     seconds before the answer is sent; the work is done at once
    action    name of an action of this simulator, done before the call ("expire-sessions")
    arguments what that action gets
    """

    method: str = ""
    path: str = ""
    contains: str = ""
    skip: int = 0
    times: int | None = None
    status: int = 0
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    truncate: int | None = None
    moment: Literal["before", "after"] = "before"
    delay: float = 0.0
    action: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)

    def matches(self, request: Request) -> bool:
        if self.method not in ("", request.method) or not re.search(self.path, request.raw_path):
            return False
        return not self.contains or self.contains.encode() in request.body

    def replaces_answer(self, moment: str) -> bool:
        return self.moment == moment and (self.drop or self.status != 0)

    def answer(self) -> Response:
        if self.drop:
            return Response(0, drop=True)
        is_text = isinstance(self.body, str)
        kind = "text/html;charset=UTF-8" if is_text else "application/json;charset=UTF-8"
        body = self.body.encode() if is_text else orjson.dumps(self.body)
        return Response(self.status, body, {"content-type": kind, FAULT: "yes", **self.headers})

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._rules)

    def add(self, asked: Mapping[str, Any]) -> None:
        """Add a rule; raises Refused where it cannot be understood."""
        self._rules.append(_fault(asked))

    def clear(self) -> None:
        self._rules.clear()

    def take(self, request: Request) -> Fault | None:
        """Return the rule that hits this call, used up by one; None for most calls."""
        for fault in self._rules:
            if not fault.matches(request):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            self._use(fault)
            return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._rules.remove(fault)

    def to_json(self) -> list[dict[str, Any]]:
        return [fault.to_json() for fault in self._rules]


KINDS: dict[str, type | tuple[type, ...]] = {
    "method": str, "path": str, "contains": str, "skip": int, "times": (int, type(None)),
    "status": int, "body": object, "headers": dict, "drop": bool, "truncate": (int, type(None)),
    "moment": str, "delay": (int, float), "action": str, "arguments": dict,
}  # fmt: skip


def _fault(asked: Mapping[str, Any]) -> Fault:
    for name, value in asked.items():
        if name not in KINDS:
            raise Refused(f"A fault has no {name!r}. It has: {', '.join(KINDS)}.")
        if not isinstance(value, KINDS[name]):
            raise Refused(f"{name!r} of a fault cannot be {value!r}.")
    fault = Fault(**asked)
    if fault.moment not in ("before", "after"):
        raise Refused('\'moment\' is "before" or "after".')
    if fault.status and not 200 <= fault.status <= 599:
        raise Refused("'status' is an HTTP status, 200 to 599.")
    if fault.truncate is not None and fault.truncate < 0:
        raise Refused("'truncate' is a number of bytes.")
    try:
        re.compile(fault.path)
    except re.error as error:
        raise Refused(f"'path' is not a regular expression: {error}.") from error
    return fault
