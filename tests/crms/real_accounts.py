"""Accounts of the vendors' own, where the environment names them: CRMSYNC_REAL_HUBSPOT_TOKEN,
CRMSYNC_REAL_SALESFORCE_TOKEN and CRMSYNC_REAL_SALESFORCE_URL. What a test makes there is marked,
and taken away when it ends. An account in which people work is refused, unless
CRMSYNC_REAL_ANYWAY says 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from sync_engine.core.values import Crm, Value
from sync_engine.crms.base import CrmClient, Outcome
from tests.crms.stage import Stage
from tests.simulated import hubspot_client, salesforce_client

PATIENCE = 40  # seconds; HubSpot's search is behind for some
HUBSPOT = "https://api.hubapi.com"
HARMLESS = {"SANDBOX", "DEVELOPER_TEST", "APP_DEVELOPER", "Developer Edition"}
DATA = "/services/data/v66.0"


class Refused(Exception):
    """People work in this account."""


@dataclass(frozen=True, slots=True)
class RealAccount:
    """url: scheme and host of its API. anyway: use it although people work in it."""

    crm: Crm
    url: str
    token: str
    anyway: bool = False

    def client(self) -> CrmClient:
        make = hubspot_client if self.crm is Crm.HUBSPOT else salesforce_client
        return make(self.url, self.token)

    def kind(self) -> str:
        """Return SANDBOX, or the CRM's own word for the account."""
        if self.crm is Crm.HUBSPOT:
            return str(self.call("GET", "/account-info/v3/details")["accountType"])
        soql = "SELECT IsSandbox, OrganizationType FROM Organization"
        (org,) = self.call("GET", f"{DATA}/query", params={"q": soql})["records"]
        return "SANDBOX" if org["IsSandbox"] else str(org["OrganizationType"])

    def check(self) -> None:
        """Raise Refused where a test might do harm."""
        kind = self.kind()
        if kind not in HARMLESS and not self.anyway:
            raise Refused(
                f"This {self.crm.label} account is of the kind {kind!r}: people work in it. Name a "
                "sandbox or a test account, or set CRMSYNC_REAL_ANYWAY=1."
            )

    def delete(self, object_name: str, ids: Sequence[str]) -> None:
        if not ids:
            return
        if self.crm is Crm.HUBSPOT:
            inputs = [{"id": id} for id in ids]
            path = f"/crm/v3/objects/{object_name}/batch/archive"
            self.call("POST", path, json={"inputs": inputs})
        else:
            self.call("DELETE", f"{DATA}/composite/sobjects", params={"ids": ",".join(ids)})

    def call(self, method: str, path: str, **more: Any) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {self.token}"
            answer = session.request(method, self.url + path, timeout=60, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None


def named_accounts(named: Mapping[str, str] = os.environ) -> dict[Crm, RealAccount]:
    """Return the accounts that the environment names."""
    found = {}
    anyway = named.get("CRMSYNC_REAL_ANYWAY") == "1"
    for crm, usual in ((Crm.HUBSPOT, HUBSPOT), (Crm.SALESFORCE, "")):
        name = f"CRMSYNC_REAL_{crm.value.upper()}"
        if token := named.get(f"{name}_TOKEN"):
            url = named.get(f"{name}_URL", usual).rstrip("/")
            assert url, f"{name}_URL is missing: the org's address, https://NAME.my.salesforce.com"
            found[crm] = RealAccount(crm, url, token, anyway)
    return found


def on_loan(account: RealAccount) -> Iterator[Stage]:
    """Yield a real account, and take away afterwards what was made there. A person's deeds are
    done through the API too: it cannot be told from outside."""
    account.check()
    client, made = account.client(), list[str]()
    _remember_what_is_made(client, made)
    stage = Stage(client, *(None,) * 5, PATIENCE)  # type: ignore[arg-type]

    def create(values: Mapping[str, Value]) -> str:
        row = stage.row(key=stage.new_key(), **values)
        (outcome,) = client.create(stage.object_name, [row], stage.key)
        assert outcome.id and outcome.problem is None
        return outcome.id

    stage.create = create
    stage.edit = lambda id, values: client.update(stage.object_name, [stage.row(id, **values)])
    stage.delete = lambda id: account.delete(stage.object_name, [id])
    try:
        yield stage
    finally:
        account.delete(stage.object_name, made)


def _remember_what_is_made(client: CrmClient, made: list[str]) -> None:
    create = client.create

    def remembered(*asked: Any) -> Sequence[Outcome]:
        outcomes = create(*asked)
        made.extend(outcome.id for outcome in outcomes if outcome.created and outcome.id)
        return outcomes

    client.create = remembered  # type: ignore[method-assign]
