from django.apps import AppConfig


class ObjectsConfig(AppConfig):
    name = "settings_ui.objects"
