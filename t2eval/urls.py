from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("t2eval.accounts.urls")),
    path("", include("proposals.urls")),
    path("rubric/", include("rubrics.urls")),
    path("admin/", admin.site.urls),
]
