"""What REST lacks and a test needs. Each function's first line is its manual."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce import ids, records, recycle
from sync_engine.simulators.salesforce.access import EVERYBODY
from sync_engine.simulators.salesforce.asked import (
    Asked,
    condition,
    sobject_of,
    text,
    texts,
    whole,
)
from sync_engine.simulators.salesforce.automation import Flow, Rule
from sync_engine.simulators.salesforce.conversion import Wanted, convert
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.late import Order
from sync_engine.simulators.salesforce.merging import merge
from sync_engine.simulators.salesforce.org import RULE_OBJECTS, Org, Session
from sync_engine.simulators.salesforce.values import stored

MOST_LATE = 1000
CODE = re.compile(r"[A-Z][A-Z_]{2,80}")


class Actions:
    def __init__(self, org: Org) -> None:
        self._org = org

    def by_name(self) -> dict[str, Callable[[Asked], Any]]:
        return {
            "expire-sessions": self.expire_sessions,
            "revoke-tokens": self.revoke_tokens,
            "rotate-refresh-tokens": self.rotate_refresh_tokens,
            "daily-calls": self.daily_calls,
            "page-size": self.page_size,
            "validation-rule": self.validation_rule,
            "failing-trigger": self.failing_trigger,
            "lock-rows": self.lock_rows,
            "refuse": self.refuse,
            "flow": self.flow,
            "clear-rules": self.clear_rules,
            "late-commits": self.late_commits,
            "commit": self.commit,
            "bulk": self.bulk,
            "hide-field": self.hide_field,
            "user": self.user,
            "merge": self.merge,
            "convert-lead": self.convert_lead,
            "undelete": self.undelete,
            "purge": self.purge,
        }

    def expire_sessions(self, asked: Asked) -> None:
        """End every session; refresh tokens stay good."""
        self._org.sessions.expire()

    def revoke_tokens(self, asked: Asked) -> None:
        """Revoke every token: the admin must connect anew."""
        self._org.sessions.revoke_all()

    def rotate_refresh_tokens(self, asked: Asked) -> None:
        """{"on": true}: a refresh token dies when it is used."""
        self._org.sessions.rotates = asked.get("on") is not False

    def daily_calls(self, asked: Asked) -> dict[str, int]:
        """{"max", "used"}: the org's allocation of API calls, and how much of it is spent."""
        usage = self._org.usage
        usage.daily_calls = whole(asked, "max", usage.daily_calls)
        usage.set_used(whole(asked, "used", usage.used()))
        return {"max": usage.daily_calls, "used": usage.used()}

    def page_size(self, asked: Asked) -> None:
        """{"records"}: most records of a query's page."""
        self._org.page_size = max(1, whole(asked, "records", 2000))

    def validation_rule(self, asked: Asked) -> None:
        """{"object", "where", "message", "fields", "times", "every": 1}: refuse rows that match a condition in SOQL, every so many of them."""
        sobject = sobject_of(self._org, asked)
        message = text(asked, "message", "A validation rule refuses this.")
        refusal = Refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, texts(asked, "fields"))
        self._add(sobject, asked, refusal)

    def failing_trigger(self, asked: Asked) -> None:
        """{"object", "where", "message", "times", "every": 1}: a trigger that fails for rows that match."""
        sobject = sobject_of(self._org, asked)
        cause = text(asked, "message", "System.NullPointerException: Attempt to de-reference null")
        message = f"{sobject.name}Trigger: execution of BeforeUpdate\n\ncaused by: {cause}"
        self._add(sobject, asked, Refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, ()))

    def lock_rows(self, asked: Asked) -> None:
        """{"object", "where", "times", "every": 1}: rows that match are locked by somebody else."""
        message = "unable to obtain exclusive access to this record"
        self._add(sobject_of(self._org, asked), asked, Refusal("UNABLE_TO_LOCK_ROW", message, ()))

    def refuse(self, asked: Asked) -> None:
        """{"object", "where", "code", "message", "fields", "times", "every"}: refuse rows that match with any of Salesforce's codes."""
        code, message = text(asked, "code", ""), text(asked, "message", "It is refused.")
        if not CODE.fullmatch(code):
            raise Refused("'code' is one of Salesforce's, like ENTITY_IS_LOCKED.")
        self._add(
            sobject_of(self._org, asked), asked, Refusal(code, message, texts(asked, "fields"))
        )

    def flow(self, asked: Asked) -> None:
        """{"object", "where", "set": {field: value}}: each save of rows that match sets these fields too, in the caller's name."""
        sobject, given = sobject_of(self._org, asked), asked.get("set")
        writable = {field.name for field in sobject.fields.values() if field.updateable}
        if not isinstance(given, dict) or not given or not given.keys() <= writable:
            raise Refused("'set' is an object of fields that can be written, and values.")
        try:
            values = {name: stored(sobject.fields[name], value) for name, value in given.items()}
        except Refusal as refusal:
            raise Refused(refusal.message) from refusal
        holds = condition(self._org, sobject, asked)
        self._org.automation.flows.append(Flow(sobject.name, holds, values))

    def clear_rules(self, asked: Asked) -> None:
        """Forget validation rules, failing triggers, locks, flows, duplicate rules and assignment rules."""
        self._org.automation.clear()
        for name in RULE_OBJECTS:
            table = self._org.store[name]
            for record_id in table:
                table.remove(record_id)

    def late_commits(self, asked: Asked) -> None:
        """{"seconds", "object", "times": 1}: rows of the next writes are stamped now and seen later."""
        seconds = asked.get("seconds")
        if seconds is not None and (
            isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0
        ):
            raise Refused("'seconds' is a number; without it, the action commit ends the wait.")
        name = sobject_of(self._org, asked).name if asked.get("object") else ""
        times = whole(asked, "times", 1)
        if times > MOST_LATE:
            raise Refused(f"'times' is at most {MOST_LATE}.")
        self._org.late.order(Order(seconds, name), times)

    def commit(self, asked: Asked) -> dict[str, int]:
        """Commit what is late; later writes are seen at once."""
        return {"committed": self._org.late.release_all()}

    def bulk(self, asked: Asked) -> None:
        """{"seconds": 0.2, "page": 100000}: how long a Bulk job takes, most records of its results' page."""
        seconds = asked.get("seconds", self._org.bulk_seconds)
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 0 <= seconds < 1e6
        ):
            raise Refused("'seconds' is a number.")
        self._org.bulk_seconds = seconds
        self._org.bulk_page = max(1, whole(asked, "page", self._org.bulk_page))

    def hide_field(self, asked: Asked) -> None:
        """{"object", "field", "hidden": true}: hide a field from every user of the API."""
        sobject = sobject_of(self._org, asked)
        name = text(asked, "field", "")
        if name not in sobject.fields:
            raise Refused(f"{sobject.name} has no field {name!r}.")
        is_shown = asked.get("hidden") is False
        self._org.access.secure(sobject.name, name, EVERYBODY, (is_shown, is_shown))
        self._org.change_schema()

    def user(self, asked: Asked) -> None:
        """{"id", "active"}: deactivate a user, or activate one."""
        row = self._row(self._org.sobjects["User"], asked.get("id"))
        stamps = {"LastModifiedDate": self._org.now(), "SystemModstamp": self._org.now()}
        changed = {**row, **stamps, "IsActive": asked.get("active") is True}
        self._org.store.put(self._org.store["User"], changed)

    def merge(self, asked: Asked) -> None:
        """{"object", "winner", "losers": [ids], "by"}: losers go to the recycle bin, with MasterRecordId."""
        sobject = sobject_of(self._org, asked)
        if not sobject.mergeable:
            raise Refused(f"{sobject.name} records cannot be merged.")
        winner = self._row(sobject, asked.get("winner"))
        losers = asked.get("losers") or []
        if not isinstance(losers, list):
            raise Refused("'losers' is a list of ids.")
        rows = [self._row(sobject, loser) for loser in losers]
        try:
            with self._org.store.transaction():
                merge(self._org, self._person(asked), sobject, winner, rows)
        except Refusal as refusal:
            raise Refused(refusal.message) from refusal

    def convert_lead(self, asked: Asked) -> dict[str, str | None]:
        """{"id", "account", "contact", "opportunity", "status", "by"}: account and contact are ids, new ones without; opportunity is the name of a new one."""
        org = self._org
        lead = self._row(org.sobjects["Lead"], asked.get("id"))
        known = {
            name: self._row(org.sobjects[name.capitalize()], asked[name])["Id"]
            for name in ("account", "contact")
            if asked.get(name)
        }
        named = {name: text(asked, name, "") for name in ("opportunity", "status")}
        wanted = Wanted(**known, **{name: value for name, value in named.items() if value})
        try:
            with org.store.transaction():
                return convert(org, self._person(asked), lead, wanted)
        except Refusal as refusal:
            raise Refused(refusal.message) from refusal

    def undelete(self, asked: Asked) -> None:
        """{"id", "by"}: take a record out of the recycle bin."""
        sobject, record_id = self._record(asked)
        try:
            with self._org.store.transaction():
                records.undelete(self._org, self._person(asked), sobject, record_id)
        except Refusal as refusal:
            raise Refused(refusal.message) from refusal

    def purge(self, asked: Asked) -> None:
        """{"id"}: empty a deleted record and what went with it out of the recycle bin, for good."""
        sobject, record_id = self._record(asked)
        row = self._org.store[sobject.name].get(record_id) or {}
        if not row.get("IsDeleted"):
            raise Refused("The record is not in the recycle bin.")
        recycle.empty(self._org, record_id)

    def _add(self, sobject: SObject, asked: Asked, refusal: Refusal) -> None:
        times = asked.get("times")
        if times is not None and (isinstance(times, bool) or not isinstance(times, int)):
            raise Refused("'times' is a number.")
        holds, every = condition(self._org, sobject, asked), max(1, whole(asked, "every", 1))
        rule = Rule(sobject.name, holds, refusal, times, every)
        self._org.automation.add(rule)

    def _record(self, asked: Asked) -> tuple[SObject, str]:
        record_id = ids.full(text(asked, "id", ""))
        table = self._org.store.table_of(record_id) if record_id else None
        if table is None or record_id not in table:
            raise Refused("'id' names a record of this org.")
        return table.sobject, str(record_id)

    def _row(self, sobject: SObject, record_id: Any) -> Row:
        found = ids.full(record_id) if isinstance(record_id, str) else None
        row = self._org.store[sobject.name].get(found) if found else None
        if row is None or row.get("IsDeleted"):
            raise Refused(f"There is no {sobject.name} {record_id!r}.")
        return row

    def _person(self, asked: Asked) -> Session:
        by = text(asked, "by", "control")
        return Session(self._org.user_named(by), by, sees_all=True)
