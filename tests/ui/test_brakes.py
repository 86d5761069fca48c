"""What a brake has stopped, on Sync Health."""

from __future__ import annotations

import pytest
from django.utils import timezone

from settings_ui.health.brakes import WORDS, means, sentence
from sync_engine.core.brakes import BrakeKind
from sync_engine.core.error_types import HELD_BY_BRAKE
from sync_engine.models import Brake
from tests.ui.conftest import stop_brake


def test_a_stopped_brake_shows_what_it_holds_back_and_is_let_go(alice, connection):
    here = f"/{connection.pk}"
    brake = stop_brake(connection)
    page = alice.get(f"{here}/health/").text
    assert "1,204 contacts would be created in HubSpot" in page
    assert "Grace Hopper" in page

    assert alice.post(f"{here}/brakes/{brake.pk}/go-on/").url == f"{here}/health/"
    assert not Brake.objects.filter(stopped_at__isnull=False).exists()


def test_a_brake_of_another_connection_is_not_found(alice, connection):
    brake = stop_brake(connection)
    other = type(connection).objects.create(
        hubspot_account_id="2", set_up_at=timezone.now(), salesforce_name="Other"
    )
    assert alice.post(f"/{other.pk}/brakes/{brake.pk}/go-on/").status_code == 404


@pytest.mark.parametrize("kind", BrakeKind)
def test_every_kind_has_its_words(kind):
    brake = Brake(object_type="contacts", crm="hubspot", kind=kind.value, held_back=51)
    assert sentence(brake) == f"51 contacts {WORDS[kind]} in HubSpot"
    assert bool(means(brake)) is (kind in (BrakeKind.OPT_OUT, BrakeKind.DELETE))


def test_a_single_one_is_worded_as_one():
    brake = Brake(object_type="contacts", crm="hubspot", kind="delete", held_back=1)
    assert sentence(brake) == "One of the contacts would be deleted in HubSpot"


def test_letting_deletions_through_is_said_to_be_hard_to_take_back(alice, connection):
    brake = stop_brake(connection)
    Brake.objects.filter(pk=brake.pk).update(kind="delete")
    page = alice.get(f"/{connection.pk}/health/").text
    assert "HubSpot keeps a deleted record for 90 days." in page
    assert '<button class="btn" data-kind="danger">Go on</button>' in page


def test_the_error_of_a_held_record_names_every_kind():
    for word in ("created", "cleared", "deleted", "unsubscribed"):
        assert word in HELD_BY_BRAKE.meaning
