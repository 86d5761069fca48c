"""manage.py sync: one pass in the foreground, the engine without a browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sync_engine.core.catalog import CATALOG
from sync_engine.core.values import Crm
from sync_engine.management.named import connection_named
from sync_engine.models import Connection, SyncRun
from sync_engine.runs.connect import crms_of
from sync_engine.runs.poll import poll

COUNTS = ("created", "updated")


class Command(BaseCommand):
    help = "Sync once what changed since the last pass, and say what was done and what it cost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("object", nargs="*", help=f"of {', '.join(CATALOG)}; all by default")
        parser.add_argument("--connection", help="name or number; needed where there are several")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        objects = _known(options["object"])
        connection = _syncing(options["connection"])
        run = poll(connection, crms_of, timezone.now, only=objects)
        if run is None:
            raise CommandError(
                f"Another worker is syncing {connection} just now. Try again in a minute."
            )
        report = _report(connection, run)
        self.stdout.write(json.dumps(report) if options["json"] else _in_words(report))
        if run.state != SyncRun.State.DONE:
            raise CommandError(f"The run is {run.state}: {run.reason}")


def _known(objects: list[str]) -> list[str]:
    unknown = sorted(set(objects) - set(CATALOG))
    if unknown:
        raise CommandError(f"No object type {', '.join(unknown)}. There are: {', '.join(CATALOG)}.")
    return objects


def _syncing(wanted: str | None) -> Connection:
    connection = connection_named(wanted)
    if not connection.is_syncing:
        because = connection.suspended_because or "It is switched off in the console."
        raise CommandError(f"{connection} does not sync now. {because}")
    return connection


def _report(connection: Connection, run: SyncRun) -> dict[str, Any]:
    """Return {"connection", "run", "state", "read", "skipped", "refused", and for each CRM
    {"created", "updated", "calls"}}."""
    sides = {
        crm.value: {
            **{count: getattr(run, f"{count}_in_{crm}") for count in COUNTS},
            "calls": getattr(run, f"{crm}_calls"),
        }
        for crm in Crm
    }
    totals = {name: getattr(run, name) for name in ("read", "skipped", "refused")}
    return {"connection": str(connection), "run": run.pk, "state": run.state, **totals, **sides}


def _in_words(report: dict[str, Any]) -> str:
    lines = [
        f"{report['connection']}: {report['state']}",
        f"read {report['read']}, skipped {report['skipped']}, refused {report['refused']}",
    ]
    for crm in Crm:
        side = report[crm.value]
        lines.append(
            f"{crm.label}: created {side['created']}, updated {side['updated']}, "
            f"API calls {side['calls']}"
        )
    return "\n".join(lines)
