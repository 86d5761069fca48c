"""What fields an object has, kept for a while: values cannot be read without their types, and a
describe costs a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Protocol
from zlib import crc32

from sync_engine.core.fields import Field
from sync_engine.core.places import PlaceRule, Places

# Seconds. Whoever finds a field gone meanwhile asks anew.
_KEPT = 900

# Another release may say more or less of a field: what it kept is not understood by this one.
_SAID = [said.name for one in (Field, PlaceRule, Places) for said in fields(one)]
_SHAPE = crc32(" ".join(_SAID).encode())


class Cache(Protocol):
    """What may be lost at any time, shared by those who speak to one account."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any, timeout: int) -> Any: ...


class Described:
    """account: tells the accounts that share the cache apart."""

    def __init__(
        self, cache: Cache, account: str, ask: Callable[[str], Mapping[str, Field]]
    ) -> None:
        self._cache, self._account, self._ask = cache, account, ask
        self._mine: dict[str, Mapping[str, Field]] = {}

    def known(self, object_name: str) -> Mapping[str, Field]:
        """Return the fields as they were at most a quarter of an hour ago."""
        if object_name not in self._mine:
            kept = self._cache.get(self._key(object_name))
            if kept is None:
                return self.fresh(object_name)
            self._mine[object_name] = kept
        return self._mine[object_name]

    def fresh(self, object_name: str) -> Mapping[str, Field]:
        """Ask the CRM; costs a call."""
        fields = dict(self._ask(object_name))
        self._mine[object_name] = fields
        self._cache.set(self._key(object_name), fields, _KEPT)
        return fields

    def _key(self, object_name: str) -> str:
        return f"described:{_SHAPE}:{self._account}:{object_name}"
