"""What a person does in HubSpot's own screens: the page and the control calls.

The same rules as for the API, except that a person may move a lifecycle stage back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sync_engine.simulators.base import Column, Refused
from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.drafts import Drafts
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.lookup import find
from sync_engine.simulators.hubspot.merging import merge
from sync_engine.simulators.hubspot.property_tables import SHOWN
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table, Taken, Write
from sync_engine.simulators.hubspot.users import Author, person, user_by_name
from sync_engine.simulators.hubspot.wire import held


def columns(table: Table) -> Sequence[Column]:
    """Return the kind's main properties, then what was defined in this account."""
    live = table.properties.live
    names = [*SHOWN[table.kind.plural], *(name for name, one in live.items() if one.custom)]
    return [
        Column(
            name=name,
            label=live[name].label,
            writable=not (live[name].read_only or live[name].calculated),
            options=tuple(option.value for option in live[name].options),
        )
        for name in names
        if name in live
    ]


def search(table: Table, text: str, limit: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Return records that hold `text` somewhere, latest changed first: no index, no lag."""
    wanted = text.strip().lower().encode()
    rows = sorted(table.rows.values(), key=lambda row: row.modified, reverse=True)
    found = [row for row in rows if wanted in row.packed.lower() or text == str(row.id)]
    return [(str(row.id), held(table, row)) for row in found[:limit]]


def get(table: Table, record_id: str) -> Mapping[str, Any]:
    """Return the values of a record; raises KeyError."""
    return held(table, _existing(table, record_id))


def create(account: Account, table: Table, values: Mapping[str, Any], by: str) -> str:
    """Create a record; return its id; raises Refused."""
    drafts = Drafts(account, table, _author(by), account.now())
    try:
        return str(drafts.carry_out(drafts.create(values)).id)
    except HubSpotError as error:
        raise Refused(_plain(error)) from error


def edit(
    account: Account, table: Table, record_id: str, values: Mapping[str, Any], by: str
) -> None:
    """Change a record; raises KeyError, Refused."""
    row = _existing(table, record_id)
    drafts = Drafts(account, table, _author(by), account.now())
    try:
        drafts.carry_out(drafts.update(row, values))
    except HubSpotError as error:
        raise Refused(_plain(error)) from error


def delete(account: Account, table: Table, record_id: str, by: str) -> None:
    row = _existing(table, record_id)
    write = Write({}, _author(by), account.now())
    table.archive(row, write.now)
    account.note(table, row.id, "archive", write)


def restore(account: Account, table: Table, record_id: str, by: str) -> None:
    """Take a record out of the recycle bin; raises KeyError, Refused."""
    row = find(table, record_id, archived=True)
    if row is None:
        raise KeyError(record_id)
    write = Write({}, _author(by), account.now())
    try:
        table.restore(row.id, write.now)
    except Taken as taken:
        said = f"{taken.key[1]} belongs to {taken.owner_id} by now."
        raise Refused(said) from taken
    account.note(table, row.id, "restore", write)


def merge_records(account: Account, table: Table, ids: tuple[str, str], by: str) -> str:
    """Merge the second record into the first; return the new id; raises KeyError, Refused."""
    rows = (_existing(table, ids[0]), _existing(table, ids[1]))
    try:
        return str(merge(account, table, rows, _author(by)).id)
    except HubSpotError as error:
        raise Refused(error.message) from error


def _existing(table: Table, record_id: str) -> Row:
    row = find(table, record_id)
    if row is None:
        raise KeyError(record_id)
    return row


def _author(by: str) -> Author:
    return person(user_by_name(by))


def _plain(error: HubSpotError) -> str:
    """Return the refusal as a screen shows it: the single messages, not the envelope's list."""
    return " ".join(str(one["message"]) for one in error.errors) or error.message
