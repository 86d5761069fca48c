"""The demo's people and companies, and who of them is known to which CRM.

Deterministic: the same seed gives the same people. Half of their lives is lived in one CRM and half
in the other, as in a real company: most are in both, their values differ here and there.
Every e-mail address and web site is under `.example`, which nobody can own (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from sync_engine.simulators.people_words import (
    COMPANIES,
    DEPARTMENTS,
    FIRST_NAMES,
    LAST_NAMES,
    PLACES,
    STAFF,
    STREETS,
)

DEMO_SEED = 1843
PEOPLE = 240
IN_BOTH = 150
ONLY_SALESFORCE = 50
LEAD_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other", "")


@dataclass(frozen=True, slots=True)
class Staff:
    """A user of both CRMs: Salesforce user, HubSpot owner. Records are theirs."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True)
class Company:
    """number counts from 1. state: "" where the country has none."""

    number: int
    name: str
    domain: str
    industry: str
    phone: str
    street: str
    city: str
    state: str
    zip: str
    country: str
    employees: int
    owner: Staff


@dataclass(frozen=True, slots=True)
class Person:
    """number counts from 1 and is the same in both CRMs. Blank values are ""."""

    number: int
    salutation: str
    first_name: str
    last_name: str
    title: str
    department: str
    email: str
    phone: str
    mobile: str
    fax: str
    lead_source: str
    company: Company
    owner: Staff


def staff() -> list[Staff]:
    """Return the demo company's own users. The first one looks after both CRMs."""
    return [Staff(first, last, f"{_slug(first)}@babbage.example") for first, last in STAFF]


def companies(seed: int = DEMO_SEED) -> list[Company]:
    """Return the customers' companies, 60 of them."""
    random = Random(f"companies {seed}")
    owners = staff()
    return [
        _company(random, number, name, industry, random.choice(owners))
        for number, (name, industry) in enumerate(COMPANIES, start=1)
    ]


def people(seed: int = DEMO_SEED) -> list[Person]:
    """Return everybody, as they would describe themselves. No two share an e-mail address."""
    random = Random(f"people {seed}")
    employers = companies(seed)
    everybody: list[Person] = []
    taken: set[str] = set()
    while len(everybody) < PEOPLE:
        person = _person(random, len(everybody) + 1, random.choice(employers))
        if person.email not in taken:
            taken.add(person.email)
            everybody.append(person)
    return everybody


def salesforce_people(seed: int = DEMO_SEED) -> list[Person]:
    """Return who is known in Salesforce (200), as it was typed there."""
    random = Random(f"salesforce {seed}")
    return [_as_typed_by_sales(random, p) for p in people(seed)[: IN_BOTH + ONLY_SALESFORCE]]


def hubspot_people(seed: int = DEMO_SEED) -> list[Person]:
    """Return who is known in HubSpot (190), as it was typed there; 150 are in both."""
    random = Random(f"hubspot {seed}")
    everybody = people(seed)
    known = everybody[:IN_BOTH] + everybody[IN_BOTH + ONLY_SALESFORCE :]
    return [_as_typed_in_a_form(random, person) for person in known]


def _as_typed_by_sales(random: Random, person: Person) -> Person:
    """Sales knows phones and salutations, forgets a title, capitalises an address."""
    title = "" if random.random() < 0.12 else person.title
    email = person.email.title() if random.random() < 0.1 else person.email
    mobile = "" if random.random() < 0.3 else person.mobile
    return replace(person, title=title, email=email, mobile=mobile)


def _as_typed_in_a_form(random: Random, person: Person) -> Person:
    """Who filled in a form gave no salutation, perhaps an older phone, a newer title."""
    phone = person.phone
    if random.random() < 0.2:
        phone = _phone(random, phone.split(" ")[0])
    elif random.random() < 0.2:
        phone = ""
    title = person.title
    if random.random() < 0.15:
        title = random.choice(dict(DEPARTMENTS)[person.department])
    elif random.random() < 0.15:
        title = ""
    salutation = person.salutation if random.random() < 0.2 else ""
    return replace(person, phone=phone, title=title, salutation=salutation, fax="")


def _company(random: Random, number: int, name: str, industry: str, owner: Staff) -> Company:
    city, state, zip_code, country, dial = random.choice(PLACES)
    return Company(
        number=number,
        name=name,
        domain=f"{_slug(name)}.example",
        industry=industry,
        phone=_phone(random, dial),
        street=f"{random.randint(1, 240)} {random.choice(STREETS)}",
        city=city,
        state=state,
        zip=zip_code,
        country=country,
        employees=random.choice((12, 30, 45, 80, 120, 260, 500, 1200, 4000)),
        owner=owner,
    )


def _person(random: Random, number: int, company: Company) -> Person:
    first, salutation = random.choice(FIRST_NAMES)
    last = random.choice(LAST_NAMES)
    department, titles = random.choice(DEPARTMENTS)
    dial = company.phone.split(" ")[0]
    return Person(
        number=number,
        salutation="Dr." if random.random() < 0.06 else salutation,
        first_name=first,
        last_name=last,
        title=random.choice(titles),
        department=department,
        email=f"{_slug(first)}.{_slug(last)}@{company.domain}",
        phone=_phone(random, dial),
        mobile=_phone(random, dial),
        fax=_phone(random, dial) if random.random() < 0.15 else "",
        lead_source=random.choice(LEAD_SOURCES),
        company=company,
        owner=company.owner,
    )


def _phone(random: Random, dial: str) -> str:
    """Return a number in the range that is kept free for fiction: 555-01xx."""
    return f"{dial} {random.randint(200, 989)} 555 01{random.randint(0, 99):02}"


def _slug(name: str) -> str:
    plain = name.lower().translate(
        str.maketrans("áàâãäåçćéèêëíîïıñńóôöøőúüýžšł", "aaaaaacceeeeiiiinnooooouuyzsl")
    )
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
