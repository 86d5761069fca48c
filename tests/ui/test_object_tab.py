from __future__ import annotations

import pytest
from django.utils import timezone

from settings_ui.objects.forms import sections_of
from sync_engine.core.catalog import CATALOG, Choice, ObjectType, Policy
from sync_engine.core.values import Crm
from sync_engine.models import ObjectSettings, SettingChange

INVOICES = ObjectType(
    slug="invoices",
    label="Invoices",
    hubspot="invoices",
    salesforce=("Invoice__c",),
    summary="HubSpot invoices sync with Salesforce invoices.",
    standard_mappings=(),
    policies=(
        Policy(
            "paid",
            "Paying",
            "In HubSpot, when an invoice is paid",
            Crm.SALESFORCE,
            (Choice("nothing", "Do nothing"), Choice("close", "Close it", "It stays readable")),
            "nothing",
            notes=("A paid invoice never opens again.",),
        ),
        Policy(
            "sent",
            "Paying",
            "In Salesforce, when an invoice is sent",
            Crm.HUBSPOT,
            (Choice("nothing", "Do nothing"), Choice("create", "Create it")),
            "create",
        ),
        Policy(
            "voided",
            "Voiding",
            "In HubSpot, when an invoice is voided",
            Crm.SALESFORCE,
            (Choice("nothing", "Do nothing"),),
            "nothing",
        ),
    ),
)


@pytest.fixture
def invoices(connection, monkeypatch) -> str:
    """The address of an object type that nobody has written a template for."""
    monkeypatch.setitem(CATALOG, "invoices", INVOICES)
    return f"/{connection.pk}/invoices/"


def answers(version: int = 0, **changed: str) -> dict[str, str]:
    return {"version": str(version), "paid": "nothing", "sent": "create", "voided": "nothing"} | (
        changed
    )


def settings() -> ObjectSettings:
    return ObjectSettings.objects.get(object_type="invoices")


def test_it_asks_every_question_as_the_catalog_words_it(alice, connection, object_type):
    page = alice.get(f"/{connection.pk}/{object_type.slug}/").text
    assert object_type.summary in page
    for policy in object_type.policies:
        assert policy.question in page
        for choice in policy.choices:
            assert choice.label in page
            assert choice.consequence in page
        for note in policy.notes:
            assert note in page


def test_questions_stand_under_their_section():
    sections = sections_of(INVOICES, {"paid": "nothing", "sent": "create", "voided": "nothing"})
    assert [(section.title, len(section.questions)) for section in sections] == [
        ("Paying", 2),
        ("Voiding", 1),
    ]
    assert sections[0].notes == ["A paid invoice never opens again."]


def test_it_saves_an_answer_and_keeps_who_changed_what(alice, invoices):
    answer = alice.post(invoices, answers(paid="close"), follow=True)

    assert "The settings of invoices are saved." in answer.text
    assert settings().answers_to(INVOICES)["paid"] == "close"
    change = SettingChange.objects.get()
    assert (change.by, change.before, change.after) == ("Alice", "Do nothing", "Close it")
    assert change.what == "Invoices: In HubSpot, when an invoice is paid"


def test_saving_what_is_in_effect_changes_nothing(alice, invoices):
    alice.post(invoices, answers())
    assert settings().version == 0
    assert not SettingChange.objects.exists()


def test_it_refuses_an_answer_that_is_not_offered(alice, invoices):
    page = alice.post(invoices, answers(paid="explode", sent="nothing")).text
    assert 'id="paid-error" role="alert"' in page
    assert 'value="nothing" checked required> Do nothing <span class="badge">not saved' in page
    assert settings().answers == {}


def test_whoever_comes_second_is_told_who_was_first(alice, invoices):
    alice.post(invoices, answers(sent="nothing"))

    page = alice.post(invoices, answers(version=0, paid="close")).text

    assert "Alice changed this at" in page
    assert "not saved" in page
    assert 'name="version" value="1"' in page  # saving it now is a choice made knowingly
    assert settings().answers_to(INVOICES)["paid"] == "nothing"

    alice.post(invoices, answers(version=1, paid="close", sent="nothing"))
    assert settings().answers_to(INVOICES) == {
        "paid": "close",
        "sent": "nothing",
        "voided": "nothing",
    }


def test_a_viewer_sees_the_answers_as_words(victor, invoices):
    page = victor.get(invoices).text
    assert "<b>Do nothing</b>" in page
    assert 'type="radio" name="paid"' not in page
    assert "Save changes" not in page


def test_an_object_type_is_switched_on_from_now_on(alice, invoices):
    assert 'Invoices <span class="off">off</span>' in alice.get(invoices).text
    before = timezone.now()

    assert alice.post(f"{invoices}switch/", {"on": "yes"}).url == invoices

    assert settings().is_on
    assert settings().since > before
    assert '<span class="off">' not in alice.get(invoices).text
    assert SettingChange.objects.get().what == "Sync invoices"


def test_contacts_cannot_be_switched_off(alice, connection):
    assert "Always on while the integration is on" in alice.get(f"/{connection.pk}/contacts/").text
    answer = alice.post(f"/{connection.pk}/contacts/switch/", {"on": "no"})
    assert answer.status_code == 400
    assert ObjectSettings.objects.get(object_type="contacts").is_on


def test_a_viewer_cannot_switch_an_object_type(victor, invoices):
    assert victor.post(f"{invoices}switch/", {"on": "yes"}).status_code == 403
