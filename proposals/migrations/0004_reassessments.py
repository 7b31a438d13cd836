"""Results under newer versions of a rubric, which never change, and are made for newer versions only."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from t2eval.triggers import Refusal, refuse

KEPT = "what a re-assessment says does not change: re-assess again"
OF_ASSESSMENT = (
    "SELECT 1 FROM proposals_assessment a JOIN rubrics_rubricversion o ON o.id = a.rubric_version_id"
    " JOIN rubrics_rubricversion n ON n.rubric_id = o.rubric_id AND n.number > o.number AND n.state <> 'draft'"
    " WHERE a.id = NEW.assessment_id AND a.proposal_id = NEW.proposal_id AND n.id = NEW.rubric_version_id"
)
refusals = [
    Refusal("reassessment_frozen", "proposals_reassessment", "UPDATE", "1 = 1", KEPT),
    Refusal("reassessment_kept", "proposals_reassessment", "DELETE", "1 = 1", KEPT),
    Refusal(
        "reassessment_newer",
        "proposals_reassessment",
        "INSERT",
        f"NOT EXISTS ({OF_ASSESSMENT})",
        "a re-assessment is of an assessment of its proposal, under a newer version of the same rubric",
    ),
]


class Migration(migrations.Migration):

    dependencies = [
        ('proposals', '0003_scoring_workspace'),
        ('rubrics', '0002_frozen_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reassessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('method_version', models.CharField(max_length=20)),
                ('inputs', models.JSONField(help_text="The proposal's part of the bundle.")),
                ('result', models.JSONField(help_text='The output of the method, rounded to six decimals.')),
                ('detail', models.JSONField(help_text="Officers' own section values, levels of risks, cells to discuss, open answers.")),
                ('exact', models.JSONField(help_text='Index and section values as exact fractions, for ranking.')),
                ('suggested', models.CharField(blank=True, max_length=80)),
                ('is_provisional', models.BooleanField()),
                ('created_at', models.DateTimeField()),
                ('without_counterpart', models.JSONField(help_text='Judgements that the newer version has no place for, and what only it asks.')),
                ('reason', models.TextField(max_length=2000)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassessments', to='proposals.assessment')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassessments_made', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassessments', to='proposals.proposal')),
                ('rubric_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassessments', to='rubrics.rubricversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assessment', 'rubric_version', 'method_version'), name='reassessment_once'), models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length(django.db.models.functions.text.Trim('reason')), 0), name='reassessment_has_reason')],
            },
        ),
        refuse(refusals),
    ]
