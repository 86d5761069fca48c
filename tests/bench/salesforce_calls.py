"""What is asked of the Salesforce simulator: calls as they go over the wire."""

from __future__ import annotations

import json
import time
from itertools import count, cycle, islice
from typing import Any
from urllib.parse import quote

from tests.bench.server import Server
from tests.bench.wire import Wire, request

BASE = "/services/data/v66.0"
MOST_READ = 2000
MOST_WRITTEN = 200
TEXTS = (
    "LastName", "FirstName", "Title", "Department", "AssistantName", "Description",
    "OtherStreet", "OtherCity", "OtherState", "OtherPostalCode", "OtherCountry",
    "MailingStreet", "MailingCity", "MailingState", "MailingPostalCode", "MailingCountry",
    "Phone", "Fax", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone",
)  # fmt: skip
FIELDS = (
    *TEXTS, "Email", "Salutation", "LeadSource", "Birthdate", "HasOptedOutOfEmail",
    "HasOptedOutOfFax", "DoNotCall", "OwnerId",
)  # fmt: skip


class Calls:
    """ids: contacts that are there."""

    def __init__(self, server: Server) -> None:
        self.server = server
        server.control("actions/daily-calls", max=10**9)
        told = server.control("token")
        self._token, self._owner = told["access_token"], told["user_id"]
        self.ids: list[str] = []
        self._batches = count()

    def find_ids(self, wire: Wire, many: int) -> None:
        """Learn the ids of the first `many` contacts."""
        path = f"{BASE}/query?q=" + quote(f"SELECT Id FROM Contact LIMIT {many}")
        while path:
            page = json.loads(wire.ask(self._get(path)))
            self.ids += [row["Id"] for row in page["records"]]
            path = page.get("nextRecordsUrl", "")

    def small(self, many: int) -> list[bytes]:
        """Return calls about one record: by id, by query, and writing one field, in turn."""
        return [self._small(number) for number in range(many)]

    def reads(self, many: int) -> list[bytes]:
        """Return calls that read `many` records of 30 fields in full batches."""
        return [
            self._post(f"{BASE}/composite/sobjects/Contact", {"ids": ids, "fields": FIELDS})
            for ids in self._batched(many, MOST_READ)
        ]

    def writes(self, many: int) -> list[bytes]:
        """Return calls that write 30 fields of `many` records in full batches."""
        return [self._write(ids) for ids in self._batched(many, MOST_WRITTEN)]

    def pages(self, wire: Wire, most: int) -> list[float]:
        """Read all contacts by the page, but not more than `most` pages; return how many
        milliseconds each took."""
        took: list[float] = []
        path = f"{BASE}/query?q=" + quote("SELECT Id, SystemModstamp FROM Contact")
        while path and len(took) < most:
            began = time.perf_counter()
            path = json.loads(wire.ask(self._get(path))).get("nextRecordsUrl", "")
            took.append((time.perf_counter() - began) * 1000)
        return took

    def poll(self, since: str) -> bytes:
        where = f"WHERE SystemModstamp > {since} ORDER BY SystemModstamp, Id"
        return self._query(f"SELECT Id, SystemModstamp FROM Contact {where}", "queryAll")

    def lookup(self, number: int) -> bytes:
        address = f"person{number}.1@load.example"
        return self._query(f"SELECT Id FROM Contact WHERE Email = '{address}'")

    def _small(self, number: int) -> bytes:
        one = self.ids[number * 7 % len(self.ids)]
        path = f"{BASE}/sobjects/Contact/{one}"
        if number % 3 == 0:
            return self._get(f"{path}?fields=FirstName,LastName,Email,Phone")
        if number % 3 == 1:
            return self._query(f"SELECT Id, Email FROM Contact WHERE Id = '{one}'")
        body = json.dumps({"Phone": f"+1 555 01{number % 100:02}"}).encode()
        return request("PATCH", path, self._token, body)

    def _write(self, ids: list[str]) -> bytes:
        batch = next(self._batches)
        rows = [
            {"attributes": {"type": "Contact"}, "Id": one, **self._values(f"{batch} {at}")}
            for at, one in enumerate(ids)
        ]
        body = json.dumps({"allOrNone": True, "records": rows}).encode()
        return request("PATCH", f"{BASE}/composite/sobjects", self._token, body)

    def _values(self, text: str) -> dict[str, Any]:
        unlike = {name: f"{name[:10]} {text}" for name in TEXTS}
        return unlike | {
            "Email": f"{text.replace(' ', '.')}@bench.example",
            "Salutation": "Dr.",
            "LeadSource": "Web",
            "Birthdate": "1815-12-10",
            "HasOptedOutOfEmail": False,
            "HasOptedOutOfFax": True,
            "DoNotCall": False,
            "OwnerId": self._owner,
        }

    def _batched(self, many: int, most: int) -> list[list[str]]:
        """Return `many` ids in batches of `most`, beginning anew where they end."""
        ids = list(islice(cycle(self.ids), many))
        return [ids[first : first + most] for first in range(0, many, most)]

    def _query(self, soql: str, resource: str = "query") -> bytes:
        return self._get(f"{BASE}/{resource}?q={quote(soql)}")

    def _get(self, path: str) -> bytes:
        return request("GET", path, self._token)

    def _post(self, path: str, body: Any) -> bytes:
        return request("POST", path, self._token, json.dumps(body).encode())
