"""HubSpot's own properties as data: one table per kind, one line per property.

    name | label | type fieldType | group | notes

Notes, separated by ";": read-only, calculated, hidden, owner (values are owner ids), open (the
account may change the options), and options=value:Label,value:Label. A label may be left out where
it is the value.
"""

from __future__ import annotations

from sync_engine.simulators.hubspot.kinds import COMPANIES, CONTACTS, DEALS, TASKS, TICKETS, Kind
from sync_engine.simulators.hubspot.properties import Group, Option, Properties, Property
from sync_engine.simulators.hubspot.property_tables import (
    companies,
    contacts,
    deals,
    tasks,
    tickets,
)
from sync_engine.simulators.hubspot.property_tables.common import COMMON

_TABLES = {CONTACTS: contacts, COMPANIES: companies, DEALS: deals, TICKETS: tickets, TASKS: tasks}

SHOWN = {kind.plural: table.SHOWN for kind, table in _TABLES.items()}


def standard_properties(kind: Kind) -> Properties:
    """Return a fresh set of the definitions a new account has for `kind`."""
    table = _TABLES[kind]
    found = Properties(kind, {name: Group(name, label) for name, label in table.GROUPS.items()})
    main_group = next(iter(table.GROUPS))
    for line in (COMMON.strip() + table.PROPERTIES).strip().splitlines():
        found.put(_property(line, main_group))
    return found


def _property(line: str, main_group: str) -> Property:
    name, label, types, group, notes = (cell.strip() for cell in line.split("|"))
    type_, field_type = types.split()
    said = {note.partition("=")[0].strip(): note.partition("=")[2] for note in notes.split(";")}
    options = "true:Yes,false:No" if type_ == "bool" else said.get("options", "")
    return Property(
        name=name,
        label=label,
        type=type_,
        field_type=field_type,
        group=group or main_group,
        options=tuple(_option(text) for text in options.split(",") if text.strip()),
        read_only="read-only" in said,
        calculated="calculated" in said,
        hidden="hidden" in said,
        form_field="read-only" not in said and "calculated" not in said,
        refers_to="OWNER" if "owner" in said else "",
        open="open" in said,
    )


def _option(text: str) -> Option:
    value, _, label = text.strip().partition(":")
    return Option(value, label or value)
