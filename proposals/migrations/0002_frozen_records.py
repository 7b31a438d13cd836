"""Assessments and memos do not change in content; states move forward only; a PDF is written once."""

from django.db import migrations

from t2eval.triggers import Refusal, refuse


def differs(*columns):
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


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
    Refusal(
        "proposalrevision_frozen", "proposals_proposalrevision", "UPDATE", "1 = 1", "revisions of a record do not change"
    ),
]


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]
    operations = [refuse(refusals)]
