"""python -m sync_engine.simulators salesforce|hubspot --port N [--host H] [--state FILE] [--seed demo]

One process, one thread. SIGTERM saves the state and exits at once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sync_engine.simulators.base import Simulator
from sync_engine.simulators.front import Front
from sync_engine.simulators.http import DROP, App
from sync_engine.simulators.state import StateFile

CRMS = ("hubspot", "salesforce")


class Protocol(HttpToolsProtocol):
    """HTTP whose connection the app can cut."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {
            DROP: {"drop": self.transport.abort, "close": self.transport.close}
        }


def main() -> None:
    asked = _arguments()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(0))
    simulator = _simulator(asked.crm)
    front = Front(simulator)
    state = StateFile(asked.state, simulator, front) if asked.state else None
    if not (state and state.load()) and asked.seed == "demo":
        simulator.seed_demo()
    gc.freeze()  # what was there at the start is not garbage
    uvloop.run(_serve(_server(asked, front), state))


def _simulator(crm: str) -> Simulator:
    if crm == "hubspot":
        from sync_engine.simulators.hubspot import HubSpotSimulator

        return HubSpotSimulator()
    from sync_engine.simulators.salesforce import SalesforceSimulator

    return SalesforceSimulator()


def _server(asked: argparse.Namespace, front: Front) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            App(front.answer),
            host=asked.host,
            port=asked.port,
            http=Protocol,
            loop="uvloop",
            lifespan="off",
            access_log=False,
            log_level="warning",
            date_header=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
    )


async def _serve(server: uvicorn.Server, state: StateFile | None) -> None:
    if state is None:
        await server.serve()
        return
    saving = asyncio.create_task(state.save_now_and_then())
    try:
        await server.serve()
    finally:
        saving.cancel()
        with suppress(asyncio.CancelledError):
            await saving
        if server.started:  # else another process has the port, and perhaps this file
            state.save()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sync_engine.simulators")
    parser.add_argument("crm", choices=CRMS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, help="keep the state in this file")
    parser.add_argument("--seed", choices=["demo"], help="what to make where no state was kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
