"""What our clients are answered, and what HubSpot's is sent, is held against the CRMs' contracts."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import orjson
import pytest
from hubspot.crm.objects import ApiClient, ApiException

from tests.simulators.hubspot.contract import hubspot_contract
from tests.simulators.salesforce.exchanges import Exchanges, watch


@pytest.fixture(autouse=True)
def hubspot_exchanges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Watch the door that every call of our client goes through; return what went through it."""
    request, contract, faults, seen = (
        ApiClient.request,
        hubspot_contract(),
        list[str](),
        list[str](),
    )

    def watched(self, method, url, *args, body=None, **more):
        address = urlsplit(url)
        seen.append(address.path)
        sent = orjson.dumps(body) if body is not None else b""
        faults.extend(contract.request_faults(method, f"{address.path}?{address.query}", sent))
        try:
            answer = request(self, method, url, *args, body=body, **more)
        except ApiException as error:
            if isinstance(error.body, bytes) and error.body.startswith(b"{"):
                told = (error.status, error.body)
                faults.extend(contract.answer_faults(method, address.path, *told))
            raise
        faults.extend(contract.answer_faults(method, address.path, answer.status, answer.data))
        return answer

    monkeypatch.setattr(ApiClient, "request", watched)
    yield seen
    assert not faults, "\n".join(faults)


@pytest.fixture(autouse=True)
def salesforce_exchanges(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchanges]:
    """Watch every answer of Salesforce's."""
    exchanges = watch(monkeypatch)
    yield exchanges
    assert not exchanges.faults, "\n".join(exchanges.faults)
