"""Fields of every kind, and what people put there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sync_engine.core.fields import Field, FieldKind

NOON = datetime(2026, 3, 2, 12, 30, 15, tzinfo=UTC)
COLOURS = ("Red", "Green", "Dark blue")


def field(kind: str, **given: Any) -> Field:
    return Field("f", "Favourite", FieldKind(kind), **given)


TEXT, EMAIL, NUMBER = field("text"), field("email"), field("number")
EURO, CHECKBOX = field("number", scale=2), field("yes_no", blank_is=False)
DATE, MOMENT, REFERENCE = field("date"), field("moment"), field("reference")
COLOUR = field("picklist", options=COLOURS, restricted=True)
COLOUR_LIST = field("multi_picklist", options=COLOURS, restricted=True)
FREE_COLOUR = field("picklist", options=COLOURS, max_length=20)

ID_15, ID_18 = "001A0000006Vm9r", "001A0000006Vm9rIAC"  # Salesforce's own example

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(characters, max_size=30) | st.sampled_from(
    ["a\r\nb", " Ada ", "0", "None", "false", "a;b"]
)
picks = st.sampled_from(COLOURS)
moments = st.timedeltas(timedelta(0), timedelta(days=30_000)).map(lambda ago: NOON - ago)
numbers = st.decimals(-(10**15), 10**15, places=3) | st.integers(-9, 9)

# {kind of field: (the field, values that people put there)}
HELD = {
    "text": (TEXT, texts),
    "phone": (field("phone", max_length=40), texts),
    "url": (field("url"), texts),
    "email": (EMAIL, st.emails() | texts),
    "number": (NUMBER, numbers),
    "number with a scale": (EURO, numbers),
    "yes or no": (CHECKBOX, st.booleans()),
    "yes, no or blank": (field("yes_no"), st.booleans()),
    "date": (DATE, st.dates() | moments),
    "moment": (MOMENT, moments | st.dates(date(1990, 1, 1), date(2090, 1, 1))),
    "picklist": (COLOUR, picks | picks.map(str.upper)),
    "free picklist": (FREE_COLOUR, picks | st.text(characters, max_size=10)),
    "multi-select": (COLOUR_LIST, st.lists(picks, max_size=4).map(";".join)),
    "reference": (REFERENCE, st.sampled_from([ID_15, ID_18])),
}
held = st.sampled_from(list(HELD.values())).flatmap(
    lambda one: st.tuples(st.just(one[0]), st.none() | one[1])
)
