"""The CRMs that the contract suite is held against, each with a person at its screens."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sync_engine.core.values import Crm, Value
from sync_engine.crms.base import CrmClient, Row
from sync_engine.crms.memory import MemoryCrm

MARK = "Lovelace (crmsync contract test)"
KEYS = {Crm.HUBSPOT: "crmsync_salesforce_id", Crm.SALESFORCE: "HubSpot_24816357_Id__c"}

# What a test says -> the CRM's own field.
WORDS = {
    Crm.HUBSPOT: {
        "first": "firstname",
        "last": "lastname",
        "email": "email",
        "city": "city",
        "title": "jobtitle",
    },
    Crm.SALESFORCE: {
        "first": "FirstName",
        "last": "LastName",
        "email": "Email",
        "city": "MailingCity",
        "title": "Title",
    },
}


def nobody(**values: Value) -> dict[str, Value]:
    """A contact that no other test knows."""
    return {"last": MARK, "email": f"{uuid.uuid4().hex}@example.org", **values}


@dataclass
class Stage:
    """A CRM, and a person at its screens who creates, edits and deletes. Words of `nobody`.

    patience  how often to look, once a second, until its change list shows what was done
    merge     (survivor, the other) -> the survivor's id, which is a new one in HubSpot
    track     Salesforce's admin lets the history of these words be kept, from now on
    """

    client: CrmClient
    create: Callable[[Mapping[str, Value]], str]
    edit: Callable[[str, Mapping[str, Value]], None]
    delete: Callable[[str], None]
    restore: Callable[[str], None]
    merge: Callable[[str, str], str]
    patience: int = 1
    track: Callable[..., Any] | None = None

    @property
    def crm(self) -> Crm:
        return self.client.crm

    @property
    def object_name(self) -> str:
        return "contacts" if self.crm is Crm.HUBSPOT else "Contact"

    @property
    def key(self) -> str:
        return KEYS[self.crm]

    def fields(self, *words: str) -> list[str]:
        return [WORDS[self.crm][word] for word in words]

    def spelled(self, values: Mapping[str, Value]) -> dict[str, Value]:
        return {WORDS[self.crm][word]: value for word, value in values.items()}

    def read(self, id: str, *words: str) -> dict[str, Value]:
        record = self.client.read(self.object_name, [id], self.fields(*words))[id]
        said = {name: word for word, name in WORDS[self.crm].items()}
        return {said[name]: value for name, value in record.values.items()}

    def row(self, id: str | None = None, key: str | None = None, **values: Value) -> Row:
        return Row(self.spelled(values), id=id, key=key)

    def new_key(self) -> str:
        number = uuid.uuid4().int % 10**12
        return str(number) if self.crm is Crm.SALESFORCE else f"003{number:015}"


def in_memory(crm: Crm) -> Stage:
    memory = MemoryCrm(crm, lambda: datetime.now(UTC))
    stage = Stage(memory, *(None,) * 5)  # type: ignore[arg-type]
    stage.create = lambda values: memory.person_creates(stage.object_name, stage.spelled(values))
    stage.edit = lambda id, values: memory.person_edits(
        stage.object_name, id, stage.spelled(values)
    )
    stage.delete = lambda id: memory.person_deletes(stage.object_name, id)
    stage.restore = lambda id: memory.person_restores(stage.object_name, id)
    stage.merge = lambda winner, loser: memory.person_merges(stage.object_name, winner, loser)
    stage.track = lambda *words: memory.history.tracked.update(
        {stage.object_name: stage.fields(*words)}
    )
    return stage


def simulated(client: CrmClient, control: Any) -> Stage:
    stage = Stage(client, *(None,) * 5)  # type: ignore[arg-type]
    where = f"records/{stage.object_name}"

    def create(values: Mapping[str, Value]) -> str:
        return str(control.call("POST", where, by="Ada", values=stage.spelled(values))["id"])

    stage.create = create
    stage.edit = lambda id, values: control.call(
        "PATCH", f"{where}/{id}", by="Ada", values=stage.spelled(values)
    )
    stage.delete = lambda id: control.call("DELETE", f"{where}/{id}", by="Ada")
    stage.track = lambda *words: control.call(
        "POST", "actions/track-history", object=stage.object_name, fields=stage.fields(*words)
    )
    name = "restore" if stage.crm is Crm.HUBSPOT else "undelete"
    stage.restore = lambda id: control.call(
        "POST", f"actions/{name}", object=stage.object_name, id=id, by="Ada"
    )

    def merge(winner: str, loser: str) -> str:
        ids: dict[str, Any] = {"winner": winner, "losers": [loser]}
        if stage.crm is Crm.HUBSPOT:
            ids = {"primary": winner, "other": loser}
        done = control.call("POST", "actions/merge", object=stage.object_name, by="Ada", **ids)
        return str(done["id"]) if stage.crm is Crm.HUBSPOT else winner

    stage.merge = merge
    return stage
