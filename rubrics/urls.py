from django.urls import path

from rubrics.views import versions

app_name = "rubrics"
urlpatterns = [
    path("", versions.version_list, name="version-list"),
    path("versions/<uuid:pk>/", versions.version_detail, name="version-detail"),
]
