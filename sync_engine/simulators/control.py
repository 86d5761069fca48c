"""What people and tests do to a simulator behind the CRM's back: JSON under /__simulator__/.

Answers on loopback only. A POST, PATCH or DELETE with a body says Content-Type: application/json,
which no form of another web site can send. What there is: `Control.deeds`, and the page that
`manual` makes of it.
"""

from __future__ import annotations

import gc
import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sync_engine.simulators.base import Refused, Simulator
from sync_engine.simulators.calls import Calls
from sync_engine.simulators.deeds import Deed
from sync_engine.simulators.faults import Faults
from sync_engine.simulators.http import NotJson, Request, Response, html_response, json_response
from sync_engine.simulators.manual import manual

STYLE = (Path(__file__).parent / "style.css").read_bytes()
SOMEBODY = "control"
MOST_RECORDS = 10_000
LONGEST_SHIFT = 1e9  # seconds


class Control:
    """deeds: every control call, in the manual's order."""

    def __init__(self, simulator: Simulator, calls: Calls, faults: Faults) -> None:
        self._simulator = simulator
        self._calls = calls
        self._faults = faults
        self.deeds = (
            Deed("POST", "reset", "", "Forget all: records, tokens, custom fields, faults, counts, "
                 "the moved clock.", self._reset),
            Deed("POST", "seed", "", "Make the demo's records beside what is there.", self._seed),
            Deed("POST", "load", '{"object", "count": 1000, "seed": 1, "start": 0, "parents": '
                 'false}', "Make synthetic records, fast. Person, company, sale or request N of a "
                 "seed is the same in both CRMs; persons are personN.SEED@load.example. start: "
                 "the first N. parents: they belong to the companies that are there, ten to each.",
                 self._load),
            Deed("GET", "calls", "", "Count the calls since the last reset by method, shape of the "
                 "path and status, with what the vendor bills for them.", self._report),
            Deed("DELETE", "calls", "", "Begin to count anew.", self._forget_calls),
            Deed("GET", "faults", "", "Show the rules in force.", self._show_faults),
            Deed("POST", "faults", "{...} or [{...}, ...]", "Add rules of misbehaviour: which "
                 "calls, how often, what happens. Their members are below.", self._add_faults),
            Deed("DELETE", "faults", "", "Behave again.", self._clear_faults),
            Deed("POST", "clock", '{"shift_seconds"}', "Move this CRM's time by so much more; it "
                 "may be negative.", self._move_clock),
            Deed("POST", "actions/NAME", "{...}", "Do what the API lacks. The names are below.",
                 self._act),
            Deed("GET", "records/OBJECT", "?q=text&limit=100", "List records, latest changed "
                 "first.", self._list),
            Deed("POST", "records/OBJECT", '{"by", "values"}', "Create a record as that person "
                 "does.", self._create),
            Deed("GET", "records/OBJECT/ID", "", "Show one record.", self._show),
            Deed("PATCH", "records/OBJECT/ID", '{"by", "values"}', "Edit a record as that person "
                 "does.", self._edit),
            Deed("DELETE", "records/OBJECT/ID", '{"by"}', "Delete a record as that person does.",
                 self._delete),
            Deed("GET", "audit", "?id=...", "Show who changed which record when, oldest first.",
                 self._audit),
            Deed("POST", "token", '{"user"}', "Give an access token to a client of your own, as "
                 "one user or another; as the integration user without.", self._give_token),
        )  # fmt: skip

    def answer(self, request: Request) -> Response:
        rest = request.parts[1:]
        if rest == ("style.css",):
            return Response(200, STYLE, {"content-type": "text/css;charset=UTF-8"})
        if not _is_loopback(request.peer):
            return json_response(403, {"error": "Control answers on loopback only."})
        if not rest:
            host = request.headers.get("host", "127.0.0.1")
            return html_response(200, manual(self._simulator, self.deeds, self._now(), host))
        if (request.body or request.method == "POST") and not _says_json(request):
            return json_response(415, {"error": "Send Content-Type: application/json."})
        return self._route(request, rest)

    def _route(self, request: Request, parts: tuple[str, ...]) -> Response:
        fitting = {
            deed.method: (deed, names)
            for deed in self.deeds
            if (names := deed.names(parts)) is not None
        }
        if not fitting:
            return json_response(404, {"error": "No such control. GET /__simulator__/"})
        if request.method not in fitting:
            allowed = ", ".join(fitting)
            said = {"error": f"{request.method} is not for this. Send {allowed}."}
            return json_response(405, said, {"allow": allowed})
        return self._do(request, *fitting[request.method])

    def _do(self, request: Request, deed: Deed, names: list[str]) -> Response:
        try:
            done = deed.do(request, *names)
        except NotJson as error:
            return json_response(400, {"error": f"The body is not JSON: {error}"})
        except Refused as refusal:
            return json_response(400, {"error": str(refusal)})
        except KeyError as missing:
            return json_response(404, {"error": f"There is no {missing.args[0]!r}."})
        return json_response(200, {"done": True} if done is None else done)

    def _now(self) -> list[str]:
        """Say how things are, for the page."""
        report, rules = self._calls.report(), len(self._faults.to_json())
        shift = self._simulator.clock.shift.total_seconds()
        now = self._simulator.clock.now().strftime("%Y-%m-%d %H:%M:%S")
        return [
            f"{report['calls']:,} calls since the last reset, of which {report['cost']:,} are "
            "billed.",
            f"{rules} {'fault is' if rules == 1 else 'faults are'} in force.",
            f"Here it is {now} UTC, {shift:+,.0f} s from this machine's time.",
        ]

    def _reset(self, request: Request) -> None:
        self._simulator.reset()
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
        self._simulator.clock.shift = timedelta()
        self._faults.clear()
        self._calls.forget()

    def _seed(self, request: Request) -> None:
        self._simulator.seed_demo()

    def _load(self, request: Request) -> dict[str, int]:
        loaded = self._simulator.load(_body(request))
        gc.freeze()  # else the collector looks through a million records now and then
        return {"loaded": loaded}

    def _report(self, request: Request) -> dict[str, Any]:
        return self._calls.report()

    def _forget_calls(self, request: Request) -> None:
        self._calls.forget()

    def _show_faults(self, request: Request) -> list[dict[str, Any]]:
        return self._faults.to_json()

    def _add_faults(self, request: Request) -> None:
        asked = request.json()
        rules = asked if isinstance(asked, list) else [asked]
        for action in [rule.get("action") for rule in rules if isinstance(rule, dict)]:
            if action and action not in self._simulator.actions():
                raise Refused(f"There is no action {action!r}.")
        self._faults.add(rules)

    def _clear_faults(self, request: Request) -> None:
        self._faults.clear()

    def _move_clock(self, request: Request) -> dict[str, Any]:
        clock, seconds = self._simulator.clock, _body(request).get("shift_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise Refused("'shift_seconds' is a number of seconds.")
        if abs(clock.shift.total_seconds() + seconds) > LONGEST_SHIFT:
            raise Refused(f"The clock cannot be moved by more than {LONGEST_SHIFT:,.0f} seconds.")
        clock.shift += timedelta(seconds=seconds)
        return {"now": clock.now().isoformat()}

    def _act(self, request: Request, name: str) -> Any:
        actions = self._simulator.actions()
        if name not in actions:
            raise Refused(f"There is no action {name!r}. There are: {', '.join(sorted(actions))}.")
        return actions[name](_body(request))

    def _list(self, request: Request, object_name: str) -> list[dict[str, Any]]:
        limit = request.first("limit", "100")
        most = min(int(limit), MOST_RECORDS) if limit.isdecimal() else 100
        found = self._simulator.search(self._known(object_name), request.first("q"), most)
        return [{"id": record_id, "values": values} for record_id, values in found]

    def _create(self, request: Request, object_name: str) -> dict[str, str]:
        by, values = _edit(request)
        return {"id": self._simulator.create(self._known(object_name), values, by)}

    def _show(self, request: Request, object_name: str, record_id: str) -> dict[str, Any]:
        values = self._simulator.get(self._known(object_name), record_id)
        return {"id": record_id, "values": values}

    def _edit(self, request: Request, object_name: str, record_id: str) -> None:
        by, values = _edit(request)
        self._simulator.edit(self._known(object_name), record_id, values, by)

    def _delete(self, request: Request, object_name: str, record_id: str) -> None:
        by, _ = _edit(request)
        self._simulator.delete(self._known(object_name), record_id, by)

    def _audit(self, request: Request) -> list[Mapping[str, Any]]:
        wanted = request.first("id")
        return [entry for entry in self._simulator.audit() if wanted in ("", entry["id"])]

    def _give_token(self, request: Request) -> Mapping[str, Any]:
        origin = f"http://{request.headers.get('host', '')}"
        return self._simulator.token({**_body(request), "origin": origin})

    def _known(self, object_name: str) -> str:
        if object_name not in self._simulator.objects():
            raise KeyError(object_name)
        return object_name


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
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # how IPv4 looks to a socket of IPv6
    return (mapped or address).is_loopback


def _says_json(request: Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip() == "application/json"
