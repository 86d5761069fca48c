"""HubSpot's contract as its installed official client knows it: calls, members, what is required.

Nothing is stored: the client's own models say what they refuse, its API classes which calls there
are. What the client gets wrong, and the calls it lacks, are corrected below, each with its source.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

import jsonschema_rs
import orjson

PACKAGES = [
    *("crm.contacts", "crm.companies", "crm.deals", "crm.tickets", "crm.objects.tasks"),
    *("crm.objects", "crm.properties", "crm.owners", "crm.pipelines", "crm.lists", "oauth"),
    *("crm.associations.v4", "crm.associations.v4.schema"),
]
ALIASES = {
    "contacts": {"0-1", "contact"},
    "companies": {"0-2", "company"},
    "0-3": {"deals", "deal"},
    "tickets": {"0-5", "ticket"},
    "tasks": {"0-27", "task"},
}
TEXT = {"type": ["string", "null"]}
ID = {"type": ["string", "integer"]}
SORT = {
    "anyOf": [
        {"type": "string"},
        {
            "required": ["propertyName"],
            "properties": {"direction": {"enum": ["ASCENDING", "DESCENDING"]}},
        },
    ]
}
# Where HubSpot takes less, or answers otherwise, than the client's models say
# (hubspot-api.md 1.3): what is required instead, and members of another shape.
REQUIRED = {
    "PublicObjectSearchRequest": [],
    "StandardError": ["status", "category", "message"],
    "Error": ["message"],
    "BatchReadInputSimplePublicObjectId": ["inputs"],
    "SimplePublicObjectInputForCreate": ["properties"],
    "ListSearchRequest": [],
}
# One of many shapes, which the client flattens into one that fits none of them.
ANY_OF_MANY = re.compile(r"\w+(FiltersInner|FilterBranchesInner|ValueComparison)")
MEMBERS = {
    "PublicObjectSearchRequest": {"sorts": {"type": "array", "items": SORT}, "after": ID},
    "MultiAssociatedObjectWithLabel": {"toObjectId": ID},
    "LabelsBetweenObjectPair": {"toObjectId": ID, "fromObjectId": ID},
    "PublicObjectId": {"id": ID},
}
# Calls that HubSpot documents and the client lacks. Their answers are checked by tests of their own.
UNKNOWN_TO_THE_CLIENT = re.compile(
    r"/account-info/(v3|2026-03)/(details|api-usage/daily/private-apps)"  # hubspot-api.md 11
    r"|/communication-preferences/(v4|2026-03)/(definitions|statuses/.*)"  # 11
    r"|/oauth/authorize"  # 13.2: a page
    r"|/oauth/(v3|2026-03)/token(/introspect|/revoke)?"  # 13.2
    r"|/oauth/v2/private-apps/get/access-token-info"  # 13.1: of keys
)
# The dated family answers 200 where the older one answers 204 (hubspot-api.md 2.2).
DATED_200 = re.compile(r"/crm/associations/2026-03/.*/batch/(archive|purge|labels/archive)")
# Answered by what stands before HubSpot, in any form.
GATEWAY = frozenset({502, 503, 504, 521, 522, 523, 524, 525, 526})
DATED = re.compile(r"/\d{4}-\d\d(?=/|$)")
SCALARS: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "object": {},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """body, answers: names of models as the client spells types; "" for no body."""

    package: str
    query: frozenset[str]
    body: str
    answers: dict[int, str | None]


class Contract:
    """Every call of the client's, and what is wrong with an exchange."""

    def __init__(self) -> None:
        self._operations: dict[tuple[str, int], list[tuple[list[str], Operation]]] = {}
        for package in PACKAGES:
            for method, path, operation in _operations(package):
                shape = path.strip("/").split("/")
                self._operations.setdefault((method, len(shape)), []).append((shape, operation))

    def find(self, method: str, path: str) -> Operation | None:
        parts = _older(path).strip("/").split("/")
        fitting = [
            (sum(want.startswith("{") for want in shape), at, operation)
            for at, (shape, operation) in enumerate(self._operations.get((method, len(parts)), ()))
            if all(map(_fits, shape, parts))
        ]
        return min(fitting)[2] if fitting else None

    def request_faults(self, method: str, target: str, body: bytes) -> list[str]:
        """Say what is wrong with a request that HubSpot is to understand."""
        path, _, query = target.partition("?")
        operation = self.find(method, path)
        if operation is None:
            return []
        faults = [f"query {name}" for name in parse_qs(query) if name not in operation.query]
        if operation.body:
            faults += _against(operation.package, operation.body, body)
        return [f"{method} {target} asked: {fault}" for fault in faults]

    def answer_faults(self, method: str, path: str, status: int, body: bytes) -> list[str]:
        """Say what is wrong with an answer, and whether HubSpot has such a call at all."""
        operation = self.find(method, path)
        if status in GATEWAY:
            faults = []
        elif status >= 400:
            faults = _against("crm.objects", "Error", body)
        elif operation is None:
            faults = [] if UNKNOWN_TO_THE_CLIENT.fullmatch(path.rstrip("/")) else ["no such call"]
        elif answer := operation.answers.get(status):
            faults = _against(operation.package, answer, body)
        elif any(operation.answers.values()):
            faults = [f"{status} is not among {sorted(operation.answers)}"]
        elif status == 200 and DATED_200.fullmatch(path.rstrip("/")):
            faults = []
        else:
            faults = ["a body where there is none"] if body else []
        return [f"{method} {path} answered {status}: {fault}" for fault in faults]


