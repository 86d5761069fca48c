"""The Salesforce simulator as the shared parts know it: sync_engine.simulators.base.Simulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from sync_engine.simulators.base import Clock, Column, Refused
from sync_engine.simulators.http import Request, Response, json_response
from sync_engine.simulators.salesforce import ids, records, recycle, seed, state
from sync_engine.simulators.salesforce.actions import Actions
from sync_engine.simulators.salesforce.admin import Admin
from sync_engine.simulators.salesforce.api import LIMIT_HEADER, Api, cost
from sync_engine.simulators.salesforce.errors import Refusal, not_simulated
from sync_engine.simulators.salesforce.fields import Field, Row, SObject
from sync_engine.simulators.salesforce.furnish import furnish
from sync_engine.simulators.salesforce.load import load
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.web import Web

# What the page shows, and which columns come first.
SHOWN: dict[str, tuple[str, ...]] = {
    "Contact": (
        "FirstName",
        "LastName",
        "Email",
        "Title",
        "Phone",
        "MailingCity",
        "LastModifiedDate",
    ),
    "Account": (
        "Name",
        "Website",
        "Industry",
        "Phone",
        "BillingCity",
        "Type",
        "LastModifiedDate",
    ),
    "Lead": ("FirstName", "LastName", "Company", "Email", "Status", "Title", "LastModifiedDate"),
    "Opportunity": (
        "Name",
        "StageName",
        "Amount",
        "CloseDate",
        "Probability",
        "Type",
        "LastModifiedDate",
    ),
    "Case": (
        "CaseNumber",
        "Subject",
        "Status",
        "Priority",
        "Origin",
        "Type",
        "LastModifiedDate",
    ),
    "User": (
        "FirstName",
        "LastName",
        "Username",
        "Email",
        "IsActive",
        "UserType",
        "LastModifiedDate",
    ),
}


class SalesforceSimulator:
    title = "Salesforce"

    def __init__(self) -> None:
        self.clock = Clock()
        self.reset()

    def answer(self, request: Request) -> Response:
        self._org.late.release_due()
        recycle.empty_old(self._org)
        parts = request.parts
        match parts:
            case ("services", "data"):
                return self._api.versions()
            case ("services", "data", *_):
                return self._api.answer(request)
            case ("services", "oauth2", "authorize"):
                return self._web.authorize(request)
            case ("services", "oauth2", "token"):
                return self._web.token(request)
            case ("services", "oauth2", "revoke"):
                return self._web.revoke(request)
            case ("services", "oauth2", "userinfo"):
                return self._web.userinfo(request)
            case ("id", _, _):
                return self._web.identity(request)
        refusal = not_simulated(f"{request.method} {request.path}")
        status = refusal.status if parts[:1] == ("services",) else 404
        return json_response(status, refusal.body())

    def bill(self, request: Request, response: Response) -> int:
        return cost(request) if LIMIT_HEADER in response.headers else 0

    def objects(self) -> Sequence[str]:
        return tuple(SHOWN)

    def columns(self, object_name: str) -> Sequence[Column]:
        sobject = self._org.sobjects[object_name]
        first = [sobject.fields[name] for name in SHOWN[object_name]]
        rest = [f for f in sobject.fields.values() if f not in first and f.type != "address"]
        return [_column(field, sobject) for field in first + rest if field.name != "Id"]

    def search(
        self, object_name: str, text: str, limit: int
    ) -> Sequence[tuple[str, Mapping[str, Any]]]:
        self._org.late.release_due()
        table = self._org.store[object_name]
        found = table.containing(text) if text else table.timeline.latest()
        rows = (table.get(record_id) or {} for record_id in found)
        live = (row for row in rows if not row.get("IsDeleted"))
        return [(row["Id"], self._shown(object_name, row)) for row in islice(live, limit)]

    def get(self, object_name: str, record_id: str) -> Mapping[str, Any]:
        self._org.late.release_due()
        row = self._org.store[object_name].get(ids.full(record_id) or "")
        if row is None or row.get("IsDeleted"):
            raise KeyError(record_id)
        return self._shown(object_name, row)

    def create(self, object_name: str, values: Mapping[str, Any], by: str) -> str:
        sobject = self._org.sobjects[object_name]
        return str(self._as_person(records.create, sobject, by, values))

    def edit(self, object_name: str, record_id: str, values: Mapping[str, Any], by: str) -> None:
        self.get(object_name, record_id)
        sobject = self._org.sobjects[object_name]
        self._as_person(records.update, sobject, by, ids.full(record_id), values)

    def delete(self, object_name: str, record_id: str, by: str) -> None:
        self.get(object_name, record_id)
        sobject = self._org.sobjects[object_name]
        self._as_person(records.delete, sobject, by, ids.full(record_id))

    def audit(self) -> Sequence[Mapping[str, Any]]:
        entries = [entry.as_dict() for entry in self._org.audit]
        for entry in entries:
            entry["object"] = entry.pop("object_name")
        return entries

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], Any]]:
        return self._actions

    def token(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """asked: {"user"}: a name, user name or id; the integration user without."""
        user = asked.get("user")
        if user in (None, ""):
            user_id = self._org.integration_user
        elif isinstance(user, str):
            user_id = self._org.user_named(user)
        else:
            raise Refused("'user' is a name, a user name or an id.")
        return {
            "access_token": self._org.sessions.open(user_id),
            "instance_url": asked.get("origin", ""),
            "user_id": user_id,
            "organization_id": self._org.id,
        }

    def load(self, asked: Mapping[str, Any]) -> int:
        return load(self._org, asked)

    def seed_demo(self) -> None:
        seed.seed_demo(self._org)

    def reset(self) -> None:
        self._use(Org(self.clock))
        furnish(self._org)

    def dump(self) -> dict[str, Any]:
        return state.dump(self._org)

    def restore(self, saved: Mapping[str, Any]) -> None:
        self._use(Org(self.clock))
        state.restore(self._org, saved)

    def _use(self, org: Org) -> None:
        self._org = org
        self._api = Api(org)
        self._web = Web(org)
        self._actions = {**Actions(org).by_name(), **Admin(org).by_name()}

    def _as_person(self, deed: Callable[..., Any], sobject: SObject, by: str, *what: Any) -> Any:
        """Do what a person does on the page: all fields in sight, the same rules."""
        session = Session(self._org.user_named(by), by, sees_all=True, allows_duplicates=True)
        try:
            with self._org.store.transaction():
                return deed(self._org, session, sobject, *what)
        except Refusal as refusal:
            raise Refused(refusal.message) from refusal

    def _shown(self, object_name: str, row: Row) -> dict[str, Any]:
        fields = self._org.sobjects[object_name].fields.values()
        return {f.name: row.get(f.name) for f in fields if f.type != "address"}


def _column(field: Field, sobject: SObject) -> Column:
    options = ("true", "false") if field.type == "boolean" else field.options
    return Column(field.name, field.label, field.updateable and sobject.updateable, options)
