from __future__ import annotations

from django.urls import path

from settings_ui.mappings import export, views

urlpatterns = [
    path("<int:connection>/<object_type:object_type>/mappings/", views.mappings, name="mappings"),
    path(
        "<int:connection>/<object_type:object_type>/mappings.csv",
        export.mappings_csv,
        name="mappings-csv",
    ),
    path("<int:connection>/mappings/<int:pk>/edit/", views.edit_mapping, name="edit-mapping"),
    path("<int:connection>/mappings/<int:pk>/rule/", views.change_rule, name="change-rule"),
    path(
        "<int:connection>/mappings/<int:pk>/property/",
        views.make_property,
        name="create-property",
    ),
]