@cache
def hubspot_contract() -> Contract:
    return Contract()


def _older(path: str) -> str:
    """Spell a path of the dated family as the older one: bodies are the same."""
    if DATED.search(path):
        is_v4 = path.startswith("/crm/associations") or "/associations" in path
        bare = DATED.sub("", path, count=1)
        root = bare.split("/")[1]
        path = bare.replace(f"/{root}", f"/{root}/{'v4' if is_v4 else 'v3'}", 1)
    return path.replace("/crm/associations/v4/", "/crm/v4/associations/")


def _fits(want: str, part: str) -> bool:
    return want.startswith("{") or want == part or unquote(part) in ALIASES.get(want, ())


def _against(package: str, spelled: str, body: bytes) -> list[str]:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ["not JSON"]
    found = _validator(package, spelled).iter_errors(sent)
    return [f"{'.'.join(map(str, one.instance_path))}: {one.message[:200]}" for one in found]


@cache
def _validator(package: str, spelled: str) -> Any:
    definitions: dict[str, Any] = {}
    root = _schema(package, spelled, definitions)
    whole = {**root, "$defs": definitions}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _schema(package: str, spelled: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type such as "dict[str, list[Filter]]"."""
    if ANY_OF_MANY.fullmatch(spelled):
        return {"type": "object"}
    if spelled in SCALARS:
        return SCALARS[spelled]
    if inner := re.fullmatch(r"list\[(.*)\]", spelled):
        return {"type": "array", "items": _schema(package, inner[1], definitions)}
    if inner := re.fullmatch(r"dict\[[^,]*, (.*)\]", spelled):
        of_values = _or_null(_schema(package, inner[1], definitions))
        return {"type": "object", "additionalProperties": of_values}
    if spelled not in definitions:
        definitions[spelled] = {}  # models name each other in circles
        definitions[spelled] = _model(package, spelled, definitions)
    return {"$ref": f"#/$defs/{spelled}"}


def _model(package: str, name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one of the client's models, by asking it what it refuses."""
    models = importlib.import_module(f"hubspot.{package}.models")
    model = getattr(models, name)
    instance = object.__new__(model)
    settings = importlib.import_module(f"hubspot.{package}").Configuration()
    settings.client_side_validation = True
    instance.local_vars_configuration = settings
    required, members = [], {}
    for attribute, spelled in model.openapi_types.items():
        member = model.attribute_map[attribute]
        schema = _schema(package, spelled, definitions)
        if allowed := _allowed(instance, attribute, is_list=spelled.startswith("list")):
            narrow = {"enum": allowed}
            schema = {**schema, **({"items": narrow} if spelled.startswith("list") else narrow)}
        if "must not be `None`" in _refusal(instance, attribute, None):
            required.append(member)
        members[member] = schema
    required = REQUIRED.get(name, required)
    members = {
        member: schema if member in required else _or_null(schema)
        for member, schema in (members | MEMBERS.get(name, {})).items()
    }
    return {"type": "object", "properties": members, "required": required}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _refusal(instance: Any, attribute: str, value: Any) -> str:
    try:
        setattr(instance, attribute, value)
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def _allowed(instance: Any, attribute: str, *, is_list: bool) -> list[str]:
    refusal = _refusal(instance, attribute, ["no such value"] if is_list else "no such value")
    if is_list:
        _, _, listed = refusal.partition("must be a subset of ")
        return [one for one in listed.strip("[]").split(", ") if one]
    _, _, listed = refusal.partition("must be one of ")
    return list(ast.literal_eval(listed)) if listed else []


def _operations(package: str) -> list[tuple[str, str, Operation]]:
    found = []
    apis = importlib.import_module(f"hubspot.{package}.api")
    for module in pkgutil.iter_modules(apis.__path__, f"{apis.__name__}."):
        source = inspect.getsource(importlib.import_module(module.name))
        for function in ast.walk(ast.parse(source)):
            if isinstance(function, ast.FunctionDef) and function.name.endswith("_http_info"):
                found.append(_operation(package, function))
    return found


def _operation(package: str, function: ast.FunctionDef) -> tuple[str, str, Operation]:
    """Read one call: it names its path, its query and its body's type in plain sight."""
    source = ast.unparse(function)
    path, method = re.findall(r"call_api\('([^']+)', '([A-Z]+)'", source)[0]
    query = re.findall(r"query_params\.append\(\('([^']+)'", source)
    answers = re.search(r"response_types_map = (\{[^}]*\})", source)
    body = re.search(r"body_params = local_var_params\['(\w+)'\]", source)
    type_ = ""
    if body:
        documented = re.search(rf":type {body[1]}: (\S+)", ast.get_docstring(function) or "")
        assert documented
        type_ = documented[1]
    by_status = ast.literal_eval(answers[1]) if answers else {}
    return method, path, Operation(package, frozenset(query), type_, by_status)
