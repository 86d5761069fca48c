"""Contacts. HubSpot contacts are Salesforce contacts or leads.

Source: seeds 000, 003, 004; product.md 7 (settings, matching), 17.6 (the 29 standard mappings).
"""

from __future__ import annotations

from sync_engine.core.catalog.base import Choice, ObjectType, Policy, StandardMapping
from sync_engine.core.catalog.places import HUBSPOT_PLACES, SALESFORCE_PLACES
from sync_engine.core.lifecycle import OPEN, WON, Automation
from sync_engine.core.manners import Manner
from sync_engine.core.places import Part
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm


def _both(hubspot: str, salesforce: str) -> StandardMapping:
    """A property that serves the same field of contacts and leads."""
    return StandardMapping(hubspot, {"Contact": salesforce, "Lead": salesforce})


CONTACTS = ObjectType(
    slug="contacts",
    label="Contacts",
    hubspot="contacts",
    salesforce=("Contact", "Lead"),
    summary="HubSpot contacts sync with Salesforce contacts and leads.",
    identity={Crm.HUBSPOT: "email", Crm.SALESFORCE: "Email"},
    always_on=True,
    may_have_segment=True,
    assigned={"Lead": "OwnerId"},
    left_ids={"Contact": "salesforcecontactid", "Lead": "salesforceleadid"},
    policies=(
        Policy(
            name="salesforce_changed",
            section="Creating and updating contacts",
            question="In HubSpot, when a Salesforce contact or lead is created or updated",
            source=Crm.SALESFORCE,
            choices=(
                Choice(
                    "create_or_update",
                    "Create or update the contact",
                    "A contact is found by e-mail, else created",
                    creates="contacts",
                ),
                Choice(
                    "update",
                    "Don’t automatically create HubSpot contacts",
                    "Linked contacts are updated. Choose this where several HubSpot accounts "
                    "share one org",
                ),
                Choice(
                    "nothing", "Do nothing", "No value flows to HubSpot contacts", updates=False
                ),
            ),
            default="create_or_update",
            shared="update",
            notes=("A contact or lead without an e-mail address does not sync until it has one.",),
        ),
        Policy(
            name="hubspot_changed",
            section="Creating and updating contacts",
            question="In Salesforce, when a HubSpot contact is created or updated",
            source=Crm.HUBSPOT,
            choices=(
                Choice(
                    "create_or_update",
                    "Create or update the contact",
                    "A contact or lead is found by e-mail, else a contact is created",
                    creates="Contact",
                ),
                Choice(
                    "create_lead",
                    "Create or update the lead",
                    "A contact or lead is found by e-mail, else a lead is created",
                    creates="Lead",
                ),
            ),
            default="create_or_update",
            notes=(
                "Leads are converted in Salesforce only. The link follows to the contact.",
                "If you create leads, switch off “Create and associate companies with contacts” "
                "in HubSpot: converting a lead later would make a second company.",
            ),
        ),
        Policy(
            name="salesforce_deleted",
            section="Deleting contacts",
            question="In HubSpot, when a Salesforce contact or lead is deleted",
            source=Crm.SALESFORCE,
            choices=(
                Choice("nothing", "Do nothing", "The HubSpot contact stays, and stops syncing"),
                Choice(
                    "delete",
                    "Delete the contact",
                    "One poll later, unless another lead or contact bears its e-mail address",
                    deletes=True,
                ),
            ),
            default="nothing",
            notes=(
                "Deleting a HubSpot contact deletes nothing in Salesforce.",
                "Merging two records in Salesforce is not a deletion: the link follows.",
            ),
        ),
        Policy(
            name="opportunity_changed",
            section="Adjusting lifecycle stage",
            question="In HubSpot, when a Salesforce contact’s opportunity stage changes",
            source=Crm.SALESFORCE,
            choices=(
                Choice(
                    "update",
                    "Update the contact’s lifecycle stage",
                    "An open opportunity makes it Opportunity, a won one Customer",
                ),
                Choice("nothing", "Do nothing", "Opportunities change no lifecycle stage"),
            ),
            default="nothing",
            notes=(
                "The contact has to be on the opportunity’s contact roles. An opportunity that "
                "only has the contact’s account changes nothing.",
                "A lifecycle stage never moves backwards.",
                "If Lifecycle stage is mapped to a Salesforce field, that field decides alone.",
            ),
        ),
        SALESFORCE_PLACES,
        HUBSPOT_PLACES,
    ),
    manners={"lifecyclestage": Manner.LIFECYCLE},
    lifecycle=Automation(
        policy="opportunity_changed",
        answer="update",
        hubspot_field="lifecyclestage",
        stages={OPEN: "opportunity", WON: "customer"},
        attached="Contact",
        role="OpportunityContactRole",
        by="ContactId",
        parent="Opportunity",
    ),
    standard_mappings=(
        _both("email", "Email"),
        _both("firstname", "FirstName"),
        _both("lastname", "LastName"),
        StandardMapping("company", {"Lead": "Company"}, empty_for_persons=True),
        StandardMapping(
            "hubspot_owner_id",
            {"Contact": "OwnerId", "Lead": "OwnerId"},
            rule=SyncRule.TWO_WAY,
            manner=Manner.OWNER,
        ),
        _both("jobtitle", "Title"),
        _both("salutation", "Salutation"),
        _both("phone", "Phone"),
        _both("fax", "Fax"),
        StandardMapping("website", {"Lead": "Website"}),
        StandardMapping("address", {"Contact": "MailingStreet", "Lead": "Street"}),
        StandardMapping("city", {"Contact": "MailingCity", "Lead": "City"}),
        StandardMapping("state", {"Contact": "MailingState", "Lead": "State"}, part=Part.STATE),
        StandardMapping("zip", {"Contact": "MailingPostalCode", "Lead": "PostalCode"}),
        StandardMapping(
            "country", {"Contact": "MailingCountry", "Lead": "Country"}, part=Part.COUNTRY
        ),
        StandardMapping("annualrevenue", {"Lead": "AnnualRevenue"}),
        StandardMapping("numemployees", {"Lead": "NumberOfEmployees"}),
        StandardMapping("industry", {"Lead": "Industry"}),
        StandardMapping("hs_lead_status", {"Lead": "Status"}),
        _both("leadsource", "LeadSource"),
        StandardMapping("rating", {"Lead": "Rating"}),
        _both("description", "Description"),
        StandardMapping(
            "salesforceaccountid",
            {"Contact": "AccountId"},
            rule=SyncRule.ALWAYS_SALESFORCE,
            locked="A contact’s account is chosen in Salesforce.",
        ),
        StandardMapping(
            "hs_email_optout",
            {"Contact": "HasOptedOutOfEmail", "Lead": "HasOptedOutOfEmail"},
            rule=SyncRule.TWO_WAY,
            locked="Who opts out on one side is opted out on the other, as the law asks for. Nobody "
            "is opted in again: who opted in on one side has to be opted in on the other by hand.",
            manner=Manner.OPT_OUT,
        ),
    ),
)
