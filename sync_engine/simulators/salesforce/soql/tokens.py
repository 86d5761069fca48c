"""A SOQL statement cut into words, and Salesforce's way of saying where it does not read on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sync_engine.simulators.salesforce.errors import Refusal

TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<string>'(?:\\.|[^'\\])*')"
    r"|(?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*(?::\d+)?)"
    r"|(?P<sign><=|>=|!=|<>|[=<>(),])",
    re.DOTALL,
)
CURRENCY = re.compile(r"[A-Z]{3}\d+")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
SHOWN_BEFORE = 32
SHOWN_AFTER = 40


@dataclass(frozen=True, slots=True)
class Token:
    """kind: string, datetime, date, number, name, sign, or end."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """Cut `text`; raises Refusal MALFORMED_QUERY."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup or "", match.group(), at))
        at = match.end()
    return [*found, Token("end", "<EOF>", len(text))]


def unquote(text: str) -> str:
    """Return what a string literal says."""
    return re.sub(
        r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(1)), text[1:-1], flags=re.DOTALL
    )


def unquote_pattern(text: str) -> str:
    r"""As `unquote`, but \% and \_ stay as they are: a LIKE takes them literally."""
    return re.sub(
        r"\\(.)",
        lambda m: m.group() if m.group(1) in "%_" else ESCAPES.get(m.group(1), m.group(1)),
        text[1:-1],
        flags=re.DOTALL,
    )


def at_place(code: str, text: str, at: int, message: str) -> Refusal:
    """Return a refusal that shows the place in the statement, as Salesforce draws it."""
    start = max(0, at - SHOWN_BEFORE)
    shown = text[start : at + SHOWN_AFTER].replace("\n", " ")
    row = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    pointer = " " * (at - start) + "^"
    return Refusal(code, f"\n{shown}\n{pointer}\nERROR at Row:{row}:Column:{column}\n{message}")


def _unreadable(text: str, at: int) -> Refusal:
    row = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1)
    if text[at] == "'":
        message = f"line {row}:{len(text)} mismatched character '<EOF>' expecting '''"
    elif text[at] == ":":
        message = "Bind variables only allowed in Apex code"
    else:
        message = f"line {row}:{column} no viable alternative at character '{text[at]}'"
    return Refusal("MALFORMED_QUERY", message)
