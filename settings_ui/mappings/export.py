"""Export field mappings (CSV), with the manual's columns (product.md 17.1)."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from settings_ui.access import for_connection
from settings_ui.htmx import HtmxRequest
from sync_engine.core.catalog import ObjectType
from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import Connection, FieldMapping

COLUMNS = ["HubSpot Field Name", "Salesforce Field Name", "Sync Rule"]

# A spreadsheet takes a cell that begins so for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@for_connection
def mappings_csv(
    request: HtmxRequest, connection: Connection, object_type: ObjectType
) -> HttpResponse:
    """One line per property and field, UTF-8 with a byte order mark, for spreadsheets."""
    name = f"{object_type.slug}-mappings.csv"
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for mapping in FieldMapping.objects.of(connection.pk, object_type):
        rule = SyncRule(mapping.sync_rule).label
        for field in sorted({field.name for field in mapping.salesforce_fields.all()}):
            writer.writerow(defused(cell) for cell in (mapping.hubspot_field, field, rule))
    return response


def defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
