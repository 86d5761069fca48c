"""One pair, one worker; one record, one open link (sync.md 3.2, design.md 4)."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.db import connection as database

from sync_engine.core.plan import Agreed
from sync_engine.core.values import Crm
from sync_engine.models import Connection, RecordLink
from sync_engine.models.record_link import CLAIM, Agreement, Partner, packed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINE, YOURS = uuid.UUID(int=1), uuid.UUID(int=2)
SECOND = timedelta(seconds=1)


def link(hubspot=None, salesforce=None, state=None, **given):
    both = hubspot is not None and salesforce is not None
    connection, _ = Connection.objects.get_or_create(hubspot_account_id="1")
    return RecordLink.objects.create(
        **{
            "connection": connection,
            "object_type": "contacts",
            "hubspot_id": hubspot,
            "salesforce_id": salesforce,
            "salesforce_object": "Contact",
            "state": state or ("live" if both else "pending"),
            "since": NOW,
            **given,
        }
    )


def claim(token, now=NOW):
    RecordLink.objects.all().claim(token, now)


def held(token):
    return set(RecordLink.objects.filter(claim=token).values_list("hubspot_id", flat=True))


def agreement(link, value="Ada", look_again=False):
    return Agreement(link.pk, {"firstname": Agreed(value, value, NOW)}, NOW, None, look_again)


@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_the_same_pairs_and_each_pair_goes_to_one_of_them():
    for n in range(50):
        link(f"{n}", f"003{n}")
    start = Barrier(2)

    def work(token):
        try:
            start.wait(timeout=10)
            claim(token)
            return held(token)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        mine, yours = pool.map(work, [MINE, YOURS])

    assert mine.isdisjoint(yours)
    assert mine | yours == {f"{n}" for n in range(50)}


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_want_some_of_the_same_pairs_never_wait_for_each_other():
    for n in range(200):
        link(f"{n}", f"003{n}")
    start = Barrier(2)
    wanted = {
        MINE: {Crm.HUBSPOT: [f"{n}" for n in range(120)]},
        YOURS: {Crm.SALESFORCE: [f"003{n}" for n in range(199, 79, -1)]},
    }

    def work(token):
        try:
            for _ in range(60):
                start.wait(timeout=10)
                RecordLink.objects.all().naming(wanted[token]).claim(token, NOW)
                RecordLink.objects.all().release(token)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [MINE, YOURS]))

    assert not RecordLink.objects.exclude(claim=None).exists()


@pytest.mark.django_db
def test_what_somebody_else_holds_is_left_to_them_and_they_will_look_again():
    pair = link("1", "003A")
    claim(YOURS)

    claim(MINE, NOW + CLAIM)

    pair.refresh_from_db()
    assert (pair.claim, pair.look_again) == (YOURS, True)


@pytest.mark.django_db
def test_a_claim_that_ran_out_can_be_taken():
    pair = link("1", "003A")
    claim(YOURS)
    claim(MINE, NOW + CLAIM + SECOND)
    pair.refresh_from_db()
    assert (pair.claim, pair.claimed_until) == (MINE, NOW + 2 * CLAIM + SECOND)


@pytest.mark.django_db
def test_a_worker_may_claim_again_what_it_holds_and_has_then_looked_again():
    pair = link("1", "003A", look_again=True)
    claim(MINE)
    claim(MINE, NOW + SECOND)
    pair.refresh_from_db()
    assert (pair.claim, pair.claimed_until) == (MINE, NOW + SECOND + CLAIM)
    assert not pair.look_again


@pytest.mark.django_db
def test_letting_go_frees_only_what_one_holds():
    link("1", "003A", claim=MINE, claimed_until=NOW + CLAIM)
    link("2", "003B", claim=YOURS, claimed_until=NOW + CLAIM)
    RecordLink.objects.all().release(MINE)
    assert held(MINE) == set() and held(YOURS) == {"2"}


@pytest.mark.django_db
def test_who_holds_a_pair_agrees_on_it_and_lets_go():
    pair = link("1", "003A", claim=MINE, claimed_until=NOW + CLAIM)
    RecordLink.objects.agree(MINE, [agreement(pair)], NOW + SECOND)
    pair.refresh_from_db()
    assert pair.agreed_values == {"firstname": Agreed("Ada", "Ada", NOW)}
    assert (pair.hubspot_stamp, pair.salesforce_stamp) == (NOW, None)
    assert (pair.synced_at, pair.claim, pair.claimed_until) == (NOW + SECOND, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["agree", "attach"])
def test_who_lost_the_claim_changes_nothing(change):
    pair = link("1", claim=YOURS, claimed_until=NOW + CLAIM)
    before = RecordLink.objects.values().get()
    if change == "agree":
        RecordLink.objects.agree(MINE, [agreement(pair)], NOW)
    else:
        assert (
            RecordLink.objects.all().attach(MINE, [Partner(pair.pk, "1", "003A", "Lead")]) == set()
        )
    assert RecordLink.objects.values().get() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked_by_others, asked_by_us, look_again",
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_what_changed_meanwhile_is_looked_at_again(asked_by_others, asked_by_us, look_again):
    pair = link("1", "003A", claim=MINE, look_again=asked_by_others)
    RecordLink.objects.agree(MINE, [agreement(pair, look_again=asked_by_us)], NOW)
    pair.refresh_from_db()
    assert pair.look_again is look_again


@pytest.mark.django_db
def test_a_lone_record_is_given_its_partner():
    lone = link("1", claim=MINE)
    attached = RecordLink.objects.all().attach(MINE, [Partner(lone.pk, "1", "003A", "Lead")])
    lone.refresh_from_db()
    assert attached == {lone.pk}
    assert (lone.salesforce_id, lone.salesforce_object, lone.state) == ("003A", "Lead", "live")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state, gets_it", [("live", False), ("gone_hubspot", True), ("merged_away", True)]
)
def test_a_record_that_has_another_open_link_is_never_taken_from_it(state, gets_it):
    link("2", "003A", state)
    lone = link("1", claim=MINE)
    attached = RecordLink.objects.all().attach(MINE, [Partner(lone.pk, "1", "003A", "Contact")])
    assert bool(attached) is gets_it


@pytest.mark.django_db
def test_of_two_that_want_one_record_the_first_gets_it():
    first, second = link("1", claim=MINE), link("2", claim=MINE)
    attached = RecordLink.objects.all().attach(
        MINE, [Partner(one.pk, one.hubspot_id, "003A", "Contact") for one in (first, second)]
    )
    assert attached == {first.pk}


OPEN_TWICE = [
    ({"hubspot": "1"}, {"hubspot": "1"}),
    ({"salesforce": "003A"}, {"salesforce": "003A"}),
    ({"hubspot": "1", "salesforce": "003A"}, {"hubspot": "1"}),
    ({"hubspot": "1", "salesforce": "003A"}, {"hubspot": "2", "salesforce": "003A"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("one, other", OPEN_TWICE)
def test_a_record_is_in_one_open_link_at_most(one, other):
    link(**one)
    with pytest.raises(IntegrityError), transaction.atomic():
        link(**other)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["gone_hubspot", "gone_salesforce", "merged_away"])
@pytest.mark.parametrize("one, other", OPEN_TWICE)
def test_a_tombstone_does_not_stand_in_the_way_of_a_new_link(one, other, state):
    link(**one, state=state)
    link(**other)
    assert RecordLink.objects.open().count() == 1


@pytest.mark.django_db
def test_the_same_id_in_another_object_type_or_connection_is_another_record():
    link("1", "003A")
    link("1", "003A", object_type="companies")
    link("1", "003A", connection=Connection.objects.create(hubspot_account_id="2"))
    assert RecordLink.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "nonsense",
    [{}, {"hubspot": "1", "state": "live"}, {"salesforce": "003A", "state": "live"}],
)
def test_a_link_names_a_record_and_a_live_one_names_both(nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        link(**nonsense)


@pytest.mark.django_db
def test_links_are_found_by_the_ids_of_either_crm():
    one, other, _ = link("1", "003A"), link("2", "003B"), link("3", "003C")
    named = RecordLink.objects.all().naming({Crm.HUBSPOT: ["1"], Crm.SALESFORCE: ["003B"]})
    assert set(named) == {one, other}


@pytest.mark.parametrize(
    "hubspot, salesforce, row",
    [("a", "a", '["a", 1772442000000]'), ("a", None, '["a", 1772442000000, null]')],
)
def test_the_second_agreed_value_is_kept_only_where_it_differs(hubspot, salesforce, row):
    agreed = {"f": Agreed(hubspot, salesforce, NOW)}
    assert packed(agreed) == f'{{"f": {row}}}'


def test_two_blanks_take_no_room():
    assert packed({"f": Agreed(None, None, NOW)}) == "{}"


@pytest.mark.django_db
@pytest.mark.parametrize("microseconds", [0, 1, 999, 1000, 1001])
@pytest.mark.parametrize("hubspot, salesforce", [("a", "a"), ("a", "b"), ("a", None), (None, "b")])
def test_what_was_agreed_comes_back_and_never_earlier_than_it_was(
    microseconds, hubspot, salesforce
):
    at = NOW + timedelta(microseconds=microseconds)
    pair = link("1", "003A", claim=MINE)
    agreed = {"f": Agreed(hubspot, salesforce, at)}
    RecordLink.objects.agree(MINE, [Agreement(pair.pk, agreed, None, None, False)], NOW)
    pair.refresh_from_db()
    found = pair.agreed_values["f"]
    assert (found.hubspot, found.salesforce) == (hubspot, salesforce)
    assert at <= found.at < at + timedelta(milliseconds=1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_attach_one_record_at_once_do_not_fail_each_other():
    links = [link("1", claim=MINE), link("2", claim=YOURS)]
    start = Barrier(2)

    def work(mine):
        try:
            start.wait()
            return RecordLink.objects.all().attach(
                mine.claim, [Partner(mine.pk, mine.hubspot_id, "003A", "Contact")]
            )
        finally:
            database.close()

    for _ in range(20):
        RecordLink.objects.update(salesforce_id=None, state="pending")
        with ThreadPoolExecutor(2) as workers:
            got = list(workers.map(work, links))
        assert sum(map(len, got)) == 1
