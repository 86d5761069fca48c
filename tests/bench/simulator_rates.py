"""What one simulator does in a second on one core."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median

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

    def rate(made: Callable[[int], Sequence[bytes]], each: int) -> float:
        """Return how many of what `made` makes are done in a second: of `each`, in a usual round."""
        return median(each / wire.seconds(made(each)) for _ in range(ROUNDS))

    context = {"simulator": server.crm, "cores": 1, "records": count}
    requests, read, written = FIGURES
    yield Figure(requests, rate(calls.small, count), "requests/s", 3_000, 2_000, context)
    yield Figure(read, rate(calls.reads, 2 * count), "records/s", 20_000, 14_000, context)
    yield Figure(written, rate(calls.writes, count), "records/s", 8_000, 5_500, context)
    wire.close()
