"""Salesforce's refusals. Codes and texts: salesforce-api.md 10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """Salesforce says no.

    status  of the HTTP answer, where the refusal is the answer and not an item in it
    fields  API names; None where Salesforce sends no such key
    extra   keys beside errorCode and message
    """

    def __init__(
        self,
        code: str,
        message: str,
        fields: Sequence[str] | None = None,
        status: int = 400,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields
        self.status = status
        self.extra = extra or {}

    def body(self) -> list[dict[str, Any]]:
        """Spell it as the answer to a call: `errorCode`."""
        error: dict[str, Any] = {"message": self.message, "errorCode": self.code, **self.extra}
        if self.fields is not None:
            error["fields"] = list(self.fields)
        return [error]

    def item(self) -> dict[str, Any]:
        """Spell it as one of a collection's errors: `statusCode`."""
        return {
            "statusCode": self.code,
            "message": self.message,
            "fields": list(self.fields or ()),
        }


def not_found(message: str = "The requested resource does not exist") -> Refusal:
    return Refusal("NOT_FOUND", message, status=404)


def deleted() -> Refusal:
    return Refusal("ENTITY_IS_DELETED", "entity is deleted", (), status=404)


def no_such_column(name: str, sobject: str) -> Refusal:
    return Refusal("INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject}")


def not_writable(names: Sequence[str]) -> Refusal:
    return Refusal(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings "
        "of this field and verify that it is read/write for your profile or permission set.",
        names,
    )


def fields_missing(names: Sequence[str]) -> Refusal:
    return Refusal(
        "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(names)}]", names
    )


def bad_json(message: str) -> Refusal:
    return Refusal("JSON_PARSER_ERROR", message)


def malformed(message: str) -> Refusal:
    return Refusal("MALFORMED_QUERY", message)


def method_not_allowed(method: str, allowed: str) -> Refusal:
    return Refusal(
        "METHOD_NOT_ALLOWED",
        f"HTTP Method '{method}' not allowed. Allowed are {allowed}",
        status=405,
    )


def not_simulated(what: str) -> Refusal:
    return Refusal("NOT_SIMULATED", f"{what} is not simulated", status=501)


def session_expired() -> Refusal:
    return Refusal("INVALID_SESSION_ID", "Session expired or invalid", status=401)


def api_disabled() -> Refusal:
    return Refusal(
        "API_DISABLED_FOR_ORG",
        "API is not enabled for this Organization or Partner",
        status=403,
    )


def limit_exceeded() -> Refusal:
    return Refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)
