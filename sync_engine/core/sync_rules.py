"""The four sync rules, as the manual names them (seed 004, "Select a sync rule")."""

from __future__ import annotations

from enum import StrEnum


class SyncRule(StrEnum):
    PREFER_SALESFORCE = "prefer_salesforce"
    ALWAYS_SALESFORCE = "always_salesforce"
    TWO_WAY = "two_way"
    DONT_SYNC = "dont_sync"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def consequence(self) -> str:
        """One sentence on what the rule does, shown beside it."""
        return _WORDS[self][1]


_WORDS = {
    SyncRule.PREFER_SALESFORCE: (
        "Prefer Salesforce unless blank",
        "Salesforce wins. HubSpot’s value passes only while Salesforce has none",
    ),
    SyncRule.ALWAYS_SALESFORCE: (
        "Always use Salesforce",
        "HubSpot never writes to Salesforce, not even into a blank field",
    ),
    SyncRule.TWO_WAY: (
        "Two-way",
        "The latest change wins, and clearing clears the other side",
    ),
    SyncRule.DONT_SYNC: (
        "Don’t sync",
        "Nothing passes. Use this instead of deleting a standard mapping",
    ),
}
