"""Faults that happen to every integration, ready to be sent to POST faults. By simulator's title.

Bodies as each CRM spells them: salesforce-api.md 10, hubspot-api.md 3.3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mishap:
    what: str
    rule: dict[str, Any]


BUSY = "<html><body><h1>503 Service Unavailable</h1></body></html>"
_EVERYWHERE = (
    Mishap(
        "The next call gets an HTML page instead of an answer.",
        {"status": 503, "body": BUSY, "times": 1},
    ),
    Mishap(
        "The next write is done, and its answer is lost: nobody can know.",
        {"method": "POST", "drop": True, "moment": "after", "times": 1},
    ),
    Mishap("The next call is lost on its way.", {"drop": True, "times": 1}),
    Mishap("The next answer breaks off after 20 bytes.", {"truncate": 20, "times": 1}),
    Mishap("The next answer comes five seconds late.", {"delay": 5, "times": 1}),
)
_SALESFORCE = (
    Mishap(
        "The day's calls are used up: HTTP 403, until the rule is deleted.",
        {
            "status": 403,
            "path": "/services/data/",
            "body": [
                {
                    "message": "TotalRequests Limit exceeded.",
                    "errorCode": "REQUEST_LIMIT_EXCEEDED",
                }
            ],
        },
    ),
    Mishap(
        "Somebody else locks the rows of the next write.",
        {
            "path": "/composite/sobjects|/sobjects/Contact",
            "action": "lock-rows",
            "arguments": {"object": "Contact", "times": 1},
            "times": 1,
        },
    ),
    Mishap(
        "The next write is stamped now and seen half a minute later.",
        {
            "path": "/composite/sobjects|/sobjects/Contact",
            "action": "late-commits",
            "arguments": {"seconds": 30, "object": "Contact"},
            "times": 1,
        },
    ),
    Mishap(
        "Every session ends before the next call.",
        {"path": "/services/data/", "action": "expire-sessions", "times": 1},
    ),
)
_HUBSPOT = (
    Mishap(
        "The next call is one too many: HTTP 429.",
        {
            "status": 429,
            "headers": {"Retry-After": "10"},
            "body": {
                "status": "error",
                "message": "You have reached your ten_secondly_rolling limit.",
                "errorType": "RATE_LIMIT",
                "policyName": "TEN_SECONDLY_ROLLING",
            },
            "times": 1,
        },
    ),
    Mishap(
        "Another operation locks the contacts for two seconds: HTTP 423.",
        {
            "path": "/crm/",
            "action": "lock",
            "arguments": {"object": "contacts", "seconds": 2},
            "times": 1,
        },
    ),
    Mishap(
        "Search falls a minute behind.",
        {"path": "/crm/", "action": "index-lag", "arguments": {"seconds": 60}, "times": 1},
    ),
    Mishap(
        "The next input of an upsert vanishes, with neither result nor error.",
        {"path": "/batch/upsert", "action": "lose-upserts", "arguments": {"times": 1}, "times": 1},
    ),
    Mishap(
        "Every access token ends before the next call.",
        {"path": "/crm/", "action": "expire-tokens", "times": 1},
    ),
)
MISHAPS = {"Salesforce": (*_SALESFORCE, *_EVERYWHERE), "HubSpot": (*_HUBSPOT, *_EVERYWHERE)}
