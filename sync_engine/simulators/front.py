"""Where every request comes in: control, page, or the CRM itself with calls counted and faults
applied."""

from __future__ import annotations

import logging
from email.utils import formatdate
from functools import lru_cache

from sync_engine.simulators.base import Refused, Simulator
from sync_engine.simulators.calls import Calls
from sync_engine.simulators.control import Control
from sync_engine.simulators.faults import Fault, Faults
from sync_engine.simulators.http import Request, Response, json_response
from sync_engine.simulators.pages import Pages

log = logging.getLogger("simulators")


class Front:
    """changes: how many calls may have changed something; what is saved compares it."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._calls = Calls()
        self._faults = Faults()
        self._control = Control(simulator, self._calls, self._faults)
        self._pages = Pages(simulator)
        self.changes = 0

    def answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            self.changes += 1
        try:
            response = self._route(request)
        except Refused as refusal:
            response = json_response(400, {"error": str(refusal)})
        except Exception:
            log.exception("%s %s", request.method, request.raw_path)
            response = json_response(
                500, {"error": "The simulator failed. Its log says why: this is a defect of it."}
            )
        if "date" not in response.headers:
            response.headers["date"] = _date(int(self._simulator.clock.now().timestamp()))
        if request.method == "HEAD":
            response.body = b""
        return response

    def _route(self, request: Request) -> Response:
        if request.path.startswith("/__simulator__"):
            return self._control.answer(request)
        if request.path == "/" or request.path.startswith("/records/"):
            return self._pages.answer(request)
        return self._call(request)

    def _call(self, request: Request) -> Response:
        fault = self._faults.take(request) if self._faults else None
        if fault is None:
            response = self._simulator.answer(request)
            cost = self._simulator.bill(request, response)
        else:
            response, cost = self._spoilt(request, fault)
        self._calls.note(request.method, request.raw_path, response.status, cost)
        return response

    def _spoilt(self, request: Request, fault: Fault) -> tuple[Response, int]:
        """Return what is sent and what is billed when `fault` hits this call."""
        if fault.action:
            self._simulator.actions()[fault.action](fault.arguments)
        if fault.replaces_answer("before"):
            response, cost = fault.answer(), 0
        else:
            response = self._simulator.answer(request)
            cost = self._simulator.bill(request, response)
            if fault.replaces_answer("after"):
                response = fault.answer()
        response.delay += fault.delay
        response.keep = fault.truncate
        return response, cost


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
