"""What both simulators share: control, counts, faults, the page. Shown on Salesforce's."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
import pytest

from sync_engine.simulators.calls import path_shape
from sync_engine.simulators.front import Front
from sync_engine.simulators.http import Request
from sync_engine.simulators.salesforce import SalesforceSimulator

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Shown:
    """A simulator behind its front."""

    def __init__(self) -> None:
        self.simulator = SalesforceSimulator()
        self._front = Front(self.simulator)
        self.token = self.simulator.token({})["access_token"]

    def send(self, method, path, body=b"", headers=None, peer="127.0.0.1"):
        path, _, query = path.partition("?")
        given = {"host": "127.0.0.1", "authorization": f"Bearer {self.token}", **(headers or {})}
        return self._front.answer(Request(method, path, path, query, given, body, peer))

    def control(self, method, path, body=None):
        sent = b"" if body is None else orjson.dumps(body)
        answer = self.send(method, f"/__simulator__/{path}", sent, JSON)
        return answer.status, orjson.loads(answer.body)

    def limits(self):
        return self.send("GET", "/services/data/v66.0/limits")

    def type(self, path, **values):
        return self.send("POST", path, urlencode(values).encode(), FORM)


@pytest.fixture
def shown():
    return Shown()


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/services/data/v66.0/sobjects/Contact/0035j0000000001AAA", "sobjects/Contact/{id}"),
        ("/services/data/v66.0/query/0r85j0000000001AAA-2000", "query/{id}"),
        ("/services/data/v66.0/sobjects/Contact/K__c/701", "sobjects/Contact/K__c/{id}"),
        ("/crm/v3/objects/contacts/ada%40a.example", "objects/contacts/{id}"),
        ("/crm/v3/objects/contacts/batch/read", "objects/contacts/batch/read"),
        ("/crm/objects/2026-03/contacts/12", "objects/2026-03/contacts/{id}"),
    ],
)
def test_calls_are_counted_by_the_shape_of_their_path(path, shape):
    assert path_shape(path).endswith(shape)


def test_calls_are_counted_with_what_they_cost(shown):
    shown.limits()
    shown.limits()
    shown.send("GET", "/services/data")
    _, report = shown.control("GET", "calls")
    rows = {(row["path"], row["status"]): (row["calls"], row["cost"]) for row in report["by_path"]}
    assert rows == {
        ("/services/data/v66.0/limits", 200): (2, 2),
        ("/services/data", 200): (1, 0),
    }
    shown.control("DELETE", "calls")
    assert shown.control("GET", "calls")[1]["calls"] == 0


@pytest.mark.parametrize(
    ("headers", "peer", "status"),
    [
        (JSON, "127.0.0.1", 200),
        (JSON, "::1", 200),
        (JSON, "10.0.0.7", 403),
        (JSON, "", 403),
        (FORM, "127.0.0.1", 415),
        ({}, "127.0.0.1", 415),
    ],
)
def test_control_listens_to_loopback_and_json_only(shown, headers, peer, status):
    answer = shown.send("POST", "/__simulator__/reset", b"", headers, peer)
    assert answer.status == status


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "nonsense", {}, 404),
        ("POST", "actions/nonsense", {}, 400),
        ("POST", "clock", {"shift_seconds": "1"}, 400),
        ("POST", "clock", [], 400),
        ("POST", "load", {"object": "Contact", "count": -1}, 400),
        ("POST", "load", {"object": "User", "count": 1}, 400),
        ("POST", "token", {"user": 5}, 400),
        ("GET", "records/Nonsense", None, 404),
        ("GET", "records/Contact/0035j0000000001AAA", None, 404),
        ("POST", "records/Contact", {"values": 1}, 400),
        ("POST", "records/Contact", {"values": {}}, 400),
        ("PUT", "records/Contact", {}, 405),
    ],
)
def test_a_control_that_makes_no_sense_is_refused_with_words(shown, method, path, body, status):
    answered, said = shown.control(method, path, body)
    assert (answered, bool(said["error"])) == (status, True)


@pytest.mark.parametrize(
    "fault",
    [{"nonsense": 1}, {"status": 700}, {"path": "("}, {"times": "2"}, {"action": "x"},
     {"moment": "never"}, {"truncate": -1}, {"truncate": "half"}, 5],
)  # fmt: skip
def test_a_fault_that_cannot_be_understood_is_refused(shown, fault):
    assert shown.control("POST", "faults", fault)[0] == 400
    assert shown.control("GET", "faults")[1] == []


def test_a_fault_hits_what_it_names_as_often_as_it_says(shown):
    fault = {"method": "GET", "path": "/limits$", "skip": 1, "times": 2, "status": 503,
             "body": "<html>busy</html>"}  # fmt: skip
    shown.control("POST", "faults", fault)
    assert shown.send("GET", "/services/data").status == 200
    assert [shown.limits().status for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_may_spoil_the_answer_of_what_is_done(shown):
    path, body = "/services/data/v66.0/sobjects/Contact", orjson.dumps({"LastName": "Lovelace"})
    shown.control("POST", "faults", {"method": "POST", "drop": True, "moment": "after", "times": 1})
    assert shown.send("POST", path, body, JSON).drop
    assert len(shown.simulator.search("Contact", "Lovelace", 10)) == 1
    shown.control("POST", "faults", {"method": "POST", "drop": True, "times": 1})
    assert shown.send("POST", path, body, JSON).drop
    assert len(shown.simulator.search("Contact", "Lovelace", 10)) == 1
    _, report = shown.control("GET", "calls")
    assert (report["calls"], report["cost"]) == (2, 1)


def test_a_fault_may_wait_act_and_look_into_the_body(shown):
    shown.control("POST", "faults", [{"contains": "ada", "delay": 2.5, "times": 1}])
    assert shown.limits().delay == 0
    assert shown.send("POST", "/services/oauth2/token", b"user=ada").delay == 2.5
    shown.control("POST", "faults", {"action": "expire-sessions", "times": 1})
    assert shown.limits().status == 401


def test_a_reset_forgets_everything(shown):
    shown.control("POST", "seed")
    shown.control("POST", "faults", {"status": 503})
    shown.control("POST", "clock", {"shift_seconds": 3600})
    shown.control("POST", "reset")
    assert shown.control("GET", "records/Contact")[1] == []
    assert shown.control("GET", "calls")[1]["calls"] == 0
    assert shown.limits().status == 401  # not 503: the token is forgotten, the fault too
    assert not shown.simulator.clock.shift


def test_the_date_of_an_answer_is_the_simulators(shown):
    before = shown.limits().headers["date"]
    shown.control("POST", "clock", {"shift_seconds": 86_400 * 400})
    assert shown.limits().headers["date"].split()[3] > before.split()[3]


def test_records_are_listed_made_edited_and_deleted_by_a_person(shown):
    body = {"by": "Ida Rhodes", "values": {"LastName": "Lovelace"}}
    _, made = shown.control("POST", "records/Contact", body)
    path = f"records/Contact/{made['id']}"
    shown.control("PATCH", path, {"by": "Ida Rhodes", "values": {"Title": "Countess"}})
    assert shown.control("GET", path)[1]["values"]["Title"] == "Countess"
    assert [row["id"] for row in shown.control("GET", "records/Contact?q=countess")[1]] == [
        made["id"]
    ]
    shown.control("DELETE", path, {"by": "Ida Rhodes"})
    assert shown.control("GET", path)[0] == 404
    _, audit = shown.control("GET", f"audit?id={made['id']}")
    assert [(entry["what"], entry["by"]) for entry in audit] == [
        ("create", "Ida Rhodes"),
        ("update", "Ida Rhodes"),
        ("delete", "Ida Rhodes"),
    ]


def test_the_page_keeps_what_was_typed_when_the_crm_refuses(shown):
    answer = shown.type("/records/Contact/new", LastName="Lovelace", Email="<b>ada")
    page = answer.body.decode()
    assert answer.status == 422
    assert "invalid email address: &lt;b&gt;ada" in page
    assert 'value="Lovelace"' in page
    assert "<b>ada" not in page


def test_the_page_changes_only_what_was_typed_anew(shown):
    made = shown.type("/records/Contact/new", LastName="Lovelace", Title="Countess")
    assert made.status == 302
    where, _, said = made.headers["location"].partition("?")
    page = shown.send("GET", f"{where}?{said}").body.decode()
    assert 'value="Countess"' in page
    assert "Saved." in page
    assert "Saved." not in shown.send("GET", where).body.decode()
    shown.type(where, LastName="Lovelace", Title="", Name="not writable", Nonsense="x")
    assert shown.simulator.audit()[-1]["values"] == {"Title": None}
    assert shown.type(f"{where}/delete").status == 302
    assert shown.send("GET", where).status == 404


@pytest.mark.parametrize(
    "path", ["/", "/records/Contact/", "/records/Lead/?q=x", "/records/Case/new"]
)
def test_a_page_needs_no_script_and_no_inline_style(shown, path):
    answer = shown.send("GET", path)
    page = answer.body.decode()
    assert answer.status == 200
    assert "Salesforce simulator" in page
    assert "<script" not in page and "style=" not in page


@pytest.mark.parametrize(
    "path", ["/records/Nonsense/", "/records/Contact/x", "/records/Contact/a/b/c"]
)
def test_a_page_that_is_not_there_says_so(shown, path):
    assert shown.send("GET", path).status == 404
