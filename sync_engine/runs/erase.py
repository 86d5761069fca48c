"""Removing a person's values from everything we remember (sync.md 7).

The ids of both records stay in the link: a tombstone that has forgotten whom it stands for would
let the other half be made anew. So do the rows themselves: counts stay true.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from sync_engine.core.catalog import CATALOG
from sync_engine.core.spelling import id_of_18
from sync_engine.core.values import Crm
from sync_engine.models import Brake, RecordChange, RecordLink, SyncError
from sync_engine.models.record_link import RecordLinkQuerySet
from sync_engine.models.sync_error import SyncErrorQuerySet

logger = logging.getLogger(__name__)

_VALUES = ("old", "new", "from")  # of a field in RecordChange.fields


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of each kind hold no value any more."""

    links: int
    changes: int
    errors: int


def find(wanted: str) -> set[int]:
    """Return the keys of the links of every record that bears an id, or an e-mail now or earlier.

    wanted  an e-mail in any case, a HubSpot id, or a Salesforce id of 15 or 18 characters
    """
    return _by_email(wanted) if "@" in wanted else _by_id(id_of_18(wanted))


@transaction.atomic
def erase(link_ids: Collection[int], now: datetime) -> Erased:
    """Remove every value of these links, of their changes and of their errors.

    The links go on as if they had never been settled. Whoever holds one loses it, so that nobody
    writes down again what was read before.
    """
    links = RecordLink.objects.filter(pk__in=link_ids)
    changes = RecordChange.objects.filter(link__in=link_ids)
    errors = SyncError.objects.filter(pk__in=_errors_of(links))
    _take_out_of_examples(errors)
    erased = Erased(len(links), _empty_changes(list(changes)), _empty_errors(list(errors)))
    links.update(agreed={}, first_seen={}, since=now, claim=None, claimed_until=None)
    logger.info("Erased the values of links %s.", sorted(link_ids))
    return erased


def _by_id(id: str) -> set[int]:
    """Also where a link names another record by now: it was merged, or converted."""
    links = RecordLink.objects.filter(Q(hubspot_id=id) | Q(salesforce_id=id))
    changes = RecordChange.objects.filter(record_id=id)
    return {*links.values_list("pk", flat=True), *changes.values_list("link_id", flat=True)}


def _by_email(email: str) -> set[int]:
    email = email.strip()
    found = {link.pk for link in _holding(RecordLink, "agreed", email) if _agreed_on(link, email)}
    for change in _holding(RecordChange, "fields", email):
        if _wrote(change, email):
            found.add(change.link_id)
    for error in SyncError.objects.filter(record_name__iexact=email):
        links = RecordLink.objects.of(error.connection_id, error.object_type)
        found.update(links.naming(_ids(error)).values_list("pk", flat=True))
    return found


def _holding(model: type[models.Model], column: str, text: str) -> models.QuerySet[Any]:
    """Return the rows whose JSON holds a text as a whole value, in any case. It may be that of
    any field."""
    quoted = json.dumps(text, ensure_ascii=False)
    rows = model._default_manager.annotate(as_text=Cast(column, models.TextField()))
    return rows.filter(as_text__icontains=quoted)


def _agreed_on(link: RecordLink, email: str) -> bool:
    name = CATALOG[link.object_type].identity.get(Crm.HUBSPOT, "")
    agreed = link.agreed_values.get(name)
    return agreed is not None and any(_same(agreed.of(crm), email) for crm in Crm)


def _wrote(change: RecordChange, email: str) -> bool:
    """Tell whether a change was about this address as the identity of its record."""
    identities = {t.identity.get(Crm.HUBSPOT) for t in CATALOG.values() if t.identity}
    return any(
        _same(field.get(value), email)
        for field in change.fields.values()
        if field.get("property") in identities
        for value in _VALUES
    )


def _same(value: str | None, email: str) -> bool:
    return value is not None and value.casefold() == email.casefold()


def _ids(row: RecordLink | SyncError) -> dict[Crm, list[str]]:
    ids = {Crm.HUBSPOT: row.hubspot_id, Crm.SALESFORCE: row.salesforce_id}
    return {crm: [id] for crm, id in ids.items() if id}


def _errors_of(links: RecordLinkQuerySet) -> set[int]:
    found: set[int] = set()
    for link in links:
        about = Q(pk__in=())
        for crm, ids in _ids(link).items():
            keys = [f"{crm}:{id}" for id in ids]
            about |= Q(record_key__in=keys) | Q(**{f"{crm}_id__in": ids})
        errors = SyncError.objects.filter(
            about, connection_id=link.connection_id, object_type=link.object_type
        )
        found.update(errors.values_list("pk", flat=True))
    return found


def _empty_changes(changes: list[RecordChange]) -> int:
    for change in changes:
        for field in change.fields.values():
            field.update(dict.fromkeys(_VALUES), erased=True)
    return RecordChange.objects.bulk_update(changes, ["fields"], batch_size=500)


def _empty_errors(errors: list[SyncError]) -> int:
    for error in errors:
        error.record_name = error.message = ""
        error.fields = [{**field, "value": None} for field in error.fields]
    return SyncError.objects.bulk_update(
        errors, ["record_name", "message", "fields"], batch_size=500
    )


def _take_out_of_examples(errors: SyncErrorQuerySet) -> None:
    """A brake shows some records that it held back, by name."""
    names = set(errors.exclude(record_name="").values_list("record_name", flat=True))
    for brake in Brake.objects.exclude(examples=[]):
        kept = [name for name in brake.examples if name not in names]
        if kept != brake.examples:
            Brake.objects.filter(pk=brake.pk).update(examples=kept)
