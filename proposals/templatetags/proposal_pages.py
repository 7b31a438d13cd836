"""The tabs over every page of a proposal."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse

from proposals import permissions
from proposals.models import Docket, Proposal
from t2eval.accounts.models import User

register = template.Library()


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    url: str


@register.inclusion_tag("proposals/proposal_tabs.html", takes_context=True)
def proposal_tabs(context: RequestContext, proposal: Proposal, current: str) -> dict[str, Any]:
    user: User = context["user"]
    is_calibration = proposal.docket.kind == Docket.Kind.CALIBRATION
    tabs = [("record", "Record", "proposals:proposal-detail")]
    if permissions.can_score(user, proposal):
        is_practice = proposal.docket.kind == Docket.Kind.CALIBRATION
        tabs.append(("scorecard", "Practice" if is_practice else "My scorecard", "proposals:scorecard-edit"))
    tabs.append(("assessment", "Assessment", "proposals:assessment-detail"))
    if not is_calibration and permissions.can_discuss(user, proposal):
        tabs.append(("discussion", "Discussion", "proposals:discussion-detail"))
    if permissions.can_write_memo(user, proposal):
        tabs.append(("memo", "Memo", "proposals:memo-words-edit"))
        # Whoever keeps the words keeps the names; of calibration cases any officer may write.
        if not is_calibration or permissions.can_see_participants(user, proposal):
            tabs.append(("participants", "Participants", "proposals:participant-list"))
    return {
        "tabs": [Tab(key, label, reverse(name, kwargs={"pk": proposal.pk})) for key, label, name in tabs],
        "current": current,
    }
