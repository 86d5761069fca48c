"""manage.py erase: remove what crmsync remembers of a person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sync_engine.core.catalog import CATALOG
from sync_engine.models import RecordLink
from sync_engine.models.record_link import RecordLinkQuerySet
from sync_engine.runs.erase import erase, find


class Command(BaseCommand):
    help = "Remove what crmsync remembers of a person: from links, record changes and errors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "wanted", help="an e-mail, a HubSpot record id, or a Salesforce record id"
        )
        parser.add_argument("--connection", type=int, help="number of the connection")
        parser.add_argument("--object", choices=sorted(CATALOG), help="the object type of an id")

    def handle(self, *args: Any, **options: Any) -> None:
        links = RecordLink.objects.filter(pk__in=find(options["wanted"]))
        if options["connection"]:
            links = links.filter(connection=options["connection"])
        if options["object"]:
            links = links.filter(object_type=options["object"])
        _refuse(links, options["wanted"])
        named = [str(link) for link in links.order_by("pk")]
        erased = erase([link.pk for link in links], timezone.now())
        self.stdout.write(
            f"Erased. Links: {erased.links}, record changes: {erased.changes}, "
            f"errors: {erased.errors}. Only the ids are left of: {', '.join(named)}.\n"
            "The records in HubSpot and Salesforce are not touched. Where one is still there, and "
            "is edited, its values are read and remembered again: delete it there too."
        )


def _refuse(links: RecordLinkQuerySet, wanted: str) -> None:
    """Refuse what would be nothing, somebody else's, or undone in the same minute."""
    if not links:
        raise CommandError(f"Nothing is remembered of {wanted}.")
    if "@" not in wanted:
        _refuse_several(links, wanted)
    if links.exclude(claim=None).filter(claimed_until__gt=timezone.now()).exists():
        raise CommandError(f"{wanted} is being synced just now. Try again in a minute.")


def _refuse_several(links: RecordLinkQuerySet, wanted: str) -> None:
    """One number may be the id of a contact, of a company, and of another account's contact."""
    where = set(links.values_list("object_type", "connection_id"))
    if len(where) > 1:
        found = ", ".join(
            f"--object {name} --connection {number}" for name, number in sorted(where)
        )
        raise CommandError(f"Several records bear the id {wanted}. Say which: {found}.")
