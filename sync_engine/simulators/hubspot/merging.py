"""Merging two records of a kind into one under a new id. Source: hubspot-api.md 9."""

from __future__ import annotations

from dataclasses import replace

from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.kinds import CONTACTS
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table, Write
from sync_engine.simulators.hubspot.users import Author

MOST_IDENTITIES = 250


def merge(account: Account, table: Table, rows: tuple[Row, Row], author: Author) -> Row:
    """Merge the second row into the first; the winner's values count where both have one.

    The old ids lead to the new record from now on, and its hs_merged_object_ids names them.
    """
    winner, loser = rows
    if winner.id == loser.id:
        raise HubSpotError(400, "A record cannot be merged with itself")
    values = _merged(table, winner, loser)
    if len(values["hs_merged_object_ids"].split(";")) > MOST_IDENTITIES:
        said = f"Cannot have more than {MOST_IDENTITIES} identities on a profile"
        raise HubSpotError(414, said)
    now = account.now()
    for row in rows:
        table.archive(row, now)
        del table.bin[row.id]
    source = replace(author, source_type="MERGE_OBJECTS")
    write = Write(values, source, now)
    merged = table.insert(table.new_id(), write)
    for old, new in list(table.aliases.items()):
        if new in (winner.id, loser.id):
            table.aliases[old] = merged.id
    table.aliases |= {winner.id: merged.id, loser.id: merged.id}
    account.associations.move(table.kind.plural, (winner.id, loser.id), merged.id)
    account.note(table, merged.id, "merge", write)
    return merged


def _merged(table: Table, winner: Row, loser: Row) -> dict[str, str]:
    kept, lost = winner.values(), loser.values()
    values = lost | kept
    ids = [
        *kept.get("hs_merged_object_ids", "").split(";"),
        *lost.get("hs_merged_object_ids", "").split(";"),
        str(winner.id),
        str(loser.id),
    ]
    values["hs_merged_object_ids"] = ";".join(one for one in ids if one)
    if table.kind is CONTACTS:
        addresses = [
            *kept.get("hs_additional_emails", "").split(";"),
            *lost.get("hs_additional_emails", "").split(";"),
            lost.get("email", ""),
        ]
        others = [one for one in dict.fromkeys(addresses) if one and one != values.get("email")]
        values["hs_additional_emails"] = ";".join(others)
        stamps = [f"{one.id}:{one.modified}" for one in (winner, loser)]
        values["hs_calculated_merged_vids"] = ";".join(stamps)
    return values
