"""What one simulator does in a second on one core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.bench.figure import Figure
from tests.bench.server import Server, simulator
from tests.bench.simulators import CALLS, OBJECTS
from tests.bench.wire import Wire

FIGURES = (
    "simulator_requests_per_second",
    "simulator_records_read_per_second",
    "simulator_records_written_per_second",
)
RECORDS = 20_000
FEWEST = 200
ROUNDS = 3


def measure(scale: float) -> Iterator[Figure]:
    for crm in OBJECTS:
        with simulator(crm) as server:
            yield from _of(server, max(FEWEST, int(RECORDS * scale)))


def _of(server: Server, count: int) -> Iterator[Figure]:
    server.control("load", object=OBJECTS[server.crm], count=count)
    calls, wire = CALLS[server.crm](server), Wire(server.port)
    calls.find_ids(wire, count)
    for name, made, many, unit, goal, floor in (
        (FIGURES[0], calls.small, count, "requests/s", 3_000, 2_000),
        (FIGURES[1], calls.reads, 2 * count, "records/s", 20_000, 14_000),
        (FIGURES[2], calls.writes, count, "records/s", 8_000, 5_500),
    ):
        rate, share = max(_rate(server, wire, made(many), many) for _ in range(ROUNDS))
        context = {"simulator": server.crm, "cores": 1, "records": count, "busy": share}
        yield Figure(name, rate, unit, goal, floor, context)
    wire.close()


def _rate(server: Server, wire: Wire, requests: Sequence[bytes], many: int) -> tuple[float, float]:
    """Return how many a second, and which share of the time the server had its core: well below
    1, the machine had other work to do, and the rate says little about the server."""
    began = server.cpu_seconds()
    seconds = wire.seconds(requests)
    return many / seconds, round((server.cpu_seconds() - began) / seconds, 2)
