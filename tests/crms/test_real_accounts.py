"""A real account is used with care. Shown on the simulators, which are accounts as well."""

from __future__ import annotations

import pytest

from sync_engine.core.values import Crm
from tests.crms.real_accounts import HUBSPOT, RealAccount, Refused, named_accounts, on_loan
from tests.crms.stage import MARK, nobody
from tests.simulated import token_of


@pytest.fixture
def sandbox(salesforce_control):
    return RealAccount(Crm.SALESFORCE, salesforce_control.url, token_of(salesforce_control))


@pytest.fixture
def portal(hubspot_control):
    return RealAccount(Crm.HUBSPOT, hubspot_control.url, token_of(hubspot_control))


def test_the_environment_names_accounts():
    assert named_accounts({}) == {}
    named = {"CRMSYNC_REAL_HUBSPOT_TOKEN": "t", "CRMSYNC_REAL_ANYWAY": "1"}
    assert named_accounts(named) == {Crm.HUBSPOT: RealAccount(Crm.HUBSPOT, HUBSPOT, "t", True)}
    with pytest.raises(AssertionError, match="CRMSYNC_REAL_SALESFORCE_URL is missing"):
        named_accounts({"CRMSYNC_REAL_SALESFORCE_TOKEN": "t"})


def test_a_sandbox_may_be_used_and_what_is_made_there_is_taken_away(sandbox, salesforce_control):
    loan = on_loan(sandbox)
    stage = next(loan)
    stage.client.ensure_key(stage.object_name, stage.key, "The other CRM's record ID")
    kept, gone = stage.create(nobody()), stage.create(nobody())
    stage.edit(kept, {"city": "Turin"})
    stage.delete(gone)
    (shown,) = salesforce_control.call("GET", "records/Contact")
    assert (shown["id"], shown["values"]["LastName"]) == (kept, MARK)
    loan.close()
    assert salesforce_control.call("GET", "records/Contact") == []


def test_an_account_in_which_people_work_is_refused(portal):
    with pytest.raises(Refused, match="people work in it"):
        next(on_loan(portal))


def test_it_is_used_where_somebody_says_so(portal, hubspot_control):
    loan = on_loan(RealAccount(Crm.HUBSPOT, portal.url, portal.token, anyway=True))
    stage = next(loan)
    stage.client.ensure_key(stage.object_name, stage.key, "The other CRM's record ID")
    stage.create(nobody())
    loan.close()
    assert hubspot_control.call("GET", "records/contacts") == []
