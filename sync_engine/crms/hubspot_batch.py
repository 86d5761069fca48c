"""What came of every row of a batch. HubSpot answers in no order, and may lose rows silently.

Source: hubspot-api.md 4.2 and 4.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sync_engine.core import error_types as types
from sync_engine.core.errors import Problem
from sync_engine.core.fields import Field
from sync_engine.core.values import Crm
from sync_engine.crms.base import Outcome, Row
from sync_engine.crms.hubspot_api import problem_of
from sync_engine.crms.hubspot_fields import decoded

CONFLICTS = (types.EMAIL_IN_USE, types.VALUE_IN_USE)

# The record that owns the value: in a refusal's words only, where its context does not say.
_OWNER = re.compile(r"Existing ID:\s*(\d+)|(\d+) already has that value")


def outcomes(
    rows: Sequence[Row],
    answer: Mapping[str, Any],
    key_field: str | None,
    known: Mapping[str, Field],
) -> list[Outcome]:
    """Match an answer to the rows that were sent with trace ids "0", "1", ...

    key_field  of a create: the property that holds each row's key, "" where they bear none
    A row that the answer does not account for is in doubt.
    """
    places = {row.id or row.key: place for place, row in enumerate(rows)}
    found: dict[int, Outcome] = {}
    for result in answer.get("results") or ():
        place = _place(result, places, key_field)
        if place is not None:
            found[place] = _written(rows[place], result, known)
    for error in answer.get("errors") or ():
        for place in _refused(error, places):
            found.setdefault(place, _refusal(rows[place], error))
    return [found.get(place) or _lost(row) for place, row in enumerate(rows)]


def with_owner(outcome: Outcome) -> Outcome:
    """Name the record that owns the value, where a refusal says so only in its words."""
    if outcome.problem is None or outcome.problem.type not in CONFLICTS:
        return outcome
    named = _OWNER.search(outcome.problem.message)
    return replace(outcome, id=named.group(1) or named.group(2)) if named else outcome


def _place(
    result: Mapping[str, Any], places: Mapping[str | None, int], key_field: str | None
) -> int | None:
    trace = result.get("objectWriteTraceId")
    if trace is not None and str(trace).isdigit():
        return int(trace)
    if key_field:
        return places.get(result["properties"].get(key_field))
    return places.get(str(result["id"]))


def _refused(error: Mapping[str, Any], places: Mapping[str | None, int]) -> Iterator[int]:
    context = error.get("context") or {}
    traces = [int(trace) for trace in context.get("objectWriteTraceId") or ()]
    ids = [places[id] for id in context.get("ids") or () if id in places]
    yield from traces or ids


def _written(row: Row, result: Mapping[str, Any], known: Mapping[str, Field]) -> Outcome:
    properties = result["properties"]
    held = {
        name: decoded(properties[name], known[name])
        for name in row.values
        if name in properties and name in known
    }
    # Only an upsert says whether it made the record; what bears neither id nor key is new.
    is_new = result.get("new", row.id is None and row.key is None)
    return Outcome(str(result["id"]), created=bool(is_new), held=held)


def _refusal(row: Row, error: Mapping[str, Any]) -> Outcome:
    existing = (error.get("context") or {}).get("existingId") or (row.id,)
    return Outcome(existing[0], problem=problem_of(207, error))


def _lost(row: Row) -> Outcome:
    problem = Problem(Crm.HUBSPOT, types.TEMPORARY, message="HubSpot’s answer lacks this record.")
    return Outcome(row.id, problem=problem, in_doubt=True)
