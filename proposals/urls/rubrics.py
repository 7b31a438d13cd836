from django.urls import URLPattern, path

from proposals.views import what_if

urlpatterns: list[URLPattern] = [
    path("rubric/drafts/<uuid:pk>/what-if/", what_if.what_if, name="what-if"),
]
