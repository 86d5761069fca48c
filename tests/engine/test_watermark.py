"""Up to when a CRM object has been read: that never moves backwards (design.md 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sync_engine.core.values import Crm
from sync_engine.models import Connection, Watermark

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection():
    connection = Connection.objects.create(hubspot_account_id="1")
    Watermark.objects.start(connection.pk, Crm.HUBSPOT, "contacts", START)
    Watermark.objects.start(connection.pk, Crm.SALESFORCE, "Contact", START)
    return connection


def read_until(crm=Crm.HUBSPOT):
    return Watermark.objects.get(crm=crm.value).read_until


@pytest.mark.parametrize(
    "hours, reached", [([1], 1), ([2, 1], 2), ([1, 2], 2), ([-1], 0), ([0], 0)]
)
def test_it_moves_forward_in_whatever_order_readers_finish(connection, hours, reached):
    for hour in hours:
        Watermark.objects.advance(connection.pk, Crm.HUBSPOT, "contacts", START + hour * HOUR)
    assert read_until() == START + reached * HOUR


def test_it_moves_for_one_object_of_one_crm_only(connection):
    Watermark.objects.advance(connection.pk, Crm.HUBSPOT, "contacts", START + HOUR)
    assert read_until(Crm.SALESFORCE) == START


def test_starting_again_does_not_skip_what_was_not_read_yet(connection):
    Watermark.objects.start(connection.pk, Crm.HUBSPOT, "contacts", START + HOUR)
    assert read_until() == START


def test_an_object_has_one_watermark(connection):
    with pytest.raises(IntegrityError), transaction.atomic():
        Watermark.objects.create(
            connection=connection, crm="hubspot", object_name="contacts", read_until=START
        )
