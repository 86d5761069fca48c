from __future__ import annotations

from django.urls import path

from settings_ui.connections import adoption, checks, disconnect, login, views

urlpatterns = [
    path("connect/", views.connect, name="connect"),
    path("connect/<crm:crm>/", login.start, name="start-login"),
    path("oauth/<crm:crm>/callback/", login.callback, name="login-callback"),
    path("<int:connection>/checks/", checks.checks, name="checks"),
    path("<int:connection>/checks/<crm:crm>/", checks.check_again, name="check-again"),
    path("<int:connection>/adoption/", adoption.adoption, name="adoption"),
    path("<int:connection>/adoption/begin/", adoption.take_over_links, name="take-over-links"),
    path("<int:connection>/disconnect/", disconnect.disconnect_page, name="disconnect"),
    path("<int:connection>/setup/", views.setup, name="setup"),
    path("<int:connection>/setup/finish/", views.finish_setup, name="finish-setup"),
]
