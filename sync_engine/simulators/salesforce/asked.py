"""What the body of an action says, checked: each function raises Refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.soql.compile import compile_query
from sync_engine.simulators.salesforce.soql.parse import parse
from sync_engine.simulators.salesforce.soql.shape import Predicate

Asked = Mapping[str, Any]


def sobject_of(org: Org, asked: Asked) -> SObject:
    """Return the object that "object" names."""
    sobject = org.sobject(text(asked, "object", ""))
    if sobject is None:
        raise Refused("'object' names an object of this org.")
    return sobject


def condition(org: Org, sobject: SObject, asked: Asked) -> Predicate:
    """Return a test of rows from "where", which is SOQL; all rows pass without."""
    where = text(asked, "where", "")
    if not where:
        return lambda row: True
    session = Session(org.admin_user, "control", sees_all=True)
    try:
        statement = parse(f"SELECT Id FROM {sobject.name} WHERE {where}")
        matches = compile_query(org, session, statement, sobject.reached).matches
    except Refusal as refusal:
        raise Refused(refusal.message) from refusal
    return matches or (lambda row: True)


def switch(asked: Asked, name: str, default: bool) -> bool:
    """Return true or false."""
    value = asked.get(name, default)
    if not isinstance(value, bool):
        raise Refused(f"{name!r} is true or false.")
    return value


def text(asked: Asked, name: str, default: str) -> str:
    """Return a text; raises Refused."""
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise Refused(f"{name!r} is a text.")
    return value


def texts(asked: Asked, name: str) -> list[str]:
    """Return a list of texts; raises Refused."""
    value = asked.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(f"{name!r} is a list of texts.")
    return value


def whole(asked: Asked, name: str, default: int) -> int:
    """Return a whole number from 0 on; raises Refused."""
    value = asked.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**9:
        raise Refused(f"{name!r} is a number.")
    return value
