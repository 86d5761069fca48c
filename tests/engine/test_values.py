"""Values that cross: ids into dropdowns, days and hours, states and countries, what no field holds.

Source: sync.md 1 and 2, product.md 16.3, 17.2, 17.5.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection as database
from django.utils import timezone

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import FieldMapping, ObjectSettings, RecordLink, SalesforceField
from sync_engine.models.advisory_lock import one_at_a_time
from sync_engine.runs import connect
from sync_engine.runs.poll import poll
from tests.logins import log_in

GOLD, SILVER = "a0x000000000001AAA", "a0x000000000002AAA"
TIER = Field("tier", "Tier", FieldKind.PICKLIST, "select", options=(GOLD,), restricted=True)
TIER_ID = Field("Tier__c", "Tier", FieldKind.REFERENCE, "reference", max_length=18)


def map_fields(connection, hubspot_field, salesforce_field, rule=SyncRule.TWO_WAY):
    mapping = FieldMapping.objects.create(
        connection=connection,
        object_type="contacts",
        hubspot_field=hubspot_field,
        sync_rule=rule.value,
        since=connection.set_up_at,
    )
    SalesforceField.objects.create(
        mapping=mapping,
        connection=connection,
        object_type="contacts",
        salesforce_object="Contact",
        name=salesforce_field,
    )


def with_fields(world, hubspot, salesforce):
    """Give both CRMs one field more, mapped to each other both ways."""
    world.hubspot.create_property("contacts", hubspot)
    world.salesforce._store.add_field("Contact", salesforce)
    map_fields(world.connection, hubspot.name, salesforce.name)
    return world


def problems(world):
    return {(error.type, error.fields[0]["name"]) for error in world.errors if error.fields}


class TestReferences:
    def test_an_id_that_a_dropdown_lacks_is_added_as_an_option_first(self, world):
        with_fields(world, TIER, TIER_ID)
        hubspot, salesforce = world.linked()
        world.salesforce.person_edits("Contact", salesforce, {"Tier__c": SILVER[:15]})
        world.poll()
        assert world.in_hubspot(hubspot)["tier"] == SILVER
        assert world.hubspot.fields("contacts")["tier"].options == (GOLD, SILVER)
        assert not world.errors
        assert not world.poll().written_to_hubspot

    def test_an_option_that_is_there_costs_no_call(self, world):
        with_fields(world, TIER, TIER_ID)
        hubspot, salesforce = world.linked()
        world.salesforce.person_edits("Contact", salesforce, {"Tier__c": GOLD})
        world.poll()
        assert world.in_hubspot(hubspot)["tier"] == GOLD
        assert not world.hubspot.calls["add_options"]

    def test_a_new_record_brings_its_option(self, world):
        with_fields(world, TIER, TIER_ID)
        values = {"LastName": "Byron", "Email": "ada@example.org", "Tier__c": SILVER}
        world.salesforce.person_creates("Contact", values)
        world.poll()
        (id,) = world.hubspot.ids_of("contacts")
        assert world.in_hubspot(id)["tier"] == SILVER

    def test_a_dropdown_that_may_not_be_changed_holds_back_its_own_value_only(self, world):
        with_fields(world, TIER, TIER_ID)
        hubspot, salesforce = world.linked()
        world.hubspot.rights.taken.add("crm.schemas.contacts.write")
        world.salesforce.person_edits("Contact", salesforce, {"Tier__c": SILVER, "Title": "Dr"})
        world.poll()
        assert world.in_hubspot(hubspot)["jobtitle"] == "Dr"
        assert problems(world) == {("picklist-value-not-allowed", "tier")}

        world.hubspot.rights.taken.clear()
        world.clock.forward(days=1)
        world.poll()
        assert world.in_hubspot(hubspot)["tier"] == SILVER
        assert not world.errors

    def test_an_option_that_is_no_id_does_not_reach_salesforce(self, world):
        with_fields(world, Field("tier", "Tier", FieldKind.PICKLIST, options=("Gold",)), TIER_ID)
        hubspot, salesforce = world.linked()
        world.hubspot.person_edits("contacts", hubspot, {"tier": "Gold", "jobtitle": "Dr"})
        world.poll()
        assert world.in_salesforce(salesforce)["Title"] == "Dr"
        assert problems(world) == {("invalid-related-record", "Tier__c")}


@pytest.mark.django_db(transaction=True)
def test_a_lock_by_name_lets_one_worker_in_at_a_time():
    entered = []

    def enter(name):
        with one_at_a_time(name):
            entered.append(name)
        database.close()

    def waiting():
        with database.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0]

    with ThreadPoolExecutor(2) as pool:
        with one_at_a_time("options of tier"):
            pool.submit(enter, "options of rank").result()
            other = pool.submit(enter, "options of tier")
            while not (waiting() or other.done()):
                pass
            assert entered == ["options of rank"]
        other.result()
    assert entered == ["options of rank", "options of tier"]


class TestDays:
    MET = Field("met_on", "Met on", FieldKind.DATE, "date")
    MET_AT = Field("Met_At__c", "Met at", FieldKind.MOMENT, "datetime", years=(1700, 4000))

    @pytest.fixture
    def pair(self, world):
        world.connection.time_zone = "America/New_York"
        with_fields(world, self.MET, self.MET_AT)
        return world.linked()

    def test_an_evening_does_not_become_the_next_day(self, world, pair):
        hubspot, salesforce = pair
        evening = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
        world.salesforce.person_edits("Contact", salesforce, {"Met_At__c": evening})
        world.poll()
        assert world.in_hubspot(hubspot)["met_on"] == date(2026, 3, 2)
        for _ in range(2):
            world.poll()
        assert world.in_salesforce(salesforce)["Met_At__c"] == evening

    def test_an_hour_is_wiped_only_by_another_day(self, world, pair):
        hubspot, salesforce = pair
        evening = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
        world.salesforce.person_edits("Contact", salesforce, {"Met_At__c": evening})
        world.poll()
        world.hubspot.person_edits("contacts", hubspot, {"met_on": date(2026, 3, 9)})
        world.poll()
        midnight = datetime(2026, 3, 9, 4, tzinfo=UTC)
        assert world.in_salesforce(salesforce)["Met_At__c"] == midnight
        last = world.poll()
        assert last.written_to_hubspot == last.written_to_salesforce == 0

    def test_a_day_that_salesforce_does_not_know_holds_back_nothing_else(self, world, pair):
        hubspot, salesforce = pair
        edits = {"met_on": date(1066, 10, 14), "jobtitle": "King"}
        world.hubspot.person_edits("contacts", hubspot, edits)
        world.poll()
        assert world.in_salesforce(salesforce)["Title"] == "King"
        assert problems(world) == {("out-of-range", "Met_At__c")}


def as_a_crm_gave_it(client, object_name, id, **values):
    """Let a record hold what only a CRM's own ways could have brought there."""
    client.person_edits(object_name, id, {})
    client._store.rows[object_name][id].values.update(values)


