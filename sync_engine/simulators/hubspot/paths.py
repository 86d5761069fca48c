"""Which call a path means: the v3 and v4 family and the dated one. Source: hubspot-api.md 2.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from sync_engine.simulators.hubspot.call import Handler

_VERSION = re.compile(r"v[1-4]|\d{4}-\d{2}")
DATED = "2026-03"
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
Route = tuple[str, str, Handler, Scopes]


def canonical(parts: Parts) -> tuple[str, Parts]:
    """Return the version a path names ("" for none) and the path without it.

    ("crm", "v3", "objects", "contacts") and ("crm", "objects", "2026-03", "contacts") are both
    ("crm", "objects", "contacts"). A version in the wrong place is none.
    """
    for at in (1, 2):
        if at < len(parts) and _VERSION.fullmatch(parts[at]) and at in _places(parts, parts[at]):
            return parts[at], parts[:at] + parts[at + 1 :]
    return "", parts


def _places(parts: Parts, version: str) -> tuple[int, ...]:
    """Return where this version stands in paths below this root."""
    if parts[0] == "crm" and version == DATED:
        return (2,)
    return (1, 2) if parts[:2] == ("crm", "associations") else (1,)


class Routes:
    """Handlers by version, method and path shape; "*" in a shape stands for one segment."""

    def __init__(self, routes: Mapping[tuple[str, ...], Iterable[Route]]) -> None:
        self._by_size: dict[tuple[str, str, int], list[tuple[Parts, Handler, Scopes]]] = {}
        for versions, of_versions in routes.items():
            for method, spelled, handler, scopes in of_versions:
                shape = tuple(spelled.split("/"))
                for version in versions:
                    same_size = self._by_size.setdefault((version, method, len(shape)), [])
                    same_size.append((shape, handler, scopes))

    def find(self, version: str, method: str, path: Parts) -> tuple[Handler, Scopes, Parts] | None:
        """Return the call and what its stars stand for. The first that fits wins."""
        for shape, handler, scopes in self._by_size.get((version, method, len(path)), ()):
            pairs = list(zip(shape, path, strict=True))
            if all(want in ("*", part) for want, part in pairs):
                return handler, scopes, tuple(part for want, part in pairs if want == "*")
        return None
