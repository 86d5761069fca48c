from __future__ import annotations

from django.urls import path

from settings_ui.objects import segments, views

urlpatterns = [
    path("<int:connection>/<object_type:object_type>/", views.object_type_tab, name="object-type"),
    path(
        "<int:connection>/<object_type:object_type>/switch/",
        views.switch_object_type,
        name="switch-object-type",
    ),
    path("<int:connection>/<object_type:object_type>/segment/", segments.segment, name="segment"),
    path(
        "<int:connection>/<object_type:object_type>/segment/go-on/",
        segments.go_on,
        name="segment-go-on",
    ),
]
