"""Deleting many rows without holding anybody up."""

from __future__ import annotations

from typing import Any

from django.db import models

# Rows a transaction: a fraction of a second, so that nobody waits for its locks.
BATCH = 5000


def delete_in_batches(rows: models.QuerySet[Any], size: int = BATCH) -> int:
    """Delete rows, oldest first, each batch for good; return how many there were."""
    everything = rows.model._default_manager
    deleted = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:size]):
        everything.filter(pk__in=keys).delete()
        deleted += len(keys)
        if len(keys) < size:
            break
    return deleted
