"""A statement checked against an org: which records match, in which order, how each is shown."""

from __future__ import annotations

from dataclasses import replace

from sync_engine.simulators.salesforce.errors import Refusal, malformed
from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import may_see, visible_fields
from sync_engine.simulators.salesforce.soql.ast import (
    Aggregate,
    All,
    AnyOf,
    ChildQuery,
    Comparison,
    Condition,
    FieldSet,
    Not,
    Order,
    Path,
    Selected,
    Statement,
)
from sync_engine.simulators.salesforce.soql.conditions import test
from sync_engine.simulators.salesforce.soql.match import matching
from sync_engine.simulators.salesforce.soql.resolve import HINT, Names
from sync_engine.simulators.salesforce.soql.semijoin import joined
from sync_engine.simulators.salesforce.soql.shape import (
    Children,
    Parent,
    Predicate,
    Query,
    Shape,
    Sorting,
)
from sync_engine.simulators.salesforce.soql.tokens import at_place
from sync_engine.simulators.salesforce.tables.children import CHILDREN

MOST_OF_ALL = 200


def compile_query(
    org: Org,
    session: Session,
    statement: Statement,
    reached: str = "data",
    all_rows: bool = False,
) -> Query:
    """Check every name and value of a statement about records; raises Refusal. all_rows: its
    sub-queries find deleted records too."""
    compiler = compiler_of(org, session, statement, reached)
    if statement.groups:
        raise malformed("Only queries about records are possible here, not about groups of them.")
    return compiler.query(all_rows)


def compiler_of(
    org: Org, session: Session, statement: Statement, reached: str = "data"
) -> Compiler:
    """Find a statement's object; raises Refusal."""
    sobject = org.sobject(statement.object_name, reached)
    may_read = session.sees_all or (
        sobject and org.access.may(sobject.name, "read", session.user_id)
    )
    if sobject is None or not may_read:
        raise at_place(
            "INVALID_TYPE",
            statement.text,
            statement.object_at,
            f"sObject type '{statement.object_name}' is not supported. If you are attempting to "
            f"use a custom object, be sure to append the '__c' after the entity name. {HINT}",
        )
    return Compiler(org, session, statement, sobject)


