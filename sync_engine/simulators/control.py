"""What people and tests do to a simulator behind the CRM's back: JSON under /__simulator__/.

Answers on loopback only. A POST, PATCH or DELETE with a body says Content-Type: application/json,
which no form of another web site can send.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from sync_engine.simulators.base import Refused, Simulator
from sync_engine.simulators.calls import Calls
from sync_engine.simulators.faults import Faults
from sync_engine.simulators.http import NotJson, Request, Response, html_response, json_response
from sync_engine.simulators.layout import page

STYLE = (Path(__file__).parent / "style.css").read_bytes()
SOMEBODY = "control"
MOST_RECORDS = 10_000

# What GET /__simulator__/ says about itself: call, body, what it does.
MANUAL = (
    ("POST reset", "", "Forget all: records, tokens, custom fields, faults, counts, moved clock."),
    ("POST seed", "", "Make the demo's records beside what is there."),
    ("POST load", '{"object", "count", "seed"}', "Make synthetic records, fast."),
    ("GET calls", "", "Calls since the last reset by method, path, status, with billed cost."),
    ("DELETE calls", "", "Begin to count anew."),
    ("GET faults", "", "The rules in force."),
    (
        "POST faults",
        '{"method", "path", "contains", "skip", "times", "status", "body", "headers", "drop", '
        '"truncate", "moment": "before"|"after", "delay", "action", "arguments"}, or a list of such',
        "Add rules: which calls (path: regular expression), how often, what happens.",
    ),
    ("DELETE faults", "", "Behave again."),
    ("POST clock", '{"shift_seconds"}', "Move this CRM's time by so much more."),
    ("POST actions/NAME", "", "What the API lacks; the names are below."),
    ("GET records/OBJECT", "?q=text&limit=100", "Records, latest changed first."),
    ("GET records/OBJECT/ID", "", "One record."),
    ("POST records/OBJECT", '{"by", "values"}', "Create a record as that person does."),
    ("PATCH records/OBJECT/ID", '{"by", "values"}', "Edit a record as that person does."),
    ("DELETE records/OBJECT/ID", '{"by"}', "Delete a record as that person does."),
    ("GET audit", "?id=...", "Who changed which record when, oldest first."),
    ("POST token", '{"user"}', "An access token for a client of your own."),
)  # fmt: skip


class Control:
    def __init__(self, simulator: Simulator, calls: Calls, faults: Faults) -> None:
        self._simulator = simulator
        self._calls = calls
        self._faults = faults
        self._plain: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("POST", "reset"): self._reset,
            ("POST", "seed"): self._seed,
            ("POST", "load"): lambda request: {"loaded": simulator.load(_body(request))},
            ("GET", "calls"): lambda request: calls.report(),
            ("DELETE", "calls"): lambda request: calls.forget(),
            ("GET", "faults"): lambda request: faults.to_json(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): lambda request: faults.clear(),
            ("POST", "clock"): self._move_clock,
            ("GET", "audit"): self._audit,
            ("POST", "token"): lambda request: simulator.token(
                {**_body(request), "origin": f"http://{request.headers.get('host', '')}"}
            ),
        }

    def answer(self, request: Request) -> Response:
        rest = request.parts[1:]
        if rest == ("style.css",):
            return Response(200, STYLE, {"content-type": "text/css;charset=UTF-8"})
        if not _is_loopback(request.peer):
            return json_response(403, {"error": "Control answers on loopback only."})
        if not rest:
            return html_response(200, self._manual())
        if request.body and not _says_json(request):
            return json_response(415, {"error": "Send Content-Type: application/json."})
        if request.method == "POST" and not _says_json(request):
            return json_response(415, {"error": "Send Content-Type: application/json."})
        return self._do(request, rest)

    def _do(self, request: Request, rest: tuple[str, ...]) -> Response:
        try:
            if len(rest) == 1 and (request.method, rest[0]) in self._plain:
                done = self._plain[request.method, rest[0]](request)
            elif rest[0] == "actions" and len(rest) == 2 and request.method == "POST":
                done = self._act(rest[1], _body(request))
            elif rest[0] == "records" and 2 <= len(rest) <= 3:
                done = self._records(request, *rest[1:])
            else:
                return json_response(404, {"error": "No such control. GET /__simulator__/"})
        except NotJson as error:
            return json_response(400, {"error": f"The body is not JSON: {error}"})
        except Refused as refusal:
            return json_response(400, {"error": str(refusal)})
        except KeyError as missing:
            return json_response(404, {"error": f"There is no {missing.args[0]!r}."})
        return json_response(200, {"done": True} if done is None else done)

    def _reset(self, request: Request) -> None:
        self._simulator.reset()
        self._simulator.clock.shift = timedelta()
        self._faults.clear()
        self._calls.forget()

    def _seed(self, request: Request) -> None:
        self._simulator.seed_demo()

    def _add_faults(self, request: Request) -> None:
        asked = request.json()
        for rule in asked if isinstance(asked, list) else [asked]:
            if not isinstance(rule, dict):
                raise Refused("A fault is an object.")
            if rule.get("action") and rule["action"] not in self._simulator.actions():
                raise Refused(f"There is no action {rule['action']!r}.")
            self._faults.add(rule)

    def _move_clock(self, request: Request) -> dict[str, Any]:
        seconds = _body(request).get("shift_seconds")
        if not isinstance(seconds, int | float) or abs(seconds) > 1e9:
            raise Refused("'shift_seconds' is a number of seconds.")
        self._simulator.clock.shift += timedelta(seconds=seconds)
        return {"now": self._simulator.clock.now().isoformat()}

    def _audit(self, request: Request) -> list[Mapping[str, Any]]:
        wanted = request.first("id")
        return [entry for entry in self._simulator.audit() if wanted in ("", entry["id"])]

    def _act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        actions = self._simulator.actions()
        if name not in actions:
            raise Refused(f"There is no action {name!r}. There are: {', '.join(sorted(actions))}.")
        return actions[name](arguments)

    def _records(self, request: Request, object_name: str, record_id: str = "") -> Any:
        if object_name not in self._simulator.objects():
            raise KeyError(object_name)
        match request.method, bool(record_id):
            case "GET", False:
                return self._list(request, object_name)
            case "GET", True:
                return {"id": record_id, "values": self._simulator.get(object_name, record_id)}
            case "POST", False:
                by, values = _edit(request)
                return {"id": self._simulator.create(object_name, values, by)}
            case "PATCH", True:
                by, values = _edit(request)
                return self._simulator.edit(object_name, record_id, values, by)
            case "DELETE", True:
                return self._simulator.delete(object_name, record_id, _edit(request)[0])
        raise Refused("GET or POST an object's records; GET, PATCH or DELETE one record.")

    def _list(self, request: Request, object_name: str) -> list[dict[str, Any]]:
        limit = request.first("limit", "100")
        most = min(int(limit), MOST_RECORDS) if limit.isdecimal() else 100
        found = self._simulator.search(object_name, request.first("q"), most)
        return [{"id": record_id, "values": values} for record_id, values in found]

    def _manual(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(call)}</code></td><td><code>{escape(body)}</code></td>"
            f"<td>{escape(what)}</td></tr>"
            for call, body, what in MANUAL
        )
        actions = "".join(
            f"<tr><td><code>POST actions/{escape(name)}</code></td><td colspan=2>"
            f"{escape((action.__doc__ or '').strip())}</td></tr>"
            for name, action in sorted(self._simulator.actions().items())
        )
        return page(
            f"{self._simulator.title} simulator: control",
            "<h2>Control</h2><p>Each call lies under <code>/__simulator__/</code>, takes and gives "
            "JSON, and answers on loopback only.</p><div class=scroll><table><thead><tr><th>Call"
            f"<th>Body or query<th>What it does</thead><tbody>{rows}{actions}</tbody></table></div>"
            '<p><a href="/">Back to the records</a></p>',
        )


def _body(request: Request) -> dict[str, Any]:
    body = request.json()
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise Refused("The body is a JSON object.")
    return body


def _edit(request: Request) -> tuple[str, dict[str, Any]]:
    body = _body(request)
    by, values = body.get("by", SOMEBODY), body.get("values", {})
    if not isinstance(by, str) or not isinstance(values, dict):
        raise Refused("'by' is a person's name, 'values' an object of field names and values.")
    return by, values


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _says_json(request: Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip() == "application/json"