@pytest.mark.parametrize("odd", ["Dr\0", "Dr\ud83d"])
class TestOddCharacters:
    def test_a_text_that_nothing_holds_holds_back_no_other(self, world, odd):
        hubspot, salesforce = world.linked()
        as_a_crm_gave_it(world.hubspot, "contacts", hubspot, jobtitle=odd, city="Turin")
        world.poll()
        assert world.in_salesforce(salesforce)["MailingCity"] == "Turin"
        assert world.in_salesforce(salesforce).get("Title") is None
        assert problems(world) == {("unsupported-character", "Title")}
        world.hubspot.person_edits("contacts", hubspot, {"jobtitle": "Dr"})
        world.poll()
        assert world.in_salesforce(salesforce)["Title"] == "Dr"
        assert not world.errors

    def test_it_is_overwritten_like_any_other(self, world, odd):
        hubspot, salesforce = world.linked()
        as_a_crm_gave_it(world.hubspot, "contacts", hubspot, jobtitle=odd)
        world.salesforce.person_edits("Contact", salesforce, {"Title": "Countess"})
        world.poll()
        assert world.in_hubspot(hubspot)["jobtitle"] == "Countess"
        assert not world.errors

    def test_a_new_record_that_holds_it_is_created_without(self, world, odd):
        id = world.hubspot.person_creates("contacts", {"email": "a@b.org", "lastname": "X"})
        as_a_crm_gave_it(world.hubspot, "contacts", id, jobtitle=odd)
        world.poll()
        assert len(world.salesforce.ids_of("Contact")) == 1
        assert problems(world) == {("unsupported-character", "Title")}


def test_a_number_of_too_many_digits_holds_back_nothing_else(world):
    score = Field("score", "Score", FieldKind.NUMBER, "number")
    with_fields(world, score, Field("Score__c", "Score", FieldKind.NUMBER, scale=2, digits=3))
    hubspot, salesforce = world.linked()
    edits = {"score": Decimal("1000.5"), "jobtitle": "Dr"}
    world.hubspot.person_edits("contacts", hubspot, edits)
    world.poll()
    assert world.in_salesforce(salesforce)["Title"] == "Dr"
    assert problems(world) == {("out-of-range", "Score__c")}


