"""Synthetic records by the hundred thousand, straight into the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from sync_engine.simulators.base import Refused
from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.table import Table, Write
from sync_engine.simulators.hubspot.users import IMPORT

_FIRST = ("Alice", "Ben", "Carla", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_LAST = ("Adler", "Brandt", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Hansen", "Ito")
_CITIES = ("Aarhus", "Bristol", "Cologne", "Dublin", "Eindhoven", "Florence", "Ghent", "Hull")
_MOST = 5_000_000


def load(account: Account, asked: Mapping[str, Any]) -> int:
    """Make {"object", "count", "seed"} records; search sees them at once. Raises Refused.

    The same seed makes the same values. A second load adds others, also with the same seed.
    """
    name, count = asked.get("object", "contacts"), asked.get("count", 1000)
    if name not in _MAKERS:
        raise Refused(f"object is one of {', '.join(_MAKERS)}.")
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST:
        raise Refused(f"count is a whole number up to {_MOST}.")
    table, make = account.tables[name], _MAKERS[name]
    random = Random(str(asked.get("seed", 1)))
    now = account.now()
    first = len(table.ids)
    for number in range(first, first + count):
        _insert(table, make(number, random), now)
    table.index.catch_up(now)
    return count


def _insert(table: Table, values: dict[str, str], now: int) -> None:
    table.insert(table.new_id(), Write(values, IMPORT, now))


def _contact(number: int, random: Random) -> dict[str, str]:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    return {
        "email": f"{first}.{last}.{number}@load.example".lower(),
        "firstname": first,
        "lastname": last,
        "jobtitle": random.choice(("Buyer", "Engineer", "Manager", "Analyst")),
        "phone": f"+44 20 7946 {random.randint(0, 9999):04}",
        "address": f"{random.randint(1, 200)} Mill Road",
        "city": random.choice(_CITIES),
        "zip": f"{random.randint(10_000, 99_999)}",
        "country": "United Kingdom",
        "company": f"Load {number % 1000}",
    }


def _company(number: int, random: Random) -> dict[str, str]:
    return {
        "name": f"Load {number}",
        "domain": f"load-{number}.example",
        "city": random.choice(_CITIES),
        "numberofemployees": str(random.randint(1, 5000)),
    }


def _deal(number: int, random: Random) -> dict[str, str]:
    return {
        "dealname": f"Load {number}",
        "pipeline": "default",
        "dealstage": random.choice(("appointmentscheduled", "contractsent", "closedwon")),
        "amount": str(random.randint(100, 90_000)),
    }


_MAKERS: dict[str, Callable[[int, Random], dict[str, str]]] = {
    "contacts": _contact,
    "companies": _company,
    "deals": _deal,
}
