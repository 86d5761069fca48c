"""Who may be written to: subscriptions by address, and who opted out of all. Source:
hubspot-api.md 11. The contact's hs_email_optout follows and is read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.hubspot.errors import BadValue
from sync_engine.simulators.hubspot.times import iso

STATES = ("SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A kind of message that people subscribe to."""

    id: int
    name: str
    purpose: str

    def as_json(self, since: int) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "name": self.name,
            "description": self.name,
            "purpose": self.purpose,
            "communicationMethod": "Email",
            "isActive": True,
            "isDefault": True,
            "isInternal": False,
            "createdAt": iso(since),
            "updatedAt": iso(since),
        }


SUBSCRIPTIONS = (
    Subscription(71_001, "Marketing information", "Marketing"),
    Subscription(71_002, "One to one", "Sales"),
    Subscription(71_003, "Customer service communication", "Service"),
)


class Consent:
    """opted_out: address -> when. _states: address -> subscription -> state and when.

    blocked: addresses that nobody had when they were to be erased; nobody may get one
    (hubspot-api.md 9). Addresses are in lower case, times are milliseconds.
    """

    def __init__(self) -> None:
        self.opted_out: dict[str, int] = {}
        self.blocked: set[str] = set()
        self._states: dict[str, dict[int, tuple[str, int]]] = {}

    def set_state(self, address: str, subscription: int, state: str, now: int) -> None:
        """Subscribing to anything ends an opt-out of all."""
        self._states.setdefault(address, {})[subscription] = (state, now)
        if state == "SUBSCRIBED":
            self.opted_out.pop(address, None)

    def opt_out(self, address: str, now: int) -> None:
        for one in SUBSCRIPTIONS:
            self.set_state(address, one.id, "UNSUBSCRIBED", now)
        self.opted_out[address] = now

    def refused(self, changes: Mapping[str, str]) -> BadValue | None:
        """Return what is wrong with giving a contact a blocked address."""
        if not self.blocked:
            return None
        for name in ("email", "hs_additional_emails"):
            for address in changes.get(name, "").split(";"):
                if address in self.blocked:
                    said = f"Email address {address} was deleted for privacy and is blocked"
                    return BadValue(name, "BLOCKED_EMAIL", said)
        return None

    def followed_by(self, changes: Mapping[str, str]) -> dict[str, str]:
        """Return what else a contact holds that is given an address that opted out."""
        return {"hs_email_optout": "true"} if changes.get("email") in self.opted_out else {}

    def statuses(self, address: str, since: int) -> list[dict[str, Any]]:
        """Return the status of each subscription; `since` where none was ever set."""
        held = self._states.get(address, {})
        found = []
        for one in SUBSCRIPTIONS:
            state, at = held.get(one.id, ("NOT_SPECIFIED", since))
            found.append(
                {
                    "channel": "EMAIL",
                    "source": "PUBLIC_API",
                    "status": state,
                    "subscriberIdString": address,
                    "subscriptionId": one.id,
                    "subscriptionName": one.name,
                    "timestamp": iso(at),
                }
            )
        return found

    def wide_statuses(self, address: str) -> list[dict[str, Any]]:
        """Return that an address opted out of all, or nothing."""
        if address not in self.opted_out:
            return []
        return [
            {
                "channel": "EMAIL",
                "status": "UNSUBSCRIBED",
                "subscriberIdString": address,
                "timestamp": iso(self.opted_out[address]),
                "wideStatusType": "PORTAL_WIDE",
            }
        ]

    def dump(self) -> dict[str, Any]:
        states = [[address, list(of.items())] for address, of in self._states.items()]
        return {
            "opted_out": self.opted_out,
            "states": states,
            "blocked": sorted(self.blocked),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self.opted_out = dict(state["opted_out"])
        self.blocked = set(state.get("blocked", ()))
        self._states = {
            address: {subscription: (held[0], held[1]) for subscription, held in of}
            for address, of in state["states"]
        }
