"""Setup checks: ask both CRMs, keep what they said, and hold it against the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from sync_engine.core import error_types as types
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.catalog import CATALOG
from sync_engine.core.checks import Check, Granted, Use, blocking, checks
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.permissions import CONSENT, SEGMENT
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.crms.base import Crms
from sync_engine.models import (
    Connection,
    FieldMapping,
    Grant,
    ObjectSettings,
    RecordChange,
    RecordLink,
    Segment,
)
from sync_engine.runs.keys import ensure_keys


class NotReady(Exception):
    """A check failed without which nothing syncs. The message is for the admin."""


def ask(connection: Connection, crms: Crms, now: datetime, only: Iterable[Crm] = Crm) -> None:
    """Ask each CRM what its user may do; what it refuses is an outcome too."""
    for crm in only:
        if connection.account_id(crm):
            may_opt_out = _may_opt_out(connection)
            Grant.objects.keep(connection.pk, crm, _answer(crms, crm), now)
            if _may_opt_out(connection) and not may_opt_out:
                _look_at_held_opt_outs(connection)


def _may_opt_out(connection: Connection) -> bool:
    grant = Grant.objects.filter(connection=connection, crm=Crm.HUBSPOT.value).first()
    return grant is not None and CONSENT in (grant.rights or ())


def _look_at_held_opt_outs(connection: Connection) -> None:
    """Take up what HubSpot did not let us unsubscribe: contacts, those too whose turn did not come
    after the first was refused, and records that for want of it were not created there."""
    states = (RecordChange.State.REFUSED, RecordChange.State.WITHDRAWN)
    held = RecordChange.objects.filter(kind=RecordChange.Kind.OPT_OUT, state__in=states)
    links = RecordLink.objects.filter(connection=connection).open()
    links.filter(Q(hubspot_id=None) | Q(pk__in=held.values("link"))).update(look_again=True)


def take_up(connection: Connection, crms: Crms) -> None:
    """Make the key fields that could not be made before, if they may be now; where a CRM cannot
    be asked, nothing changes."""
    with suppress(CrmError, AllocationSpent):
        ensure_keys(connection, crms, use_of(connection).object_types)


def outcome(connection: Connection) -> list[Check]:
    """Return the checks by what was said last and what is configured now."""
    grants = {Crm(grant.crm): grant.answer for grant in Grant.objects.filter(connection=connection)}
    return checks(use_of(connection), {crm: grants[crm] for crm in Crm if crm in grants})


def require(connection: Connection) -> None:
    """Raise NotReady where a check keeps setup from being finished."""
    failed = blocking(outcome(connection))
    if failed:
        raise NotReady(" ".join(f"{check.title}: {check.without}" for check in failed))


def use_of(connection: Connection) -> Use:
    """Return what the configuration uses; before setup is finished, what it will."""
    rows = ObjectSettings.objects.filter(connection=connection)
    is_on = dict(rows.values_list("object_type", "is_on"))
    on = tuple(type_ for slug, type_ in CATALOG.items() if is_on.get(slug, type_.always_on))
    objects = [name for type_ in on for name in (type_.hubspot, *type_.salesforce)]
    names = frozenset(objects) | _mapped(connection)
    if Segment.objects.filter(connection=connection).exists():
        names |= {SEGMENT}
    names |= {name for row in rows for name in _automated(row)}
    keyed = connection.set_up_at is not None
    return Use(on, names, {name: keyed and connection.has_key(name) for name in objects})


def _automated(settings: ObjectSettings) -> set[str]:
    """Name the policy by which opportunities move lifecycle stages on, where an admin wants it."""
    object_type = CATALOG.get(settings.object_type)
    found = object_type.lifecycle if object_type else None
    if object_type is None or found is None:
        return set()
    return (
        {found.policy} if settings.answers_to(object_type)[found.policy] == found.answer else set()
    )


def _mapped(connection: Connection) -> frozenset[str]:
    """Name the HubSpot properties that sync."""
    mappings = FieldMapping.objects.filter(connection=connection)
    if not mappings.exists():
        standard = [one for type_ in CATALOG.values() for one in type_.standard_mappings]
        return frozenset(one.hubspot for one in standard)
    synced = mappings.exclude(sync_rule=SyncRule.DONT_SYNC.value)
    return frozenset(synced.values_list("hubspot_field", flat=True))


def _answer(crms: Crms, crm: Crm) -> Granted | Problem:
    objects = [name for type_ in CATALOG.values() for name in type_.salesforce]
    objects += [type_.lifecycle.parent for type_ in CATALOG.values() if type_.lifecycle]
    try:
        return crms.of(crm).granted(objects if crm is Crm.SALESFORCE else [])
    except CrmError as error:
        return error.problem
    except AllocationSpent as spent:
        return Problem(crm, types.API_LIMIT, message=str(spent))
