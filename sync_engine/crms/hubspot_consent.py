"""HubSpot's subscription preferences over HTTP. Source: hubspot-api.md 11, 13.3."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from urllib.parse import quote

from sync_engine.core import error_types as types
from sync_engine.core.allocation import Cause
from sync_engine.core.errors import Problem
from sync_engine.core.permissions import CONSENT_IN_BATCHES
from sync_engine.core.values import Crm
from sync_engine.crms.base import Outcome, Row
from sync_engine.crms.batches import write
from sync_engine.crms.hubspot_account import about
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_paths import path

_ADDRESSES_A_BATCH = 100


class HubspotConsent:
    def __init__(self, api: HubspotApi) -> None:
        self._api = api

    @cached_property
    def write_batch(self) -> int:
        """A hundred where the scope for batches is granted, which only Enterprise has; else one."""
        scopes = about(self._api).scopes or frozenset()
        return _ADDRESSES_A_BATCH if CONSENT_IN_BATCHES in scopes else 1

    def unsubscribe(self, addresses: Sequence[str]) -> Sequence[Outcome]:
        send = self._one if len(addresses) == 1 else self._batch
        return write([Row({}, id=address) for address in addresses], send)

    def _one(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        (row,) = rows
        where = path("consent", "statuses", quote(str(row.id), safe=""), "unsubscribe-all")
        self._api.write(Cause.WRITING, "POST", f"{where}?channel=EMAIL", None)
        return [Outcome(row.id)]

    def _batch(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        where = path("consent", "statuses", "batch", "unsubscribe-all")
        body = {"inputs": [row.id for row in rows]}
        answer = self._api.write(Cause.WRITING, "POST", f"{where}?channel=EMAIL", body)
        done = {str(one["subscriberIdString"]).lower() for one in answer.get("results") or ()}
        return [Outcome(row.id) if str(row.id).lower() in done else _lost(row) for row in rows]


def _lost(row: Row) -> Outcome:
    message = "HubSpot’s answer lacks this address."
    problem = Problem(Crm.HUBSPOT, types.TEMPORARY, message=message)
    return Outcome(row.id, problem=problem, in_doubt=True)
