from django.urls import path

from proposals.views import assignments, evidence, own_scorecards, saving, scoring

urlpatterns = [
    path("", assignments.assignment_list, name="assignment-list"),
    path("proposals/<uuid:pk>/scorecard/", scoring.scorecard_edit, name="scorecard-edit"),
    path("proposals/<uuid:pk>/scorecard/cells/<str:cell>/", saving.scorecard_cell, name="scorecard-cell"),
    path(
        "proposals/<uuid:pk>/scorecard/recommendation/",
        saving.scorecard_recommendation,
        name="scorecard-recommendation",
    ),
    path("proposals/<uuid:pk>/scorecard/result/", own_scorecards.scorecard_result, name="scorecard-result"),
    path("scorecards/<uuid:pk>/", scoring.scorecard_detail, name="scorecard-detail"),
    path("practice/", own_scorecards.scorecard_practice, name="scorecard-practice"),
    path("scorecards/<uuid:pk>/calibration/", own_scorecards.scorecard_calibration, name="scorecard-calibration"),
    path("scorecards/<uuid:pk>/history/", own_scorecards.scorecard_history, name="scorecard-history"),
    path("proposals/<uuid:pk>/evidence/new/", evidence.evidence_create, name="evidence-create"),
    path("evidence/<uuid:pk>/", evidence.evidence_edit, name="evidence-edit"),
]
