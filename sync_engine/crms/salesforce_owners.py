"""Who may own a record in Salesforce: users and queues (salesforce-api.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync_engine.core.allocation import Cause
from sync_engine.core.owners import Owner
from sync_engine.crms.salesforce_api import SalesforceApi
from sync_engine.crms.salesforce_query import all_rows, first_pages

# A customer portal may have hundreds of thousands of users; they own what they enter there.
_USERS = (
    "SELECT Id, Name, Email, IsActive, UserType FROM User WHERE UserType NOT IN "
    "('CspLitePortal', 'CsnOnly', 'CustomerSuccess', 'PowerCustomerSuccess', 'SelfService')"
)
_QUEUES = "SELECT Id, Name, Email FROM Group WHERE Type = 'Queue'"

# Salesforce lets no others own a record that we write.
_MAY_OWN = ("Standard", "PowerPartner")


def owners(api: SalesforceApi) -> list[Owner]:
    """Ask for users and queues in one call, and one more for every further page. Raises CrmError."""
    users, queues = first_pages(api, Cause.DESCRIBE, "query", (_USERS, _QUEUES))
    return [
        *map(_user, all_rows(api, Cause.DESCRIBE, users)),
        *map(_queue, all_rows(api, Cause.DESCRIBE, queues)),
    ]


def _user(row: Mapping[str, Any]) -> Owner:
    may_own = bool(row["IsActive"]) and row["UserType"] in _MAY_OWN
    return Owner(row["Id"], row["Name"] or "", row["Email"] or "", is_active=may_own)


def _queue(row: Mapping[str, Any]) -> Owner:
    return Owner(row["Id"], row["Name"] or "", row["Email"] or "", is_queue=True)
