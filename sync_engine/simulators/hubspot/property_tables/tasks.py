"""Tasks. Source: hubspot-api.md 5.6."""

from __future__ import annotations

GROUPS = {"task": "Task information"}

# What a person sees of a record on the simulator's page.
SHOWN = [
    "hs_task_subject",
    "hs_task_body",
    "hs_task_status",
    "hs_task_priority",
    "hs_task_type",
    "hs_timestamp",
    "hubspot_owner_id",
    "hs_lastmodifieddate",
    "hs_createdate",
    "hs_object_id",
]

PROPERTIES = """
hs_task_subject               | Task title                   | string text                 |  |
hs_task_body                  | Notes                        | string textarea             |  |
hs_timestamp                  | Due date                     | datetime date               |  |
hs_task_status                | Task status                  | enumeration select          |  | options=NOT_STARTED:Not started,IN_PROGRESS:In progress,WAITING:Waiting,COMPLETED:Completed,DEFERRED:Deferred
hs_task_priority              | Priority                     | enumeration select          |  | options=NONE:None,LOW:Low,MEDIUM:Medium,HIGH:High
hs_task_type                  | Task type                    | enumeration select          |  | options=EMAIL:Email,CALL:Call,TODO:To-do
hs_task_reminders             | Reminders                    | string text                 |  |
hs_task_completion_date       | Completed at                 | datetime date               |  | read-only
"""
