from django.urls import URLPattern, path

from proposals.views import discussions

urlpatterns: list[URLPattern] = [
    path("proposals/<uuid:pk>/discussion/", discussions.discussion_detail, name="discussion-detail"),
    path("proposals/<uuid:pk>/discussion/open/", discussions.discussion_open, name="discussion-open"),
    path("proposals/<uuid:pk>/discussion/close/", discussions.discussion_close, name="discussion-close"),
    path("proposals/<uuid:pk>/discussion/rescore/", discussions.discussion_rescore, name="discussion-rescore"),
    path("proposals/<uuid:pk>/discussion/stand/", discussions.discussion_stand, name="discussion-stand"),
]
