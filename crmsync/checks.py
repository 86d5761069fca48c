"""Refuse to start with keys that protect nothing, and to deploy what is meant for a laptop."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

HOW_TO_MAKE_A_SECRET_KEY = (
    "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
)
HOW_TO_MAKE_A_CREDENTIAL_KEY = (
    "Make one with: python3 -c 'import base64, os; "
    "print(base64.urlsafe_b64encode(os.urandom(32)).decode())' "
    "and keep it as safe as the CRM accounts it opens."
)


def refuse_missing_keys(**_: Any) -> Sequence[CheckMessage]:
    """Both keys must be there; outside the demo the credentials' must have been drawn by lot."""
    found: list[CheckMessage] = []
    try:
        settings.SECRET_KEY  # noqa: B018 - Django raises rather than hand out an empty one
    except ImproperlyConfigured:
        found.append(Error("SECRET_KEY is not set.", HOW_TO_MAKE_A_SECRET_KEY, id="crmsync.E001"))
    if not settings.CREDENTIAL_KEYS:
        found.append(_credential_error("CREDENTIAL_KEYS is not set."))
    elif not all(map(is_key, settings.CREDENTIAL_KEYS)):
        found.append(_credential_error("CREDENTIAL_KEYS holds something that is not a key."))
    elif not settings.SIMULATORS and not all(map(is_random, settings.CREDENTIAL_KEYS)):
        found.append(_credential_error("CREDENTIAL_KEYS holds a sample, not a key of your own."))
    return found


def refuse_simulators(**_: Any) -> Sequence[CheckMessage]:
    if not settings.SIMULATORS:
        return []
    return [
        Error(
            "SIMULATORS is on: tokens could be sent over http, and to this machine.",
            "Take SIMULATORS out of the environment; it is for the demo and the tests.",
            id="crmsync.E003",
        )
    ]


def is_key(text: str) -> bool:
    """Return whether Fernet takes it: 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(text)) == 32
    except (binascii.Error, ValueError):
        return False


def is_random(key: str) -> bool:
    """Return whether a key looks drawn by lot: 32 random bytes hold about 30 different ones."""
    return len(set(base64.urlsafe_b64decode(key))) > 20


def _credential_error(problem: str) -> Error:
    return Error(problem, HOW_TO_MAKE_A_CREDENTIAL_KEY, id="crmsync.E002")
