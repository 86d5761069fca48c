"""What a test exchanges with a simulated HubSpot, held against its contract."""

from __future__ import annotations

from sync_engine.simulators.http import Request, Response
from sync_engine.simulators.hubspot import HubSpotSimulator
from tests.simulators.hubspot.contract import hubspot_contract


def unhurried_account() -> HubSpotSimulator:
    """Return an empty account whose search is never behind and whose calls are not limited."""
    simulator = HubSpotSimulator()
    simulator.actions()["index-lag"]({"seconds": 0})
    simulator.actions()["list-lag"]({"seconds": 0})
    simulator.actions()["rate-limits"]({})
    return simulator


def look_into(simulator: HubSpotSimulator, *, asked_too: bool = True) -> list[str]:
    """Hold every answer against the contract from now on, and every request that was accepted;
    return what is wrong with them, a list that grows."""
    answer, contract, faults = simulator.answer, hubspot_contract(), list[str]()

    def watched(sent: Request) -> Response:
        response = answer(sent)
        if not response.headers.get("content-type", "").startswith("text/html"):
            path, status = sent.raw_path, response.status
            faults.extend(contract.answer_faults(sent.method, path, status, response.body))
            if status < 300 and asked_too:
                target = f"{path}?{sent.query_string}"
                faults.extend(contract.request_faults(sent.method, target, sent.body))
        return response

    simulator.answer = watched  # type: ignore[method-assign]
    return faults
