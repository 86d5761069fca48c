from __future__ import annotations

from django.urls import path

from settings_ui.health import actions, views

urlpatterns = [
    path("<int:connection>/health/", views.health, name="health"),
    path("<int:connection>/health/api-calls/", views.api_calls, name="api-calls"),
    path("<int:connection>/health/runs/", views.runs, name="runs"),
    path("<int:connection>/health/errors/", views.error_cards, name="error-cards"),
    path(
        "<int:connection>/health/errors/<category:category>/",
        views.error_details,
        name="error-details",
    ),
    path("<int:connection>/pulse/", views.pulse, name="pulse"),
    path("<int:connection>/sync-now/", actions.sync_now, name="sync-now"),
    path("<int:connection>/switch/", actions.switch, name="switch"),
    path("<int:connection>/clear-suspension/", actions.clear_suspension, name="clear-suspension"),
    path("<int:connection>/allocation/", actions.allocate, name="allocate"),
    path("<int:connection>/brakes/<int:pk>/go-on/", actions.go_on, name="go-on"),
]
