"""Who may own a record, kept for a while: all are asked for at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync_engine.core.owners import Owner
from sync_engine.crms.described import Cache

_KEPT = 900  # seconds


def known_owners(cache: Cache, account: str, ask: Callable[[], Sequence[Owner]]) -> Sequence[Owner]:
    """Return the owners as they were at most a quarter of an hour ago.

    account  tells the accounts that share the cache apart
    """
    key = f"owners:{account}"
    kept: Sequence[Owner] | None = cache.get(key)
    if kept is None:
        kept = ask()
        cache.set(key, kept, _KEPT)
    return kept
