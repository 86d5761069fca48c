"""Every object of the simulated org, declared once."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import SObject
from sync_engine.simulators.salesforce.tables.accounts import account
from sync_engine.simulators.salesforce.tables.activities import event, task
from sync_engine.simulators.salesforce.tables.campaigns import (
    campaign,
    campaign_member,
    campaign_member_status,
    opportunity_contact_role,
)
from sync_engine.simulators.salesforce.tables.contacts import contact, lead
from sync_engine.simulators.salesforce.tables.histories import contact_history, lead_history
from sync_engine.simulators.salesforce.tables.lists import (
    case_status,
    lead_status,
    opportunity_stage,
    task_status,
)
from sync_engine.simulators.salesforce.tables.sales import case, opportunity
from sync_engine.simulators.salesforce.tables.setup import (
    assignment_rule,
    custom_field,
    duplicate_rule,
    field_permissions,
    group,
    object_permissions,
    organization,
    permission_set,
    permission_set_assignment,
    queue_sobject,
    record_type,
    user,
    user_permission_access,
)


def every_object() -> list[SObject]:
    """Return fresh declarations: an org may add custom fields to its own."""
    return [
        account(),
        contact(),
        lead(),
        contact_history(),
        lead_history(),
        opportunity(),
        case(),
        opportunity_contact_role(),
        task(),
        event(),
        campaign(),
        campaign_member(),
        campaign_member_status(),
        lead_status(),
        opportunity_stage(),
        task_status(),
        case_status(),
        user(),
        group(),
        queue_sobject(),
        organization(),
        record_type(),
        permission_set(),
        permission_set_assignment(),
        field_permissions(),
        object_permissions(),
        user_permission_access(),
        duplicate_rule(),
        assignment_rule(),
        custom_field(),
    ]
