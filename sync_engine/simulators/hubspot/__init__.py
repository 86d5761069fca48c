"""A HubSpot account over HTTP. Facts: hubspot-api.md; what is simulated: its section 20."""

from __future__ import annotations

from sync_engine.simulators.hubspot.simulator import HubSpotSimulator

__all__ = ["HubSpotSimulator"]
