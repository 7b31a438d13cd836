"""Roles, defined here and kept as groups; a user may hold several. What each may see is each model's `visible_to`."""

from django.db.models import TextChoices


class Role(TextChoices):
    OFFICER = "officer", "Program officer"
    CHAIR = "chair", "Chair"
    COMMITTEE = "committee", "Committee member"
    ADMIN = "admin", "Administrator"
    AUDITOR = "auditor", "Auditor"

    @property
    def description(self) -> str:
        return DESCRIPTIONS[self]


DESCRIPTIONS = {
    Role.OFFICER: (
        "Scores the proposals assigned to them. As sponsor officer of a proposal, keeps its record and writes the"
        " words of its memo."
    ),
    Role.CHAIR: (
        "Opens dockets, assigns officers, records consensus and checks, sets gates aside with a reason, and issues"
        " memos."
    ),
    Role.COMMITTEE: "Reads issued memos, and decides.",
    Role.ADMIN: (
        "Keeps users, issue areas and the rubric. Sees no proposals and no scores, but in a what-if on a draft of the"
        " rubric the order of a docket."
    ),
    Role.AUDITOR: "Reads the audit trail.",
}
