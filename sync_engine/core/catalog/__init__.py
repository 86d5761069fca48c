"""Every object type we sync, in the order of the tabs and of a sync run.

To add one: write its module beside this file, name it here. That is all.
The tab, its form, its standard mappings, its runs and its tests follow.
"""

from __future__ import annotations

from sync_engine.core.catalog.base import Choice, ObjectType, Policy, StandardMapping
from sync_engine.core.catalog.contacts import CONTACTS

CATALOG: dict[str, ObjectType] = {object_type.slug: object_type for object_type in (CONTACTS,)}

__all__ = ["CATALOG", "Choice", "ObjectType", "Policy", "StandardMapping"]
