"""What every kind of record has."""

from __future__ import annotations

COMMON = """
createdate                    | Create date                  | datetime date               |  | read-only
hs_object_id                  | Record ID                    | number number               |  | read-only
hs_createdate                 | Object create date/time      | datetime date               |  | read-only; hidden
hs_lastmodifieddate           | Object last modified date    | datetime date               |  | read-only
hs_merged_object_ids          | Merged record IDs            | enumeration checkbox        |  | read-only
hs_object_source              | Record creation source       | string text                 |  | read-only; hidden
hs_object_source_id           | Record creation source ID    | string text                 |  | read-only; hidden
hs_object_source_label        | Record source                | enumeration select          |  | read-only; options=CRM_UI:CRM UI,INTEGRATION:Integration,IMPORT:Import,FORM:Form
hs_created_by_user_id         | Created by user ID           | number number               |  | read-only
hs_updated_by_user_id         | Updated by user ID           | number number               |  | read-only
hs_was_imported               | Performed in an import       | bool booleancheckbox        |  | read-only; hidden
hs_read_only                  | Read only object             | bool booleancheckbox        |  | read-only; hidden
hs_all_owner_ids              | All owner IDs                | enumeration checkbox        |  | read-only; hidden; owner
hubspot_owner_id              | Owner                        | enumeration select          |  | owner
hubspot_owner_assigneddate    | Owner assigned date          | datetime date               |  | read-only
hubspot_team_id               | HubSpot team                 | enumeration select          |  | read-only
hs_unique_creation_key        | Unique creation key          | string text                 |  | read-only; hidden
notes_last_contacted          | Last contacted               | datetime date               |  | read-only
notes_last_updated            | Last activity date           | datetime date               |  | read-only
notes_next_activity_date      | Next activity date           | datetime date               |  | read-only
num_contacted_notes           | Number of times contacted    | number number               |  | read-only
num_notes                     | Number of sales activities   | number number               |  | read-only
"""
