"""A Salesforce org over HTTP. Facts: salesforce-api.md; what is simulated: its section 14."""

from __future__ import annotations

from sync_engine.simulators.salesforce.simulator import SalesforceSimulator

__all__ = ["SalesforceSimulator"]