class Compiler:
    def __init__(self, org: Org, session: Session, statement: Statement, sobject: SObject) -> None:
        self._org = org
        self._session = session
        self.sobject = sobject
        self.names = Names(org, session, statement, sobject)
        where = statement.where and joined(statement.where, self.names.bare, self._ids_of)
        self.statement = replace(statement, where=where)

    def query(self, all_rows: bool) -> Query:
        shape = Shape()
        for selected in self.statement.selected:
            self._select(shape, selected, all_rows)
        return self.about(shape, tuple(map(self._sorting, self.statement.order)))

    def about(self, shape: Shape, sorting: tuple[Sorting, ...]) -> Query:
        """Return the query that finds what the statement's conditions find."""
        where = self.statement.where
        matches = self._in_sight(self.predicate(where) if where else None)
        return Query(self.statement, self.sobject, shape, matches, sorting)

    def predicate(self, condition: Condition) -> Predicate:
        match condition:
            case All(conditions):
                every = [self.predicate(one) for one in conditions]
                return lambda row: all(one(row) for one in every)
            case AnyOf(conditions):
                some = [self.predicate(one) for one in conditions]
                return lambda row: any(one(row) for one in some)
            case Not(inner):
                denied = self.predicate(inner)
                return lambda row: not denied(row)
        return self._comparison(condition)

    def _comparison(self, condition: Comparison) -> Predicate:
        path = condition.path
        if isinstance(path, Aggregate):
            raise self._unexpected(path)
        lookups, last = self.names.resolve(path)
        passes = test(condition, last, self.statement.text, self._org.clock.now())
        if not lookups:
            name = last.name
            return lambda row: passes(row.get(name))
        get = self.names.getter(path)
        return lambda row: passes(get(row))

    def _sorting(self, order: Order) -> Sorting:
        if isinstance(order.path, Aggregate):
            raise self._unexpected(order.path)
        get = self.names.sortable(order.path)
        return Sorting(get, order.is_descending, order.nulls_last)

    def _in_sight(self, predicate: Predicate | None) -> Predicate | None:
        """Return the test of a record's values and of whether this session may see it."""
        org, session, sobject = self._org, self._session, self.sobject
        if not org.hides_private_contacts and not sobject.history_of:
            return predicate
        matches = predicate or (lambda row: True)
        return lambda row: may_see(org, session, sobject, row) and matches(row)

    def _select(self, shape: Shape, selected: Selected, all_rows: bool) -> None:
        match selected.item:
            case ChildQuery() as child:
                self._select_children(shape, child, all_rows)
            case FieldSet() as fields:
                self._select_set(shape, fields)
            case Aggregate() as counted:
                if not self.statement.counts:
                    raise self._unexpected(counted)
            case Path() as path:
                if selected.alias:
                    raise malformed("only aggregate expressions use field aliasing")
                self._select_path(shape, path)

    def _select_path(self, shape: Shape, path: Path) -> None:
        lookups, last = self.names.resolve(path)
        for lookup in lookups:
            parent = shape.fields.setdefault(lookup.relationship, Parent(lookup, Shape()))
            if not isinstance(parent, Parent):
                raise self.names.no_column(path, lookup.relationship, self.sobject)
            shape = parent.shape
        self._add(shape, last)

    def _select_set(self, shape: Shape, fields: FieldSet) -> None:
        limit = self.statement.limit
        if fields.which != "standard" and (limit is None or limit > MOST_OF_ALL):
            raise malformed(f"The SOQL FIELDS function must have a LIMIT of at most {MOST_OF_ALL}")
        for field in visible_fields(self._org, self._session, self.sobject).values():
            if fields.which == "all" or field.custom == (fields.which == "custom"):
                self._add(shape, field)

    def _select_children(self, shape: Shape, child: ChildQuery, all_rows: bool) -> None:
        inner = child.statement
        name = Path(tuple(inner.object_name.split(".")), inner.object_at)
        sobject, lookup = self.names.children(name)
        if any(isinstance(one.item, ChildQuery) for one in inner.selected):
            raise malformed("The simulator does not support a sub-query in a sub-query in SOQL.")
        if inner.groups or inner.counts:
            raise malformed("Aggregates are not allowed in a sub-query of the SELECT list")
        query = Compiler(self._org, self._session, inner, sobject).query(all_rows)
        key = CHILDREN[sobject.name, lookup]
        if key in shape.fields:
            raise malformed(f"duplicate field selected: {key}")
        org = self._org
        shape.fields[key] = Children(
            query, lookup, lambda found: matching(org, query, all_rows, found)
        )

    def _add(self, shape: Shape, field: Field) -> None:
        if field.name in shape.fields:
            raise malformed(f"duplicate field selected: {field.name}")
        shape.fields[field.name] = field

    def _ids_of(self, inner: Statement) -> tuple[str, ...]:
        """Return the ids that the statement of a semi-join selects; raises Refusal."""
        items = [one.item for one in inner.selected]
        path = items[0] if len(items) == 1 else None
        if not isinstance(path, Path) or inner.order or inner.limit is not None:
            raise malformed("semi join sub-selects select one field, without ORDER BY and LIMIT")
        query = compile_query(self._org, self._session, inner)
        names = Names(self._org, self._session, inner, query.sobject)
        lookups, last = names.resolve(path)
        if lookups or last.type not in ("id", "reference"):
            raise Refusal(
                "INVALID_QUERY_FILTER_OPERATOR",
                f"semi join sub-selects can only query id fields, cannot use: '{last.name}'",
            )
        table = self._org.store[query.sobject.name]
        rows = (table.get(one) or {} for one in matching(self._org, query, all_rows=False))
        return tuple(dict.fromkeys(one for row in rows if (one := row.get(last.name))))

    def _unexpected(self, aggregate: Aggregate) -> Refusal:
        message = f"unexpected token: '{aggregate.name}'"
        return at_place("MALFORMED_QUERY", self.statement.text, aggregate.at, message)
