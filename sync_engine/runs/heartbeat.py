"""Saying that a worker is alive while it waits for a CRM."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

# Seconds. Well within the lease, also when one beat is late.
EVERY = 5.0


@contextmanager
def beating(renew: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
    """Renew a lease every few seconds; the yielded function tells whether it is still ours."""
    stop, lost = threading.Event(), threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(EVERY):
                if not renew():
                    break
        finally:
            # Also when the database does not answer: then the lease runs out, and others take it.
            if not stop.is_set():
                lost.set()
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield lambda: not lost.is_set() and renew()
    finally:
        stop.set()
        thread.join()
