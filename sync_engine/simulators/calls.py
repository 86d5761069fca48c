"""What was asked of a simulator since the last reset, counted."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Any

# A path segment that names one record: digits; an e-mail; a 15- or 18-character Salesforce id;
# a query cursor; a UUID.
RECORD = re.compile(
    r"\d+|[^/]*(?:@|%40)[^/]*|[0-9a][0-9A-Za-z]{2}(?=[0-9A-Za-z]*\d)(?:[0-9A-Za-z]{12}|[0-9A-Za-z]{15})"
    r"|0r8[0-9A-Za-z]+-\d+|[0-9a-f]{8}-[0-9a-f-]{27}"
)


@lru_cache(maxsize=8192)
def path_shape(path: str) -> str:
    """Return the path with the names of single records replaced: /sobjects/Contact/{id}."""
    return "/".join("{id}" if RECORD.fullmatch(part) else part for part in path.split("/"))


class Calls:
    """Counts by method, path shape and status: how many, and what the vendor bills for them."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])

    def note(self, method: str, path: str, status: int, cost: int) -> None:
        """status: 0 where no answer was sent."""
        count = self._counts[method, path_shape(path), status]
        count[0] += 1
        count[1] += cost

    def forget(self) -> None:
        self._counts.clear()

    def report(self) -> dict[str, Any]:
        """Return {"calls", "cost", "by_path": [{"method", "path", "status", "calls", "cost"}]}:
        cost in calls as the vendor bills them; status 0 where no answer was sent."""
        calls = [
            {"method": method, "path": path, "status": status, "calls": calls, "cost": cost}
            for (method, path, status), (calls, cost) in sorted(self._counts.items())
        ]
        return {
            "calls": sum(row["calls"] for row in calls),
            "cost": sum(row["cost"] for row in calls),
            "by_path": calls,
        }
