"""A version that is not a draft any more, and everything in it, cannot change; its state moves forward only.

Its rubric keeps its key and title with it.
"""

from django.db import migrations

from t2eval.triggers import Refusal, refuse

FROZEN = "published rubric versions do not change: start a draft instead"

CONTENT = [
    "rubric_id", "number", "top_score", "evidence_caps", "anchors", "title", "guidance", "questions", "basis", "note",
    "reason", "published_at", "published_by_id",
]  # fmt: skip

STATE_OF = {
    "rubrics_section": "SELECT v.state FROM rubrics_rubricversion v WHERE v.id = {row}.version_id",
    "rubrics_gate": "SELECT v.state FROM rubrics_rubricversion v WHERE v.id = {row}.version_id",
    "rubrics_band": "SELECT v.state FROM rubrics_rubricversion v WHERE v.id = {row}.version_id",
    "rubrics_criterion": (
        "SELECT v.state FROM rubrics_section s JOIN rubrics_rubricversion v ON v.id = s.version_id"
        " WHERE s.id = {row}.section_id"
    ),
    "rubrics_pairing": (
        "SELECT v.state FROM rubrics_mitigation m JOIN rubrics_section s ON s.id = m.section_id"
        " JOIN rubrics_rubricversion v ON v.id = s.version_id WHERE m.id = {row}.mitigation_id"
    ),
    "rubrics_anchor": (
        "SELECT v.state FROM rubrics_section s JOIN rubrics_rubricversion v ON v.id = s.version_id"
        " WHERE s.id = COALESCE((SELECT c.section_id FROM rubrics_criterion c WHERE c.id = {row}.criterion_id),"
        " (SELECT m.section_id FROM rubrics_mitigation m WHERE m.id = {row}.mitigation_id))"
    ),
}
STATE_OF["rubrics_risk"] = STATE_OF["rubrics_mitigation"] = STATE_OF["rubrics_criterion"]

changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in CONTENT)
backwards = "(OLD.state = 'published' AND NEW.state = 'draft') OR (OLD.state = 'retired' AND NEW.state <> 'retired')"
rewritten = "OLD.state = 'retired' AND OLD.retired_at IS DISTINCT FROM NEW.retired_at"
renamed = (
    "(OLD.key IS DISTINCT FROM NEW.key OR OLD.title IS DISTINCT FROM NEW.title)"
    " AND EXISTS (SELECT 1 FROM rubrics_rubricversion v WHERE v.rubric_id = OLD.id AND v.state <> 'draft')"
)

refusals = [
    Refusal("rubricversion_frozen", "rubrics_rubricversion", "UPDATE", f"OLD.state <> 'draft' AND (({changed}) OR {backwards})", FROZEN),
    Refusal("rubricversion_retired_once", "rubrics_rubricversion", "UPDATE", rewritten, FROZEN),
    Refusal("rubric_named", "rubrics_rubric", "UPDATE", renamed, "a rubric with a published version keeps its name"),
    Refusal("rubricversion_kept", "rubrics_rubricversion", "DELETE", "OLD.state <> 'draft'", FROZEN),
]
for table, query in STATE_OF.items():
    for operation, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
        condition = " OR ".join(f"({query.format(row=row)}) <> 'draft'" for row in rows)
        refusals.append(Refusal(f"{table}_no_{operation.lower()}", table, operation, condition, FROZEN))


class Migration(migrations.Migration):
    dependencies = [("rubrics", "0001_initial")]
    operations = [refuse(refusals)]
