from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from proposals.models import IssueArea
from proposals.services.issue_areas import keep_issue_area
from t2eval.accounts.admin import RoleModelAdmin, site
from t2eval.accounts.models import User


class IssueAreaAdmin(RoleModelAdmin):
    list_display = ("title", "is_extreme_risk", "is_emerging_technology", "position")
    ordering = ("position", "title")
    prepopulated_fields = {"key": ("title",)}

    def save_model(self, request: HttpRequest, obj: IssueArea, form: Any, change: bool) -> None:
        keep_issue_area(area=obj, by=cast("User", request.user), at=timezone.now())


site.register(IssueArea, IssueAreaAdmin)
