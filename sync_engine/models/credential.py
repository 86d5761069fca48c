"""The tokens of one connection and CRM, encrypted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models, transaction

from sync_engine.core.values import Crm


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an account gave us to act in its name. Never in a repr, a log or a CSV.

    refresh_token  "" for a service key, which does not expire
    instance_url   where the API is reached; Salesforce may move it at each refresh
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    instance_url: str = ""


class CredentialQuerySet(models.QuerySet["Credential"]):
    def keep(
        self, connection_id: int, crm: Crm, tokens: Tokens, expires_at: datetime | None
    ) -> None:
        self.update_or_create(
            connection_id=connection_id,
            crm=crm.value,
            defaults={"sealed": seal(tokens), "expires_at": expires_at},
        )

    @transaction.atomic
    def seal_anew(self) -> int:
        """Encrypt everything with the first of CREDENTIAL_KEYS; return how many there are.

        Raises CannotOpen, and changes nothing, where one of them was sealed with a key that is
        not among them any more.
        """
        held = list(self.select_for_update().order_by("pk"))
        for credential in held:
            credential.seal_anew()
        return len(held)


class Credential(models.Model):
    class CannotOpen(Exception):
        """It was sealed with a key that we do not have. The message is for the admin."""

    connection = models.ForeignKey(
        "sync_engine.Connection", on_delete=models.CASCADE, related_name="credentials"
    )
    crm = models.CharField(max_length=10)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(null=True)  # None: the CRM does not say (Salesforce)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "crm"], name="one_credential_per_connection_and_crm"
            )
        ]

    def __str__(self) -> str:
        return f"{self.crm} credential of connection {self.connection_id}"

    @property
    def tokens(self) -> Tokens:
        return Tokens(**json.loads(_fernet().decrypt(bytes(self.sealed))))

    def replace(self, tokens: Tokens, expires_at: datetime | None) -> None:
        self.sealed, self.expires_at = seal(tokens), expires_at
        self.save(update_fields=["sealed", "expires_at"])

    def seal_anew(self) -> None:
        try:
            self.sealed = _fernet().rotate(bytes(self.sealed))
        except InvalidToken:
            raise self.CannotOpen(
                f"None of CREDENTIAL_KEYS opens the {self}. Put the key back that sealed it, after "
                f"the new one; or log in to {Crm(self.crm).label} again in the console."
            ) from None
        self.save(update_fields=["sealed"])


def seal(tokens: Tokens) -> bytes:
    return _fernet().encrypt(json.dumps(asdict(tokens)).encode())


def _fernet() -> MultiFernet:
    """The first of CREDENTIAL_KEYS encrypts, all of them decrypt: that is how keys are rotated."""
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])
