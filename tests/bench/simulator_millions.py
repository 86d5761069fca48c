"""What a million contacts in each simulator cost, and how fast they are found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from statistics import median
from typing import Any

from tests.bench.figure import Figure
from tests.bench.server import Server, simulator
from tests.bench.simulators import CALLS, OBJECTS
from tests.bench.wire import Wire

FIGURES = (
    "simulator_load_seconds_1m",
    "simulator_poll_ms_1m",
    "simulator_lookup_ms_1m",
    "simulator_page_ms_1m",
    "simulator_memory_gb_1m",
)
RECORDS = 1_000_000
FEWEST = 200
EDITED = 20_000
CHANGED = 200  # between two polls
ASKED = 20  # times, of which the median counts


def measure(scale: float) -> Iterator[Figure]:
    count = max(FEWEST, int(RECORDS * scale))
    with ExitStack() as stack:
        servers = [stack.enter_context(simulator(crm)) for crm in OBJECTS]
        for server in servers:
            yield from _of(server, count, max(CHANGED, int(EDITED * scale)))
        parts = {server.crm: round(server.gigabytes(), 2) for server in servers}
        context = {
            "cores": 1,
            "records": count,
            "edited": max(CHANGED, int(EDITED * scale)),
            **parts,
        }
        yield Figure(FIGURES[4], sum(parts.values()), "GB", 4, 4.2, context)


def _of(server: Server, count: int, edited: int) -> Iterator[Figure]:
    load, poll, lookup, page, _ = FIGURES
    context: dict[str, Any] = {"simulator": server.crm, "cores": 1, "records": count}
    began = time.perf_counter()
    server.control("load", object=OBJECTS[server.crm], count=count)
    yield Figure(load, time.perf_counter() - began, "s", 120, 150, context)
    calls, wire = CALLS[server.crm](server), Wire(server.port)
    calls.find_ids(wire, edited)
    wire.seconds(calls.writes(edited))
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    time.sleep(1 - time.time() % 1)  # stamps of whole seconds: what comes now is newer
    wire.seconds(calls.writes(CHANGED))
    changed = {**context, "changed": CHANGED}
    yield Figure(poll, _usual_ms(wire, lambda at: calls.poll(since)), "ms", 20, 100, changed)
    spread = count // ASKED
    yield Figure(
        lookup, _usual_ms(wire, lambda at: calls.lookup(at * spread)), "ms", 5, 25, context
    )
    pages = calls.pages(wire, ASKED)
    yield Figure(page, median(pages), "ms", 20, 100, {**context, "slowest": round(max(pages))})
    wire.close()


def _usual_ms(wire: Wire, made: Callable[[int], bytes]) -> float:
    """Return how long one of ASKED calls usually takes, in milliseconds."""
    return median(wire.seconds([made(at)]) * 1000 for at in range(ASKED))
