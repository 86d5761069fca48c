"""The Celery app. Its settings and the beat timetable are the CELERY_ ones of settings.py."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.core.management import CommandError, call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crmsync.settings")

app = Celery("crmsync")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["sync_engine"])


@worker_init.connect
def refuse_an_unsafe_start(**_: Any) -> None:
    """Celery runs Django's checks and ignores what they say."""
    try:
        call_command("check")
    except CommandError as error:
        raise SystemExit(str(error)) from error
