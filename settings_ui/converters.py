"""What may stand in an address: `/3/contacts/` reaches a view as CONTACTS, `/3/unicorns/` is a 404."""

from __future__ import annotations

from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.errors import Category
from sync_engine.core.values import Crm


class ObjectTypeConverter:
    regex = "[a-z0-9-]+"

    def to_python(self, slug: str) -> ObjectType:
        try:
            return CATALOG[slug]
        except KeyError:
            raise ValueError(slug) from None

    def to_url(self, object_type: ObjectType) -> str:
        return object_type.slug


class CrmConverter:
    regex = "[a-z]+"

    def to_python(self, name: str) -> Crm:
        return Crm(name)

    def to_url(self, crm: str) -> str:
        return Crm(crm).value


class CategoryConverter:
    regex = "[a-z-]+"

    def to_python(self, name: str) -> Category:
        return Category(name)

    def to_url(self, category: str) -> str:
        return Category(category).value
