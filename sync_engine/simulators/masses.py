"""Made-up records by the million: who number N is follows from the seed alone, so that both CRMs,
loaded with the same seed, hold the same people, companies, sales and requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sync_engine.simulators.base import Refused
from sync_engine.simulators.people import LEAD_SOURCES, Company, Person, staff
from sync_engine.simulators.people_words import (
    COMPANIES,
    DEPARTMENTS,
    FIRST_NAMES,
    LAST_NAMES,
    PLACES,
    STREETS,
)

T = TypeVar("T")
MOST = 2_000_000
PER_COMPANY = 10
DAYS = 400  # over which the records were made
_STAFF = staff()
_SOURCES = [source for source in LEAD_SOURCES if source]
_SPREAD = 2_654_435_761  # a prime: neighbouring numbers get unlike choices
_FIRST_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Order:
    """What `POST load` asks for: records `start` to `start + count` of what a seed makes.

    parents: they belong to the companies that are there, ten to each, in turn
    """

    object_name: str
    count: int
    seed: int
    start: int
    parents: bool

    @property
    def numbers(self) -> range:
        return range(self.start, self.start + self.count)


@dataclass(frozen=True, slots=True)
class Sale:
    """closes: a day. won: None while it is open."""

    name: str
    amount: int
    closes: str
    won: bool | None
    is_new_business: bool
    next_step: str
    description: str


@dataclass(frozen=True, slots=True)
class Request:
    """A customer's request. urgency: 0 low, 1 medium, 2 high."""

    subject: str
    text: str
    urgency: int
    is_closed: bool


def order(asked: Mapping[str, Any], objects: Sequence[str]) -> Order:
    """Read {"object", "count", "seed", "start", "parents"}; the first of `objects` without
    "object". Raises Refused."""
    name, parents = asked.get("object", objects[0]), asked.get("parents", False)
    if name not in objects:
        raise Refused(f"'object' is one of: {', '.join(objects)}.")
    if not isinstance(parents, bool):
        raise Refused("'parents' is true or false.")
    count, seed, start = (
        _whole(asked, one, default) for one, default in (("count", 1000), ("seed", 1), ("start", 0))
    )
    return Order(name, count, seed, start, parents)


def parent_of(number: int, parents: Sequence[Any]) -> Any:
    """Return the one of `parents` that record `number` belongs to."""
    return parents[number // PER_COMPANY % len(parents)]


@lru_cache(maxsize=16)
def company(seed: int, number: int) -> Company:
    mixed = _mix(seed, number)
    city, state, zip_code, country, dial = _pick(PLACES, mixed)
    name, industry = _pick(COMPANIES, mixed >> 5)
    return Company(
        number=number,
        name=f"{name} {number}",
        domain=f"load{number}-{seed}.example",
        industry=industry,
        phone=f"{dial} 555 01{mixed % 100:02}",
        street=f"{mixed % 240 + 1} {_pick(STREETS, mixed >> 7)}",
        city=city,
        state=state,
        zip=zip_code,
        country=country,
        employees=_pick((12, 45, 120, 500, 4000), mixed >> 9),
        owner=_pick(_STAFF, mixed >> 11),
    )


def person(seed: int, number: int) -> Person:
    mixed = _mix(seed, number)
    first, salutation = _pick(FIRST_NAMES, mixed)
    department, titles = _pick(DEPARTMENTS, mixed >> 5)
    employer = company(seed, number // PER_COMPANY)
    dial = employer.phone.split(" ")[0]
    return Person(
        number=number,
        salutation=salutation or "Mx.",
        first_name=first,
        last_name=_pick(LAST_NAMES, mixed >> 7),
        title=_pick(titles, mixed >> 9),
        department=department,
        email=address(seed, number),
        phone=f"{dial} {mixed % 900 + 100} 555 01{mixed % 100:02}",
        mobile=f"{dial} {mixed % 800 + 100} 555 01{mixed % 99:02}",
        fax=f"{dial} {mixed % 700 + 100} 555 01{mixed % 98:02}",
        lead_source=_pick(_SOURCES, mixed >> 11),
        company=employer,
        owner=employer.owner,
    )


def address(seed: int, number: int) -> str:
    """Return the e-mail address of a person."""
    return f"person{number}.{seed}@load.example"


def sale(seed: int, number: int) -> Sale:
    mixed = _mix(seed, number)
    return Sale(
        name=f"Sale {number} of {seed}",
        amount=mixed % 90_000 + 100,
        closes=day(mixed % 365),
        won=_pick((None, None, True, False), mixed >> 5),
        is_new_business=mixed % 3 > 0,
        next_step=_pick(("Call", "Send an offer", "Meet", "Wait for an answer"), mixed >> 7),
        description=f"Sale {number}, made up with seed {seed}",
    )


def request(seed: int, number: int) -> Request:
    mixed = _mix(seed, number)
    what = _pick(("does not start", "is too slow", "was billed twice", "arrived late"), mixed)
    return Request(
        subject=f"Request {number} of {seed}: it {what}",
        text=f"What we bought {what}. Made up with seed {seed}",
        urgency=(mixed >> 5) % 3,
        is_closed=mixed % 4 == 0,
    )


def day(number: int) -> str:
    return (_FIRST_DAY + timedelta(number)).isoformat()


def _mix(seed: int, number: int) -> int:
    return ((number + 1) * _SPREAD ^ seed * 97) & 0xFFFFFFFF


def _pick(options: Sequence[T], mixed: int) -> T:
    return options[mixed % len(options)]


def _whole(asked: Mapping[str, Any], name: str, default: int) -> int:
    value = asked.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise Refused(f"{name!r} is a whole number up to {MOST}.")
    return value
