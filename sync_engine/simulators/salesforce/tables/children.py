"""What a record calls those that name it: names of child relationships, from the recorded describes.
Lookups that are not here have none. Source: salesforce-api.md 3, 7."""

from __future__ import annotations

CHILDREN = {
    ("Contact", "AccountId"): "Contacts",
    ("Account", "ParentId"): "ChildAccounts",
    ("ContactHistory", "ContactId"): "Histories",
    ("LeadHistory", "LeadId"): "Histories",
    ("Opportunity", "AccountId"): "Opportunities",
    ("OpportunityContactRole", "OpportunityId"): "OpportunityContactRoles",
    ("OpportunityContactRole", "ContactId"): "OpportunityContactRoles",
    ("Case", "AccountId"): "Cases",
    ("Case", "ContactId"): "Cases",
    ("Case", "ParentId"): "Cases",
    ("Task", "WhoId"): "Tasks",
    ("Task", "WhatId"): "Tasks",
    ("Event", "WhoId"): "Events",
    ("Event", "WhatId"): "Events",
    ("Campaign", "ParentId"): "ChildCampaigns",
    ("CampaignMember", "CampaignId"): "CampaignMembers",
    ("CampaignMemberStatus", "CampaignId"): "CampaignMemberStatuses",
    ("CampaignMember", "ContactId"): "CampaignMembers",
    ("CampaignMember", "LeadId"): "CampaignMembers",
    ("PermissionSetAssignment", "PermissionSetId"): "Assignments",
    ("FieldPermissions", "ParentId"): "FieldPerms",
}
