"""The door for a web server, which runs no checks of its own: an unsafe start is refused here."""

from __future__ import annotations

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crmsync.settings")

application = get_wsgi_application()
call_command("check")
