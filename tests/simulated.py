"""Both simulators as processes, once a session, and clients that speak to them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.conf import settings
from redis import Redis

from sync_engine.core.allocation import Cause
from sync_engine.core.values import Crm
from sync_engine.crms.access import Access, Hosts
from sync_engine.crms.hubspot import HubspotClient
from sync_engine.crms.pace import Pace
from sync_engine.crms.salesforce import SalesforceClient


class Control:
    """The control calls of a simulator. `by`: the person who does it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def call(self, method: str, path: str, /, **body: Any) -> Any:
        answer = self._session.request(
            method, f"{self.url}/__simulator__/{path}", json=body, timeout=10
        )
        assert answer.ok, answer.text
        return answer.json()

    def cost(self) -> int:
        """What the vendor would bill since the last reset."""
        return int(self.call("GET", "calls")["cost"])

    def paths(self) -> list[tuple[str, str, int]]:
        rows = self.call("GET", "calls")["by_path"]
        return [(row["method"], row["path"], row["calls"]) for row in rows]


class CountingMeter:
    def __init__(self) -> None:
        self.calls: Counter[Cause] = Counter()
        self.org = (0, 0)  # calls used by all integrations, and allowed

    def reserve(self, crm: Crm, cause: Cause) -> None:
        self.calls[cause] += 1

    def org_used(self, used: int, limit: int) -> None:
        self.org = (used, limit)


class OneToken:
    """A token that is good until it is refused; then `next` is tried."""

    account = "test"

    def __init__(self, access: Access, next: str = "") -> None:
        self._access, self._next = access, next
        self.renewed = 0

    def access(self) -> Access:
        return self._access

    def renew(self, refused: Access) -> Access:
        self.renewed += 1
        self._access = Access(self._next, refused.url)
        return self._access


class Shelf(dict[str, Any]):
    """A cache of one test."""

    def set(self, key: str, value: Any, timeout: int) -> None:
        self[key] = value


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _simulator(crm: Crm) -> Iterator[Control]:
    port = _free_port()
    command = [sys.executable, "-m", "sync_engine.simulators", crm.value, "--port", str(port)]
    process = subprocess.Popen(command)
    control = Control(f"http://127.0.0.1:{port}")
    try:
        for _ in range(200):
            assert process.poll() is None, f"the {crm.label} simulator ended"
            try:
                control.call("POST", "reset")
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        yield control
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def hubspot_process() -> Iterator[Control]:
    yield from _simulator(Crm.HUBSPOT)


@pytest.fixture(scope="session")
def salesforce_process() -> Iterator[Control]:
    yield from _simulator(Crm.SALESFORCE)


@pytest.fixture
def hubspot_control(hubspot_process: Control) -> Control:
    hubspot_process.call("POST", "reset")
    hubspot_process.call("POST", "actions/index-lag", seconds=0)
    return hubspot_process


@pytest.fixture
def salesforce_control(salesforce_process: Control) -> Control:
    salesforce_process.call("POST", "reset")
    return salesforce_process


def token_of(control: Control) -> str:
    return str(control.call("POST", "token", user="")["access_token"])


def hubspot_client(url: str, token: str, meter: CountingMeter | None = None) -> HubspotClient:
    return HubspotClient(
        OneToken(Access(token, url)),
        Hosts(Crm.HUBSPOT, loopback=True),
        meter or CountingMeter(),
        Shelf(),
        Pace(Redis.from_url(settings.REDIS_URL), uuid.uuid4().hex),
    )


def salesforce_client(url: str, token: str, meter: CountingMeter | None = None) -> SalesforceClient:
    return SalesforceClient(
        OneToken(Access(token, url)),
        Hosts(Crm.SALESFORCE, loopback=True),
        meter or CountingMeter(),
        Shelf(),
    )
