"""What a token must have been granted for a call. Source: hubspot-api.md 13.3.

Each returns scopes of which one is enough, for the values of a path's stars; () for none.
"""

from __future__ import annotations

from sync_engine.simulators.hubspot.kinds import CONTACTS, KINDS, TASKS, TICKETS, Kind, kind_named

Args = tuple[str, ...]


def anyone(args: Args) -> tuple[str, ...]:
    return ()


def read_records(args: Args) -> tuple[str, ...]:
    return kind_named(args[0]).read_scopes


def write_records(args: Args) -> tuple[str, ...]:
    return kind_named(args[0]).write_scopes


def read_definitions(args: Args) -> tuple[str, ...]:
    kind = kind_named(args[0])
    return tuple(dict.fromkeys((*kind.read_scopes, *_schema(kind, "read"))))


def change_definitions(args: Args) -> tuple[str, ...]:
    return _schema(kind_named(args[0]), "write")


def read_owners(args: Args) -> tuple[str, ...]:
    return ("crm.objects.owners.read",)


def read_lists(args: Args) -> tuple[str, ...]:
    return ("crm.lists.read",)


def write_lists(args: Args) -> tuple[str, ...]:
    return ("crm.lists.write",)


def read_consent(args: Args) -> tuple[str, ...]:
    return ("communication_preferences.read", "communication_preferences.read_write")


def write_consent(args: Args) -> tuple[str, ...]:
    return ("communication_preferences.read_write",)


def read_consents(args: Args) -> tuple[str, ...]:
    """Only Marketing Hub Enterprise can grant the scopes of batches."""
    return ("communication_preferences.statuses.batch.read",)


def write_consents(args: Args) -> tuple[str, ...]:
    return ("communication_preferences.statuses.batch.write",)


def _schema(kind: Kind, verb: str) -> tuple[str, ...]:
    if kind is TICKETS:
        return ("tickets",)
    described = CONTACTS if kind is TASKS else kind  # there is no scope for tasks
    return (f"crm.schemas.{described.plural}.{verb}",)


def all_scopes() -> tuple[str, ...]:
    """Return every scope that some call of this account wants."""
    found = ["oauth", "crm.objects.owners.read", *read_lists(()), *write_lists(())]
    found += [*read_consent(()), *read_consents(()), *write_consents(())]
    for kind in KINDS:
        found += [*kind.read_scopes, *kind.write_scopes]
        found += [*_schema(kind, "read"), *_schema(kind, "write")]
    return tuple(dict.fromkeys(found))
