"""SOQL: parse.py reads it, compile.py checks it against the org, run.py answers it.

The subset is salesforce-api.md 15; what is left out of it says so by name.
"""

from __future__ import annotations
