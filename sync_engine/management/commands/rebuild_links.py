"""manage.py rebuild_links: the links anew, from the keys that both CRMs keep."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.errors import CrmError
from sync_engine.management.named import connection_named
from sync_engine.models import Connection, RecordLink
from sync_engine.runs.connect import crms_of
from sync_engine.runs.rebuild import Rebuilt, rebuild

_MOST_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Make the record links anew from the keys in both CRMs: after the database was lost, or "
        "restored from a backup. Writes to neither CRM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--connection", help="name or number; needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connection_named(options["connection"])
        _refuse_while_syncing(connection)
        try:
            for rebuilt in rebuild(connection, crms_of(connection), timezone.now):
                self.stdout.write(_in_words(rebuilt))
        except (CrmError, AllocationSpent) as stopped:
            said = str(stopped).rstrip(".")
            raise CommandError(f"{said}. Run it again later: what was done is safe.") from None
        self.stdout.write(
            "Nothing was written to HubSpot or Salesforce. Turn the sync on: what changed since the "
            "backup syncs by itself."
        )


def _refuse_while_syncing(connection: Connection) -> None:
    held = RecordLink.objects.filter(connection=connection, claimed_until__gt=timezone.now())
    if connection.is_syncing:
        raise CommandError(
            f"{connection} syncs now, and could create what is only not linked yet. Turn the sync "
            "off in the console first."
        )
    if held.exists():
        raise CommandError("A worker is still at some records. Try again in a few minutes.")


def _in_words(rebuilt: Rebuilt) -> str:
    counts = rebuilt.counts
    lines = [
        f"{rebuilt.object_type.label}: {counts['new']} new links, {counts['completed']} completed, "
        f"{counts['re-pointed']} pointing elsewhere now, {counts['revived']} alive again, "
        f"{counts['unchanged']} as they were.",
    ]
    shown = rebuilt.to_look_at[:_MOST_SHOWN]
    lines += [f"  {sentence}" for sentence in shown]
    if len(rebuilt.to_look_at) > len(shown):
        lines.append(f"  And {len(rebuilt.to_look_at) - len(shown)} more like these.")
    return "\n".join(lines)
