"""Connecting a HubSpot account and a Salesforce org, and opening the doors to both.

Source: sync.md 4 (keys), 7 (where tokens may go); the manual's setup, seeds 000 and 002.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.cache import cache as django_cache
from django.db import IntegrityError, transaction
from redis import Redis

from sync_engine.core.allocation import Cause
from sync_engine.core.catalog import CATALOG
from sync_engine.core.values import Crm
from sync_engine.crms import oauth
from sync_engine.crms.access import Hosts, TokenSource
from sync_engine.crms.base import AccountIdentity, Asked, CrmClient, Crms
from sync_engine.crms.hubspot import HubspotClient
from sync_engine.crms.metered import Meter
from sync_engine.crms.pace import Pace
from sync_engine.crms.salesforce import SalesforceClient
from sync_engine.models import (
    Allocation,
    Connection,
    Credential,
    FieldMapping,
    ObjectSettings,
    SyncRun,
    Watermark,
)
from sync_engine.runs import checks
from sync_engine.runs.keys import ensure_keys
from sync_engine.runs.metering import ConnectionMeter, Uncounted
from sync_engine.runs.tokens import ConnectionTokens, LoginTokens, kept

PRODUCTION_LOGIN = "https://login.salesforce.com"
SANDBOX_LOGIN = "https://test.salesforce.com"


class OtherAccount(Exception):
    """Somebody logged in to another account than the connection's. The message is for the admin."""


def login_url(crm: Crm, *, state: str, verifier: str, sandbox: bool) -> str:
    """Return the address of the CRM's page where a person lets us in; raises CrmError."""
    return oauth.authorise_url(_login_app(crm, sandbox), state=state, verifier=verifier)


def complete_login(
    connection: Connection | None,
    crm: Crm,
    *,
    code: str,
    verifier: str,
    sandbox: bool,
    now: datetime,
) -> Connection:
    """Keep what the person granted, with a new connection if there is none yet.

    Raises OtherAccount where the login is not to the account that the connection belongs to, or
    to one that is connected already; and CrmError. Then nothing is kept.
    """
    app = _login_app(crm, sandbox)
    granted = oauth.exchange(app, code=code, verifier=verifier)
    identity = _client(crm, LoginTokens(granted), Uncounted()).identity()
    connection = connection or Connection()
    try:
        _refuse_other(connection, crm, identity)
        with transaction.atomic():
            _describe(connection, crm, identity)
            connection.save()
            Credential.objects.keep(connection.pk, crm, *kept(granted, now))
            connection = Connection.objects.take_up(connection)
        checks.ask(connection, crms_of(connection), now, [crm])
    except IntegrityError:
        raise OtherAccount(
            f"{identity.name} is connected already. A HubSpot account is connected once."
        ) from None
    return connection


def finish_setup(connection: Connection, now: datetime) -> None:
    """Make everything that syncing needs, and begin. Safe to run again.

    Nothing that was changed before this moment, by each CRM's own clock, is touched. Raises
    CrmError, and checks.NotReady where a permission is missing without which nothing syncs.
    """
    checks.ask(connection, crms_of(connection), now)
    checks.require(connection)
    _allocate(connection, now)
    crms = crms_of(connection)
    ensure_keys(connection, crms, CATALOG.values())
    begins = {crm: _clock_of(crms.of(crm), crm, now) for crm in Crm}
    with transaction.atomic():
        for object_type in CATALOG.values():
            ObjectSettings.objects.seed(connection.pk, object_type, now)
            FieldMapping.objects.seed(connection.pk, object_type, now)
            for crm in Crm:
                for name in object_type.objects(crm):
                    Watermark.objects.start(connection.pk, crm, name, begins[crm])
        connection.finish_setup(now)


def crms_of(connection: Connection, run: SyncRun | None = None, cause: Cause | None = None) -> Crms:
    """Open both doors of a connection. Every call is counted; for `run` too, if one is given.

    cause  what all calls are for, where it is not what each of them does
    """
    meter = _meter(connection, run, cause)
    return Crms(
        hubspot=_hubspot(_tokens(connection, Crm.HUBSPOT), meter),
        salesforce=_salesforce(_tokens(connection, Crm.SALESFORCE), meter),
    )


