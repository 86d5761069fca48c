"""What every org has before anybody works in it: the organisation, its people, a queue, permissions,
and what leads, deals, tasks and cases go through."""

from __future__ import annotations

from sync_engine.simulators.people import staff
from sync_engine.simulators.salesforce.org import EDIT_CONVERTED, Org
from sync_engine.simulators.salesforce.tables.activities import TASK_STATUSES
from sync_engine.simulators.salesforce.tables.contacts import CONVERTED_STATUS, LEAD_STATUSES
from sync_engine.simulators.salesforce.tables.sales import CASE_STATUSES, CLOSED_CASE, STAGES
from sync_engine.simulators.salesforce.tables.setup import (
    ON_RECORDS,
    PERMISSIONS,
    PERMITTED_OBJECTS,
)

NOT_GRANTED = ("PermissionsModifyAllData", EDIT_CONVERTED)
OF_QUEUE = ("Lead", "Case", "Task")
DONE_TASK = "Completed"


def furnish(org: Org) -> None:
    """Make it all, unchecked. The users come first: the integration user, then the admin."""
    _found(org)
    _hire(org, "crmsync", "Integration User", "crmsync@babbage.example")
    for person in staff():
        _hire(org, person.first_name, person.last_name, person.email)
    queue = org.insert("Group", Name="Inbound leads", DeveloperName="Inbound_leads", Type="Queue")
    for name in OF_QUEUE:
        org.insert("QueueSobject", QueueId=queue, SobjectType=name)
    permissions = {name: name not in NOT_GRANTED for name in PERMISSIONS}
    org.insert("UserPermissionAccess", **permissions)
    _permit(org)
    _list_values(org)


def _found(org: Org) -> None:
    org.insert(
        "Organization",
        Name="Babbage & Co",
        OrganizationType="Enterprise Edition",
        IsSandbox=True,
        IsReadOnly=False,
        InstanceName="SIM1",
        DefaultLocaleSidKey="en_US",
        LanguageLocaleKey="en_US",
        TimeZoneSidKey="America/New_York",
        Country="US",
    )


def _hire(org: Org, first_name: str, last_name: str, address: str) -> None:
    org.insert(
        "User",
        FirstName=first_name,
        LastName=last_name,
        Name=f"{first_name} {last_name}",
        Username=address,
        Email=address,
        Alias=first_name.lower()[:8],
        IsActive=True,
        UserType="Standard",
        TimeZoneSidKey="America/New_York",
        LocaleSidKey="en_US",
        LanguageLocaleKey="en_US",
    )


def _permit(org: Org) -> None:
    """Let the integration user do everything with records, as a profile does."""
    profile = org.insert("PermissionSet", Name="X00e000000000001", Label="Integration",
                         IsOwnedByProfile=True, IsCustom=False)  # fmt: skip
    org.insert("PermissionSetAssignment", PermissionSetId=profile, AssigneeId=org.integration_user)
    for name in PERMITTED_OBJECTS:
        granted = dict.fromkeys(ON_RECORDS, True)
        org.insert("ObjectPermissions", ParentId=profile, SobjectType=name, **granted)


def _list_values(org: Org) -> None:
    """Store what records go through as the records that the API shows."""
    for order, status in enumerate(LEAD_STATUSES, 1):
        org.insert("LeadStatus", MasterLabel=status, ApiName=status, SortOrder=order,
                   IsDefault=order == 1, IsConverted=status == CONVERTED_STATUS)  # fmt: skip
    for order, (stage, probability, forecast, is_closed, is_won) in enumerate(STAGES, 1):
        org.insert("OpportunityStage", MasterLabel=stage, ApiName=stage, SortOrder=order,
                   IsActive=True, IsClosed=is_closed, IsWon=is_won,
                   DefaultProbability=probability, ForecastCategory=forecast)  # fmt: skip
    for name, statuses, closed in (
        ("TaskStatus", TASK_STATUSES, DONE_TASK),
        ("CaseStatus", CASE_STATUSES, CLOSED_CASE),
    ):
        for order, status in enumerate(statuses, 1):
            org.insert(name, MasterLabel=status, ApiName=status, SortOrder=order,
                       IsDefault=order == 1, IsClosed=status == closed)  # fmt: skip
