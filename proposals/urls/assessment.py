from django.urls import path

from proposals.views import assessment, reassessments

urlpatterns = [
    path("proposals/<uuid:pk>/assessment/", assessment.assessment_detail, name="assessment-detail"),
    path(
        "proposals/<uuid:pk>/assessment/version/<int:number>/",
        reassessments.assessment_reassess,
        name="assessment-reassess",
    ),
    path("dockets/<uuid:pk>/version/<int:number>/", reassessments.docket_reassess, name="docket-reassess"),
    path("dockets/<uuid:pk>/version/<int:number>/orders/", reassessments.docket_orders, name="docket-orders"),
    path("proposals/<uuid:pk>/checks/<slug:key>/", assessment.check_edit, name="check-edit"),
    path("proposals/<uuid:pk>/gates/<slug:key>/override/", assessment.gate_override, name="gate-override"),
    path(
        "proposals/<uuid:pk>/gates/<slug:key>/override/withdraw/",
        assessment.gate_override_withdraw,
        name="gate-override-withdraw",
    ),
    path("proposals/<uuid:pk>/consensus/<slug:item>/", assessment.consensus_record, name="consensus-record"),
    path(
        "proposals/<uuid:pk>/consensus/<slug:item>/<slug:part>/",
        assessment.consensus_record,
        name="consensus-record-part",
    ),
]
