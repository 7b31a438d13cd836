from django.urls import path

from proposals.views import assignments, evidence, scoring

urlpatterns = [
    path("", assignments.assignment_list, name="assignment-list"),
    path("proposals/<uuid:pk>/scorecard/", scoring.scorecard_edit, name="scorecard-edit"),
    path("scorecards/<uuid:pk>/", scoring.scorecard_detail, name="scorecard-detail"),
    path("proposals/<uuid:pk>/evidence/new/", evidence.evidence_create, name="evidence-create"),
    path("evidence/<uuid:pk>/", evidence.evidence_edit, name="evidence-edit"),
]
