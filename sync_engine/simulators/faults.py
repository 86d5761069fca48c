"""Misbehaviour on demand: rules that a test or a person sets, tried in order, first match wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from sync_engine.simulators.base import Refused
from sync_engine.simulators.http import Request, Response

# Header of an answer that is a rule's and not the CRM's: it need not look like the CRM's.
FAULT = "x-simulator-fault"


@dataclass
class Fault:
    """What happens to the calls that match; KEYS says what each member means. Several effects may
    be named at once."""

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
        json = b"" if self.body is None else orjson.dumps(self.body)
        body = self.body.encode() if is_text else json
        return Response(self.status, body, {"content-type": kind, FAULT: "yes", **self.headers})

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._rules)

    def add(self, asked: Sequence[Any]) -> None:
        """Add rules; raises Refused, and adds none, where one cannot be understood."""
        self._rules += [_fault(one) for one in asked]

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


@dataclass(frozen=True, slots=True)
class Key:
    """What a member of a rule may be, and what it does: the manual on the control page."""

    kinds: tuple[type, ...]
    means: str


KEYS = {
    "method": Key((str,), '"POST"; any without'),
    "path": Key((str,), "a regular expression that is found anywhere in the path"),
    "contains": Key((str,), "a text that the request's body contains"),
    "skip": Key((int,), "how many matching calls pass untouched first"),
    "times": Key((int, type(None)), "how often it happens; until it is deleted without"),
    "status": Key((int,), "answer this, with body and headers"),
    "body": Key((object,), "a text, or JSON; nothing without"),
    "headers": Key((dict,), "names and texts"),
    "drop": Key((bool,), "close the connection without an answer"),
    "truncate": Key(
        (int, type(None)), "send so many bytes of the answer, then close the connection"
    ),
    "moment": Key(
        (str,),
        'of status and drop: "before" the call does anything, which is usual, or "after" it is '
        "committed",
    ),
    "delay": Key((int, float), "seconds before the answer is sent; the work is done at once"),
    "action": Key((str,), "the name of an action, which is done before the call"),
    "arguments": Key((dict,), "what that action is given"),
}


def _fault(asked: Any) -> Fault:
    if not isinstance(asked, dict):
        raise Refused("A fault is an object.")
    for name, value in asked.items():
        if name not in KEYS:
            raise Refused(f"A fault has no {name!r}. It has: {', '.join(KEYS)}.")
        if not isinstance(value, KEYS[name].kinds) or _is_flag_for_number(name, value):
            raise Refused(f"{name!r} of a fault cannot be {value!r}.")
    fault = Fault(**asked)
    if fault.moment not in ("before", "after"):
        raise Refused('\'moment\' is "before" or "after".')
    if fault.status and not 200 <= fault.status <= 599:
        raise Refused("'status' is an HTTP status, 200 to 599.")
    if fault.truncate is not None and fault.truncate < 0:
        raise Refused("'truncate' is a number of bytes.")
    if not all(isinstance(text, str) and text.isprintable() for text in fault.headers.values()):
        raise Refused("'headers' are names and texts of one line.")
    try:
        re.compile(fault.path)
    except re.error as error:
        raise Refused(f"'path' is not a regular expression: {error}.") from error
    return fault


def _is_flag_for_number(name: str, value: Any) -> bool:
    return isinstance(value, bool) and int in KEYS[name].kinds
