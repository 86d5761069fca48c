"""One simulated Salesforce org: what it holds, whom it knows, how it is set up.

The modules beside this one are what can be done to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from sync_engine.simulators.base import Clock
from sync_engine.simulators.salesforce import ids, moments
from sync_engine.simulators.salesforce.access import Access
from sync_engine.simulators.salesforce.addresses import code_fields
from sync_engine.simulators.salesforce.automation import Automation
from sync_engine.simulators.salesforce.fields import Field, Row, SObject, lookup
from sync_engine.simulators.salesforce.late import Late
from sync_engine.simulators.salesforce.oauth import Sessions
from sync_engine.simulators.salesforce.store import Store
from sync_engine.simulators.salesforce.tables import every_object, persons
from sync_engine.simulators.salesforce.usage import Usage

EDIT_CONVERTED = "PermissionsAllowViewEditConvertedLeads"
PAGE_SIZE = 2000
OPEN_CURSORS = 100
BULK_SECONDS = 0.2
BULK_PAGE = 100_000
MOST_AUDITED = 100_000
RULE_OBJECTS = ("DuplicateRule", "AssignmentRule")


@dataclass(slots=True)
class Cursor:
    """A query whose next pages are still to be fetched: the ids, how to show a record, by whom and
    until when they can be."""

    ids: list[str]
    show: Any
    page_size: int
    user_id: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Who is asking, and how.

    sees_all           a person in the CRM's own screens, whom no field is hidden from
    auto_assign        do assignment rules run: TRUE, FALSE, or the id of a rule
    allows_duplicates  does a save pass where a duplicate rule only alerts
    shows_duplicates   are the fields of the records it is like shown, not only their ids
    matches_in_sight   is it compared with records in this user's sight only
    """

    user_id: str
    by: str
    sees_all: bool = False
    origin: str = ""
    version: str = "v66.0"
    auto_assign: str = "FALSE"
    allows_duplicates: bool = False
    shows_duplicates: bool = False
    matches_in_sight: bool = False


@dataclass(slots=True)
class AuditEntry:
    """Who did what to a record. packed: {field: new value} of what was set, as JSON: a dict each
    for the last hundred thousand would take a third of a gigabyte."""

    at: str
    by: str
    object_name: str
    id: str
    what: str
    given: InitVar[Mapping[str, Any]]
    packed: bytes = field(init=False)

    def __post_init__(self, given: Mapping[str, Any]) -> None:
        self.packed = bytes(memoryview(orjson.dumps(given)))

    def as_dict(self) -> dict[str, Any]:
        """Return {"at", "by", "object_name", "id", "what", "values"}."""
        names = ("at", "by", "object_name", "id", "what")
        return {
            **{name: getattr(self, name) for name in names},
            "values": orjson.loads(self.packed),
        }


