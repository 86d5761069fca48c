"""What the names in a statement stand for: fields, lookups, children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import TEXTS, Field, Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import visible_fields
from sync_engine.simulators.salesforce.soql.ast import Path, Statement
from sync_engine.simulators.salesforce.soql.shape import Getter, parent_of
from sync_engine.simulators.salesforce.soql.tokens import at_place
from sync_engine.simulators.salesforce.tables.children import CHILDREN
from sync_engine.simulators.salesforce.tables.names import name

MOST_PARENTS = 5
HINT = "Please reference your WSDL or the describe call for the appropriate names."
NAME = name()


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a session may use in a statement about an object."""

    org: Org
    session: Session
    statement: Statement
    sobject: SObject

    def bare(self, path: Path) -> Path:
        """Return the path without the object's own name or alias before it."""
        own = (self.sobject.name.lower(), self.statement.alias.lower())
        if len(path.parts) > 1 and path.parts[0].lower() in own:
            return Path(path.parts[1:], path.at)
        return path

    def resolve(self, path: Path) -> tuple[list[Field], Field]:
        """Return the lookups that a path goes through, and the field at its end; raises Refusal."""
        *parents, last = self.bare(path).parts
        if len(parents) > MOST_PARENTS:
            raise self._no_relationship(path, parents[MOST_PARENTS])
        sobject, lookups = self.sobject, []
        for part in parents:
            lookup = self._lookup(sobject, path, part)
            lookups.append(lookup)
            sobject = self._parent(path, part, lookup)
        field = self._visible(sobject).get(last.lower())
        if field is None:
            raise self.no_column(path, last, sobject)
        return lookups, field

    def getter(self, path: Path) -> Getter:
        """Return what tells a record's value at the end of a path."""
        lookups, last = self.resolve(path)
        is_flag, field_name, org = last.type == "boolean", last.name, self.org
        if not lookups:
            return lambda row: bool(row.get(field_name)) if is_flag else row.get(field_name)

        def get(row: Row) -> Any:
            parent: Row | None = row
            for lookup in lookups:
                parent = parent_of(org, parent, lookup) if parent else None
            held = parent.get(field_name) if parent else None
            return bool(held) if is_flag else held

        return get

    def sortable(self, path: Path) -> Getter:
        """As `getter`, to sort by: texts in lower case; raises Refusal."""
        _, last = self.resolve(path)
        if not last.filterable:
            raise self.at(path, f"field '{last.name}' can not be sorted in a query call")
        get = self.getter(path)
        if last.type not in TEXTS:
            return get
        return lambda row: str(text).lower() if (text := get(row)) is not None else None

    def children(self, path: Path) -> tuple[SObject, str]:
        """Return the object and the lookup field of a relationship to children; raises Refusal."""
        wanted = ".".join(self.bare(path).parts)
        for (child_name, lookup), relationship in CHILDREN.items():
            child = self.org.sobjects[child_name]
            fields = child.fields if child.reached == "data" else {}
            is_ours = lookup in fields and self.sobject.name in fields[lookup].reference_to
            if is_ours and relationship.lower() == wanted.lower() and self._may_read(child):
                return child, lookup
        raise at_place(
            "INVALID_TYPE",
            self.statement.text,
            path.at,
            f"Didn't understand relationship '{wanted}' in FROM part of query call. If you are "
            "attempting to use a custom relationship, be sure to append the '__r' after the custom "
            f"relationship name. {HINT}",
        )

    def at(self, path: Path, message: str, code: str = "INVALID_FIELD") -> Refusal:
        return at_place(code, self.statement.text, path.at, message)

    def no_column(self, path: Path, column: str, sobject: SObject) -> Refusal:
        return self.at(
            path,
            f"No such column '{column}' on entity '{sobject.name}'. If you are attempting to use a "
            f"custom field, be sure to append the '__c' after the custom field name. {HINT}",
        )

    def _visible(self, sobject: SObject) -> dict[str, Field]:
        if sobject is NAME:
            return {field.name.lower(): field for field in NAME.fields.values()}
        return visible_fields(self.org, self.session, sobject)

    def _lookup(self, sobject: SObject, path: Path, part: str) -> Field:
        for candidate in self._visible(sobject).values():
            if candidate.relationship and candidate.relationship.lower() == part.lower():
                return candidate
        raise self._no_relationship(path, part)

    def _parent(self, path: Path, part: str, lookup: Field) -> SObject:
        if len(lookup.reference_to) > 1:
            return NAME
        parent = self.org.sobjects[lookup.reference_to[0]]
        if not self._may_read(parent):
            raise self._no_relationship(path, part)
        return parent

    def _may_read(self, sobject: SObject) -> bool:
        session = self.session
        return session.sees_all or self.org.access.may(sobject.name, "read", session.user_id)

    def _no_relationship(self, path: Path, part: str) -> Refusal:
        return self.at(
            path,
            f"Didn't understand relationship '{part}' in field path. If you are attempting to use "
            "a custom relationship, be sure to append the '__r' after the custom relationship "
            f"name. {HINT}",
        )
