from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "settings_ui.health"
