from django.urls import include, path

urlpatterns = [path("", include("settings_ui.urls"))]
