"""Finding one record by id, by an old id, or by a unique value. Source: hubspot-api.md 5.5, 9."""

from __future__ import annotations

from sync_engine.simulators.hubspot.call import record_id
from sync_engine.simulators.hubspot.errors import HubSpotError, record_not_found
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table


def find(table: Table, asked: str, id_property: str = "", *, archived: bool = False) -> Row | None:
    """Return the record, None where there is none; raises HubSpotError for an `id_property`
    that is not unique. Ids that were merged away lead to the record that survived."""
    if id_property and id_property != "hs_object_id":
        check_unique(table, id_property)
        row_id = table.unique[id_property].get(unique_text(id_property, asked))
    else:
        row_id = record_id(asked.strip())
        if row_id is not None:
            row_id = table.aliases.get(row_id, row_id)
    if row_id is None:
        return None
    return (table.bin if archived else table.rows).get(row_id)


def must_find(table: Table, asked: str, id_property: str = "", *, archived: bool = False) -> Row:
    """Return the record; raises HubSpotError with status 404."""
    row = find(table, asked, id_property, archived=archived)
    if row is None:
        raise record_not_found("0" if id_property else asked)
    return row


def unique_text(id_property: str, asked: str) -> str:
    """Return a unique value as the index keeps it: addresses without regard to case."""
    return asked.strip().lower() if id_property == "email" else asked.strip()


def check_unique(table: Table, id_property: str) -> None:
    if id_property not in table.unique:
        raise HubSpotError(
            400,
            "Unable to perform update/upsert by non-unique "
            f"{table.kind.type_id} property {id_property}",
        )
