from django.urls import include, path

from t2eval.accounts import urls as accounts
from t2eval.accounts.admin import site
from t2eval.audit import urls as audit
from t2eval.favicon import favicon
from t2eval.health import healthz

urlpatterns = [
    path("", include(([*accounts.urlpatterns, *audit.urlpatterns], accounts.app_name))),
    path("", include("proposals.urls")),
    path("rubric/", include("rubrics.urls")),
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("admin/", site.urls),
]

handler500 = "t2eval.errors.server_error"
