"""The sections of the site, who finds which in the top bar, and where each user's day begins."""

from dataclasses import dataclass

from django.urls import reverse

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its first page, the roles that find it (none: everybody), the nouns of the URL names within it."""

    label: str
    view_name: str
    roles: frozenset[Role]
    nouns: frozenset[str]

    @property
    def url(self) -> str:
        return reverse(self.view_name)


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
                *("docket", "proposal", "conflict", "participant", "evidence"),
                *("assessment", "check", "gate", "consensus", "discussion"),
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
    Section("Audit", "proposals:event-list", frozenset({Role.AUDITOR}), frozenset({"proposals:event"})),
    Section("Admin", "admin:index", frozenset({Role.ADMIN}), frozenset()),
    Section(
        "Rubric",
        "rubrics:version-list",
        frozenset(),
        frozenset({"rubrics:version", "rubrics:draft", "proposals:rubric", "proposals:what"}),
    ),
)


def sections_for(user: User) -> list[Section]:
    return [section for section in SECTIONS if not section.roles or user.has_role(*section.roles)]


def first_url(user: User) -> str:
    """The first section that the user's roles open: officers score, committees read dockets, auditors the trail."""
    return sections_for(user)[0].url
