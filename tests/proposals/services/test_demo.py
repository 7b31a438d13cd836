from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from proposals.models import Assessment, CalibrationReference, Docket, Evidence, Proposal, Scorecard
from proposals.services.demo import ACCOUNTS, NotADemoDatabaseError, make_demo
from t2eval.accounts.models import User
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


def test_make_demo_fills_an_empty_database():
    make_demo(at=NOW)

    assert set(User.objects.values_list("username", flat=True)) == set(ACCOUNTS)
    assert list(Docket.objects.order_by("slug").values_list("slug", "kind", "state")) == [
        ("calibration", "calibration", "closed"),
        ("sample", "sample", "open"),
    ]
    assert Proposal.objects.filter(docket__slug="calibration").count() == 15
    assert Proposal.objects.filter(docket__slug="sample").count() == 8
    assert CalibrationReference.objects.exclude(status="suggested, unconfirmed").count() == 0


def test_make_demo_again_changes_nothing():
    make_demo(at=NOW)
    before = [model.objects.count() for model in (User, Proposal, Scorecard, Evidence, Assessment)]

    make_demo(at=NOW)

    assert before == [model.objects.count() for model in (User, Proposal, Scorecard, Evidence, Assessment)]


def test_make_demo_refuses_a_database_that_it_did_not_make():
    make_user()

    with pytest.raises(NotADemoDatabaseError):
        make_demo(at=NOW)
    with pytest.raises(CommandError, match="did not make"):
        call_command("demo_data")


def test_make_demo_refuses_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(NotADemoDatabaseError):
        make_demo(at=NOW)


def test_demo_data_prints_the_accounts_by_role():
    out = StringIO()

    call_command("demo_data", stdout=out)
    quiet = StringIO()
    call_command("demo_data", "--quiet", stdout=quiet)

    assert [line.split()[0] for line in out.getvalue().splitlines()[1:]] == list(ACCOUNTS)
    assert quiet.getvalue() == ""


def test_make_demo_leaves_the_officer_three_to_start_and_one_draft():
    make_demo(at=NOW)
    officer = User.objects.get(username="officer")

    assigned = Proposal.objects.filter(docket__slug="sample", assignments__officer=officer)
    cards = Scorecard.objects.filter(officer=officer, proposal__docket__slug="sample")
    states = sorted(cards.values_list("state", flat=True))
    assert (assigned.count() - cards.count(), states.count("draft"), states.count("submitted")) == (3, 1, 4)


def test_make_demo_scores_rest_on_their_evidence():
    """The same rule that the scoring form holds: no grade above that of the best evidence cited, E1 with none."""
    make_demo(at=NOW)

    for card in Scorecard.objects.prefetch_related("scores__citations", "mitigation_scores__citations"):
        for cell in (*card.scores.all(), *card.mitigation_scores.all()):
            best = max((item.grade for item in cell.citations.all()), default=1)
            assert cell.grade is None or cell.grade <= best, f"{card}: {cell}"


def test_frozen_tables_have_their_triggers():
    """A later migration that rebuilds a table on SQLite would silently take its triggers away."""
    expected = {
        "assessment_frozen", "assessment_forward", "assessment_kept", "memo_frozen", "memo_pdf_once", "memo_forward",
        "memo_kept", "proposalrevision_frozen", "proposalrevision_kept", "conflict_final", "conflict_kept",
        "scorecard_frozen", "scorecard_kept", "scorecard_stays", "side_stays", "evidence_stays", "rubric_named",
        "rubricversion_frozen", "rubricversion_retired_once", "rubricversion_kept", "audit_event_no_update",
        "audit_event_no_delete", "reassessment_frozen", "reassessment_kept", "reassessment_newer",
        "cellchange_frozen", "cellchange_kept", "discussion_frozen", "discussion_kept",
        "scorecard_practice", "scorecard_round_stays",
        *(["audit_event_no_truncate"] if connection.vendor == "postgresql" else []),
        *(
            f"{cell}_{rule}_{operation}"
            for cell in ("score", "mitigationscore", "riskscore")
            for rule in ("closed", "citations_closed")
            for operation in ("insert", "update", "delete")
        ),
        *(
            f"{rule}_{operation}"
            for rule in (
                "score_version", "score_scale", "score_sided", "score_applies", "score_side", "score_citations_own",
                "mitigationscore_version", "mitigationscore_scale", "mitigationscore_citations_own",
                "riskscore_version", "riskscore_scale", "riskscore_citations_own", "consensus_criterion_version",
                "consensus_mitigation_version", "consensus_risk_version", "consensus_sided", "consensus_scale",
                "consensus_side", "evidence_side", "participant_side", "transfermechanism_side",
                "transfermechanism_evidence",
            )
            for operation in ("insert", "update")
        ),
        *(
            f"rubrics_{part}_no_{operation}"
            for part in ("section", "gate", "band", "criterion", "pairing", "anchor", "risk", "mitigation")
            for operation in ("insert", "update", "delete")
        ),
    }  # fmt: skip
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]

    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}

    assert found == expected
