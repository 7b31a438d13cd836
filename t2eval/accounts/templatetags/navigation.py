"""The sections of the site that a user's roles open, for the top bar."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

register = template.Library()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the site: its first page, who sees it (nobody named: everybody), and the URL names that lie in it."""

    label: str
    view_name: str
    roles: frozenset[Role]
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url: str
    is_current: bool


SECTIONS = (
    Section(
        "My scoring",
        "proposals:assignment-list",
        frozenset({Role.OFFICER}),
        frozenset({"proposals:assignment", "proposals:scorecard"}),
    ),
    Section(
        "Dockets",
        "proposals:docket-list",
        frozenset({Role.OFFICER, Role.CHAIR, Role.COMMITTEE}),
        frozenset(
            f"proposals:{noun}"
            for noun in (
                "docket",
                "proposal",
                "conflict",
                "participant",
                "evidence",
                "assessment",
                "check",
                "gate",
                "consensus",
            )
        ),
    ),
    Section(
        "Organizers",
        "proposals:organizer-list",
        frozenset({Role.OFFICER, Role.CHAIR}),
        frozenset({"proposals:organizer"}),
    ),
    Section(
        "Memos",
        "proposals:memo-list",
        frozenset({Role.OFFICER, Role.CHAIR, Role.COMMITTEE}),
        frozenset({"proposals:memo"}),
    ),
    Section("Rubric", "rubrics:version-list", frozenset(), frozenset({"rubrics:version"})),
    Section("Audit", "proposals:event-list", frozenset({Role.AUDITOR}), frozenset({"proposals:event"})),
    Section("Admin", "admin:index", frozenset({Role.ADMIN}), frozenset()),
)


def _noun(request: HttpRequest) -> str:
    """`proposals:memo-words-edit` lies at the noun `proposals:memo`."""
    match = request.resolver_match
    return match.view_name.partition("-")[0] if match and match.view_name else ""


@register.inclusion_tag("includes/site_nav.html", takes_context=True)
def site_nav(context: RequestContext) -> dict[str, list[Entry]]:
    user: User = context["user"]
    noun = _noun(context["request"])
    entries = []
    for section in SECTIONS:
        if section.roles and not user.has_role(*section.roles):
            continue
        try:
            url = reverse(section.view_name)
        except NoReverseMatch:
            continue
        entries.append(Entry(section.label, url, noun in section.nouns))
    return {"entries": entries}


@register.simple_tag
def role_names(user: User) -> str:
    return ", ".join(str(Role(name).label) for name in sorted(user.roles) if name in Role.values)
