"""What is asked of the HubSpot simulator: calls as they go over the wire."""

from __future__ import annotations

import json
import time
from itertools import count, cycle, islice
from typing import Any

from tests.bench.server import Server
from tests.bench.wire import Wire, request

BASE = "/crm/v3/objects/contacts"
BATCH = 100
TEXTS = (
    "firstname", "lastname", "jobtitle", "company", "phone", "mobilephone", "fax", "address",
    "city", "state", "zip", "country", "website", "industry", "salutation", "message", "degree",
    "field_of_study", "school", "seniority", "start_date", "job_function", "company_size",
)  # fmt: skip
PROPERTIES = (
    *TEXTS, "email", "lifecyclestage", "hs_lead_status", "hubspot_owner_id", "hs_language",
    "hs_role", "closedate",
)  # fmt: skip


class Calls:
    """ids: contacts that are there."""

    def __init__(self, server: Server) -> None:
        self.server = server
        server.control("actions/rate-limits")
        server.control("actions/index-lag", seconds=0)
        self._token = server.control("token")["access_token"]
        self.ids: list[str] = []
        self._batches = count()

    def find_ids(self, wire: Wire, many: int) -> None:
        """Learn the ids of the first `many` contacts."""
        after: Any = "0"
        while after and len(self.ids) < many:
            page = json.loads(wire.ask(self._get(f"{BASE}?limit=100&after={after}")))
            self.ids += [row["id"] for row in page["results"]]
            after = page.get("paging") and page["paging"]["next"]["after"]

    def small(self, many: int) -> list[bytes]:
        """Return calls about one record: by id, by search, and writing one property, in turn."""
        return [self._small(number) for number in range(many)]

    def reads(self, many: int) -> list[bytes]:
        """Return calls that read `many` records of 30 properties in full batches."""
        return [
            self._post(
                f"{BASE}/batch/read",
                {"inputs": [{"id": one} for one in ids], "properties": PROPERTIES},
            )
            for ids in self._batched(many)
        ]

    def writes(self, many: int) -> list[bytes]:
        """Return calls that write 30 properties of `many` records in full batches."""
        return [self._write(ids) for ids in self._batched(many)]

    def pages(self, wire: Wire, most: int) -> list[float]:
        """Read all contacts by the page, but not more than `most` pages, each from the last id
        on; return how many milliseconds each took."""
        took: list[float] = []
        last = "0"
        while last and len(took) < most:
            began = time.perf_counter()
            rows = json.loads(wire.ask(self.poll("2000-01-01", last)))["results"]
            last = rows[-1]["id"] if rows else ""
            took.append((time.perf_counter() - began) * 1000)
        return took

    def poll(self, since: str, after_id: str = "0") -> bytes:
        filters = [
            {"propertyName": "lastmodifieddate", "operator": "GTE", "value": since},
            {"propertyName": "hs_object_id", "operator": "GT", "value": after_id},
        ]
        return self._search(filters)

    def lookup(self, number: int) -> bytes:
        address = f"person{number}.1@load.example"
        return self._search([{"propertyName": "email", "operator": "EQ", "value": address}])

    def _small(self, number: int) -> bytes:
        one = self.ids[number * 7 % len(self.ids)]
        path = f"{BASE}/{one}"
        if number % 3 == 0:
            return self._get(f"{path}?properties=firstname,lastname,email,phone")
        if number % 3 == 1:
            return self._search([{"propertyName": "hs_object_id", "operator": "EQ", "value": one}])
        body = json.dumps({"properties": {"phone": f"+1 555 01{number % 100:02}"}}).encode()
        return request("PATCH", path, self._token, body)

    def _write(self, ids: list[str]) -> bytes:
        batch = next(self._batches)
        inputs = [
            {"id": one, "properties": self._values(f"{batch} {at}")} for at, one in enumerate(ids)
        ]
        return self._post(f"{BASE}/batch/update", {"inputs": inputs})

    def _values(self, text: str) -> dict[str, str]:
        unlike = {name: f"{name[:10]} {text}" for name in TEXTS}
        return unlike | {
            "email": f"{text.replace(' ', '.')}@bench.example",
            "lifecyclestage": "lead",
            "hs_lead_status": "NEW",
            "hubspot_owner_id": "41629771",
            "hs_language": "en",
            "hs_role": "engineering",
            "closedate": "2026-01-31T08:00:00Z",
        }

    def _batched(self, many: int) -> list[list[str]]:
        """Return `many` ids in full batches, beginning anew where they end."""
        ids = list(islice(cycle(self.ids), many))
        return [ids[first : first + BATCH] for first in range(0, many, BATCH)]

    def _search(self, filters: list[dict[str, str]]) -> bytes:
        body = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": ["email"],
            "limit": 200,
        }
        return self._post(f"{BASE}/search", body)

    def _get(self, path: str) -> bytes:
        return request("GET", path, self._token)

    def _post(self, path: str, body: Any) -> bytes:
        return request("POST", path, self._token, json.dumps(body).encode())