class Org:
    """Everything a reset forgets.

    has_api                 does the edition have an API
    has_places              are the State and Country picklists on
    has_persons             are person accounts on
    hides_private_contacts  does the API hide contacts without an account from all but the owner
    type_users              {record type: users of the API that may give it}; all without
    default_types           {object: record type that a new record gets}
    jobs                    Bulk API 2.0: {id: bulk.Job}
    bulk_seconds            how long a job waits for its turn
    bulk_page               most records of a page of a query job's results
    bin                     (stamp, id) of what was deleted, oldest first
    picklists               {object: {field: options}} where an admin has changed them
    tracked                 {object: fields whose changes are written down}
    cleared                 {id in the recycle bin: [(id, lookup field)] that named it before}
    taken_along             {id in the recycle bin: ids that its delete put there too}
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sobjects: dict[str, SObject] = {s.name: s for s in every_object()}
        self._by_lower = {name.lower(): s for name, s in self.sobjects.items()}
        self.store = Store(list(self.sobjects.values()))
        self.late = Late(clock, self.store)
        self.access = Access(self.sobjects, self.store)
        self.automation = Automation()
        self.sessions = Sessions()
        self.usage = Usage(clock)
        self.audit: deque[AuditEntry] = deque(maxlen=MOST_AUDITED)
        self.schema_at = clock.now().replace(microsecond=0)
        self.jobs: dict[str, Any] = {}
        self.bulk_seconds = BULK_SECONDS
        self.bulk_page = BULK_PAGE
        self.cursors: dict[str, Cursor] = {}
        self.page_size = PAGE_SIZE
        self.numbers: dict[str, int] = {}
        self.has_api = True
        self.has_places = False
        self.has_persons = False
        self.hides_private_contacts = False
        self.type_users: dict[str, list[str]] = {}
        self.default_types: dict[str, str] = {}
        self.bin: deque[tuple[str, str]] = deque()
        self.picklists: dict[str, dict[str, list[str]]] = {}
        self.tracked: dict[str, list[str]] = {}
        self.taken_along: dict[str, list[str]] = {}
        self.cleared: dict[str, list[list[str]]] = {}
        self.id = ids.make("00D", 1)
        self.integration_user = ids.make("005", 1)
        self.admin_user = ids.make("005", 2)

    def sobject(self, name: str, reached: str = "data") -> SObject | None:
        """Return the object of this name, without regard to case."""
        found = self._by_lower.get(name.lower())
        return found if found and found.reached == reached else None

    def now(self) -> str:
        return moments.spell(self.clock.now())

    def new_id(self, prefix: str) -> str:
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return ids.make(prefix, self.numbers[prefix])

    def add_field(self, object_name: str, custom: Field) -> None:
        self.sobjects[object_name].fields[custom.name] = custom
        if custom.indexed:
            self.store[object_name].add_index(custom.name)
        if self.has_persons and object_name == "Contact":
            twin = persons.of_person(custom)
            self.sobjects["Account"].fields[twin.name] = twin
        self.change_schema()

    def use_places(self, is_on: bool) -> None:
        """Switch State and Country picklists on or off, for every address."""
        self.has_places = is_on
        for sobject in self.sobjects.values():
            for code in code_fields(sobject):
                if is_on:
                    sobject.fields[code.name] = code
                else:
                    sobject.fields.pop(code.name, None)
        self.change_schema()

    def use_person_accounts(self) -> None:
        """Let accounts be persons, for good."""
        if self.has_persons:
            return
        self.has_persons = True
        account, contact = self.sobjects["Account"], self.sobjects["Contact"]
        account.fields |= {f.name: f for f in persons.account_fields(contact)}
        contact.fields |= {f.name: f for f in persons.contact_fields()}
        self.sobjects["RecordType"].fields |= {f.name: f for f in persons.record_type_fields()}
        company = self.sobjects["Lead"].fields["Company"]
        self.sobjects["Lead"].fields["Company"] = replace(company, nillable=True)
        self.store["Account"].add_index("PersonContactId")
        self.use_record_types("Account")

    def use_picklist(self, object_name: str, field_name: str, options: list[str]) -> None:
        """Give a picklist other values."""
        fields = self.sobjects[object_name].fields
        fields[field_name] = replace(fields[field_name], options=tuple(options))
        self.picklists.setdefault(object_name, {})[field_name] = options
        self.change_schema()

    def track(self, object_name: str, field_names: list[str]) -> None:
        """Write down the changes of these fields from now on; without any, none of the object's."""
        self.tracked[object_name] = field_names
        self.sobjects[f"{object_name}History"].reached = "data" if field_names else ""
        self.change_schema()

    def use_record_types(self, object_name: str) -> None:
        """Give an object the field that only objects with record types have."""
        self.sobjects[object_name].fields["RecordTypeId"] = lookup(
            "RecordTypeId", "Record Type ID", "RecordType"
        )
        self.change_schema()

    def change_schema(self) -> None:
        """Note that what somebody may see of the objects has changed: describes are stale."""
        self.access.forget()
        now = self.clock.now().replace(microsecond=0)
        self.schema_at = max(now, self.schema_at + timedelta(seconds=1))

    def keep_cursor(self, cursor: Cursor) -> str:
        """Keep the rest of a query; the oldest is dropped when there are many."""
        name = self.new_id("0r8")
        self.cursors[name] = cursor
        if len(self.cursors) > OPEN_CURSORS:
            del self.cursors[next(iter(self.cursors))]
        return name

    def user_named(self, by: str) -> str:
        """Return the id of the user with this name or user name, else the admin's."""
        wanted = by.lower()
        for record_id in self.store["User"]:
            row = self.store["User"].get(record_id) or {}
            if wanted in (row["Name"].lower(), row["Username"].lower(), record_id.lower()):
                return record_id
        return self.admin_user

    def may_give_type(self, type_id: str, session: Session) -> bool:
        """Is a record type available to this user?"""
        users = self.type_users.get(type_id)
        return session.sees_all or users is None or session.user_id in users

    def may(self, permission: str) -> bool:
        """Has the integration user this system permission?"""
        table = self.store["UserPermissionAccess"]
        return any((table.get(one) or {}).get(permission) for one in table)

    def insert(self, object_name: str, **values: Any) -> str:
        """Store a record as an admin's set-up does, unchecked; return its id."""
        now, by = self.now(), self.admin_user
        row: Row = {
            "Id": self.new_id(self.sobjects[object_name].prefix),
            **values,
            "CreatedDate": now,
            "CreatedById": by,
            "LastModifiedDate": now,
            "LastModifiedById": by,
            "SystemModstamp": now,
        }
        self.store.put(self.store[object_name], row)
        return str(row["Id"])
