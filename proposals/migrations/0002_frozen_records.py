"""What is handed in, printed or declared does not change, and what belongs together stays together.

Assessments and memos do not change in content, and their states move forward only; a PDF is written once. A scorecard
that is handed in is closed with its cells and citations. A conflict of interest is final. A cell fits the rubric
version of its scorecard, and a side is one of the proposal that names it.
"""

from django.db import migrations

from t2eval.triggers import Refusal, refuse


def differs(*columns):
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def on_writing(name, table, condition, message):
    """Refused whether the row is new or changed."""
    return [Refusal(f"{name}_{act.lower()}", table, act, condition, message) for act in ("INSERT", "UPDATE")]


# Assessments, memos, revisions

ASSESSMENT = differs(
    "proposal_id", "rubric_version_id", "method_version", "inputs", "result", "detail", "exact", "suggested", "is_provisional",
    "created_at", "created_by_id",
)  # fmt: skip
MEMO = differs(
    "proposal_id", "assessment_id", "number", "edition", "draft_reasons", "content", "content_sha256",
    "requested_by_id", "requested_at",
)  # fmt: skip
KEPT = "what an assessment says does not change: assess again"
FROZEN = "what a memo says does not change: ask for a new edition"
REVISION = "revisions of a record do not change"

refusals = [
    Refusal("assessment_frozen", "proposals_assessment", "UPDATE", ASSESSMENT, KEPT),
    Refusal("assessment_forward", "proposals_assessment", "UPDATE", "NOT OLD.is_current AND NEW.is_current", KEPT),
    Refusal("assessment_kept", "proposals_assessment", "DELETE", "1 = 1", KEPT),
    Refusal("memo_frozen", "proposals_memo", "UPDATE", MEMO, FROZEN),
    Refusal(
        "memo_pdf_once",
        "proposals_memo",
        "UPDATE",
        f"OLD.pdf <> '' AND ({differs('pdf', 'pdf_sha256')})",
        "a memo file is written once",
    ),
    Refusal(
        "memo_forward",
        "proposals_memo",
        "UPDATE",
        "(OLD.state = 'issued' AND NEW.state = 'draft') OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')"
        f" OR (OLD.state <> 'draft' AND ({differs('issued_at', 'issued_by_id')}))",
        "a memo moves forward only: draft, issued, superseded",
    ),
    Refusal("memo_kept", "proposals_memo", "DELETE", "OLD.state <> 'draft'", "issued memos are kept"),
    Refusal("proposalrevision_frozen", "proposals_proposalrevision", "UPDATE", "1 = 1", REVISION),
    Refusal("proposalrevision_kept", "proposals_proposalrevision", "DELETE", "1 = 1", REVISION),
]

# Conflicts of interest

FINAL = "a declared conflict of interest is final"
refusals += [
    Refusal("conflict_final", "proposals_conflictdeclaration", "UPDATE", "OLD.has_conflict", FINAL),
    Refusal("conflict_kept", "proposals_conflictdeclaration", "DELETE", "OLD.has_conflict", FINAL),
]

# Scorecards that are handed in, with their cells and citations

CELLS = {"score": "criterion", "mitigationscore": "mitigation", "riskscore": "risk"}
CLOSED = "a submitted scorecard does not change"
MOVED = differs("proposal_id", "officer_id", "rubric_version_id")
refusals += [
    Refusal("scorecard_frozen", "proposals_scorecard", "UPDATE", "OLD.state = 'submitted'", CLOSED),
    Refusal("scorecard_kept", "proposals_scorecard", "DELETE", "OLD.state = 'submitted'", CLOSED),
    Refusal("scorecard_stays", "proposals_scorecard", "UPDATE", MOVED, "a scorecard stays with its proposal and officer"),
]


def closed(query):
    """Refused where the scorecard behind the row is submitted; `query` gives the id of that scorecard."""
    for act, rows in (("insert", ["NEW"]), ("update", ["OLD", "NEW"]), ("delete", ["OLD"])):
        cards = ", ".join(query.format(row=row) for row in rows)
        yield act, f"EXISTS (SELECT 1 FROM proposals_scorecard k WHERE k.state = 'submitted' AND k.id IN ({cards}))"


for cell in CELLS:
    for act, condition in closed("{row}.scorecard_id"):
        refusals.append(Refusal(f"{cell}_closed_{act}", f"proposals_{cell}", act.upper(), condition, CLOSED))
    table = f"proposals_{cell}_citations"
    for act, condition in closed(f"(SELECT x.scorecard_id FROM proposals_{cell} x WHERE x.id = {{row}}.{cell}_id)"):
        refusals.append(Refusal(f"{cell}_citations_closed_{act}", table, act.upper(), condition, CLOSED))
    refusals += on_writing(
        f"{cell}_citations_own",
        table,
        f"(SELECT e.proposal_id FROM proposals_evidence e WHERE e.id = NEW.evidence_id) <> (SELECT k.proposal_id"
        f" FROM proposals_scorecard k JOIN proposals_{cell} x ON x.scorecard_id = k.id WHERE x.id = NEW.{cell}_id)",
        "a cell cites evidence of its own proposal",
    )

