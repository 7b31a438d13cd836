"""The table of addresses: what each answers to each role."""

from dataclasses import dataclass

from tests.consistency.world import PEOPLE


@dataclass(frozen=True)
class Row:
    """Statuses in the order of PEOPLE; `barred` of the same people once they have declared a conflict on all
    proposals, `closed` once the docket is closed. A POST is an empty form: whoever may send it is shown its faults.
    """

    name: str
    object: str
    statuses: str
    barred: str = ""
    closed: str = ""
    method: str = "get"

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.object}".strip()

    def expected(self, state: str = "statuses") -> dict[str, int]:
        statuses = getattr(self, state) or self.statuses
        return dict(zip(PEOPLE, map(int, statuses.split()), strict=True))


#             anonymous sponsor officer stranger chair committee admin auditor superuser
EVERYBODY = "302 200 200 200 200 200 200 200 200"
OF_PROPOSAL = "302 200 200 404 200 404 404 404 404"
KEEPERS = "302 200 403 404 200 404 404 404 404"
SCORERS = "302 302 200 404 403 404 404 404 404"
CHAIR = "302 403 403 404 200 404 404 404 404"
CHAIR_DONE = "302 403 403 404 302 404 404 404 404"
NOBODY = "302 403 403 404 403 404 404 404 404"
DONE = "302 302 403 404 302 404 404 404 404"
OF_DOCKET = "302 200 200 404 200 200 404 404 404"
ORGANIZERS = "302 200 200 200 200 404 404 404 404"
OF_CHAIR = "302 403 403 404 200 403 404 404 404"
BARRED_CHAIR = "302 404 404 404 200 404 404 404 404"
ENTERERS = "302 200 200 200 200 403 404 404 404"
BARRED_ENTERERS = "302 200 200 200 200 404 404 404 404"
OF_MEMO = "302 200 200 404 200 200 404 404 404"
ISSUED = "302 403 404 404 200 403 404 404 404"
PRACTICE = "302 404 200 404 404 404 404 404 404"
UNSEEN = "302 428 428 428 428 428 428 428 428"
ADMIN = "302 404 404 404 404 404 200 404 404"
ADMIN_DONE = "302 404 404 404 404 404 302 404 404"
ADMIN_KNOWN = "302 403 403 403 403 403 200 403 403"
NOT_FOUND = "302 404 404 404 404 404 404 404 404"

