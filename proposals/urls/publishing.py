from django.urls import path

from proposals.views import rubric_publishing

urlpatterns = [
    path("rubric/drafts/<uuid:pk>/publish/", rubric_publishing.rubric_publish, name="rubric-publish"),
]
