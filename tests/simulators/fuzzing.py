"""What the fuzz tests of both simulators share: how long they look, what they send, the count.

FUZZ_TIMES=20 makes them look twenty times as long.
"""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sync_engine.simulators.base import Simulator
from sync_engine.simulators.http import Request, Response

TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
SENT: Counter[str] = Counter()  # calls that fuzz tests sent, by the simulator's title

header_names = st.sampled_from(
    [
        "accept",
        "content-type",
        "content-encoding",
        "if-modified-since",
        "if-none-match",
        "range",
        "x-http-method",
        "sforce-auto-assign",
        "sforce-query-options",
        "sforce-call-options",
        "sforce-duplicate-rule-header",
        "x-hubspot-app-id",
        "traceparent",
        "cookie",
    ]
)
header_values = st.one_of(
    st.sampled_from(
        [
            "*/*",
            "application/json",
            "text/csv",
            "text/csv;charset=x",
            "application/x-www-form-urlencoded",
            "gzip",
            "TRUE",
            "batchSize=0",
            "batchSize=²",
            "allowSave=true;",
            ";",
            "=",
            'W/"0"',
            "0",
        ]
        + ["Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 9999 00:00:00", "client=a; client=b"]
    ),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=12),
)
headers = st.dictionaries(header_names, header_values, max_size=3)
raw_paths = st.text(st.characters(codec="ascii", exclude_characters="?# "), max_size=30)


def looks(examples: int) -> settings:
    """So many examples, however slow one is, with the fixtures of the test kept between them."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def long_looks(examples: int, steps: int) -> settings:
    """So many lives of a simulator, each of so many steps at most."""
    return settings(looks(examples), stateful_step_count=steps)


def count(simulator: Simulator) -> None:
    """Count what is sent to this simulator from now on."""
    answer = simulator.answer

    def counted(sent: Request) -> Response:
        SENT[simulator.title] += 1
        return answer(sent)

    simulator.answer = counted  # type: ignore[method-assign]
