"""One record: /sobjects/TYPE, /sobjects/TYPE/ID, /sobjects/TYPE/FIELD/VALUE.
Source: salesforce-api.md 5.1."""

from __future__ import annotations

from typing import Any

import orjson

from sync_engine.simulators.salesforce import ids, moments, reading, records
from sync_engine.simulators.salesforce.errors import Refusal, deleted, no_such_column, not_found
from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.rest import (
    Call,
    Reply,
    field_names,
    freshness,
    is_known,
    key_field,
    sobject_named,
)
from sync_engine.simulators.salesforce.soql.shape import Shape


def of_type(org: Org, call: Call) -> Reply:
    """POST /sobjects/TYPE creates a record."""
    call.allow("POST")
    sobject = sobject_named(org, call.session, call.parts[1])
    with org.store.transaction():
        created = records.create(org, call.session, sobject, call.record())
    return Reply(201, _done(created), _location(call, sobject, created))


def by_id(org: Org, call: Call) -> Reply:
    """GET, PATCH, DELETE /sobjects/TYPE/ID."""
    call.allow("GET", "HEAD", "PATCH", "DELETE")
    sobject = sobject_named(org, call.session, call.parts[1])
    found = _live(org, call, sobject)
    return _act(org, call, sobject, found)


def by_key(org: Org, call: Call) -> Reply:
    """GET, PATCH (upsert), DELETE /sobjects/TYPE/FIELD/VALUE."""
    call.allow("GET", "HEAD", "PATCH", "DELETE")
    sobject = sobject_named(org, call.session, call.parts[1])
    key = key_field(org, call.session, sobject, call.parts[2])
    found = reading.seen(org, call.session, sobject, (key, call.parts[3]))
    if len(found) > 1:
        base = f"/services/data/{call.version}/sobjects/{sobject.name}"
        return Reply(300, [f"{base}/{one}" for one in found])
    if call.method == "PATCH":
        return _upsert(org, call, sobject, key, found)
    if not found:
        raise not_found()
    return _act(org, call, sobject, found[0])


def _act(org: Org, call: Call, sobject: SObject, one: str) -> Reply:
    if call.method in ("GET", "HEAD"):
        return _read(org, call, sobject, one)
    with org.store.transaction():
        if call.method == "PATCH":
            records.update(org, call.session, sobject, one, call.record())
        else:
            records.delete(org, call.session, sobject, one)
    return Reply(204)


def _read(org: Org, call: Call, sobject: SObject, one: str) -> Reply:
    """Return the record, or 304 where the caller has it as it is."""
    row = reading.existing(org, call.session, sobject, one)
    changed = moments.read(row["SystemModstamp"])
    fresh = freshness(changed, orjson.dumps(row))
    if is_known(call, changed, fresh):
        return Reply(304, None, fresh)
    shape = _shape(org, call, sobject)
    return Reply(200, shape.show(org, sobject.name, row, call.version), fresh)


def _shape(org: Org, call: Call, sobject: SObject) -> Shape:
    """Return how the record is shown: the fields that are asked for, or all; raises Refusal."""
    visible = reading.visible_fields(org, call.session, sobject)
    names = field_names(call.first("fields"))
    if not names:
        return Shape({field.name: field for field in visible.values()})
    fields: dict[str, Any] = {}
    for name in names:
        field = visible.get(name.lower())
        if field is None:
            raise no_such_column(name, sobject.name)
        fields[field.name] = field
    fields.setdefault("Id", visible["id"])
    return Shape(fields)


def _upsert(org: Org, call: Call, sobject: SObject, key: Field, found: list[str]) -> Reply:
    values = call.record()
    if any(name.lower() == key.name.lower() for name in values):
        raise Refusal(
            "INVALID_FIELD", f"The {key.name} field should not be specified in the sobject data."
        )
    if not found and call.first("updateOnly").lower() == "true":
        raise not_found()
    with org.store.transaction():
        written, created = records.upsert(org, call.session, sobject, (key, call.parts[3]), values)
    status = 201 if created else 200
    return Reply(status, {**_done(written), "created": created}, _location(call, sobject, written))


def _live(org: Org, call: Call, sobject: SObject) -> str:
    text = call.parts[2]
    found = ids.full(text)
    if found is None or not found.startswith(sobject.prefix):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {text}")
    row = org.store[sobject.name].get(found)
    if row is None or not reading.may_see(org, call.session, sobject, row):
        raise not_found()
    if row.get("IsDeleted"):
        raise deleted()
    return found


def _done(record_id: str) -> dict[str, Any]:
    return {"id": record_id, "success": True, "errors": []}


def _location(call: Call, sobject: SObject, record_id: str) -> dict[str, str]:
    return {"location": f"/services/data/{call.version}/sobjects/{sobject.name}/{record_id}"}
