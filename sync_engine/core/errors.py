"""What can go wrong with one record or one call, what the admin does about it, what we do next.

Types and categories: product.md 19.3 and 19.5. Codes: salesforce-api.md 10, hubspot-api.md 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sync_engine.core.values import Crm


class Remedy(StrEnum):
    """What the engine does next. What the admin should do is in ErrorType.fix."""

    RETRY = "retry"  # passing: the engine tries again by itself
    HOLD = "hold"  # the record waits until a side changes, or an admin resyncs it
    STOP = "stop"  # nothing can work until the connection is mended


class Category(StrEnum):
    """One card on Sync Health. The names are the manual's (product.md 19.3)."""

    ASSOCIATIONS = "associations"
    CUSTOM_CODE = "custom-code"
    DUPLICATES = "duplicates"
    MAPPING = "mapping"
    PERMISSIONS = "permissions"
    PROPERTY_VALUES = "property-values"
    RECORDS = "records"
    LIMITS = "limits"
    TEMPORARY = "temporary"
    CONNECTION = "connection"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class ErrorType:
    """A kind of error.

    meaning  one plain sentence: what is wrong and what it holds back
    fix      steps for the admin, in order; () where nothing is to be done
    """

    slug: str
    title: str
    category: Category
    remedy: Remedy
    meaning: str
    fix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal of a CRM, in our words and in its own.

    code     the CRM's code, "" where it has none
    message  the CRM's words, verbatim: for the admin's eyes, never for a log
    fields   the fields it names, as this CRM spells them
    """

    crm: Crm
    type: ErrorType
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()


class CrmError(Exception):
    """A CRM refused or failed a whole call. Callers read `.problem`, never the message.

    in_doubt  the call may have been carried out: a time-out, a dropped connection, a 5xx
    """

    def __init__(self, problem: Problem, *, in_doubt: bool = False) -> None:
        code = f" ({problem.code})" if problem.code else ""
        super().__init__(f"{problem.crm.label}: {problem.type.title}{code}")
        self.problem = problem
        self.in_doubt = in_doubt