TABLE = [
    Row("accounts:sign-in", "", "200 302 302 302 302 302 302 302 302"),
    Row("accounts:session", "", "302 200 200 200 200 200 200 200 200"),
    Row("accounts:sign-out", "", "302 302 302 302 302 302 302 302 302", method="post"),
    Row("healthz", "", "200 200 200 200 200 200 200 200 200"),
    Row("favicon", "", "302 302 302 302 302 302 302 302 302"),
    Row("admin:index", "", "302 302 302 302 302 302 200 302 302"),
    Row("admin:login", "", "302 403 403 403 403 403 302 403 403"),
    Row("rubrics:version-list", "", EVERYBODY),
    Row("rubrics:version-detail", "version", EVERYBODY),
    Row("rubrics:version-file", "version", EVERYBODY),
    Row("rubrics:version-compare", "", "302 404 404 404 404 404 404 404 404"),
    Row("accounts:interest-list", "", EVERYBODY),
    # Drafts of the rubric
    Row("rubrics:draft-start", "", ADMIN_KNOWN),
    Row("rubrics:draft-import", "", ADMIN_KNOWN),
    *(
        Row(f"rubrics:draft-{name}", "draft", ADMIN)
        for name in ("detail", "rename", "discard", "file", "scale", "bands")
    ),
    *(Row(f"rubrics:draft-{name}", "draft", ADMIN) for name in ("weights", "swing", "rank-order")),
    Row("rubrics:draft-criteria-weights", "weighed section", ADMIN),
    Row("rubrics:draft-section", "section", ADMIN),
    Row("rubrics:draft-pairings", "section", ADMIN),
    Row("rubrics:draft-item", "item", ADMIN),
    Row("rubrics:draft-item-add", "section list", ADMIN),
    Row("rubrics:draft-item-remove", "item", ADMIN),
    Row("rubrics:draft-gate", "rubric gate", ADMIN),
    Row("rubrics:draft-gate-remove", "rubric gate", ADMIN),
    Row("proposals:rubric-publish", "draft", ADMIN),
    Row("proposals:rubric-gates", "draft", ADMIN),
    Row("proposals:what-if", "draft", ADMIN),
    # Records
    Row("proposals:docket-list", "", EVERYBODY),
    Row("proposals:docket-detail", "docket", OF_DOCKET, "302 404 404 404 200 404 404 404 404"),
    Row("proposals:docket-create", "", "302 403 403 403 200 403 403 403 403"),
    Row("proposals:docket-edit", "docket", OF_CHAIR, BARRED_CHAIR),
    Row("proposals:proposal-create", "docket", ENTERERS, BARRED_ENTERERS),
    Row("proposals:proposal-detail", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:proposal-edit", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:proposal-revisions", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:conflict-declare", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:conflict-declare", "decided", "302 200 200 404 200 200 404 404 404", NOT_FOUND),
    Row("proposals:assignment-make", "proposal", CHAIR, NOT_FOUND),
    Row("proposals:participant-list", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:participant-create", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:participant-edit", "participant", KEEPERS, NOT_FOUND),
    Row("proposals:participant-erase", "participant", KEEPERS, NOT_FOUND),
    Row("proposals:organizer-list", "", "302 200 200 200 200 403 403 403 403"),
    Row("proposals:organizer-create", "", "302 200 200 200 200 403 403 403 403"),
    Row("proposals:organizer-detail", "organizer", ORGANIZERS),
    Row("proposals:organizer-edit", "organizer", ORGANIZERS),
    Row("proposals:event-list", "", "302 403 403 403 403 403 403 200 403"),
    # Scoring
    Row("proposals:assignment-list", "", EVERYBODY),
    Row("proposals:scorecard-edit", "proposal", SCORERS, NOT_FOUND),
    Row("proposals:scorecard-detail", "draft scorecard", "302 404 200 404 404 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-detail", "submitted scorecard", "302 200 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-result", "proposal", "302 200 200 404 403 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-edit", "case", "302 200 302 200 403 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-result", "case", "302 200 200 200 403 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-detail", "practice", PRACTICE, NOT_FOUND),
    Row("proposals:scorecard-history", "practice", PRACTICE, NOT_FOUND),
    Row("proposals:scorecard-calibration", "practice", PRACTICE, NOT_FOUND),
    Row("proposals:scorecard-practice", "", "302 200 200 200 403 403 403 403 403"),
    Row("proposals:evidence-create", "case", "302 403 403 403 403 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-history", "draft scorecard", "302 404 200 404 404 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-history", "submitted scorecard", "302 200 404 404 403 404 404 404 404", NOT_FOUND),
    Row("proposals:evidence-create", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:evidence-edit", "evidence", KEEPERS, NOT_FOUND),
    # Assessment
    Row("proposals:assessment-detail", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:check-edit", "check", CHAIR, NOT_FOUND),
    Row("proposals:gate-override", "gate", CHAIR, NOT_FOUND),
    Row("proposals:consensus-record", "consensus", CHAIR, NOT_FOUND),
    Row("proposals:consensus-record-part", "consensus part", CHAIR, NOT_FOUND),
    Row("proposals:assessment-reassess", "newer version", CHAIR, NOT_FOUND),
    Row("proposals:docket-reassess", "docket, newer version", OF_CHAIR, BARRED_CHAIR),
    Row("proposals:docket-orders", "docket, newer version", OF_CHAIR, BARRED_CHAIR),
    # Discussion
    Row("proposals:discussion-detail", "proposal", "302 200 403 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:discussion-open", "proposal", CHAIR, NOT_FOUND),
    # Memos
    Row("proposals:memo-words-edit", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:memo-list", "", EVERYBODY),
    Row("proposals:memo-detail", "draft memo", "302 200 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-detail", "issued memo", "302 200 404 404 200 200 404 404 404", NOT_FOUND),
    Row("proposals:memo-status", "draft memo", "302 302 404 404 302 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-status", "issued memo", "302 302 404 404 302 302 404 404 404", NOT_FOUND),
    Row("proposals:memo-pdf", "draft memo", "302 200 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-pdf", "issued memo", "302 200 404 404 200 200 404 404 404", NOT_FOUND),
    Row("proposals:memo-issue", "draft memo", "302 403 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-issue", "issued memo", "302 403 404 404 200 403 404 404 404", NOT_FOUND),
]


def post(name: str, thing: str, statuses: str, barred: str = "", closed: str = "") -> Row:
    return Row(f"proposals:{name}", thing, statuses, barred, closed, method="post")


# An empty form, where 200 shows its faults and 302 says that the thing is done, or that there is nothing to do.
POSTS = [
    Row("accounts:interest-add", "", EVERYBODY, method="post"),
    Row("accounts:interest-remove", "interest", "302 302 404 404 404 404 404 404 404", method="post"),
    Row("accounts:reminders-choose", "", "302 302 302 302 302 302 302 302 302", method="post"),
    Row("rubrics:draft-start", "", ADMIN_KNOWN, method="post"),
    Row("rubrics:draft-import", "", ADMIN_KNOWN, method="post"),
    *(Row(f"rubrics:draft-{name}", "draft", ADMIN, method="post") for name in ("rename", "scale", "bands")),
    Row("rubrics:draft-weights", "draft", ADMIN, method="post"),
    Row("rubrics:draft-criteria-weights", "weighed section", ADMIN, method="post"),
    Row("rubrics:draft-section", "section", ADMIN, method="post"),
    Row("rubrics:draft-pairings", "section", ADMIN, method="post"),
    Row("rubrics:draft-item", "item", ADMIN, method="post"),
    Row("rubrics:draft-item-add", "section list", ADMIN, method="post"),
    Row("rubrics:draft-item-move", "item", ADMIN_DONE, method="post"),
    Row("rubrics:draft-item-remove", "item", ADMIN_DONE, method="post"),
    Row("rubrics:draft-gate", "rubric gate", ADMIN, method="post"),
    Row("rubrics:draft-gate-remove", "rubric gate", ADMIN_DONE, method="post"),
    Row("rubrics:draft-update", "draft", ADMIN_DONE, method="post"),
    Row("rubrics:draft-discard", "draft", ADMIN_DONE, method="post"),
    post("rubric-publish", "draft", ADMIN),
    post("docket-create", "", "302 403 403 403 200 403 403 403 403"),
    post("docket-edit", "docket", OF_CHAIR, BARRED_CHAIR),
    post("docket-close", "docket", "302 403 403 404 302 403 404 404 404", "302 404 404 404 302 404 404 404 404"),
    post("docket-reopen", "docket", "302 403 403 404 302 403 404 404 404", "302 404 404 404 302 404 404 404 404"),
    post("proposal-create", "docket", ENTERERS, BARRED_ENTERERS, "302 403 403 404 403 403 404 404 404"),
    post("proposal-edit", "proposal", KEEPERS, NOT_FOUND, NOBODY),
    post("conflict-declare", "proposal", OF_PROPOSAL, NOT_FOUND, OF_PROPOSAL),
    post("conflict-declare", "decided", OF_MEMO, NOT_FOUND, OF_MEMO),
    post("assignment-make", "proposal", CHAIR, NOT_FOUND, NOBODY),
    post("assignment-withdraw", "assignment", CHAIR_DONE, NOT_FOUND, NOBODY),
    post("participant-create", "proposal", KEEPERS, NOT_FOUND, KEEPERS),
    post("participant-edit", "participant", KEEPERS, NOT_FOUND, KEEPERS),
    post("participant-erase", "participant", DONE, NOT_FOUND, DONE),
    post("organizer-create", "", "302 200 200 200 200 403 403 403 403"),
    post("organizer-edit", "organizer", ORGANIZERS),
    post("scorecard-edit", "proposal", SCORERS, NOT_FOUND, "302 302 403 404 403 404 404 404 404"),
    post("scorecard-edit", "case", "302 302 302 302 403 404 404 404 404", NOT_FOUND),
    # Without the version that was seen there is nothing to decide: 428, whoever asks.
    post("scorecard-cell", "cell", UNSEEN, UNSEEN, UNSEEN),
    post("scorecard-recommendation", "proposal", UNSEEN, UNSEEN, UNSEEN),
    post("evidence-create", "proposal", OF_PROPOSAL, NOT_FOUND, NOBODY),
    post("evidence-edit", "evidence", KEEPERS, NOT_FOUND, NOBODY),
    post("check-edit", "check", CHAIR, NOT_FOUND, CHAIR),
    post("gate-override", "gate", CHAIR, NOT_FOUND, CHAIR),
    post("gate-override-withdraw", "overridden gate", CHAIR_DONE, NOT_FOUND, CHAIR_DONE),
    post("consensus-record", "consensus", CHAIR, NOT_FOUND, NOBODY),
    post("consensus-record-part", "consensus part", CHAIR, NOT_FOUND, NOBODY),
    post("assessment-reassess", "newer version", CHAIR, NOT_FOUND, CHAIR),
    post("docket-reassess", "docket, newer version", OF_CHAIR, BARRED_CHAIR, "302 403 403 404 200 403 404 404 404"),
    post("discussion-open", "proposal", CHAIR_DONE, NOT_FOUND, NOBODY),
    post("discussion-close", "proposal", CHAIR_DONE, NOT_FOUND, NOBODY),
    post("discussion-rescore", "proposal", "302 302 403 404 403 404 404 404 404", NOT_FOUND, NOBODY),
    post("discussion-stand", "proposal", "302 302 403 404 403 404 404 404 404", NOT_FOUND, NOBODY),
    post("memo-words-edit", "proposal", KEEPERS, NOT_FOUND, KEEPERS),
    post("memo-request", "proposal", DONE, NOT_FOUND, DONE),
    post("memo-issue", "draft memo", "302 403 404 404 302 404 404 404 404", NOT_FOUND),
    post("memo-issue", "issued memo", ISSUED, NOT_FOUND),
]
