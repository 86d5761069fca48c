"""Where a token may be sent, and where a client gets one from (sync.md 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from sync_engine.core import error_types as types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm

# salesforce-api.md 1.2; HubSpot's API, and the host of its login page.
_SUFFIXES = {
    Crm.SALESFORCE: (
        ".salesforce.com",
        ".salesforce.mil",
        ".crmforce.mil",
        ".sfcrmproducts.cn",
    ),
    Crm.HUBSPOT: (".hubapi.com", ".hubspot.com"),
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The addresses of one CRM. loopback: whether a simulator on this machine counts as one."""

    crm: Crm
    loopback: bool = False

    def check(self, url: str) -> str:
        """Return `url`; raises CrmError unless it is https and leads to the CRM itself."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self.loopback and _is_here(host) and parts.scheme in ("http", "https"):
            return url
        is_plain = parts.username is None and parts.port in (None, 443)
        if parts.scheme == "https" and is_plain and host.endswith(_SUFFIXES[self.crm]):
            return url
        message = f"“{parts.scheme}://{host}” is not an address of {self.crm.label}."
        raise CrmError(Problem(self.crm, types.STRANGE_ADDRESS, message=message))


def _is_here(host: str) -> bool:
    """Tell whether a name leads to this machine; by RFC 6761 those under .localhost do, and in
    containers they lead to the one that bears the name."""
    return host in _LOOPBACK or host.endswith(".localhost")


@dataclass(frozen=True, slots=True)
class Access:
    """url: where the API is reached, scheme and host without a slash at the end."""

    token: str = field(repr=False)
    url: str


class TokenSource(Protocol):
    """account: tells accounts apart that share a cache: a connection and its CRM"""

    account: str

    def access(self) -> Access:
        """Return a token that should be good for the next call."""
        ...

    def renew(self, refused: Access) -> Access:
        """Return a newer token than the one that was refused; raises CrmError."""
        ...
