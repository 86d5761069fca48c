from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "settings_ui.connections"