# Cells fit the rubric version of their scorecard

VERSION = "(SELECT k.rubric_version_id FROM proposals_scorecard k WHERE k.id = NEW.scorecard_id)"
TOP = "(SELECT v.top_score FROM rubrics_rubricversion v WHERE v.id = {version})"
NO_SIDE_FITS = "(SELECT c.per_side FROM rubrics_criterion c WHERE c.id = NEW.criterion_id) <> (NEW.side_id IS NOT NULL)"


def of_other_version(part, version):
    return (
        f"(SELECT s.version_id FROM rubrics_{part} p JOIN rubrics_section s ON s.id = p.section_id"
        f" WHERE p.id = NEW.{part}_id) <> {version}"
    )


def levels(column):
    """How many levels of likelihood (`probability`) or consequence (`loss`) the risk of the row has."""
    return (
        f"(SELECT json_array_length(s.{column}) FROM rubrics_risk p JOIN rubrics_section s ON s.id = p.section_id"
        " WHERE p.id = NEW.risk_id)"
    )


OTHER = "a cell belongs to the rubric version of its scorecard"
SIDED = "a criterion per side names a side, and no other does"
SCALE = "a value is on the scale of its rubric version"
for cell, part in CELLS.items():
    refusals += on_writing(f"{cell}_version", f"proposals_{cell}", of_other_version(part, VERSION), OTHER)
for cell in ("score", "mitigationscore"):
    refusals += on_writing(f"{cell}_scale", f"proposals_{cell}", f"NEW.value > {TOP.format(version=VERSION)}", SCALE)
refusals += [
    *on_writing("score_sided", "proposals_score", NO_SIDE_FITS, SIDED),
    *on_writing(
        "score_applies",
        "proposals_score",
        "NEW.answer = 'not_applicable'"
        " AND NOT (SELECT c.not_applicable_allowed FROM rubrics_criterion c WHERE c.id = NEW.criterion_id)",
        "this criterion always applies",
    ),
    *on_writing(
        "riskscore_scale",
        "proposals_riskscore",
        f"NEW.likelihood > {levels('probability')} OR NEW.consequence >= {levels('loss')}",
        SCALE,
    ),
]

# So does consensus

for part in CELLS.values():
    refusals += on_writing(
        f"consensus_{part}_version", "proposals_consensus", of_other_version(part, "NEW.rubric_version_id"), OTHER
    )
refusals += [
    *on_writing("consensus_sided", "proposals_consensus", NO_SIDE_FITS, SIDED),
    *on_writing(
        "consensus_scale",
        "proposals_consensus",
        f"(NEW.risk_id IS NULL AND NEW.half_points > 2 * {TOP.format(version='NEW.rubric_version_id')})"
        f" OR (NEW.part = 'probability' AND NEW.half_points NOT BETWEEN 2 AND 2 * {levels('probability')})"
        f" OR (NEW.part = 'loss' AND NEW.half_points > 2 * ({levels('loss')} - 1))",
        SCALE,
    ),
]

# Sides and evidence are those of the proposal

SIDE = "(SELECT d.proposal_id FROM proposals_side d WHERE d.id = NEW.side_id)"
EVIDENCE = "(SELECT e.proposal_id FROM proposals_evidence e WHERE e.id = NEW.evidence_id)"
CARD = "(SELECT k.proposal_id FROM proposals_scorecard k WHERE k.id = NEW.scorecard_id)"
OWN = "a side belongs to the proposal that names it"
STAYS = "this row stays with its proposal"
refusals += on_writing("score_side", "proposals_score", f"{SIDE} <> {CARD}", OWN)
for name in ("consensus", "evidence", "participant", "transfermechanism"):
    refusals += on_writing(f"{name}_side", f"proposals_{name}", f"{SIDE} <> NEW.proposal_id", OWN)
refusals += on_writing(
    "transfermechanism_evidence",
    "proposals_transfermechanism",
    f"{EVIDENCE} <> NEW.proposal_id",
    "evidence belongs to the proposal that names it",
)
for name in ("side", "evidence"):
    refusals.append(Refusal(f"{name}_stays", f"proposals_{name}", "UPDATE", differs("proposal_id"), STAYS))


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]
    operations = [refuse(refusals)]
