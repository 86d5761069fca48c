"""The Celery app and the beat timetable."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crmsync.settings")

app = Celery("crmsync")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["sync_engine"])
