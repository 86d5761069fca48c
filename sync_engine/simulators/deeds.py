"""One control call: what it is named, takes and does. The manual is made of the same list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """path: parts in capitals stand for a name, which `do` gets after the request.

    takes  its body or query, as the manual shows it
    do     returns JSON values, or None for {"done": true}; raises Refused, KeyError, NotJson
    """

    method: str
    path: str
    takes: str
    what: str
    do: Callable[..., Any]

    def names(self, parts: Sequence[str]) -> list[str] | None:
        """Return what the parts in capitals stand for; None where this is another path."""
        own = self.path.split("/")
        if len(own) != len(parts):
            return None
        pairs = list(zip(own, parts, strict=True))
        if any(mine != given for mine, given in pairs if not mine.isupper()):
            return None
        return [given for mine, given in pairs if mine.isupper()]
