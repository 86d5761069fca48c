"""A fresh Salesforce org per test, called as a function, and the official client over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import orjson
import pytest
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from sync_engine.simulators.front import Front
from sync_engine.simulators.http import Request
from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.salesforce.exchanges import look_into, watch

ROOT = "/services/data/v66.0/"
KEY = "HubSpot_24816357_Id__c"
HOST = "127.0.0.1:8101"


class Answered(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]


class Api:
    """The org's API without a network. token: who calls; "" for nobody."""

    def __init__(self, simulator: SalesforceSimulator) -> None:
        self.simulator = simulator
        self.token: str = simulator.token({})["access_token"]
        self._front = Front(simulator)

    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answered:
        """path: below /services/data/v66.0/, or from a slash on."""
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.send(method, path if path.startswith("/") else ROOT + path, sent, headers)

    def form(self, path: str, **fields: str) -> Answered:
        return self.send("POST", path, urlencode(fields).encode())

    def send(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> Answered:
        headers = {"host": HOST} | (more or {})
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        path, _, query = path.partition("?")
        response = self._front.answer(Request(method, path, path, query, headers, body))
        is_json = response.headers.get("content-type", "").startswith("application/json")
        shown = orjson.loads(response.body) if is_json and response.body else response.body.decode()
        return Answered(response.status, shown, response.headers)

    def query(self, soql: str, resource: str = "query") -> Any:
        """Return the answer's body, a refusal's too."""
        return self("GET", f"{resource}?q={quote(soql)}").body

    def names(self, soql: str, resource: str = "query") -> list[str]:
        """Return the last names that a query finds."""
        return [row["LastName"] for row in self.query(soql, resource)["records"]]

    def contact(self, **values: Any) -> str:
        """Create a contact; return its id."""
        answered = self("POST", "sobjects/Contact", {"LastName": "Lovelace", **values})
        assert answered.status == 201, answered.body
        return str(answered.body["id"])

    def read(self, contact: str, *names: str) -> dict[str, Any]:
        body: dict[str, Any] = self("GET", f"sobjects/Contact/{contact}").body
        return {name: body[name] for name in names}

    def key(self, name: str = KEY, **metadata: Any) -> None:
        """Create a key field on Contact, which nobody sees yet."""
        text = {"type": "Text", "label": "Key", "length": 32, "externalId": True, "unique": True}
        sent = {"FullName": f"Contact.{name}", "Metadata": text | metadata}
        assert self("POST", "tooling/sobjects/CustomField", sent).status == 201

    def grant(self, name: str = KEY, edit: bool = True) -> None:
        """Let the integration user see a field."""
        made = self("POST", "sobjects/PermissionSet", {"Name": f"P_{name}", "Label": "crmsync"})
        parent = made.body["id"]
        permission = {
            "ParentId": parent,
            "SobjectType": "Contact",
            "Field": f"Contact.{name}",
            "PermissionsRead": True,
            "PermissionsEdit": edit,
        }
        assert self("POST", "sobjects/FieldPermissions", permission).status == 201
        user = self.simulator.token({})["user_id"]
        assignment = {"PermissionSetId": parent, "AssigneeId": user}
        assert self("POST", "sobjects/PermissionSetAssignment", assignment).status == 201


@pytest.fixture
def simulator() -> Iterator[SalesforceSimulator]:
    """Return an empty org. Every answer is held against Salesforce's contract."""
    simulator = SalesforceSimulator()
    faults = look_into(simulator)
    yield simulator
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def act(simulator: SalesforceSimulator) -> Callable[..., Any]:
    """A function: do what REST lacks, or what an admin sets up."""
    return lambda name, /, **asked: simulator.actions()[name](asked)


@pytest.fixture
def api(simulator: SalesforceSimulator) -> Api:
    return Api(simulator)


@pytest.fixture
def keyed(api: Api) -> Api:
    """The org with a key field on Contact that we may see and edit."""
    api.key()
    api.grant()
    return api


class Loopback(HTTPAdapter):
    """Speaks http where the library would insist on https."""

    def send(self, request: Any, *args: Any, **more: Any) -> Any:
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, *args, **more)


@pytest.fixture
def client(salesforce_control: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Salesforce]:
    """The official client, signed in to a simulator in a process of its own."""
    exchanges, url = watch(monkeypatch), salesforce_control.url
    signed_in = salesforce_control.call("POST", "token")
    library = Salesforce(session_id=signed_in["access_token"], instance_url=url, version="66.0")
    library.session.trust_env = False
    library.session.mount("https://", Loopback())
    yield library
    assert not exchanges.faults, "\n".join(exchanges.faults)
