"""What the tests of the core share: every object type, and the values that fields hold."""

from __future__ import annotations

import pytest

from sync_engine.core.catalog import CATALOG


@pytest.fixture(params=CATALOG.values(), ids=lambda object_type: object_type.slug)
def object_type(request):
    return request.param
