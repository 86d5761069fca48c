"""Measure, and print one JSON line per figure; words for people go to stderr.

    python -m tests.bench [simulators | FIGURE]... [--scale 1]

Without names, everything is measured. Ends with status 1 where a figure is beyond its floor. A
scale below 1 takes fewer records: a rehearsal, in which nothing is judged.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator

from tests.bench import simulator_millions, simulator_rates
from tests.bench.figure import Figure

# A group's name, the figures that a function yields, the function. Add a file's to measure more.
MEASURES: tuple[tuple[str, tuple[str, ...], Callable[[float], Iterator[Figure]]], ...] = (
    ("simulators", simulator_rates.FIGURES, simulator_rates.measure),
    ("simulators", simulator_millions.FIGURES, simulator_millions.measure),
)


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which ends the servers too
    failed: list[Figure] = []
    for group, names, measure in MEASURES:
        wanted = (
            set(names) if not asked.names or group in asked.names else {*names} & {*asked.names}
        )
        if not wanted:
            continue
        _say(f"Measuring {', '.join(sorted(wanted))} on a machine of {os.cpu_count()} cores.")
        for figure in measure(asked.scale):
            if figure.figure in wanted:
                print(figure.line(), flush=True)
                failed += [figure] if not figure.is_good_enough else []
    if asked.scale < 1:
        _say("A rehearsal: nothing is judged.")
        return 0
    for figure in failed:
        _say(f"Beyond its floor of {figure.floor:g}: {figure.line()}")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    known = {name for group, names, _ in MEASURES for name in (group, *names)}
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(sorted(known)))
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()
    if unknown := set(asked.names) - known:
        parser.error(
            f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}"
        )
    return asked


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
