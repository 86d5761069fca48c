"""Calls about property definitions and their groups. Source: hubspot-api.md 6.2."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sync_engine.simulators.hubspot.call import (
    Answer,
    Call,
    as_list,
    as_name,
    as_object,
    inputs,
    optional_list,
    require,
)
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.properties import TYPES, Group, Option, Properties, Property
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.times import iso

MOST_INPUTS = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_MOST_CUSTOM = 1_000
_MOST_UNIQUE = 10


def page(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    archived = call.flag("archived")
    every = table.properties.every.values()
    return 200, {"results": [one.as_json() for one in every if bool(one.archived) is archived]}


def read(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    return 200, _existing(table.properties, call.args[1], call.flag("archived")).as_json()


def create(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    return 201, _create(call, table, call.body()).as_json()


def update(call: Call) -> Answer:
    """Change a property's definition; its options are replaced as a whole. Of HubSpot's own only
    the options of some can be changed."""
    properties = call.account.table(call.args[0]).properties
    one = _existing(properties, call.args[1])
    body = call.body()
    if one.open and list(body) == ["options"]:
        changed = replace(one, options=_options(body["options"]), updated=call.account.now())
        return 200, properties.put(changed).as_json()
    if not one.custom:
        raise HubSpotError(400, f'Property "{one.name}" is defined by HubSpot', "VALIDATION_ERROR")
    kinds = _types(body, one.type, one.field_type)
    if kinds[0] != one.type:
        _refuse_while_held(call.account.table(call.args[0]), one)
    changed = replace(
        one,
        label=as_name(body.get("label") or one.label, "label"),
        description=as_name(body.get("description", one.description) or "", "description"),
        group=_group(properties, body.get("groupName", one.group)),
        type=kinds[0],
        field_type=kinds[1],
        options=_options(body["options"]) if body.get("options") is not None else one.options,
        hidden=body.get("hidden", one.hidden) is True,
        form_field=body.get("formField", one.form_field) is True,
        updated=call.account.now(),
    )
    return 200, properties.put(changed).as_json()


def archive(call: Call) -> Answer:
    properties = call.account.table(call.args[0]).properties
    _archive(properties, call.args[1], call.account.now())
    return 204, None


def batch_read(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    body = call.body()
    names = [_input_name(one) for one in inputs(body, MOST_INPUTS)]
    archived = body.get("archived") is True
    every = table.properties.every
    found = [
        every[name] for name in names if name in every and bool(every[name].archived) is archived
    ]
    missing = [name for name in names if name not in {one.name for one in found}]
    errors = [
        {**_missing(name).of_input(""), "context": {"name": [name]}}
        for name in dict.fromkeys(missing)
    ]
    return _answer(call, 200, [one.as_json() for one in found], errors)


def batch_create(call: Call) -> Answer:
    """All or nothing: the definitions are checked before the first is made."""
    table = call.account.table(call.args[0])
    sent = inputs(call.body(), MOST_INPUTS)
    names = [as_name(one.get("name"), "name") for one in sent]
    if len(set(names)) < len(names):
        raise HubSpotError(400, "Property names must be unique within a batch")
    for one in sent:
        _parsed(call, table, one)
    return _answer(call, 201, [_create(call, table, one).as_json() for one in sent], [])


def batch_archive(call: Call) -> Answer:
    properties = call.account.table(call.args[0]).properties
    for one in inputs(call.body(), MOST_INPUTS):
        if _input_name(one) in properties.live:
            _archive(properties, _input_name(one), call.account.now())
    return 204, None


def groups(call: Call) -> Answer:
    found = call.account.table(call.args[0]).properties.groups
    return 200, {"results": [group.as_json() for group in found.values()]}


def group_read(call: Call) -> Answer:
    return 200, _existing_group(call).as_json()


def group_create(call: Call) -> Answer:
    found = call.account.table(call.args[0]).properties.groups
    body = call.body()
    require(body, "name", "label")
    group = Group(as_name(body["name"], "name"), as_name(body["label"], "label"))
    if group.name in found:
        raise HubSpotError(
            409, f"A property group named '{group.name}' already exists.", "CONFLICT"
        )
    found[group.name] = group
    return 201, group.as_json()


def group_update(call: Call) -> Answer:
    group = _existing_group(call)
    changed = replace(group, label=as_name(call.body().get("label", group.label), "label"))
    call.account.table(call.args[0]).properties.groups[group.name] = changed
    return 200, changed.as_json()


def group_archive(call: Call) -> Answer:
    group = _existing_group(call)
    properties = call.account.table(call.args[0]).properties
    if any(one.group == group.name for one in properties.live.values()):
        raise HubSpotError(400, f"Property group '{group.name}' still has properties")
    del properties.groups[group.name]
    return 204, None


def _create(call: Call, table: Table, sent: Mapping[str, Any]) -> Property:
    one = table.properties.put(_parsed(call, table, sent))
    if one.unique:
        table.make_unique(one.name)
    return one


def _parsed(call: Call, table: Table, sent: Mapping[str, Any]) -> Property:
    """Read a definition and check it; raises HubSpotError."""
    require(sent, "name", "label", "type", "fieldType", "groupName")
    name = as_name(sent["name"], "name")
    properties = table.properties
    if not _NAME.fullmatch(name):
        raise HubSpotError(400, f'Property name "{name}" is invalid', "VALIDATION_ERROR")
    if name in properties.every:
        raise HubSpotError(409, f"A property named '{name}' already exists.", "CONFLICT")
    if sum(one.custom for one in properties.live.values()) >= _MOST_CUSTOM:
        raise HubSpotError(400, f"An object has {_MOST_CUSTOM} custom properties at most")
    unique = sent.get("hasUniqueValue") is True
    if unique and sum(one.unique for one in properties.live.values()) >= _MOST_UNIQUE:
        raise HubSpotError(400, f"At most {_MOST_UNIQUE} properties may have unique values")
    kinds = _types(sent, "", "")
    options = _options(optional_list(sent, "options"))
    if kinds[0] == "bool" and not options:
        options = (Option("true", "Yes"), Option("false", "No"))
    return Property(
        name=name,
        label=as_name(sent["label"], "label"),
        type=kinds[0],
        field_type=kinds[1],
        group=_group(properties, sent["groupName"]),
        options=options,
        description=as_name(sent.get("description") or "", "description"),
        unique=unique,
        hidden=sent.get("hidden") is True,
        form_field=sent.get("formField") is True,
        refers_to="OWNER" if sent.get("referencedObjectType") == "OWNER" else "",
        custom=True,
        created=call.account.now(),
        updated=call.account.now(),
        user_id=str(call.grant.user_id),
    )


def _types(sent: Mapping[str, Any], type_: str, field_type: str) -> tuple[str, str]:
    type_ = as_name(sent.get("type") or type_, "type")
    field_type = as_name(sent.get("fieldType") or field_type, "fieldType")
    if type_ not in TYPES:
        raise HubSpotError(400, f"Invalid property type: {type_}")
    if field_type not in TYPES[type_]:
        raise HubSpotError(400, f"Invalid fieldType {field_type} for a property of type {type_}")
    return type_, field_type


def _refuse_while_held(table: Table, one: Property) -> None:
    """Raise HubSpotError where records hold values, which are not turned into another type."""
    rows = (*table.rows.values(), *table.bin.values())
    if any(one.name in row.values() for row in rows):
        said = f'The type of property "{one.name}" cannot change while records hold values of it'
        raise HubSpotError(400, said)


def _options(sent: Any) -> tuple[Option, ...]:
    found = [_option(as_object(one)) for one in as_list(sent, "options")]
    if len({one.value for one in found}) < len(found):
        raise HubSpotError(400, "Property option values must be unique")
    return tuple(found)


def _option(sent: Mapping[str, Any]) -> Option:
    require(sent, "label", "value")
    return Option(
        value=as_name(sent["value"], "value"),
        label=as_name(sent["label"], "label"),
        hidden=sent.get("hidden") is True,
        description=as_name(sent.get("description") or "", "description"),
    )


def _group(properties: Properties, sent: Any) -> str:
    name = as_name(sent, "groupName")
    if name not in properties.groups:
        raise HubSpotError(400, f"Property group '{name}' does not exist")
    return name


def _archive(properties: Properties, name: str, now: int) -> None:
    one = _existing(properties, name)
    if not one.custom:
        raise HubSpotError(400, f'Property "{name}" is defined by HubSpot and cannot be archived')
    properties.archive(name, now)


def _existing(properties: Properties, name: str, archived: bool = False) -> Property:
    one = properties.every.get(name)
    if one is None or bool(one.archived) is not archived:
        raise _missing(name)
    return one


def _missing(name: str) -> HubSpotError:
    return HubSpotError(404, f"Property {name} does not exist", "OBJECT_NOT_FOUND")


def _existing_group(call: Call) -> Group:
    found = call.account.table(call.args[0]).properties.groups
    if call.args[1] not in found:
        said = f"Property group {call.args[1]} does not exist"
        raise HubSpotError(404, said, "OBJECT_NOT_FOUND")
    return found[call.args[1]]


def _input_name(sent: Mapping[str, Any]) -> str:
    require(sent, "name")
    return as_name(sent["name"], "name")


def _answer(call: Call, status: int, results: Iterable[Any], errors: list[Any]) -> Answer:
    now = iso(call.account.now())
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    return (207, {**body, "numErrors": len(errors), "errors": errors}) if errors else (status, body)
