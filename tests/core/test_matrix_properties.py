"""Whatever fields are mapped, by the manual's matrix or as standard, and whatever they hold: a
value that was carried over is settled, and nothing is sent back and forth (product.md 17.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.addresses import plan_record
from sync_engine.core.convert import CannotConvert, equal, is_remembered, same, stored_as
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.fits import fits
from sync_engine.core.places import Part, PlaceRule, standard_places
from sync_engine.core.plan import after_write
from sync_engine.core.spelling import remembered
from sync_engine.core.values import Crm
from tests.core.held import COLOURS, ID_15, ID_18, characters
from tests.core.pairs import NOW, SYNCED, mapped, pair_of, written

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago")
IDS = (ID_18, "001A0000006Vm9sIAC")


def hubspot(kind, field_type="", **more):
    return Field("f", "Here", FieldKind(kind), field_type, **more)


def salesforce(kind, type_, **more):
    return Field("F", "There", FieldKind(kind), type_, **more)


def places(part, *, closed):
    return PlaceRule(part, standard_places(), is_matched=True, is_closed=closed, country="US")


HUBSPOT = {
    "Dropdown select": hubspot("picklist", "select", options=COLOURS, restricted=True),
    "Dropdown of ids": hubspot("picklist", "select", options=IDS[:1]),
    "Radio select": hubspot("picklist", "radio", options=COLOURS, restricted=True),
    "Multiple checkboxes": hubspot("multi_picklist", "checkbox", options=COLOURS, restricted=True),
    "Single checkbox": hubspot("yes_no", "booleancheckbox"),
    "Number": hubspot("number", "number"),
    "Single-line text": hubspot("text", "text", max_length=65_536),
    "Multi-line text": hubspot("text", "textarea", max_length=65_536),
    "Phone number": hubspot("phone", "phonenumber", max_length=65_536),
    "E-mail": hubspot("email", "text", max_length=65_536),
    "Date picker": hubspot("date", "date"),
    "Date and time picker": hubspot("moment", "date"),
}
SALESFORCE = {
    "string": salesforce("text", "string", max_length=10),
    "textarea": salesforce("text", "textarea", max_length=32_000),
    "phone": salesforce("phone", "phone", max_length=40),
    "email": salesforce("email", "email", max_length=80),
    "url": salesforce("url", "url", max_length=255),
    "double": salesforce("number", "double", scale=2, digits=16),
    "int": salesforce("number", "int", scale=0, digits=8),
    "currency": salesforce("number", "currency", scale=2, digits=16),
    "percent": salesforce("number", "percent", scale=0, digits=3),
    "boolean": salesforce("yes_no", "boolean", blank_is=False),
    "date": salesforce("date", "date", years=(1700, 4000)),
    "datetime": salesforce("moment", "datetime", years=(1700, 4000)),
    "picklist": salesforce("picklist", "picklist", options=COLOURS[:2], restricted=True),
    "open picklist": salesforce("picklist", "picklist", options=COLOURS[:1], max_length=255),
    "multipicklist": salesforce("multi_picklist", "multipicklist", options=("red", "GREEN"), restricted=True),
    "open multipicklist": salesforce("multi_picklist", "multipicklist", max_length=4099),
    "reference": salesforce("reference", "reference", max_length=18),
}  # fmt: skip
# Standard mappings that are outside the matrix (product.md 17.6), and places.
STANDARD = [
    ("Single-line text", "picklist"),
    ("Single-line text", "open picklist"),
    ("Single-line text", "reference"),
    ("Date and time picker", "date"),
]
PLACES = [
    (
        replace(HUBSPOT["Single-line text"], place=places(part, closed=False)),
        replace(SALESFORCE["textarea"], place=places(part, closed=closed)),
    )
    for part in Part
    for closed in (True, False)
]
MATRIX = [
    (here, there)
    for here in HUBSPOT
    for there in SALESFORCE
    if not fits(HUBSPOT[here], SALESFORCE[there])
]
PAIRS = [(HUBSPOT[a], SALESFORCE[b]) for a, b in [*MATRIX, *STANDARD]] + PLACES

texts = st.text(characters, max_size=12)
numbers = st.decimals(allow_nan=False, allow_infinity=False) | st.integers().map(Decimal)
instants = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
odd_texts = st.sampled_from(
    ["", " ", "\0", "\ud83d", "😀" * 6, "😀" * 16_001, "a\r\nb", "&amp;", "Ünïcode", "ß", "İ"]
    + ["0", "1e5", "1.50", "-0", "NaN", "2026-03-02", "2026-03-02T23:30:00Z", "true", "red; GREEN;"]
    + ["USA", "us", "United States", "Oregon", "OR", "DE", "Georgia", "Côte d’Ivoire"]
    + [ID_15, ID_18, "Ada@Example.ORG"]
)
# What a CRM may hold in a field of each kind; a text stands for what could not be read.
BY_KIND = {
    FieldKind.NUMBER: numbers,
    FieldKind.YES_NO: st.booleans(),
    FieldKind.DATE: st.dates() | st.sampled_from([date.min, date.max]),
    FieldKind.MOMENT: instants,
    FieldKind.PICKLIST: st.sampled_from([*COLOURS, *IDS]),
    FieldKind.MULTI_PICKLIST: st.lists(st.sampled_from(COLOURS), max_size=4).map(";".join),
    FieldKind.REFERENCE: st.sampled_from(IDS),
}


def any_value(of):
    return st.none() | odd_texts | BY_KIND.get(of.kind, texts)


def held_by(of):
    """What a field holds: what it would store of anything."""
    return any_value(of).map(lambda value: _stored(value, of))


def _stored(value, of):
    try:
        return stored_as(value, of)
    except CannotConvert:
        return of.blank_is


@st.composite
def pairs(draw):
    here, there = draw(st.sampled_from(PAIRS))
    zone = draw(st.sampled_from(ZONES))
    return replace(here, zone=zone), replace(there, zone=zone)


def test_every_row_of_the_matrix_is_among_them():
    assert {here for here, _ in MATRIX} == set(HUBSPOT)
    assert {there for _, there in MATRIX} == set(SALESFORCE)


@pytest.mark.parametrize("of", [*HUBSPOT.values(), *SALESFORCE.values(), *PLACES[0], *PLACES[2]])
@given(data=st.data())
def test_a_value_is_carried_or_refused_for_a_reason_and_stored_once_for_all(of, data):
    value = data.draw(any_value(of) | texts | numbers | instants | st.booleans())
    try:
        stored = stored_as(value, of)
    except CannotConvert as refusal:
        assert str(refusal).startswith(of.label) and str(refusal).endswith(".")
        return
    again = stored_as(stored, of)
    assert (again, type(again)) == (stored, type(stored))
    assert is_remembered(stored, remembered(stored), of)


@given(pairs(), st.data())
def test_to_be_equal_is_mutual_with_being_carried(fields, data):
    here, there = fields
    for source, target in ((here, there), (there, here)):
        value = data.draw(held_by(source))
        try:
            stored = stored_as(value, target)
        except CannotConvert:
            continue
        ours, theirs = (value, stored) if source is here else (stored, value)
        assert equal(ours, theirs, in_hubspot=here, in_salesforce=there)


@given(pairs(), st.data())
def test_there_and_back_settles(fields, data):
    """What came back is what was there, or stays where it is from then on."""
    for source, target in (fields, fields[::-1]):
        value = data.draw(held_by(source))
        try:
            there = stored_as(value, target)
            back = stored_as(there, source)
            again = stored_as(back, target)
        except CannotConvert:
            continue
        assert same(again, there, target)
        assert same(stored_as(again, source), back, source)


@given(pairs(), st.sampled_from(SYNCED), st.data())
def test_nothing_is_sent_back_and_forth(fields, rule, data):
    here, there = fields
    mapping = mapped(rule, here, there)
    values = [data.draw(held_by(of)) for of in (here, there)]
    was = [data.draw(held_by(of)) for of in (here, there)]
    pair = pair_of(
        *values, data.draw(st.none() | st.just(was)), later=data.draw(st.sampled_from(Crm))
    )
    plan = plan_record(pair, [mapping], {}, NOW)

    agreed, records = {**pair.agreed, **plan.settled}, {}
    for crm in Crm:
        held = dict(pair.of(crm).values)
        for name, change in plan.to(crm).items():
            held[name] = change.new
            agreed["f"] = after_write(change, crm, change.new, NOW)
        records[crm.value] = replace(pair.of(crm), values=held)
    settled = replace(pair, **records, agreed=agreed)

    again = plan_record(settled, [mapping], {}, NOW)
    assert not written(again) and not again.settled
    assert again.refusals == plan.refusals