class TestPlaces:
    def test_one_country_under_two_names_is_settled_where_values_match(self, world):
        world.answer("hubspot_places", "match")
        hubspot, salesforce = world.linked(country="USA", state="OR")
        held = world.in_salesforce(salesforce)
        assert (held["MailingCountry"], held["MailingState"]) == ("United States", "Oregon")
        assert world.in_hubspot(hubspot)["country"] == "USA"
        world.hubspot.person_edits("contacts", hubspot, {"country": "US", "state": "Oregon"})
        last = world.poll()
        assert last.written_to_hubspot == last.written_to_salesforce == 0

    def test_a_value_goes_over_as_it_is_where_nothing_else_was_asked(self, world):
        _, salesforce = world.linked(country="USA", state="OR")
        held = world.in_salesforce(salesforce)
        assert (held["MailingCountry"], held["MailingState"]) == ("USA", "OR")

    def test_what_a_picklist_lacks_holds_back_nothing_else(self, world):
        world.answer("salesforce_places", "enabled")
        hubspot, salesforce = world.linked(country="Ruritania", jobtitle="King")
        assert world.in_salesforce(salesforce)["Title"] == "King"
        assert problems(world) == {("state-or-country-not-allowed", "MailingCountry")}
        world.hubspot.person_edits("contacts", hubspot, {"country": "Germany"})
        world.poll()
        assert world.in_salesforce(salesforce)["MailingCountry"] == "Germany"
        assert not world.errors


@pytest.mark.django_db
@pytest.mark.usefixtures("simulated")
class TestOverTheSimulators:
    @pytest.fixture
    def connection(self, salesforce_control):
        salesforce_control.call("POST", "actions/state-and-country-picklists", on=True)
        connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
        connect.finish_setup(connection, timezone.now())
        return connection

    def held(self, salesforce_control):
        poll_of = RecordLink.objects.get(state="live")
        where = f"records/Contact/{poll_of.salesforce_id}"
        return salesforce_control.call("GET", where)["values"]

    def create(self, hubspot_control, **values):
        values = {"lastname": "Lovelace", "email": "ada@example.org", **values}
        hubspot_control.call("POST", "records/contacts", by="Ada", values=values)

    def test_a_place_is_written_as_the_orgs_picklists_have_it(
        self, connection, hubspot_control, salesforce_control
    ):
        settings = ObjectSettings.objects.get(connection=connection, object_type="contacts")
        settings.answers |= {"hubspot_places": "match", "salesforce_places": "enabled"}
        settings.save()
        self.create(hubspot_control, country="USA", state="or")
        run = poll(connection, connect.crms_of, timezone.now)
        assert (run.created_in_salesforce, run.refused) == (1, 0)
        held = self.held(salesforce_control)
        assert (held["MailingCountryCode"], held["MailingStateCode"]) == ("US", "OR")

    def test_a_place_that_they_lack_holds_back_nothing_else(
        self, connection, hubspot_control, salesforce_control
    ):
        self.create(hubspot_control, country="USA", state="Oregon", city="Salem")
        run = poll(connection, connect.crms_of, timezone.now)
        assert (run.created_in_salesforce, run.refused) == (1, 1)
        held = self.held(salesforce_control)
        assert (held["MailingCity"], held["MailingCountry"]) == ("Salem", None)

    def test_an_id_reaches_a_dropdown_that_lacks_it(
        self, connection, hubspot_control, salesforce_control
    ):
        crms = connect.crms_of(connection)
        crms.hubspot.create_property("contacts", TIER)
        map_fields(connection, "tier", "ReportsToId")
        values = {"LastName": "Byron", "Email": "boss@example.org"}
        boss = salesforce_control.call("POST", "records/Contact", by="Ada", values=values)["id"]
        values = {"LastName": "Lovelace", "Email": "ada@example.org", "ReportsToId": boss}
        salesforce_control.call("POST", "records/Contact", by="Ada", values=values)
        run = poll(connection, connect.crms_of, timezone.now)
        assert (run.created_in_hubspot, run.refused) == (2, 0)
        ada = crms.hubspot.find("contacts", "email", ["ada@example.org"], ["tier"])
        assert ada["ada@example.org"][0].values["tier"] == boss
