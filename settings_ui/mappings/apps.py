from django.apps import AppConfig


class MappingsConfig(AppConfig):
    name = "settings_ui.mappings"
