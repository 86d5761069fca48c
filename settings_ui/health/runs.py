"""Runs that go on and runs that have ended, as the panel shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.html import format_html

from settings_ui.words import at_moment, every
from sync_engine.core.allocation import WINDOW
from sync_engine.models import Connection, SyncRun

PER_PAGE = 10
WATCHED_EVERY = 2  # seconds between two looks at a run that goes on
LOOKED_EVERY = 30


@dataclass(frozen=True, slots=True)
class Runs:
    """open: with `slices` and `done`, how many there are and how many are finished."""

    open: list[SyncRun]
    page: Page[SyncRun]
    summary: str
    has_read: bool

    @property
    def latest(self) -> int:
        """Return the key of the run that ended last: another one means there is news."""
        return self.page.object_list[0].pk if self.page.object_list else 0

    @property
    def seconds(self) -> int:
        return WATCHED_EVERY if self.open else LOOKED_EVERY


def runs_of(connection: Connection, page: str, now: datetime) -> Runs:
    runs = SyncRun.objects.filter(connection=connection)
    open_ = runs.unfinished().annotate(
        slices_=Count("slices"), done=Count("slices", filter=Q(slices__done_at__isnull=False))
    )
    ended = runs.filter(ended_at__isnull=False, began_at__gte=now - WINDOW)
    return Runs(
        open=list(open_),
        page=Paginator(ended, PER_PAGE).get_page(page),
        summary=_summary(connection, now),
        has_read=runs.filter(read__gt=0).exists(),
    )


def _summary(connection: Connection, now: datetime) -> str:
    if connection.is_syncing:
        return f"Both CRMs are polled {every(settings.POLL_SECONDS)}"
    why = "Polling is suspended" if connection.is_on else "None while sync is off"
    last = SyncRun.objects.filter(connection=connection, ended_at__isnull=False).first()
    if last is None or last.ended_at is None:
        return why
    return format_html("{}. The last one ended {}", why, at_moment(last.ended_at, now))
