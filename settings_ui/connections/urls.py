from __future__ import annotations

from django.urls import path

from settings_ui.connections import login, views

urlpatterns = [
    path("connect/", views.connect, name="connect"),
    path("connect/<crm:crm>/", login.start, name="start-login"),
    path("oauth/<crm:crm>/callback/", login.callback, name="login-callback"),
    path("<int:connection>/setup/", views.setup, name="setup"),
    path("<int:connection>/setup/finish/", views.finish_setup, name="finish-setup"),
]
