"""Who works in this account. Owners are users seen as somebody who owns records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.people import staff

PORTAL_ID = 24816357
HUB_DOMAIN = "babbage.example"
TIME_ZONE = "Europe/London"
APP_ID = 31415926
APP_NAME = "crmsync demo"
SINCE = 1_740_992_400_000  # 3 March 2025


@dataclass(frozen=True, slots=True)
class User:
    id: int
    owner_id: int
    first_name: str
    last_name: str
    email: str
    active: bool = True

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def as_owner(self) -> dict[str, Any]:
        return {
            "id": str(self.owner_id),
            "email": self.email,
            "type": "PERSON",
            "firstName": self.first_name,
            "lastName": self.last_name,
            "userId": self.id if self.active else None,
            "userIdIncludingInactive": self.id,
            "createdAt": iso(SINCE),
            "updatedAt": iso(SINCE),
            "archived": not self.active,
            "teams": [{"id": "178588", "name": "Analytical engines", "primary": True}],
        }


def _users() -> tuple[User, ...]:
    at_work = [
        User(9586501 + at, 41629771 + at, one.first_name, one.last_name, one.email)
        for at, one in enumerate(staff())
    ]
    left = User(9586599, 41629869, "Joseph", "Clement", "joseph@babbage.example", active=False)
    return (*at_work, left)


USERS = _users()
OWNER_IDS = frozenset(str(user.owner_id) for user in USERS)


def user_by_id(user_id: str) -> User | None:
    return next((user for user in USERS if str(user.id) == user_id and user.active), None)


def user_by_name(name: str) -> User:
    """Return the user called `name`, or the first one: the page knows people by name only."""
    return next((user for user in USERS if name in (user.name, user.email)), USERS[0])


@dataclass(frozen=True, slots=True)
class Author:
    """Where a change came from, as property history tells it. Source: hubspot-api.md 6.3."""

    source_type: str
    source_id: str
    label: str
    user_id: int


def person(user: User) -> Author:
    return Author("CRM_UI", f"userId:{user.id}", user.name, user.id)


def app(user_id: int) -> Author:
    return Author("INTEGRATION", str(APP_ID), APP_NAME, user_id)


IMPORT = Author("IMPORT", "24816", "Import", USERS[0].id)
