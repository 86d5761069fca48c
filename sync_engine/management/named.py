"""Which connection a command is about."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import ProgrammingError

from sync_engine.models import Connection


def connection_named(wanted: str | None) -> Connection:
    """Return the connection of a name or number, or the only one; raises CommandError."""
    try:
        connections = list(Connection.objects.filter(set_up_at__isnull=False))
    except ProgrammingError:
        raise CommandError(
            "There is no database here yet. Run make run, or python manage.py migrate."
        ) from None
    found = [c for c in connections if wanted in (None, str(c), str(c.pk))]
    names = ", ".join(f"{c} ({c.pk})" for c in connections)
    if not connections:
        raise CommandError("Nothing is connected. Connect HubSpot and Salesforce in the console.")
    if not found:
        raise CommandError(f"No connection {wanted}. There are: {names}.")
    if len(found) > 1:
        raise CommandError(f"Say which connection with --connection NAME. There are: {names}.")
    return found[0]
