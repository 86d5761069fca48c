"""What may be kept, and for how long (sync.md 7)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings

from sync_engine.models import (
    ApiCalls,
    BrakeTally,
    Connection,
    RecordChange,
    RecordLink,
    SyncError,
    SyncRun,
)
from sync_engine.models.in_batches import delete_in_batches

logger = logging.getLogger(__name__)


def forget_old(now: datetime) -> None:
    """Delete the history that is older than HISTORY_DAYS, and connections that were disconnected
    long enough ago. Safe to run again, and at any time.

    What is in doubt stays, however old: only reading can settle it.
    """
    before = now - timedelta(days=settings.HISTORY_DAYS)
    for rows in (
        RecordChange.objects.over_before(before),
        SyncError.objects.closed_before(before),
        SyncRun.objects.filter(ended_at__lt=before),
        ApiCalls.objects.filter(minute__lt=before),
        BrakeTally.objects.filter(at__lt=before),
    ):
        logger.info("Forgot %s old rows of %s.", delete_in_batches(rows), rows.model.__name__)
    for connection in Connection.objects.to_forget(now):
        _forget(connection)


def _forget(connection: Connection) -> None:
    """Delete a connection that was disconnected, with all that belongs to it: what there may be
    much of first, in batches."""
    delete_in_batches(RecordChange.objects.filter(link__connection=connection))
    delete_in_batches(RecordLink.objects.filter(connection=connection))
    delete_in_batches(SyncError.objects.filter(connection=connection))
    logger.info("Forgot connection %s.", connection.pk)
    connection.delete()