def _meter(connection: Connection, run: SyncRun | None, cause: Cause | None) -> Meter:
    """Before setup is finished there is no allocation to take from."""
    if connection.set_up_at or Allocation.objects.filter(connection=connection).exists():
        return ConnectionMeter(connection.pk, run, cause)
    return Uncounted()


def _client(crm: Crm, tokens: TokenSource, meter: Meter) -> CrmClient:
    if crm is Crm.SALESFORCE:
        return _salesforce(tokens, meter)
    return _hubspot(tokens, meter)


def _hubspot(tokens: TokenSource, meter: Meter) -> HubspotClient:
    hosts, pace = _hosts(Crm.HUBSPOT), Pace(_redis(), tokens.account)
    return HubspotClient(tokens, hosts, meter, django_cache, pace)


def _salesforce(tokens: TokenSource, meter: Meter) -> SalesforceClient:
    return SalesforceClient(tokens, _hosts(Crm.SALESFORCE), meter, django_cache)


def _tokens(connection: Connection, crm: Crm) -> ConnectionTokens:
    return ConnectionTokens(connection, crm, partial(app_at, crm))


def _login_app(crm: Crm, sandbox: bool) -> oauth.App:
    if crm is Crm.HUBSPOT:
        return app_at(crm, settings.HUBSPOT_API_URL)
    login: str = settings.SALESFORCE_LOGIN_URL
    return app_at(crm, SANDBOX_LOGIN if sandbox and login == PRODUCTION_LOGIN else login)


def app_at(crm: Crm, token_url: str) -> oauth.App:
    """Return our app at a CRM. token_url: where that gives out tokens."""
    name = crm.value.upper()
    return oauth.App(
        crm=crm,
        client_id=getattr(settings, f"{name}_CLIENT_ID"),
        client_secret=getattr(settings, f"{name}_CLIENT_SECRET"),
        login_url=settings.HUBSPOT_LOGIN_URL if crm is Crm.HUBSPOT else token_url,
        token_url=token_url,
        redirect_uri=f"{settings.CONSOLE_URL}/oauth/{crm.value}/callback/",
        hosts=_hosts(crm),
    )


def _hosts(crm: Crm) -> Hosts:
    return Hosts(crm, loopback=settings.SIMULATORS)


@cache
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL)


def _refuse_other(connection: Connection, crm: Crm, identity: AccountIdentity) -> None:
    known = connection.account_id(crm)
    if known and known != identity.id:
        name = connection.hubspot_name if crm is Crm.HUBSPOT else connection.salesforce_name
        raise OtherAccount(
            f"This connection belongs to {name} ({known}). You logged in to {identity.name} "
            f"({identity.id}). Log in to {name}, or begin a new connection."
        )


def _describe(connection: Connection, crm: Crm, identity: AccountIdentity) -> None:
    """Write down who answered. A login mends what a lost login had suspended."""
    if crm is Crm.HUBSPOT:
        connection.hubspot_account_id = identity.id
        connection.hubspot_name = identity.name
        connection.hubspot_host = identity.host
        connection.time_zone = _known_zone(identity.time_zone)
    else:
        connection.salesforce_org_id = identity.id
        connection.salesforce_name = identity.name
        connection.salesforce_host = identity.host
        connection.salesforce_edition = identity.edition
        connection.is_sandbox = identity.is_sandbox
        connection.integration_user_id = identity.user_id
        connection.integration_user = identity.user_name
    connection.suspended_because = ""


def _known_zone(name: str) -> str:
    """Return the name of a time zone, UTC for one that nobody here knows."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


def _allocate(connection: Connection, now: datetime) -> None:
    """Give a new connection its share of the org's calls."""
    if Allocation.objects.filter(connection=connection).exists():
        return
    limit = _salesforce(_tokens(connection, Crm.SALESFORCE), Uncounted()).daily_call_limit()
    Allocation.objects.grant(connection.pk, limit, now)


def _clock_of(client: CrmClient, crm: Crm, now: datetime) -> datetime:
    """Return the time by the CRM's clock: of what is read from here on, nothing is old."""
    asked = [Asked(name, now) for type_ in CATALOG.values() for name in type_.objects(crm)]
    return client.changed(asked).until
