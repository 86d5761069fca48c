"""Which records belong together, by the keys alone (sync.md 4).

Each CRM keeps, in a field of ours, the id of the other one's record. Where both say the same, that
is a pair. Where only one says something, it may have lost its other half's word: a worker died
before the second key was written. Where they contradict each other, somebody has to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sync_engine.core.values import Crm

Keys = Mapping[str, str]  # {id of a record: id of the other CRM's record that it names}


@dataclass(frozen=True, slots=True)
class Matched:
    """
    pairs      {HubSpot id: Salesforce id}: each names the other
    one_sided  {CRM: {id: the id it names}}: the other names nobody, and nobody else names either
    conflicts  a sentence each, for the admin
    """

    pairs: Mapping[str, str]
    one_sided: Mapping[Crm, Keys]
    conflicts: Sequence[str] = field(default=())


def match(keys: Mapping[Crm, Keys]) -> Matched:
    """Match records by what each of them names. keys: of living records that name one."""
    theirs = keys[Crm.SALESFORCE]
    pairs = {id: key for id, key in keys[Crm.HUBSPOT].items() if theirs.get(key) == id}
    shared = {crm: _shared(keys[crm]) for crm in Crm}
    conflicts = [
        sentence
        for crm in Crm
        for sentence in (*_shared_in(crm, shared[crm], keys), *_crossed_in(crm, shared[crm], keys))
    ]
    one_sided = {crm: _one_sided(keys[crm], keys[crm.other], shared[crm]) for crm in Crm}
    return Matched(pairs, one_sided, conflicts)


def _shared(keys: Keys) -> dict[str, list[str]]:
    """Return {key: the records that bear it} for those that several bear."""
    bearers: dict[str, list[str]] = {}
    for id, key in keys.items():
        bearers.setdefault(key, []).append(id)
    return {key: ids for key, ids in bearers.items() if len(ids) > 1}


def _one_sided(ours: Keys, theirs: Keys, shared: Mapping[str, Sequence[str]]) -> Keys:
    named = set(theirs.values())
    return {
        id: key
        for id, key in ours.items()
        if key not in theirs and key not in shared and id not in named
    }


def _shared_in(
    crm: Crm, shared: Mapping[str, Sequence[str]], keys: Mapping[Crm, Keys]
) -> Iterator[str]:
    for key, ids in shared.items():
        named = keys[crm.other].get(key)
        linked = f"It names {named}: they are linked" if named in ids else "None of them is linked"
        yield (
            f"{crm.label} records {' and '.join(ids)} bear one key: {crm.other.label} record {key}."
            f" {linked}. Clear the key in the others, or merge them in {crm.label}."
        )


def _crossed_in(
    crm: Crm, shared: Mapping[str, Sequence[str]], keys: Mapping[Crm, Keys]
) -> Iterator[str]:
    """Yield where a record names one that names a third."""
    for id, key in keys[crm].items():
        third = keys[crm.other].get(key)
        if third not in (None, id) and key not in shared:
            yield (
                f"{crm.label} record {id} names {crm.other.label} record {key}, which names "
                f"{crm.label} record {third}. {id} is not linked: clear its key, or put it right."
            )
