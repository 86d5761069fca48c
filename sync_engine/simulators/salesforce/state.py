"""An org as JSON values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sync_engine.simulators.salesforce import bulk, recycle
from sync_engine.simulators.salesforce.fields import Field
from sync_engine.simulators.salesforce.org import RULE_OBJECTS, AuditEntry, Org


def dump(org: Org) -> dict[str, Any]:
    """Return all that a restart keeps: not faults, rules, open cursors and
    open transactions."""
    return {
        "shift_seconds": org.clock.shift.total_seconds(),
        "numbers": org.numbers,
        "usage": org.usage.dump(),
        "daily_calls": org.usage.daily_calls,
        "has_api": org.has_api,
        "has_places": org.has_places,
        "has_persons": org.has_persons,
        "hides_private_contacts": org.hides_private_contacts,
        "type_users": org.type_users,
        "access": org.access.dump(),
        "default_types": org.default_types,
        "picklists": org.picklists,
        "tracked": org.tracked,
        "taken_along": org.taken_along,
        "cleared": org.cleared,
        "sessions": org.sessions.dump(),
        "jobs": [bulk.dump(job) for job in org.jobs.values()],
        "custom_fields": {
            sobject.name: [asdict(field) for field in sobject.fields.values() if field.custom]
            for sobject in org.sobjects.values()
        },
        "records": {name: table.dump() for name, table in org.store.tables.items()},
        "audit": [entry.as_dict() for entry in org.audit],
    }


def restore(org: Org, saved: Mapping[str, Any]) -> None:
    """Fill a fresh org with what `dump` returned."""
    org.clock.shift = timedelta(seconds=saved["shift_seconds"])
    org.numbers = saved["numbers"]
    org.usage.restore(saved["usage"])
    org.usage.daily_calls = saved["daily_calls"]
    _restore_switches(org, saved)
    org.sessions.restore(saved["sessions"])
    for object_name, fields in saved["custom_fields"].items():
        for field in fields:
            org.add_field(object_name, _field(field))
    for object_name, rows in saved["records"].items():
        for row in rows if object_name not in RULE_OBJECTS else ():
            org.store[object_name].put(row)
    org.jobs = {one["id"]: bulk.restored(one) for one in saved.get("jobs", ())}
    for object_name, picklists in saved.get("picklists", {}).items():
        for field_name, options in picklists.items():
            org.use_picklist(object_name, field_name, options)
    recycle.refill(org, saved["records"])
    org.audit.extend(AuditEntry(*entry.values()) for entry in saved["audit"])


def _restore_switches(org: Org, saved: Mapping[str, Any]) -> None:
    org.has_api = saved.get("has_api", True)
    org.use_places(saved.get("has_places", False))
    if saved.get("has_persons", False):
        org.use_person_accounts()
    org.hides_private_contacts = saved.get("hides_private_contacts", False)
    org.type_users = dict(saved.get("type_users", {}))
    org.access.restore(saved.get("access", {}))
    org.default_types = dict(saved.get("default_types", {}))
    for object_name, field_names in saved.get("tracked", {}).items():
        org.track(object_name, field_names)
    org.taken_along = dict(saved.get("taken_along", {}))
    org.cleared = dict(saved.get("cleared", {}))
    for row in saved["records"].get("RecordType", ()):
        org.use_record_types(row["SobjectType"])


def _field(saved: Mapping[str, Any]) -> Field:
    tuples = {name: tuple(saved[name]) for name in ("options", "reference_to")}
    return Field(**{**saved, **tuples})
