"""Pages of the user's own account whose changes leave an event: part of the `accounts` addresses."""

from django.urls import path

from t2eval.audit import views

urlpatterns = [
    path("me/interests/", views.interest_list, name="interest-list"),
    path("me/interests/add/", views.interest_add, name="interest-add"),
    path("me/interests/<uuid:pk>/remove/", views.interest_remove, name="interest-remove"),
    path("me/reminders/", views.reminders_choose, name="reminders-choose"),
]
