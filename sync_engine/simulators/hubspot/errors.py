"""HubSpot's refusals, word for word where they are known. Source: hubspot-api.md 4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

VALIDATION = "VALIDATION_ERROR"
SCOPES_PAGE = "https://developers.hubspot.com/scopes"


@dataclass(eq=False)
class HubSpotError(Exception):
    """One refusal.

    category   "" leaves the member out
    in_batch   what a whole batch is told instead, where that differs
    override   the complete body, for the few that do not use the envelope
    """

    status: int
    message: str
    category: str = VALIDATION
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Sequence[Mapping[str, Any]] = ()
    sub_category: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    in_batch: str = ""
    override: Mapping[str, Any] | None = None

    def body(self, correlation_id: str) -> dict[str, Any]:
        """Return the envelope of a call that failed as a whole."""
        if self.override is not None:
            return {**self.override, "correlationId": correlation_id}
        optional = {
            "category": self.category,
            "subCategory": self.sub_category,
            "context": self.context,
            "errors": list(self.errors),
            "links": self.links,
        }
        return {
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            **{name: value for name, value in optional.items() if value},
        }

    def of_input(self, trace_id: str) -> dict[str, Any]:
        """Return the error of one input of a batch. The official client's model wants `errors`
        and `links` on each, so they are there even when empty."""
        found: dict[str, Any] = {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": {**self.context, "objectWriteTraceId": [trace_id]},
            "errors": list(self.errors),
            "links": dict(self.links),
        }
        return {**found, "subCategory": self.sub_category} if self.sub_category else found


@dataclass(frozen=True, slots=True)
class BadValue:
    """One property's value that was refused."""

    name: str
    code: str
    message: str


def bad_values(found: Sequence[BadValue], portal_id: int) -> HubSpotError:
    listed = [
        {
            "isValid": False,
            "message": bad.message,
            "error": bad.code,
            "name": bad.name,
            "localizedErrorMessage": bad.message,
            "portalId": portal_id,
        }
        for bad in found
    ]
    return HubSpotError(
        400,
        f"Property values were not valid: {orjson.dumps(listed).decode()}",
        errors=[
            {"message": bad.message, "code": bad.code, "context": {"propertyName": [bad.name]}}
            for bad in found
        ],
    )


def refusal(found: Sequence[HubSpotError], most: int | None) -> HubSpotError:
    """Return what a whole batch is refused with: the first error, which lists those of all inputs,
    each once, at most `most` of them."""
    first = found[0]
    first.message = first.in_batch or first.message
    listed = [one for error in found for one in error.errors]
    first.errors = [one for at, one in enumerate(listed) if one not in listed[:at]][:most]
    return first


def invalid_json(problem: str) -> HubSpotError:
    return HubSpotError(400, f"Invalid input JSON on line 1, column 1: {problem}")


def missing_members(names: Iterable[str]) -> HubSpotError:
    return invalid_json(f"Some required fields were not set: [{', '.join(names)}]")


def already_exists(singular: str, existing: int) -> HubSpotError:
    said = f"{singular.capitalize()} already exists"
    return HubSpotError(
        409,
        f"{said}. Existing ID: {existing}",
        "CONFLICT",
        context={"existingId": [str(existing)]},
        in_batch=said,
    )


def value_taken(coordinates: str, *, record_id: int, owner_id: int) -> HubSpotError:
    return HubSpotError(
        400,
        f"Cannot set PropertyValueCoordinates{{{coordinates}}} on {record_id}. "
        f"{owner_id} already has that value.",
    )


def duplicate_ids(ids: Sequence[str]) -> HubSpotError:
    return HubSpotError(
        400,
        f"Duplicate IDs found in batch input: [{', '.join(ids)}]. IDs must be unique",
        context={"ids": list(ids)},
    )


def could_not_get(legacy_name: str, ids: Sequence[str]) -> HubSpotError:
    return HubSpotError(
        404,
        f"Could not get some {legacy_name} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        "OBJECT_NOT_FOUND",
        context={"ids": list(ids)},
    )


def record_not_found(asked: str) -> HubSpotError:
    if asked.isascii() and asked.isdigit():
        return HubSpotError(404, "resource not found", "OBJECT_NOT_FOUND")
    return HubSpotError(
        404,
        "Object not found.  objectId are usually numeric.",
        "OBJECT_NOT_FOUND",
        context={"id": [asked]},
    )


def missing_scopes(required: Sequence[str]) -> HubSpotError:
    return HubSpotError(
        403,
        "This app hasn't been granted all required scopes to make this call. "
        f"Read more about required scopes here: {SCOPES_PAGE}.",
        "MISSING_SCOPES",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": list(required)},
            }
        ],
        links={"scopes": SCOPES_PAGE},
    )


def not_simulated(what: str) -> HubSpotError:
    """Build the answer to what HubSpot has and this account has not, by its name."""
    return HubSpotError(501, f"{what} is not simulated", category="NOT_SIMULATED")


def rate_limited(policy: str, group: str) -> HubSpotError:
    """Build the 429, which does not use the usual envelope. Source: hubspot-api.md 3.3."""
    return HubSpotError(
        429,
        policy,
        override={
            "status": "error",
            "message": f"You have reached your {policy.lower()} limit.",
            "errorType": "RATE_LIMIT",
            "policyName": policy,
            "groupName": group,
        },
    )
