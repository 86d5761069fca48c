"""HubSpot's paths, in the one family that we speak.

Both families take and give the same bodies (hubspot-api.md 2). The undated one ends in September
2027: then API_FAMILY is changed, and the contract suite run.
"""

from __future__ import annotations

API_FAMILY = "v3"

_ROOTS = {
    "v3": {
        "objects": "/crm/v3/objects",
        "properties": "/crm/v3/properties",
        "owners": "/crm/v3/owners",
        "lists": "/crm/v3/lists",
        "consent": "/communication-preferences/v4",
        "account": "/account-info/v3",
        "token": "/oauth/v1/token",
        "revoke": "/oauth/v3/token/revoke",
    },
    "2026-03": {
        "objects": "/crm/objects/2026-03",
        "properties": "/crm/properties/2026-03",
        "owners": "/crm/owners/2026-03",
        "lists": "/crm/lists/2026-03",
        "consent": "/communication-preferences/2026-03",
        "account": "/account-info/2026-03",
        "token": "/oauth/2026-03/token",
        "revoke": "/oauth/2026-03/token/revoke",
    },
}


def path(resource: str, *parts: str) -> str:
    """Return the path of a resource: path("objects", "contacts", "batch/read")."""
    return "/".join((_ROOTS[API_FAMILY][resource], *parts))
