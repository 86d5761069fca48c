"""Logging in to both simulators, as an admin does."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.utils import timezone

from sync_engine.core.values import Crm
from sync_engine.models import Connection
from sync_engine.runs import connect
from tests.simulated import Control

VERIFIER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"


@pytest.fixture
def simulated(
    settings: Any, hubspot_control: Control, salesforce_control: Control
) -> dict[Crm, Control]:
    """Both CRMs, and a console that knows where they are."""
    settings.HUBSPOT_LOGIN_URL = settings.HUBSPOT_API_URL = hubspot_control.url
    settings.SALESFORCE_LOGIN_URL = salesforce_control.url
    settings.CONSOLE_URL = "http://127.0.0.1:8000"
    for name in ("HUBSPOT", "SALESFORCE"):
        setattr(settings, f"{name}_CLIENT_ID", "crmsync-demo")
        setattr(settings, f"{name}_CLIENT_SECRET", "crmsync-demo-secret")
    cache.clear()
    return {Crm.HUBSPOT: hubspot_control, Crm.SALESFORCE: salesforce_control}


def log_in(
    crm: Crm, connection: Connection | None = None, now: datetime | None = None
) -> Connection:
    url = connect.login_url(crm, state="s", verifier=VERIFIER, sandbox=False)
    return connect.complete_login(
        connection,
        crm,
        code=let_in(url),
        verifier=VERIFIER,
        sandbox=False,
        now=now or timezone.now(),
    )


def let_in(url: str) -> str:
    """Let ourselves in as a person does on the CRM's page, and return the code it gives."""
    with requests.Session() as browser:
        browser.trust_env = False
        form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        page = browser.get(url, timeout=10).text
        if 'name="user"' in page:
            form["user"] = page.split('<option value="')[1].split('"')[0]
        answer = browser.post(
            url.split("?")[0], data=form | {"decision": "allow"}, timeout=10, allow_redirects=False
        )
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    return back["code"][0]
