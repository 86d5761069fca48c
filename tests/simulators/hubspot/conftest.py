"""A fresh HubSpot account per test, called as a function or over HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
import pytest
import uvicorn
from hubspot import HubSpot

from sync_engine.simulators.http import App, Request, Response
from sync_engine.simulators.hubspot import HubSpotSimulator
from tests.simulators.hubspot.exchanges import look_into, unhurried_account


class Answered(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def properties(self) -> dict[str, str | None]:
        return self.body["properties"]


class Api:
    """The account's API without a network. token: who calls; "" for nobody."""

    def __init__(self, simulator: HubSpotSimulator, token: str) -> None:
        self.simulator = simulator
        self.token = token

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Answered:
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.send(method, path, sent, urlencode(query, doseq=True))

    def form(self, path: str, **fields: str) -> Answered:
        return self.send("POST", path, urlencode(fields).encode(), "")

    def send(
        self,
        method: str,
        path: str,
        body: bytes,
        query: str,
        more: Mapping[str, str] | None = None,
    ) -> Answered:
        """more: headers, names in lower case."""
        headers = dict(more or {})
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        response = self.simulator.answer(Request(method, path, path, query, headers, body))
        return _answered(response)

    def contact(self, email: str, **values: Any) -> str:
        """Create a contact; return its id."""
        sent = {"properties": {"email": email, **values}}
        answered = self("POST", "/crm/v3/objects/contacts", sent)
        assert answered.status == 201, answered.body
        return answered.body["id"]

    def read(self, contact: str, *names: str) -> dict[str, str | None]:
        asked = {"properties": ",".join(names)} if names else {}
        return self("GET", f"/crm/v3/objects/contacts/{contact}", **asked).properties

    def batch(self, verb: str, inputs: list[Any], **more: Any) -> Answered:
        return self("POST", f"/crm/v3/objects/contacts/batch/{verb}", {"inputs": inputs, **more})

    def search(self, *filters: dict[str, Any], **more: Any) -> Answered:
        groups = [{"filters": list(filters)}] if filters else []
        body = {"filterGroups": groups, **more}
        return self("POST", "/crm/v3/objects/contacts/search", body)

    def unique_property(self, name: str) -> None:
        sent = {
            "name": name,
            "label": name,
            "type": "string",
            "fieldType": "text",
            "groupName": "contactinformation",
            "hasUniqueValue": True,
        }
        assert self("POST", "/crm/v3/properties/contacts", sent).status == 201


def _answered(response: Response) -> Answered:
    is_json = response.headers.get("content-type", "").startswith("application/json")
    body = orjson.loads(response.body) if is_json else response.body.decode()
    return Answered(response.status, body, response.headers)


@pytest.fixture
def sends_nonsense() -> None:
    """For tests whose requests break the contract and may be accepted all the same."""


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Iterator[HubSpotSimulator]:
    """Return an empty account whose search is never behind and whose calls are not limited.

    Every answer is held against HubSpot's contract, and every request that was accepted.
    """
    simulator = unhurried_account()
    faults = look_into(simulator, asked_too="sends_nonsense" not in request.fixturenames)
    yield simulator
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def api(simulator: HubSpotSimulator) -> Api:
    return Api(simulator, simulator.token({})["access_token"])


@pytest.fixture
def url(simulator: HubSpotSimulator) -> Iterator[str]:
    """Serve the account over HTTP."""
    config = uvicorn.Config(App(simulator.answer), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(simulator: HubSpotSimulator, url: str) -> HubSpot:
    """Return the official client with a service key for the account."""
    token = simulator.token({})["access_token"]
    return HubSpot(access_token=token, host=url, base_url=url)
