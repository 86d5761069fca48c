"""Task and Event: what is done with people."""

from __future__ import annotations

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    Field,
    Row,
    SObject,
    area,
    day,
    flag,
    lookup,
    moment,
    pick,
    standard,
    text,
    whole,
)

TASK_SUBJECTS = ("Call", "Email", "Send Letter", "Send Quote", "Other")
EVENT_SUBJECTS = ("Call", "Email", "Meeting", "Send Letter/Quote", "Other")
TASK_STATUSES = ("Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred")
LEAD_PREFIX = "00Q"


def task() -> SObject:
    return SObject(
        name="Task",
        label="Task",
        plural="Tasks",
        prefix="00T",
        name_field="Subject",
        derive=_task_facts,
        fields=standard(
            "Activity",
            *_about(),
            _subject(TASK_SUBJECTS),
            day("ActivityDate", "Due Date Only"),
            pick("Status", "Status", TASK_STATUSES, nillable=False, defaulted=True,
                 default="Not Started"),
            pick("Priority", "Priority", ("High", "Normal", "Low"), nillable=False,
                 defaulted=True, default="Normal"),
            flag("IsHighPriority", "High Priority", **READ_ONLY),
            lookup("OwnerId", "Assigned To ID", "Group", "User", nillable=False, defaulted=True),
            area("Description", "Description", 32000),
            flag("IsClosed", "Closed", **READ_ONLY),
            moment("CompletedDateTime", "Completed Date/Time", **READ_ONLY),
            pick("Type", "Type", ("Call", "Email", "Meeting", "Other"), length=40),
            pick("TaskSubtype", "Task Subtype",
                 ("Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn"), length=40,
                 restricted=True, updateable=False, defaulted=True, default="Task"),
            whole("CallDurationInSeconds", "Call Duration", 8),
            flag("IsArchived", "Archived", **READ_ONLY),
        ),
    )  # fmt: skip


def event() -> SObject:
    return SObject(
        name="Event",
        label="Event",
        plural="Events",
        prefix="00U",
        name_field="Subject",
        derive=_event_facts,
        fields=standard(
            "Activity",
            *_about(),
            _subject(EVENT_SUBJECTS),
            text("Location", "Location", 255),
            flag("IsAllDayEvent", "All-Day Event"),
            moment("ActivityDateTime", "Due Date Time"),
            day("ActivityDate", "Due Date Only"),
            whole("DurationInMinutes", "Duration", 8),
            moment("StartDateTime", "Start Date Time"),
            moment("EndDateTime", "End Date Time"),
            area("Description", "Description", 32000),
            lookup("OwnerId", "Assigned To ID", "User", nillable=False, defaulted=True),
            flag("IsPrivate", "Private"),
            pick("ShowAs", "Show Time As", ("Busy", "OutOfOffice", "Free"), length=40,
                 restricted=True, defaulted=True, default="Busy"),
            flag("IsArchived", "Archived", **READ_ONLY),
        ),
    )  # fmt: skip


def _about() -> list[Field]:
    return [
        lookup("WhoId", "Name ID", "Contact", "Lead"),
        lookup("WhatId", "Related To ID", "Account", "Opportunity", "Case", "Campaign"),
    ]


def _subject(options: tuple[str, ...]) -> Field:
    return Field("Subject", "Subject", "combobox", length=255, options=options)


def _task_facts(row: Row, before: Row) -> None:
    _refuse_lead_with_what(row)
    row["IsHighPriority"] = row.get("Priority") == "High"
    row["IsClosed"] = row.get("Status") == "Completed"
    if not row["IsClosed"]:
        row["CompletedDateTime"] = None
    elif not before.get("IsClosed"):
        row["CompletedDateTime"] = row["LastModifiedDate"]


def _event_facts(row: Row, before: Row) -> None:
    _refuse_lead_with_what(row)
    starts = row.get("StartDateTime") or row.get("ActivityDateTime")
    if row.get("DurationInMinutes") is None and row.get("EndDateTime") is None:
        raise Refusal("REQUIRED_FIELD_MISSING",
                      "Required fields are missing: [DurationInMinutes]", ("DurationInMinutes",))  # fmt: skip
    if starts is None and not (row["IsAllDayEvent"] and row.get("ActivityDate")):
        raise Refusal("REQUIRED_FIELD_MISSING",
                      "Required fields are missing: [ActivityDateTime]", ("ActivityDateTime",))  # fmt: skip
    if starts is not None:
        row["StartDateTime"] = row["ActivityDateTime"] = starts


def _refuse_lead_with_what(row: Row) -> None:
    if row.get("WhatId") and str(row.get("WhoId", "")).startswith(LEAD_PREFIX):
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION",
            "WhatId is not allowed where WhoId names a lead",
            ("WhatId",),
        )
