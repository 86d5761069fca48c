"""The control of both simulators: its page tells all there is, its faults are those of the CRMs."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from html import unescape
from socket import AF_INET, socket

import orjson
import psutil
import pytest
import requests

from sync_engine.simulators.control import Control
from sync_engine.simulators.faults import KEYS, Fault
from sync_engine.simulators.front import Front
from sync_engine.simulators.http import Request
from sync_engine.simulators.hubspot import HubSpotSimulator
from sync_engine.simulators.mishaps import MISHAPS
from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.hubspot.contract import hubspot_contract
from tests.simulators.salesforce.contract import answer_faults

JSON = {"content-type": "application/json", "host": "127.0.0.1:8101"}
READ = {
    "Salesforce": "/services/data/v66.0/limits",
    "HubSpot": "/crm/v3/objects/contacts",
}
WRITE = {
    "Salesforce": ("/services/data/v66.0/sobjects/Contact", {"LastName": "Lovelace"}),
    "HubSpot": ("/crm/v3/objects/contacts", {"properties": {"email": "ada@a.example"}}),
}


class Shown:
    """A simulator behind its front."""

    def __init__(self, simulator):
        self.simulator, self._front = simulator, Front(simulator)
        self.title = simulator.title
        self.token = simulator.token({})["access_token"]

    def send(self, method, path, body=None, peer="127.0.0.1"):
        sent = b"" if body is None else orjson.dumps(body)
        headers = {**JSON, "authorization": f"Bearer {self.token}"}
        path, _, query = path.partition("?")
        return self._front.answer(Request(method, path, path, query, headers, sent, peer))

    def control(self, method, path, body=None):
        answer = self.send(method, f"/__simulator__/{path}", body)
        return answer.status, orjson.loads(answer.body)

    def write(self):
        path, body = WRITE[self.title]
        return self.send("POST", path, body)

    def page(self):
        return self.send("GET", "/__simulator__/").body.decode()

    def told(self):
        """Return the page's terms, each with what it says about them."""
        pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", self.page())
        return {unescape(re.sub("<.*?>", "", term)): what for term, what in pairs}


@pytest.fixture(params=[SalesforceSimulator, HubSpotSimulator])
def shown(request):
    return Shown(request.param())


def test_the_page_tells_every_call_action_and_member_of_a_fault(shown):
    told = shown.told()
    deeds = {f"{deed.method} {deed.path}" for deed in Control(shown.simulator, None, None).deeds}
    actions = {f"POST actions/{name}" for name in shown.simulator.actions()}
    mishaps = {mishap.what for mishap in MISHAPS[shown.title]}
    assert set(told) == deeds | actions | set(KEYS) | mishaps
    assert all(told.values())


def test_every_member_of_a_fault_has_its_place_in_the_manual():
    assert set(vars(Fault())) == set(KEYS)


def test_the_page_says_how_things_are(shown):
    shown.send("GET", READ[shown.title])
    shown.control("POST", "faults", {"skip": 5, "status": 503})
    shown.control("POST", "clock", {"shift_seconds": 3600})
    page = shown.page()
    assert "1 calls since the last reset, of which 1 are billed." in page
    assert "1 fault is in force." in page
    assert "+3,600 s" in page


def test_every_mishap_can_be_sent_and_happens(shown):
    for mishap in MISHAPS[shown.title]:
        assert shown.control("POST", "faults", mishap.rule)[0] == 200, mishap
        shown.write()
        _, left = shown.control("GET", "faults")
        if "times" in mishap.rule and "upsert" not in mishap.rule.get("path", ""):
            assert not left, mishap
        shown.control("POST", "reset")
        shown.token = shown.simulator.token({})["access_token"]


def test_a_mishap_that_answers_speaks_the_crms_words(shown):
    for mishap in MISHAPS[shown.title]:
        if isinstance(mishap.rule.get("body"), str) or "status" not in mishap.rule:
            continue
        shown.control("POST", "faults", mishap.rule)
        answer = shown.write()
        told = (answer.status, answer.body)
        if shown.title == "HubSpot":
            assert not hubspot_contract().answer_faults("POST", WRITE["HubSpot"][0], *told)
        else:
            path = WRITE["Salesforce"][0]
            assert not answer_faults("POST", path, answer.status, answer.headers, answer.body)
        assert "x-simulator-fault" in answer.headers


