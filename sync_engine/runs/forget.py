"""What may be kept, and for how long (sync.md 7)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings

from sync_engine.models import RecordChange, SyncError
from sync_engine.models.in_batches import delete_in_batches

logger = logging.getLogger(__name__)


def forget_old(now: datetime) -> None:
    """Delete the history that is older than HISTORY_DAYS. Safe to run again, and at any time.

    What is in doubt stays, however old: only reading can settle it.
    """
    before = now - timedelta(days=settings.HISTORY_DAYS)
    changes = delete_in_batches(RecordChange.objects.over_before(before))
    errors = delete_in_batches(SyncError.objects.closed_before(before))
    logger.info("Forgot %s record changes and %s sync errors.", changes, errors)
