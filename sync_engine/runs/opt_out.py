"""Opt-outs on their way to HubSpot: not values of a contact there, but of its address (sync.md 2).

They are sent before anything else of a slice, and for new contacts right after their creation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from sync_engine.core.manners import Manner
from sync_engine.core.permissions import CONSENT
from sync_engine.core.plan import FieldChange, is_by_consent
from sync_engine.core.values import Crm
from sync_engine.crms.base import Outcome
from sync_engine.crms.batches import batches
from sync_engine.models import Grant, RecordChange
from sync_engine.runs.job import Job, Work

NOT_GRANTED = (
    "It opted out of all e-mail, and HubSpot did not grant the permission to unsubscribe it there."
)


def part(work: Work, crm: Crm, kind: str) -> Mapping[str, FieldChange]:
    """Return what one kind of write carries of a plan."""
    is_opt_out = kind == RecordChange.Kind.OPT_OUT
    return {
        name: change
        for name, change in work.plan.to(crm).items()
        if is_by_consent(change.mapping, crm) is is_opt_out
    }


def opting_out(works: Sequence[Work], crm: Crm) -> list[Work]:
    """Return the works that opt a record out, of pairs and of records that are to be made."""
    return [
        work
        for work in works
        if not work.skipped and (work.is_pair or work.creating is crm) and _opts_out(work, crm)
    ]


def hold_opt_out(work: Work, crm: Crm) -> None:
    """Opt a record out later. One that is yet to be made is not made: it could be written to."""
    kept = {
        name: change
        for name, change in work.plan.to(crm).items()
        if change.mapping.manner is not Manner.OPT_OUT
    }
    work.plan = work.plan.writing(crm, kept)
    if work.creating is crm:
        work.creating = None


def hold_new_where_not_granted(job: Job, works: Sequence[Work]) -> None:
    """Create nobody in HubSpot who opted out, where we may not unsubscribe anybody there."""
    new = [work for work in works if work.creating is Crm.HUBSPOT and _by_consent(work)]
    if not new:
        return
    grant = Grant.objects.filter(connection=job.connection, crm=Crm.HUBSPOT.value).first()
    if grant is not None and grant.rights is not None and CONSENT not in grant.rights:
        for work in new:
            work.skipped = NOT_GRANTED


def unsubscribe(job: Job, works: Sequence[Work]) -> list[Outcome]:
    """Opt contacts out; outcomes in the order of `works`. Raises as Consent.unsubscribe does."""
    consent = job.crms.hubspot.consent
    asked = [_addresses(job, work) for work in works]
    outcomes: dict[str, Outcome] = {}
    for some in batches(dict.fromkeys(chain(*asked)), consent.write_batch):
        outcomes |= zip(some, consent.unsubscribe(some), strict=True)
    worst = [_worst([outcomes[address] for address in addresses]) for addresses in asked]
    ids = [work.records[Crm.HUBSPOT].id for work in works]
    return [replace(one, id=id) for one, id in zip(worst, ids, strict=True)]


def _opts_out(work: Work, crm: Crm) -> bool:
    return any(change.mapping.manner is Manner.OPT_OUT for change in work.plan.to(crm).values())


def _by_consent(work: Work) -> bool:
    return bool(part(work, Crm.HUBSPOT, RecordChange.Kind.OPT_OUT))


def _addresses(job: Job, work: Work) -> list[str]:
    """Return the address that a contact bears, and the one that it is given now: HubSpot keeps
    opt-outs by address, and either may be the one that stays."""
    name = job.object_type.identity[Crm.HUBSPOT]
    given = work.plan.to(Crm.HUBSPOT).get(name)
    found = [work.records[Crm.HUBSPOT].values.get(name), given.new if given else None]
    return [str(address) for address in dict.fromkeys(found) if address]


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    return next((one for one in outcomes if one.problem or one.in_doubt), outcomes[0])