def test_rows_are_locked_for_one_write_and_commits_are_late(shown):
    if shown.title == "HubSpot":
        rule = next(m.rule for m in MISHAPS["HubSpot"] if m.rule.get("action") == "lock")
        shown.control("POST", "faults", rule)
        assert [shown.write().status for _ in range(2)] == [423, 423]
        shown.control("POST", "clock", {"shift_seconds": 3})
        assert shown.write().status == 201
        return
    locked, late = (
        next(m.rule for m in MISHAPS["Salesforce"] if m.rule.get("action") == action)
        for action in ("lock-rows", "late-commits")
    )
    shown.control("POST", "faults", [locked, late])
    assert orjson.loads(shown.write().body)[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert shown.write().status == 201
    count = "/services/data/v66.0/query?q=SELECT+COUNT()+FROM+Contact"
    assert orjson.loads(shown.send("GET", count).body)["totalSize"] == 0
    shown.control("POST", "clock", {"shift_seconds": 31})
    assert orjson.loads(shown.send("GET", count).body)["totalSize"] == 1


def test_of_several_faults_none_is_taken_where_one_is_wrong(shown):
    assert shown.control("POST", "faults", [{"status": 503}, {"status": 7}])[0] == 400
    assert shown.control("GET", "faults") == (200, [])


@pytest.mark.parametrize(
    "fault",
    [
        *({"status": True}, {"times": False}, {"delay": True}),
        *({"headers": {"A": 1}}, {"headers": {"A": "b\r\nSet-Cookie: c"}}),
    ],
)
def test_a_fault_that_could_not_be_sent_is_refused(shown, fault):
    assert shown.control("POST", "faults", fault)[0] == 400


def test_a_fault_without_a_body_answers_without_one(shown):
    shown.control("POST", "faults", {"status": 500})
    assert (shown.write().status, shown.write().body) == (500, b"")


def test_the_clock_is_not_moved_beyond_reason(shown):
    for seconds in (2e9, -2e9, True, None):
        assert shown.control("POST", "clock", {"shift_seconds": seconds})[0] == 400
    assert shown.control("POST", "clock", {"shift_seconds": 9e8})[0] == 200
    assert shown.control("POST", "clock", {"shift_seconds": 9e8})[0] == 400


def test_a_call_that_is_not_for_this_says_what_is(shown):
    assert shown.send("PUT", "/__simulator__/faults").headers["allow"] == "GET, POST, DELETE"


@pytest.mark.parametrize(
    ("peer", "status"),
    [("::ffff:127.0.0.1", 200), ("::ffff:10.0.0.7", 403), ("127.9.9.9", 200), ("fe80::1", 403)],
)
def test_loopback_is_known_in_all_its_spellings(shown, peer, status):
    assert shown.send("GET", "/__simulator__/calls", peer=peer).status == status


def test_control_is_deaf_to_the_network_though_the_crm_is_not():
    addresses = [a.address for found in psutil.net_if_addrs().values() for a in found
                 if a.family == AF_INET and not a.address.startswith("127.")]  # fmt: skip
    assert addresses, "this machine has no address but loopback: give it one"
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sync_engine.simulators", "salesforce", "--host", "0.0.0.0"]
    process = subprocess.Popen([*command, "--port", str(port)])
    try:
        here, outside = f"http://127.0.0.1:{port}", f"http://{addresses[0]}:{port}"
        assert _asked(process, f"{here}/__simulator__/calls") == 200
        assert _asked(process, f"{outside}/__simulator__/calls") == 403
        assert _asked(process, f"{outside}/__simulator__/") == 403
        assert _asked(process, f"{outside}/services/data") == 200
    finally:
        process.terminate()
        process.wait(10)


def _asked(process, url):
    with requests.Session() as session:
        session.trust_env = False
        while True:
            assert process.poll() is None
            try:
                return session.get(url, timeout=5).status_code
            except requests.ConnectionError:
                time.sleep(0.02)
