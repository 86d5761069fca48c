"""How a link's row keeps what was agreed: small, for there are hundreds of thousands of rows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sync_engine.core.plan import Agreed
from sync_engine.core.values import Crm


def packed(agreed: Mapping[str, Agreed]) -> str:
    """Write agreed values as the column keeps them. Two blanks decide like a field that was
    never settled, so they take no room."""
    rows: dict[str, list[Any]] = {}
    for name, one in agreed.items():
        if one.hubspot is None and one.salesforce is None:
            continue
        rows[name] = [one.hubspot, _milliseconds(one.at)]
        if one.salesforce != one.hubspot or one.kept_by is not None:
            rows[name].append(one.salesforce)
        if one.kept_by is not None:
            rows[name].append(one.kept_by.value)
    return json.dumps(rows)


def _milliseconds(at: datetime) -> int:
    # Rounded up: settled in the very moment the baseline began is not settled before it.
    return math.ceil(at.timestamp() * 1000)


def unpacked(row: list[Any]) -> Agreed:
    return Agreed(
        hubspot=row[0],
        salesforce=row[2] if len(row) > 2 else row[0],
        at=datetime.fromtimestamp(row[1] / 1000, UTC),
        kept_by=Crm(row[3]) if len(row) > 3 else None,
    )
