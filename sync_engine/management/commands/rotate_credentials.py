"""manage.py rotate_credentials: encrypt the tokens with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sync_engine.models import Credential


class Command(BaseCommand):
    help = "Seal all tokens with the first of CREDENTIAL_KEYS, so that the older ones can go."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sealed = Credential.objects.all().seal_anew()
        except Credential.CannotOpen as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Sealed with the first key: {sealed}. The other keys may be taken out.")
