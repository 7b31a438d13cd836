"""Cells kept before they are answered, their history, practice, and round 2."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from t2eval.triggers import Refusal, lift, refuse

frozen_records = import_module("proposals.migrations.0002_frozen_records")
HISTORY = "the history of a scorecard does not change"
OPENED = frozen_records.differs("proposal_id", "rubric_version_id", "cells", "opened_by_id", "opened_at")
KIND = (
    "(SELECT d.kind FROM proposals_proposal p JOIN proposals_docket d ON d.id = p.docket_id WHERE p.id = NEW.proposal_id)"
)
refusals = [
    Refusal("cellchange_frozen", "proposals_cellchange", "UPDATE", "1 = 1", HISTORY),
    Refusal("cellchange_kept", "proposals_cellchange", "DELETE", "1 = 1", HISTORY),
    Refusal(
        "discussion_frozen",
        "proposals_discussion",
        "UPDATE",
        f"OLD.closed_at IS NOT NULL OR {OPENED}",
        "a discussion is opened once and closed once",
    ),
    Refusal("discussion_kept", "proposals_discussion", "DELETE", "1 = 1", "discussions are kept"),
    Refusal(
        "scorecard_practice",
        "proposals_scorecard",
        "INSERT",
        f"NEW.round = 0 AND {KIND} <> 'calibration'",
        "practice is on calibration cases only",
    ),
    Refusal(
        "scorecard_round_stays", "proposals_scorecard", "UPDATE", "OLD.state = 'draft' AND OLD.round <> NEW.round", "a scorecard stays in its round"
    ),
]


class Migration(migrations.Migration):

    dependencies = [
        ('proposals', '0002_frozen_records'),
        ('rubrics', '0002_frozen_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        lift(frozen_records.refusals),
        migrations.CreateModel(
            name='CellChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cell', models.CharField(blank=True, max_length=200)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Discussion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cells', models.JSONField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='mitigationscore',
            name='mitigationscore_value_only_when_scored',
        ),
        migrations.RemoveConstraint(
            model_name='score',
            name='score_value_only_when_scored',
        ),
        migrations.RemoveConstraint(
            model_name='scorecard',
            name='scorecard_round',
        ),
        migrations.AddField(
            model_name='evidence',
            name='quote',
            field=models.TextField(blank=True, help_text='The words themselves.', max_length=2000, verbose_name='passage'),
        ),
        migrations.AddField(
            model_name='riskscore',
            name='open_level',
            field=models.CharField(blank=True, choices=[('', 'None'), ('likelihood', 'Likelihood'), ('consequence', 'Consequence'), ('both', 'Both')], default='', max_length=11),
        ),
        migrations.AlterField(
            model_name='mitigationscore',
            name='answer',
            field=models.CharField(choices=[('scored', 'Scored'), ('not_applicable', 'Not applicable'), ('not_enough_information', 'Not enough information'), ('open', 'Open')], max_length=25),
        ),
        migrations.AlterField(
            model_name='score',
            name='answer',
            field=models.CharField(choices=[('scored', 'Scored'), ('not_applicable', 'Not applicable'), ('not_enough_information', 'Not enough information'), ('open', 'Open')], max_length=25),
        ),
        migrations.AlterField(
            model_name='scorecard',
            name='round',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Practice on a calibration case'), (1, 'Round 1, blind'), (2, 'Round 2, after discussion')], default=1),
        ),
        migrations.AddConstraint(
            model_name='mitigationscore',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'scored'), ('grade__gte', 0), ('grade__lte', 4), ('value__gte', 0)), models.Q(('answer__in', ['not_enough_information', 'open']), ('grade__isnull', True), ('value__isnull', True)), _connector='OR'), name='mitigationscore_value_only_when_scored'),
        ),
        migrations.AddConstraint(
            model_name='riskscore',
            constraint=models.CheckConstraint(condition=models.Q(('open_level', ''), models.Q(('likelihood__isnull', True), ('open_level', 'likelihood')), models.Q(('consequence__isnull', True), ('open_level', 'consequence')), models.Q(('consequence__isnull', True), ('likelihood__isnull', True), ('open_level', 'both')), _connector='OR'), name='riskscore_open_level_has_no_value'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'scored'), ('grade__gte', 0), ('grade__lte', 4), ('value__gte', 0)), models.Q(('answer__in', ['not_applicable', 'not_enough_information', 'open']), ('grade__isnull', True), ('value__isnull', True)), _connector='OR'), name='score_value_only_when_scored'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [0, 1, 2])), name='scorecard_round'),
        ),
        migrations.AddField(
            model_name='cellchange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cell_changes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cellchange',
            name='scorecard',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='proposals.scorecard'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='discussions_closed', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='discussion',
            name='opened_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discussions_opened', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='discussion',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discussions', to='proposals.proposal'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='rubric_version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discussions', to='rubrics.rubricversion'),
        ),
        migrations.AddIndex(
            model_name='cellchange',
            index=models.Index(fields=['scorecard', '-at'], name='cellchange_newest_first'),
        ),
        migrations.AddConstraint(
            model_name='discussion',
            constraint=models.UniqueConstraint(fields=('proposal', 'rubric_version'), name='discussion_once'),
        ),
        migrations.AddConstraint(
            model_name='discussion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='discussion_closed_by_somebody'),
        ),
        refuse(frozen_records.refusals),
        refuse(refusals),
    ]
