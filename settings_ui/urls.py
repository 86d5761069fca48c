from __future__ import annotations

from django.urls import include, path, register_converter

from settings_ui import person
from settings_ui.connections.views import home
from settings_ui.converters import CategoryConverter, CrmConverter, ObjectTypeConverter

register_converter(ObjectTypeConverter, "object_type")
register_converter(CrmConverter, "crm")
register_converter(CategoryConverter, "category")

urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", person.sign_in, name="sign-in"),
    path("sign-out/", person.sign_out, name="sign-out"),
    path("theme/", person.theme, name="theme"),
    path("", include("settings_ui.connections.urls")),
    path("", include("settings_ui.health.urls")),
    path("", include("settings_ui.mappings.urls")),
    path("", include("settings_ui.objects.urls")),
]
