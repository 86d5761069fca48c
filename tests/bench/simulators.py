"""Both simulators by name: whom they load, and what is asked of them."""

from __future__ import annotations

from tests.bench import hubspot_calls, salesforce_calls

OBJECTS = {"salesforce": "Contact", "hubspot": "contacts"}
CALLS = {"salesforce": salesforce_calls.Calls, "hubspot": hubspot_calls.Calls}
