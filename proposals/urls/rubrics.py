from django.urls import path

from proposals.views import rubric_publishing, what_if

urlpatterns = [
    path("rubric/drafts/<uuid:pk>/what-if/", what_if.what_if, name="what-if"),
    path("rubric/drafts/<uuid:pk>/publish/", rubric_publishing.rubric_publish, name="rubric-publish"),
    path("rubric/drafts/<uuid:pk>/publish/gates/", rubric_publishing.rubric_gates, name="rubric-gates"),
]
