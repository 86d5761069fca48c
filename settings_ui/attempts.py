"""How often a sign-in may fail before it has to wait."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.core.cache import cache

LIMIT = 5
PAUSE = timedelta(minutes=15)


class Attempts:
    """Failed sign-ins of one name from one address, counted in Redis."""

    def __init__(self, address: str, name: str) -> None:
        typed = f"{address} {name.lower()}"
        self.key = f"sign-in:{hashlib.sha256(typed.encode()).hexdigest()}"

    def take(self) -> int:
        """Count one more and return how many there are, before the password is looked at:
        several at once cannot pass together."""
        cache.add(self.key, 0, PAUSE.total_seconds())
        used = cache.incr(self.key)
        if used == LIMIT:
            cache.touch(self.key, PAUSE.total_seconds())
        return used

    def forget(self) -> None:
        cache.delete(self.key)
