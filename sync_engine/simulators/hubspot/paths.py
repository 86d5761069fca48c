"""Which call a path means: the v3 and v4 family and the dated one. Source: hubspot-api.md 2.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sync_engine.simulators.hubspot.call import Handler

_VERSION = re.compile(r"v[1-4]|\d{4}-\d{2}")
SUPPORTED = ("v1", "v3", "v4", "2026-03")
# Roots that exist at HubSpot. What is not simulated below them answers 501, never 404.
ROOTS = frozenset(
    [
        "account-info",
        "automation",
        "business-units",
        "cms",
        "communication-preferences",
        "conversations",
        "crm",
        "crm-object-schemas",
        "email",
        "events",
        "files",
        "form-integrations",
        "forms",
        "integrations",
        "integrators",
        "marketing",
        "media-bridge",
        "meta",
        "oauth",
        "scheduler",
        "settings",
        "webhooks",
        "webhooks-journal",
    ]
)
Parts = tuple[str, ...]
Scopes = Callable[[Parts], tuple[str, ...]]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def canonical(parts: Parts) -> tuple[str, Parts]:
    """Return the version a path names ("" for none) and the path without it.

    ("crm", "v3", "objects", "contacts") and ("crm", "objects", "2026-03", "contacts") are both
    ("crm", "objects", "contacts").
    """
    for at, part in enumerate(parts[:3]):
        if at and _VERSION.fullmatch(part):
            return part, parts[:at] + parts[at + 1 :]
    return "", parts


class Routes:
    """Handlers by method and path shape; "*" in a shape stands for one segment."""

    def __init__(self, routes: Iterable[tuple[str, str, Handler, Scopes]]) -> None:
        self._by_size: dict[tuple[str, int], list[tuple[Parts, Handler, Scopes]]] = {}
        for method, spelled, handler, scopes in routes:
            shape = tuple(spelled.split("/"))
            self._by_size.setdefault((method, len(shape)), []).append((shape, handler, scopes))

    def find(self, method: str, path: Parts) -> tuple[Handler, Scopes, Parts] | None:
        """Return the call and what its stars stand for. The first that fits wins."""
        for shape, handler, scopes in self._by_size.get((method, len(path)), ()):
            pairs = list(zip(shape, path, strict=True))
            if all(want in ("*", part) for want, part in pairs):
                return handler, scopes, tuple(part for want, part in pairs if want == "*")
        return None

    def is_known(self, path: Parts) -> bool:
        """Whether the path answers to some other method."""
        return any(self.find(method, path) for method in METHODS)
