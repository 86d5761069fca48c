"""The fields of the CRM in memory, where a test does not bring its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm


class AnyText(Mapping[str, Field]):
    """The fields of an object nobody declared: whatever name is asked for is a text field."""

    def __init__(self) -> None:
        self._met: dict[str, Field] = {}

    def __getitem__(self, name: str) -> Field:
        return self._met.setdefault(name, Field(name, name, FieldKind.TEXT, "text"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._met)

    def __len__(self) -> int:
        return len(self._met)


def _declared(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


def _text(name: str, max_length: int, *, is_required: bool = False) -> Field:
    return Field(
        name, name, FieldKind.TEXT, "string", max_length=max_length, is_required=is_required
    )


def _property(name: str, kind: FieldKind = FieldKind.TEXT) -> Field:
    return Field(name, name, kind, "string", max_length=65_536)


_TEXTS = (
    "firstname",
    "lastname",
    "jobtitle",
    "salutation",
    "phone",
    "mobilephone",
    "fax",
    "company",
    "address",
    "city",
    "state",
    "zip",
    "country",
    "website",
)

_SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")

FIELDS: dict[Crm, dict[str, dict[str, Field]]] = {
    Crm.HUBSPOT: {
        "contacts": _declared(
            _property("email", FieldKind.EMAIL),
            *map(_property, _TEXTS),
            Field("annualrevenue", "Annual revenue", FieldKind.NUMBER, "number"),
            Field("date_of_birth", "Date of birth", FieldKind.DATE, "date"),
            Field(
                "lifecyclestage",
                "Lifecycle stage",
                FieldKind.PICKLIST,
                "radio",
                ("subscriber", "lead", "opportunity", "customer", "evangelist"),
                restricted=True,
            ),
            Field("hs_email_optout", "Opted out", FieldKind.YES_NO, "bool", writable=False),
        )
    },
    Crm.SALESFORCE: {
        "Contact": _declared(
            _text("LastName", 80, is_required=True),
            _text("FirstName", 40),
            Field("Email", "Email", FieldKind.EMAIL, "email", max_length=80),
            Field("Salutation", "Salutation", FieldKind.PICKLIST, "picklist", _SALUTATIONS),
            Field("Phone", "Phone", FieldKind.PHONE, "phone", max_length=40),
            Field("MobilePhone", "Mobile", FieldKind.PHONE, "phone", max_length=40),
            Field("Fax", "Fax", FieldKind.PHONE, "phone", max_length=40),
            _text("Title", 128),
            _text("Department", 80),
            _text("MailingStreet", 255),
            _text("MailingCity", 40),
            _text("MailingState", 80),
            _text("MailingPostalCode", 20),
            _text("MailingCountry", 80),
            _text("Description", 32_000),
            Field("Birthdate", "Birthdate", FieldKind.DATE, "date", years=(1700, 4000)),
            Field(
                "HasOptedOutOfEmail",
                "Email Opt Out",
                FieldKind.YES_NO,
                "boolean",
                blank_is=False,
            ),
        ),
        "Lead": _declared(
            _text("LastName", 80, is_required=True),
            _text("Company", 255, is_required=True),
            _text("FirstName", 40),
            Field("Email", "Email", FieldKind.EMAIL, "email", max_length=80),
            Field("Salutation", "Salutation", FieldKind.PICKLIST, "picklist", _SALUTATIONS),
            Field("Phone", "Phone", FieldKind.PHONE, "phone", max_length=40),
            Field("Fax", "Fax", FieldKind.PHONE, "phone", max_length=40),
            _text("Title", 128),
            _text("Street", 255),
            _text("City", 40),
            _text("State", 80),
            _text("PostalCode", 20),
            _text("Country", 80),
            Field("Website", "Website", FieldKind.URL, "url", max_length=255),
            Field(
                "AnnualRevenue", "Annual Revenue", FieldKind.NUMBER, "currency", scale=0, digits=18
            ),
            Field(
                "HasOptedOutOfEmail",
                "Email Opt Out",
                FieldKind.YES_NO,
                "boolean",
                blank_is=False,
            ),
        ),
    },
}
