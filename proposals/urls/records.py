from django.urls import URLPattern, path

from proposals.views import assigning, conflicts, dockets, events, organizers, participants, proposals

urlpatterns: list[URLPattern] = [
    path("dockets/", dockets.docket_list, name="docket-list"),
    path("dockets/new/", dockets.docket_create, name="docket-create"),
    path("dockets/<uuid:pk>/", dockets.docket_detail, name="docket-detail"),
    path("dockets/<uuid:pk>/edit/", dockets.docket_edit, name="docket-edit"),
    path("dockets/<uuid:pk>/close/", dockets.docket_close, name="docket-close"),
    path("dockets/<uuid:pk>/reopen/", dockets.docket_reopen, name="docket-reopen"),
    path("dockets/<uuid:pk>/proposals/new/", proposals.proposal_create, name="proposal-create"),
    path("proposals/<uuid:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path("proposals/<uuid:pk>/edit/", proposals.proposal_edit, name="proposal-edit"),
    path("proposals/<uuid:pk>/revisions/", proposals.proposal_revisions, name="proposal-revisions"),
    path("proposals/<uuid:pk>/conflict/", conflicts.conflict_declare, name="conflict-declare"),
    path("proposals/<uuid:pk>/assignments/", assigning.assignment_make, name="assignment-make"),
    path(
        "proposals/<uuid:pk>/assignments/<uuid:assignment_pk>/withdraw/",
        assigning.assignment_withdraw,
        name="assignment-withdraw",
    ),
    path("proposals/<uuid:pk>/participants/", participants.participant_list, name="participant-list"),
    path("proposals/<uuid:pk>/participants/new/", participants.participant_create, name="participant-create"),
    path(
        "proposals/<uuid:pk>/participants/<uuid:participant_pk>/",
        participants.participant_edit,
        name="participant-edit",
    ),
    path(
        "proposals/<uuid:pk>/participants/<uuid:participant_pk>/erase/",
        participants.participant_erase,
        name="participant-erase",
    ),
    path("organizers/", organizers.organizer_list, name="organizer-list"),
    path("organizers/new/", organizers.organizer_create, name="organizer-create"),
    path("organizers/<uuid:pk>/", organizers.organizer_detail, name="organizer-detail"),
    path("organizers/<uuid:pk>/edit/", organizers.organizer_edit, name="organizer-edit"),
    path("audit/", events.event_list, name="event-list"),
]
