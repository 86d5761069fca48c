"""What goes over the wire to Salesforce in a test, held against its contract."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from sync_engine.simulators.faults import FAULT
from sync_engine.simulators.http import Request, Response
from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.salesforce.contract import answer_faults


class Exchanges:
    """seen: paths that were asked. faults: what Salesforce would not have answered."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.faults: list[str] = []

    def note(self, answer: requests.Response) -> None:
        asked = answer.request
        path = urlsplit(asked.url or "").path
        if not path.startswith(("/services/", "/id/")) or FAULT in answer.headers:
            return
        self.seen.append(path)
        body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
        headers = {name.lower(): value for name, value in answer.headers.items()}
        told = (answer.status_code, headers, answer.content)
        self.faults += answer_faults(asked.method or "", path, *told, body)


def look_into(simulator: SalesforceSimulator) -> list[str]:
    """Hold every answer of a simulator's against the contract from now on; return what is wrong
    with them, a list that grows."""
    answer, faults = simulator.answer, list[str]()

    def watched(sent: Request) -> Response:
        response = answer(sent)
        told = (response.status, response.headers, response.body)
        faults.extend(answer_faults(sent.method, sent.raw_path, *told, sent.body))
        return response

    simulator.answer = watched  # type: ignore[method-assign]
    return faults


def watch(monkeypatch: pytest.MonkeyPatch) -> Exchanges:
    """Look over the shoulder of every requests session."""
    found, send = Exchanges(), requests.Session.send

    def watched(self: requests.Session, asked: Any, **more: Any) -> requests.Response:
        answer = send(self, asked, **more)
        found.note(answer)
        return answer

    monkeypatch.setattr(requests.Session, "send", watched)
    return found
