"""The table of property mappings: which rows are shown, and which one is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from settings_ui.htmx import HtmxRequest
from settings_ui.mappings.forms import FilterForm
from sync_engine.core.catalog import ObjectType
from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import Connection, FieldMapping
from sync_engine.runs.properties import lacks_property

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that was not saved, and why."""

    title: str
    detail: str
    wanted: SyncRule | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is special about one row. opened, saved: the key of the mapping whose rule is being
    edited, or was just saved; refusal: of the opened one."""

    opened: int = 0
    saved: int = 0
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """label: "" where it is not known yet. of: "Lead", "Lead only", "" where all objects have it."""

    label: str
    name: str
    of: str


@dataclass(frozen=True, slots=True)
class Row:
    mapping: FieldMapping
    object_type: ObjectType
    is_open: bool

    @property
    def name(self) -> str:
        return self.mapping.hubspot_label or self.mapping.hubspot_field

    @property
    def salesforce(self) -> list[Line]:
        """Return one line per Salesforce field: one for all objects that spell it alike."""
        fields = list(self.mapping.salesforce_fields.all())
        objects = self.object_type.salesforce
        if len({field.name for field in fields}) > 1:
            return [Line(field.label, field.name, field.salesforce_object) for field in fields]
        only = f"{fields[0].salesforce_object} only" if len(fields) < len(objects) else ""
        return [Line(fields[0].label, fields[0].name, only)]

    @property
    def lacks_property(self) -> bool:
        return lacks_property(self.mapping)

    @property
    def rules(self) -> tuple[SyncRule, ...]:
        return self.object_type.rules_of(self.mapping.hubspot_field)

    @property
    def type_label(self) -> str:
        return next((f.type_label for f in self.mapping.salesforce_fields.all()), "")


def listing(
    request: HtmxRequest, connection: Connection, object_type: ObjectType, shown: Shown
) -> dict[str, Any]:
    """Return what the table needs: the rows that the address asks for, and the open one's page."""
    form = FilterForm(request.GET)
    everything = FieldMapping.objects.of(connection.pk, object_type)
    found = list(form.applied_to(everything).select_related("rule_set_by"))
    rows = [Row(mapping, object_type, mapping.pk == shown.opened) for mapping in found]
    page = _page(rows, request.GET.get("page", "1"))
    return {
        "object_type": object_type,
        "connection": connection,
        "filter": form,
        "page": page,
        "filter_query": f"{urlencode(form.chosen)}&" if form.chosen else "",
        "query": urlencode({**form.chosen, "page": page.number}),
        "saved": shown.saved,
        "refusal": shown.refusal,
        "is_admin": request.user.is_staff,
    }


def _page(rows: list[Row], wanted: str) -> Page[Row]:
    """Return the page with the open row, else the one that is asked for."""
    opened = next((n for n, row in enumerate(rows) if row.is_open), None)
    paginator = Paginator(rows, PER_PAGE)
    return paginator.get_page(wanted if opened is None else opened // PER_PAGE + 1)
