"""The whole state of one HubSpot account."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any

import orjson

from sync_engine.simulators.base import Clock
from sync_engine.simulators.hubspot.associations import Associations
from sync_engine.simulators.hubspot.consent import Consent
from sync_engine.simulators.hubspot.kinds import KINDS, Kind, kind_named
from sync_engine.simulators.hubspot.lists import Lists
from sync_engine.simulators.hubspot.pipelines import Pipelines
from sync_engine.simulators.hubspot.property_tables import standard_properties
from sync_engine.simulators.hubspot.rates import Rates
from sync_engine.simulators.hubspot.row import Row, pack
from sync_engine.simulators.hubspot.standard_pipelines import standard_pipelines
from sync_engine.simulators.hubspot.table import Table, Write
from sync_engine.simulators.hubspot.times import iso, milliseconds
from sync_engine.simulators.hubspot.tokens import Tokens
from sync_engine.simulators.hubspot.trouble import Trouble
from sync_engine.simulators.hubspot.users import Author

DEFAULT_LAG = 3_000
FOREVER = 2**62
KEPT_FOR = 90 * 86_400_000  # in the recycle bin
_AUDITED = 100_000


@dataclass(slots=True)
class Deed:
    """What one author did to one record. packed: {property: text} as JSON, "" where it was cleared."""

    at: int
    author: Author
    kind: Kind
    id: int
    what: str
    given: InitVar[Mapping[str, str]]
    packed: bytes = field(init=False)

    def __post_init__(self, given: Mapping[str, str]) -> None:
        self.packed = pack(given)

    @property
    def changes(self) -> dict[str, str]:
        found: dict[str, str] = orjson.loads(self.packed)
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "at": iso(self.at),
            "by": self.author.label,
            "source": self.author.source_type,
            "object": self.kind.plural,
            "id": str(self.id),
            "what": self.what,
            "values": self.changes,
        }


class Account:
    """index_lag: milliseconds that search is behind. shuffle: orders the results of batches.

    required: plural name -> properties that this account's admins want every record to have.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.tokens = Tokens()
        self.rates = Rates()
        self.trouble = Trouble()
        self.index_lag = DEFAULT_LAG
        self.shuffle = random.Random(24816357).shuffle
        self.tables: dict[str, Table] = {
            kind.plural: Table(kind, standard_properties(kind)) for kind in KINDS
        }
        self.pipelines = Pipelines(standard_pipelines())
        for table in self.tables.values():
            self.pipelines.give_options(table.properties)
        self.required: dict[str, tuple[str, ...]] = {}
        self.associations = Associations()
        self.lists = Lists()
        self.consent = Consent()
        self.deeds: deque[Deed] = deque(maxlen=_AUDITED)

    def now(self) -> int:
        """Return the time of this account in milliseconds."""
        return milliseconds(self.clock.now())

    def indexed_until(self) -> int:
        """Return up to which change search sees the records."""
        return self.now() - self.index_lag if self.index_lag else FOREVER

    def set_index_lag(self, lag: int) -> None:
        """Let search be `lag` milliseconds behind; what it sees by now, it goes on seeing."""
        for table in self.tables.values():
            table.index.catch_up(self.indexed_until())
        self.index_lag = lag

    def table(self, asked: str) -> Table:
        """Return the table of a kind by any of its names; raises HubSpotError.

        What was archived 90 days ago is gone by then.
        """
        table = self.tables[kind_named(asked).plural]
        for row in table.purged(self.now() - KEPT_FOR):
            self.erase(table, row)
        return table

    def erase(self, table: Table, row: Row) -> None:
        """Forget a record, its history, its associations and its memberships."""
        table.erase(row)
        self.associations.forget((table.kind.plural, row.id))
        for one in self.lists.every.values():
            if one.plural == table.kind.plural:
                one.members.pop(row.id, None)

    def note(self, table: Table, row_id: int, what: str, write: Write) -> None:
        self.deeds.append(Deed(write.now, write.author, table.kind, row_id, what, write.changes))
