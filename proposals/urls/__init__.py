"""The addresses of this app, a file per room of the site."""

from proposals.urls import assessment, discussions, memos, records, rubrics, scoring

app_name = "proposals"
urlpatterns = [
    *records.urlpatterns,
    *scoring.urlpatterns,
    *assessment.urlpatterns,
    *discussions.urlpatterns,
    *memos.urlpatterns,
    *rubrics.urlpatterns,
]
