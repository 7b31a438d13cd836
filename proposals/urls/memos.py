from django.urls import URLPattern, path

from proposals.views import memo_requests, memo_words, memos

urlpatterns: list[URLPattern] = [
    path("proposals/<uuid:pk>/memo/words/", memo_words.memo_words_edit, name="memo-words-edit"),
    path("proposals/<uuid:pk>/memo/request/", memo_requests.memo_request, name="memo-request"),
    path("memos/", memos.memo_list, name="memo-list"),
    path("memos/<uuid:pk>/", memos.memo_detail, name="memo-detail"),
    path("memos/<uuid:pk>/status/", memos.memo_status, name="memo-status"),
    path("memos/<uuid:pk>/pdf/", memos.memo_pdf, name="memo-pdf"),
    path("memos/<uuid:pk>/issue/", memos.memo_issue, name="memo-issue"),
]
