"""The list of issue areas, which administrators keep."""

import datetime as dt

from django.db import transaction

from proposals.models import Docket, IssueArea, Proposal
from proposals.services.assessing import assess_proposal
from t2eval.accounts.models import User
from t2eval.audit.services import record


@transaction.atomic
def keep_issue_area(*, area: IssueArea, by: User, at: dt.datetime) -> IssueArea:
    """Save an issue area. Where its mark of emerging technology changed, proposals of open dockets are assessed again.

    A gate looks at that mark.
    """
    before = IssueArea.objects.filter(pk=area.pk).first()
    area.save()
    record("issue-area.kept", by=by, at=at, target=area)
    if before is not None and before.is_emerging_technology != area.is_emerging_technology:
        for proposal in Proposal.objects.filter(issue_area=area, docket__state=Docket.State.OPEN):
            assess_proposal(proposal=proposal, by=by, at=at)
    return area
