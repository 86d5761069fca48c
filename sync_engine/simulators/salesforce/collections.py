"""Up to 200 records in one call: /composite/sobjects. Source: salesforce-api.md 5.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sync_engine.simulators.salesforce import ids, reading, records
from sync_engine.simulators.salesforce.errors import Refusal, bad_json, no_such_column
from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.rest import (
    Call,
    Reply,
    field_names,
    key_field,
    record_id,
    sobject_named,
)
from sync_engine.simulators.salesforce.soql.shape import Shape

MOST_WRITTEN = 200
MOST_READ = 2000
MOST_CHUNKS = 10
ROLLED_BACK = Refusal(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone "
    "header",
    (),
)
Item = dict[str, Any]
Step = Callable[[], Item]


class _RolledBack(Exception):
    """Some row was refused, and all were wanted or none."""


def any_type(org: Org, call: Call) -> Reply:
    """POST creates, PATCH updates, DELETE deletes records of mixed types."""
    call.allow("POST", "PATCH", "DELETE")
    if call.method == "DELETE":
        return _delete(org, call)
    rows = _rows(call)
    types = [_type_of(org, call, row) for row in rows]
    if sum(1 for _ in groupby(types, key=lambda t: t and t.name)) > MOST_CHUNKS:
        raise Refusal(
            "EXCEEDED_MAX_TYPES_LIMIT",
            f"Cannot process more than {MOST_CHUNKS} chunks of record types in one call",
        )
    make = _create if call.method == "POST" else _update
    repeated = _repeated([str(row.get("id") or row.get("Id") or "") for row in rows])
    steps = [
        make(org, call, sobject, row, repeated) for sobject, row in zip(types, rows, strict=True)
    ]
    return Reply(200, _run(org, steps, _all_or_none(call), {}))


def one_type(org: Org, call: Call) -> Reply:
    """GET or POST /composite/sobjects/TYPE reads up to 2,000 records; null where there is none."""
    call.allow("GET", "POST")
    sobject = sobject_named(org, call.session, call.parts[2])
    if call.method == "GET":
        wanted: Any = field_names(call.first("ids"))
        names: Any = field_names(call.first("fields"))
    else:
        wanted, names = call.record().get("ids"), call.record().get("fields")
    if not _are_texts(wanted) or not _are_texts(names) or not names:
        raise bad_json("ids and fields are required, and are lists of strings")
    if len(wanted) > MOST_READ:
        raise Refusal("EXCEEDED_ID_LIMIT", f"Cannot retrieve more than {MOST_READ} records")
    shape = _shape(org, call, sobject, names)
    return Reply(200, [_shown(org, call, sobject, shape, text) for text in wanted])


def upsert(org: Org, call: Call) -> Reply:
    """PATCH /composite/sobjects/TYPE/FIELD upserts records of one type."""
    call.allow("PATCH")
    sobject = sobject_named(org, call.session, call.parts[2])
    key = key_field(org, call.session, sobject, call.parts[3])
    rows = _rows(call)
    repeated = _repeated([str(_take(row, key.name)).lower() for row in rows])
    steps = [_upsert(org, call, sobject, key, row, repeated) for row in rows]
    return Reply(200, _run(org, steps, _all_or_none(call), {"created": False}))


def _run(org: Org, steps: Sequence[Step], all_or_none: bool, failed: Item) -> list[Item]:
    """Do each step in its own transaction, or all in one. failed: more keys of a refused item."""
    items: list[Item] = []
    try:
        with org.store.transaction():
            for step in steps:
                items.append(_try(org, step, failed))
            if all_or_none and not all(item["success"] for item in items):
                raise _RolledBack
    except _RolledBack:
        return [_refused(ROLLED_BACK, failed) if item["success"] else item for item in items]
    return items


def _try(org: Org, step: Step, failed: Item) -> Item:
    try:
        with org.store.transaction():
            return step()
    except Refusal as refusal:
        return _refused(refusal, failed)


def _create(
    org: Org, call: Call, sobject: SObject | None, row: Item, repeated: frozenset[str]
) -> Step:
    def step() -> Item:
        return _done(records.create(org, call.session, _known(sobject), row))

    return step


def _update(
    org: Org, call: Call, sobject: SObject | None, row: Item, repeated: frozenset[str]
) -> Step:
    def step() -> Item:
        text = row.get("id") or row.get("Id")
        if not text:
            raise Refusal("MISSING_ARGUMENT", "Id not specified in an update call", ())
        if str(text) in repeated:
            raise Refusal("DUPLICATE_VALUE", f"duplicate id in list: {text}", ())
        one = record_id(text)
        records.update(org, call.session, _known(sobject), one, row)
        return _done(one)

    return step


def _upsert(
    org: Org, call: Call, sobject: SObject, key: Field, row: Item, repeated: frozenset[str]
) -> Step:
    def step() -> Item:
        own = _type_of(org, call, row)
        if own is not sobject:
            raise Refusal("INVALID_TYPE", f"all records must be of type {sobject.name}", ())
        value = _take(row, key.name)
        if value in (None, "") and key.type == "id":  # recorded so: a row without an id is made
            return {**_done(records.create(org, call.session, sobject, row)), "created": True}
        if value in (None, ""):
            raise Refusal("MISSING_ARGUMENT", f"{key.name} not specified", ())
        if str(value).lower() in repeated:
            raise Refusal(
                "DUPLICATE_VALUE", f"Duplicate external id specified: {value}", (key.name,)
            )
        rest = {name: v for name, v in row.items() if name.lower() != key.name.lower()}
        one, created = records.upsert(org, call.session, sobject, (key, value), rest)
        return {**_done(one), "created": created}

    return step


def _delete(org: Org, call: Call) -> Reply:
    wanted = field_names(call.first("ids"))
    _check_count(len(wanted))

    def step_for(text: str) -> Step:
        def step() -> Item:
            one = record_id(text)
            table = org.store.table_of(one)
            if table is None:
                raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
            records.delete(org, call.session, table.sobject, one)
            return _done(one)

        return step

    all_or_none = call.first("allOrNone").lower() == "true"
    return Reply(200, _run(org, [step_for(text) for text in wanted], all_or_none, {}))


def _rows(call: Call) -> list[Item]:
    rows = call.record().get("records")
    if rows is None:
        rows = []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_json("records is a list of objects")
    _check_count(len(rows))
    return rows


def _check_count(count: int) -> None:
    if not count:
        raise Refusal("REQUIRED_FIELD_MISSING", "At least 1 record is required")
    if count > MOST_WRITTEN:
        raise Refusal(
            "EXCEEDED_ID_LIMIT",
            f"record limit reached. cannot submit more than {MOST_WRITTEN} records into this call",
        )


def _type_of(org: Org, call: Call, row: Item) -> SObject | None:
    attributes = row.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    sobject = org.sobject(name) if isinstance(name, str) else None
    if sobject is None or not org.access.may(sobject.name, "read", call.session.user_id):
        return None
    return sobject


def _known(sobject: SObject | None) -> SObject:
    if sobject is None:
        raise Refusal("INVALID_TYPE", "sObject type is missing or not supported", ())
    return sobject


def _take(row: Item, name: str) -> Any:
    lower = name.lower()
    return next((value for key, value in row.items() if key.lower() == lower), None)


def _repeated(values: Sequence[str]) -> frozenset[str]:
    counts = Counter(value for value in values if value)
    return frozenset(value for value, count in counts.items() if count > 1)


def _all_or_none(call: Call) -> bool:
    return call.record().get("allOrNone") is True


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _shape(org: Org, call: Call, sobject: SObject, names: list[str]) -> Shape:
    visible = reading.visible_fields(org, call.session, sobject)
    fields: dict[str, Any] = {}
    for name in names:
        field = visible.get(name.strip().lower())
        if field is None:
            raise no_such_column(name, sobject.name)
        fields[field.name] = field
    return Shape(fields)


def _shown(org: Org, call: Call, sobject: SObject, shape: Shape, text: str) -> Item | None:
    one = ids.full(text)
    row = org.store[sobject.name].get(one) if one else None
    if row is None or row.get("IsDeleted"):
        return None
    if not reading.may_see(org, call.session, sobject, row):
        return None
    return shape.show(org, sobject.name, row, call.version)


def _done(one: str) -> Item:
    return {"id": one, "success": True, "errors": []}


def _refused(refusal: Refusal, more: Item) -> Item:
    return {"success": False, "errors": [refusal.item()], **more}
