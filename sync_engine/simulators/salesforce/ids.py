"""Salesforce record ids: 15 characters, case-sensitive, and three more that say which of them are
capitals. Source: salesforce-api.md 7."""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, digits

DIGITS = digits + ascii_uppercase + ascii_lowercase
CHECK = ascii_uppercase + "012345"
POD = "5j0"  # what every id of this org has after its prefix
SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")


def checksum(id15: str) -> str:
    """Return the three characters that make 18 of 15."""
    return "".join(
        CHECK[sum(1 << bit for bit in range(5) if id15[block + bit].isupper())]
        for block in (0, 5, 10)
    )


@lru_cache(maxsize=65_536)
def full(text: str) -> str | None:
    """Return the id with 18 characters; None where it is no id.

    One of 18 characters whose case was lost is repaired from its suffix.
    """
    if not SHAPE.fullmatch(text):
        return None
    if len(text) == 15:
        return text + checksum(text)
    return text if checksum(text[:15]) == text[15:] else _repaired(text)


def _repaired(text: str) -> str | None:
    suffix = text[15:].upper()
    if any(letter not in CHECK for letter in suffix):
        return None
    letters = [
        letter.upper() if CHECK.index(suffix[at // 5]) >> (at % 5) & 1 else letter.lower()
        for at, letter in enumerate(text[:15])
    ]
    id15 = "".join(letters)
    return id15 + suffix if checksum(id15) == suffix else None


def make(prefix: str, number: int) -> str:
    """Return the id of the org's record `number` of the object with this prefix."""
    text = ""
    while number:
        number, digit = divmod(number, 62)
        text = DIGITS[digit] + text
    id15 = prefix + POD + text.rjust(9, "0")
    return id15 + checksum(id15)


def number_of(record_id: str) -> int:
    """Return the number that `make` was given."""
    number = 0
    for letter in record_id[6:15]:
        number = number * 62 + DIGITS.index(letter)
    return number
