"""What the inspector says of an error: in our words, and in the CRM's where it gave some."""

from __future__ import annotations

import pytest
from django.utils.html import escape

from sync_engine.core.error_types import ERROR_TYPES, HELD_BY_BRAKE, PICKLIST, TEXT_TOO_LONG
from tests.ui.conftest import note_error


@pytest.fixture
def errors(connection) -> str:
    return f"/{connection.pk}/health/errors"


@pytest.mark.parametrize("type_", ERROR_TYPES.values(), ids=ERROR_TYPES)
def test_every_type_is_explained_with_what_to_do(alice, connection, errors, type_):
    note_error(connection, type_)
    page = alice.get(f"{errors}/{type_.category.value}/").text
    for words in (type_.title, type_.meaning, *type_.fix):
        assert escape(words) in page


def test_what_we_refuse_ourselves_is_not_put_into_the_crm_s_mouth(alice, connection, errors):
    note_error(connection, PICKLIST, code="", message="Salutation has no “Captain”.")
    page = alice.get(f"{errors}/property-values/").text
    assert "Salutation has no “Captain”." in page
    assert "own words" not in page


def test_what_a_brake_holds_is_not_either(alice, connection, errors):
    note_error(connection, HELD_BY_BRAKE, code="delete")
    assert "own words" not in alice.get(f"{errors}/limits/").text


def test_several_problems_of_a_kind_are_read_line_by_line(alice, connection, errors):
    note_error(connection, TEXT_TOO_LONG, message="Title takes 128.\nLast Name takes 80.")
    page = alice.get(f"{errors}/property-values/").text
    assert '<small class="said">Title takes 128.\nLast Name takes 80.</small>' in page
