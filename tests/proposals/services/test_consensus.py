from decimal import Decimal

import pytest

from proposals.models import Consensus
from proposals.services.consensus import record_consensus
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, make_scorecard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scoring_chair():
    return make_user(Role.CHAIR, Role.OFFICER)


@pytest.fixture
def proposal(scoring_chair):
    proposal = ProposalFactory()
    assign(proposal, scoring_chair)
    return proposal


def agree(proposal, chair):
    words = {"grade": 2, "reason": "Talked over."}
    return record_consensus(proposal=proposal, item="stakes", part="", value=Decimal("1.5"), by=chair, at=NOW, **words)


def test_record_consensus_by_a_chair_who_owes_a_scorecard_is_refused(proposal, scoring_chair):
    with pytest.raises(NotAllowedError):
        agree(proposal, scoring_chair)

    assert Consensus.objects.count() == 0


def test_record_consensus_by_a_chair_whose_scorecard_is_in_is_kept(proposal, scoring_chair):
    make_scorecard(proposal, scoring_chair)

    assert agree(proposal, scoring_chair).half_points == 3
