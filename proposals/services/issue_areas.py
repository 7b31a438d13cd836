"""The list of issue areas, which administrators keep."""

import datetime as dt

from django.db import transaction

from proposals.models import Docket, IssueArea, Proposal
from proposals.services.assessing import assess_all
from proposals.services.locking import locked_docket
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.services import record


@transaction.atomic
def keep_issue_area(*, area: IssueArea, by: User, at: dt.datetime) -> IssueArea:
    """Save an issue area. Where its mark of emerging technology changed, proposals of open dockets are assessed again.

    A gate looks at that mark.
    """
    if not by.has_role(Role.ADMIN):
        raise NotAllowedError("Administrators keep the list of issue areas.")
    before = IssueArea.objects.filter(pk=area.pk).first()
    area.save()
    record("issue-area.kept", by=by, at=at, target=area)
    if before is not None and before.is_emerging_technology != area.is_emerging_technology:
        concerned = Docket.objects.filter(proposals__issue_area=area).order_by("pk").distinct()
        dockets = [locked_docket(docket.pk) for docket in concerned]
        still_open = [docket for docket in dockets if docket.state == Docket.State.OPEN]
        proposals = Proposal.objects.filter(issue_area=area, docket__in=still_open)
        assess_all(proposals.order_by("docket", "pk"), by=by, at=at)
    return area
