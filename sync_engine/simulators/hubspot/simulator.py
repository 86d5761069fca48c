"""The HubSpot simulator as the parts that both simulators share see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sync_engine.simulators.base import Clock, Column, Refused
from sync_engine.simulators.http import Request, Response
from sync_engine.simulators.hubspot import screens, state
from sync_engine.simulators.hubspot.account import DEFAULT_LAG, Account
from sync_engine.simulators.hubspot.answer import answer
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.lists import DEFAULT_LAG as DEFAULT_LIST_LAG
from sync_engine.simulators.hubspot.load import load
from sync_engine.simulators.hubspot.rates import MOST_ADD_ONS, TIERS, Plan
from sync_engine.simulators.hubspot.scopes import all_scopes
from sync_engine.simulators.hubspot.seed import seed_demo
from sync_engine.simulators.hubspot.users import PORTAL_ID, user_by_name

Arguments = Mapping[str, Any]


class HubSpotSimulator:
    """One account. The clock outlives a reset; everything else is the account's."""

    title = "HubSpot"

    def __init__(self) -> None:
        self.clock = Clock()
        self.account = Account(self.clock)

    def answer(self, request: Request) -> Response:
        return answer(self.account, request)

    def bill(self, request: Request, response: Response) -> int:
        """Every call of the API is one; logging in is none."""
        return 0 if request.path.startswith("/oauth/") else 1

    def objects(self) -> Sequence[str]:
        return tuple(self.account.tables)

    def columns(self, object_name: str) -> Sequence[Column]:
        return screens.columns(self.account.tables[object_name])

    def search(
        self, object_name: str, text: str, limit: int
    ) -> Sequence[tuple[str, Mapping[str, Any]]]:
        return screens.search(self.account.tables[object_name], text, limit)

    def get(self, object_name: str, record_id: str) -> Mapping[str, Any]:
        return screens.get(self.account.tables[object_name], record_id)

    def create(self, object_name: str, values: Mapping[str, Any], by: str) -> str:
        return screens.create(self.account, self.account.tables[object_name], values, by)

    def edit(self, object_name: str, record_id: str, values: Mapping[str, Any], by: str) -> None:
        screens.edit(self.account, self.account.tables[object_name], record_id, values, by)

    def delete(self, object_name: str, record_id: str, by: str) -> None:
        screens.delete(self.account, self.account.tables[object_name], record_id, by)

    def audit(self) -> Sequence[Mapping[str, Any]]:
        return [deed.as_json() for deed in self.account.deeds]

    def actions(self) -> Mapping[str, Callable[[Arguments], Any]]:
        return {
            "index-lag": self._set_index_lag,
            "list-lag": self._set_list_lag,
            "rate-limits": self._set_rate_limits,
            "tier": self._set_tier,
            "expire-tokens": self._expire_tokens,
            "require": self._require,
            "lock": self._lock,
            "migrate": self._migrate,
            "lose-upserts": self._lose_upserts,
            "truncate-errors": self._truncate_errors,
            "archive": self._archive,
            "restore": self._restore,
            "merge": self._merge,
        }

    def token(self, asked: Arguments) -> Mapping[str, Any]:
        """Return a service key: {"user": name or e-mail, "scopes": [..] or all of them}."""
        user = user_by_name(str(asked.get("user", "")))
        scopes = tuple(map(str, asked.get("scopes") or all_scopes()))
        key = self.account.tokens.service_key(user.id, scopes)
        return {"access_token": key, "hub_id": PORTAL_ID, "user": user.name}

    def load(self, asked: Arguments) -> int:
        return load(self.account, asked)

    def seed_demo(self) -> None:
        seed_demo(self.account)

    def reset(self) -> None:
        self.account = Account(self.clock)

    def dump(self) -> dict[str, Any]:
        return state.dump(self.account)

    def restore(self, dumped: Arguments) -> None:
        self.reset()
        state.restore(self.account, dumped)

    def _set_index_lag(self, asked: Arguments) -> dict[str, float]:
        """{"seconds": 0}: how far search is behind; without it, the default."""
        seconds = _number(asked, "seconds", DEFAULT_LAG / 1000)
        self.account.set_index_lag(int(seconds * 1000))
        return {"seconds": seconds}

    def _set_list_lag(self, asked: Arguments) -> dict[str, float]:
        """{"seconds": 0}: how late lists by filters are recalculated; without it, the default."""
        seconds = _number(asked, "seconds", DEFAULT_LIST_LAG / 1000)
        self.account.lists.lag = int(seconds * 1000)
        return {"seconds": seconds}

    def _set_rate_limits(self, asked: Arguments) -> dict[str, int]:
        """{"burst": 190, "search": 5, "associations": 150, "daily": 625000}: 0 or left out lifts a
        window; without "daily" the day's limit is the tier's."""
        limits = {
            name: int(_number(asked, name, 0)) for name in ("burst", "search", "associations")
        }
        daily = int(_number(asked, "daily", 0)) if "daily" in asked else None
        self.account.rates.set_limits(**limits, daily=daily)
        return {**limits, "daily": self.account.rates.day.limit}

    def _set_tier(self, asked: Arguments) -> dict[str, Any]:
        """{"tier": "free"|"starter"|"professional"|"enterprise", "add_ons": 0, "marketplace": false}:
        what the account pays for, and whether the app that logs in is listed; counts anew."""
        plan = Plan(
            str(asked.get("tier", "professional")),
            int(_number(asked, "add_ons", 0)),
            asked.get("marketplace", False) is True,
        )
        if plan.tier not in TIERS:
            raise Refused(f"tier is one of {', '.join(TIERS)}.")
        if plan.add_ons > MOST_ADD_ONS:
            raise Refused(f"An account has {MOST_ADD_ONS} API add-ons at most.")
        self.account.rates.set_plan(plan)
        return {**asdict(plan), **asdict(plan.allowed)}

    def _expire_tokens(self, asked: Arguments) -> dict[str, int]:
        """End every access token; refresh tokens and service keys stay good."""
        return {"expired": self.account.tokens.expire_all(self.account.now())}

    def _require(self, asked: Arguments) -> dict[str, Any]:
        """{"object": "contacts", "properties": ["phone"]}: admins want these of every record: a
        write that lacks or clears one is refused; [] wants nothing."""
        table, names = self._table(asked), asked.get("properties", [])
        known = [
            name for name in table.properties.live if isinstance(names, list) and name in names
        ]
        if not isinstance(names, list) or len(known) != len(names):
            raise Refused("properties is a list of names of the object's properties.")
        self.account.required[table.kind.plural] = tuple(names)
        return {"object": table.kind.plural, "properties": names}

    def _lock(self, asked: Arguments) -> None:
        """{"object": "contacts", "seconds": 2}: writes to its records answer 423 so long."""
        plural = self._table(asked).kind.plural
        self.account.trouble.locked[plural] = self._in_seconds(asked)

    def _migrate(self, asked: Arguments) -> None:
        """{"seconds": 2}: every call answers 477 with Retry-After so long."""
        self.account.trouble.migrating = self._in_seconds(asked)

    def _lose_upserts(self, asked: Arguments) -> None:
        """{"times": 1}: so many inputs of upserts vanish without result or error."""
        self.account.trouble.upserts_to_lose = int(_number(asked, "times", 1))

    def _truncate_errors(self, asked: Arguments) -> None:
        """{"most": 1}: a batch refused as a whole lists no more errors; without it, all."""
        most = _number(asked, "most", 0) if "most" in asked else None
        self.account.trouble.errors_told = None if most is None else int(most)

    def _in_seconds(self, asked: Arguments) -> int:
        return self.account.now() + int(_number(asked, "seconds", 2) * 1000)

    def _archive(self, asked: Arguments) -> None:
        """{"object": "contacts", "id", "by"}: delete a record as that person does; it can be restored."""
        table = self._table(asked)
        screens.delete(self.account, table, _text(asked, "id"), str(asked.get("by", "")))

    def _restore(self, asked: Arguments) -> None:
        """{"object": "contacts", "id", "by"}: bring an archived record back."""
        screens.restore(
            self.account, self._table(asked), _text(asked, "id"), str(asked.get("by", ""))
        )

    def _merge(self, asked: Arguments) -> dict[str, str]:
        """{"object": "contacts", "primary", "other", "by"}: merge `other` into `primary`; returns the id of what comes of it."""
        ids = (_text(asked, "primary"), _text(asked, "other"))
        by = str(asked.get("by", ""))
        return {"id": screens.merge_records(self.account, self._table(asked), ids, by)}

    def _table(self, asked: Arguments) -> Any:
        try:
            return self.account.table(str(asked.get("object", "contacts")))
        except HubSpotError as error:
            raise Refused(error.message) from error


def _number(asked: Arguments, name: str, default: float) -> float:
    found = asked.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 1e9:
        raise Refused(f"{name} is a number from 0 on.")
    return float(found)


def _text(asked: Arguments, name: str) -> str:
    found = asked.get(name)
    if not isinstance(found, str | int):
        raise Refused(f"{name} is missing.")
    return str(found)
