from django.urls import include, path

from t2eval.accounts.admin import site
from t2eval.favicon import favicon
from t2eval.health import healthz

urlpatterns = [
    path("", include("t2eval.accounts.urls")),
    path("", include("proposals.urls")),
    path("rubric/", include("rubrics.urls")),
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("admin/", site.urls),
]

handler500 = "t2eval.errors.server_error"
