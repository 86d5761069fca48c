"""An account's whole state as JSON values and back. Rate windows and codes begin anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

import orjson

from sync_engine.simulators.hubspot.account import FOREVER, Account, Deed
from sync_engine.simulators.hubspot.properties import Group, property_from_state
from sync_engine.simulators.hubspot.row import Edit, Row, pack
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.users import Author


def dump(account: Account) -> dict[str, Any]:
    return {
        "index_lag": account.index_lag,
        "rates": account.rates.dump(),
        "required": account.required,
        "tokens": account.tokens.dump(),
        "associations": account.associations.dump(),
        "lists": account.lists.dump(),
        "consent": account.consent.dump(),
        "labels": account.associations.types.dump(),
        "association_limits": list(account.associations.types.limits.items()),
        "pipelines": account.pipelines.dump(),
        "list_lag": account.lists.lag,
        "deeds": [
            [one.at, astuple(one.author), one.kind.plural, one.id, one.what, dict(one.changes)]
            for one in account.deeds
        ],
        "tables": {name: _dump_table(table) for name, table in account.tables.items()},
    }


def restore(account: Account, state: Mapping[str, Any]) -> None:
    """Fill a fresh account; search sees everything at once."""
    account.index_lag = state["index_lag"]
    account.rates.restore(state.get("rates", {}))
    account.required = {name: tuple(of) for name, of in state.get("required", {}).items()}
    account.tokens.restore(state["tokens"])
    account.associations.types.restore(state.get("labels", ()))
    account.associations.types.limits = dict(state.get("association_limits", ()))
    account.associations.restore(state["associations"])
    if "consent" in state:
        account.consent.restore(state["consent"])
    account.lists.restore(state.get("lists", ()))
    account.lists.lag = state.get("list_lag", account.lists.lag)
    if "pipelines" in state:
        account.pipelines.restore(state["pipelines"])
    for at, author, name, record_id, what, changes in state.get("deeds", ()):
        kind = account.tables[name].kind
        account.deeds.append(Deed(at, Author(*author), kind, record_id, what, changes))
    for name, of_table in state["tables"].items():
        _restore_table(account.tables[name], of_table)
        account.tables[name].index.catch_up(FOREVER)
        account.pipelines.give_options(account.tables[name].properties)


def _dump_table(table: Table) -> dict[str, Any]:
    return {
        "last_id": table.last_id,
        "groups": [astuple(group) for group in table.properties.groups.values()],
        "properties": [
            one.as_state() for one in table.properties.every.values() if one.custom or one.open
        ],
        "rows": [_dump_row(row) for row in (*table.rows.values(), *table.bin.values())],
        "aliases": list(table.aliases.items()),
        "edits": [
            [row_id, [[one.at, astuple(one.author), one.held] for one in edits]]
            for row_id, edits in table.edits.items()
        ],
    }


def _dump_row(row: Row) -> list[Any]:
    stamps = [row.id, row.created, row.modified, row.archived]
    return [*stamps, astuple(row.creator), orjson.Fragment(row.packed)]


def _restore_table(table: Table, state: Mapping[str, Any]) -> None:
    authors: dict[tuple[Any, ...], Author] = {}

    def author(found: list[Any]) -> Author:
        return authors.setdefault(tuple(found), Author(*found))

    table.last_id = state["last_id"]
    table.properties.groups = {group[0]: Group(*group) for group in state["groups"]}
    for found in state["properties"]:
        one = table.properties.put(property_from_state(found))
        if one.unique:
            table.make_unique(one.name)
    for row_id, created, modified, archived, creator, values in sorted(state["rows"]):
        packed = pack(values)
        table.put_back(Row(row_id, created, modified, archived, author(creator), packed))
    table.bin = dict(sorted(table.bin.items(), key=lambda found: found[1].archived))
    table.aliases = dict(state["aliases"])
    for row_id, edits in state.get("edits", ()):
        table.edits[row_id] = [Edit(at, author(by), held) for at, by, held in edits]
