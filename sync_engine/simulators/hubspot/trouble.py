"""What can be wrong with an account for a while, on demand. Source: hubspot-api.md 3.5, 4.3."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

from sync_engine.simulators.hubspot.errors import HubSpotError


@dataclass
class Trouble:
    """locked: plural name -> until when writes answer 423; times are milliseconds.

    migrating       until when every call answers 477 and says how long to wait
    upserts_to_lose how many more inputs of upserts vanish: 200, neither result nor error
    errors_told     how many errors a batch that is refused as a whole lists; None: all
    """

    locked: dict[str, int] = field(default_factory=dict)
    migrating: int = 0
    upserts_to_lose: int = 0
    errors_told: int | None = None

    def check_migration(self, now: int, headers: dict[str, str]) -> None:
        """Raise HubSpotError while the account is moved; `headers` then say how long."""
        if now < self.migrating:
            headers["Retry-After"] = str(ceil((self.migrating - now) / 1000))
            said = "This account is being migrated between data hosting locations"
            raise HubSpotError(477, said, "MIGRATION_IN_PROGRESS")

    def check_lock(self, plural: str, now: int) -> None:
        """Raise HubSpotError while another operation holds the records of this kind."""
        if now < self.locked.get(plural, 0):
            said = "The records are locked by another operation. Try again later."
            raise HubSpotError(423, said, "LOCKED")

    def loses_upsert(self) -> bool:
        """Say whether this input of an upsert vanishes, and count it."""
        if not self.upserts_to_lose:
            return False
        self.upserts_to_lose -= 1
        return True
