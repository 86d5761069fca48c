"""Tickets. The options of hs_pipeline and hs_pipeline_stage come from the pipelines."""

from __future__ import annotations

GROUPS = {"ticketinformation": "Ticket information"}

# What a person sees of a record on the simulator's page.
SHOWN = [
    "subject",
    "content",
    "hs_pipeline",
    "hs_pipeline_stage",
    "hs_ticket_priority",
    "hubspot_owner_id",
    "hs_lastmodifieddate",
    "createdate",
    "hs_object_id",
]

PROPERTIES = """
subject                       | Ticket name                  | string text                 |  |
content                       | Ticket description           | string textarea             |  |
hs_pipeline                   | Pipeline                     | enumeration select          |  |
hs_pipeline_stage             | Ticket status                | enumeration radio           |  |
hs_ticket_priority            | Priority                     | enumeration select          |  | options=LOW:Low,MEDIUM:Medium,HIGH:High,URGENT:Urgent
hs_ticket_category            | Category                     | enumeration checkbox        |  | open; options=PRODUCT_ISSUE:Product Issue,BILLING_ISSUE:Billing Issue,FEATURE_REQUEST:Feature Request,GENERAL_INQUIRY:General Inquiry
hs_resolution                 | Resolution                   | enumeration select          |  | open; options=ISSUE_FIXED:Issue Fixed,FEATURE_REQUEST_TRACKED:Feature Request Tracked,HOW_TO:How-to,DUPLICATE:Duplicate
source_type                   | Source                       | enumeration select          |  | open; options=CHAT:Chat,EMAIL:Email,FORM:Form,PHONE:Phone
closed_date                   | Close date                   | datetime date               |  |
time_to_close                 | Time to close                | number number               |  | read-only
num_associated_companies      | Number of associated companies | number number             |  | read-only
"""
