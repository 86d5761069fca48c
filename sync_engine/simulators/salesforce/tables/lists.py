"""Stages and statuses: objects whose records are the values of a picklist. Source: salesforce-api.md 9.1."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    Field,
    SObject,
    bare,
    flag,
    number,
    text,
    whole,
)


def lead_status() -> SObject:
    return _list(
        "LeadStatus",
        "Lead Status Value",
        "01J",
        flag("IsDefault", "Is Default", **READ_ONLY),
        flag("IsConverted", "Is Converted", **READ_ONLY),
    )


def opportunity_stage() -> SObject:
    return _list(
        "OpportunityStage",
        "Opportunity Stage",
        "01K",
        flag("IsActive", "Active", **READ_ONLY),
        flag("IsClosed", "Closed", **READ_ONLY),
        flag("IsWon", "Won", **READ_ONLY),
        number("DefaultProbability", "Probability (%)", 3, 0, **READ_ONLY),
        text("ForecastCategory", "Forecast Category", 40, **READ_ONLY),
    )


def task_status() -> SObject:
    return _status("TaskStatus", "Task Status", "01V")


def case_status() -> SObject:
    return _status("CaseStatus", "Case Status", "01M")


def _status(name: str, label: str, prefix: str) -> SObject:
    return _list(
        name,
        label,
        prefix,
        flag("IsDefault", "Is Default", **READ_ONLY),
        flag("IsClosed", "Is Closed", **READ_ONLY),
    )


def _list(name: str, label: str, prefix: str, *own: Field) -> SObject:
    """Return an object whose records are the values of a picklist."""
    return SObject(
        name=name,
        label=label,
        plural=f"{label}s",
        prefix=prefix,
        createable=False,
        updateable=False,
        deletable=False,
        name_field="MasterLabel",
        fields=bare(
            label,
            text("MasterLabel", "Master Label", 255, **READ_ONLY),
            text("ApiName", "API Name", 255, **READ_ONLY),
            whole("SortOrder", "Order", 9, **READ_ONLY),
            *own,
        ),
    )
