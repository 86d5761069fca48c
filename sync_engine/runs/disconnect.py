"""Disconnecting two accounts: no token stays, neither here nor there (sync.md 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.crms import oauth
from sync_engine.models import Connection, Credential
from sync_engine.runs.connect import app_at

# So long the same two accounts may be connected again as if nothing had been.
KEPT = timedelta(days=30)
NOT_KEPT = timedelta(0)


def disconnect(connection: Connection, *, keep: timedelta, by: str, now: datetime) -> list[str]:
    """Stop syncing, revoke both CRMs' tokens and delete them. No record is touched.

    keep  how long links and history stay, before `forget.forget_old` deletes them
    Returns a sentence for each CRM that did not revoke its token: ours is deleted all the same.
    """
    connection.disconnect(by=by, forget_at=now + keep, now=now)
    return [sentence for crm in Crm for sentence in _log_out(connection, crm)]


@transaction.atomic
def _log_out(connection: Connection, crm: Crm) -> list[str]:
    """Wait for whoever renews the token just now: the new one is the one to revoke."""
    ours = Credential.objects.filter(connection=connection, crm=crm.value)
    held = ours.select_for_update().first()
    if held is None:
        return []
    tokens = held.tokens
    held.delete()
    try:
        oauth.revoke(app_at(crm, tokens.instance_url), tokens.refresh_token or tokens.access_token)
    except CrmError as error:
        return [
            f"{crm.label} did not take our access back ({error.problem.type.title}). Remove "
            f"crmsync from the connected apps in {crm.label}."
        ]
    return []
