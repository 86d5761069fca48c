"""Tokens are kept encrypted, by keys that can be changed, and are shown nowhere (sync.md 7)."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from sync_engine.core.values import Crm
from sync_engine.models import Connection, Credential, Tokens

pytestmark = pytest.mark.django_db

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKENS = Tokens("secret-access", "secret-refresh", "https://api.hubapi.com")


@pytest.fixture
def credential(settings) -> Credential:
    settings.CREDENTIAL_KEYS = [OLD]
    connection = Connection.objects.create(hubspot_account_id="1")
    Credential.objects.keep(connection.pk, Crm.HUBSPOT, TOKENS, None)
    return Credential.objects.get()


def test_a_token_is_in_no_repr_and_not_readable_in_the_database(credential):
    shown = f"{credential!r} {credential} {credential.tokens!r} {bytes(credential.sealed)!r}"
    assert "secret" not in shown


def test_after_rotating_the_old_key_can_go(credential, settings, capsys):
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    call_command("rotate_credentials")
    settings.CREDENTIAL_KEYS = [NEW]
    credential.refresh_from_db()
    assert credential.tokens == TOKENS
    assert capsys.readouterr().out.startswith("Sealed with the first key: 1.")


def test_a_credential_whose_key_is_gone_is_named_with_what_to_do(credential, settings):
    before = bytes(credential.sealed)
    settings.CREDENTIAL_KEYS = [NEW]
    with pytest.raises(CommandError) as refused:
        call_command("rotate_credentials")
    assert f"hubspot credential of connection {credential.connection_id}" in str(refused.value)
    assert "Put the key back that sealed it" in str(refused.value)
    credential.refresh_from_db()
    assert bytes(credential.sealed) == before
