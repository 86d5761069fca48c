from django.apps import AppConfig
from django.core.checks import Tags, register

from crmsync import checks


class CrmsyncConfig(AppConfig):
    name = "crmsync"

    def ready(self) -> None:
        register(checks.refuse_missing_keys, Tags.security)
        register(checks.refuse_simulators, Tags.security, deploy=True)
