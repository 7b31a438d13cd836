from typing import Any

import pytest

from tests.rubrics.scoring.scoring_faults import changed, paths_of


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ([], ""),
        (["flag"], "[0]"),
        ([{}], "[0]"),
        ([{"colour": "red"}], "[0]"),
        ([{"criterion": "stakes"}], "[0]"),
        ([{"criterion": "stakes", "below": 1, "at_least": 1}], "[0]"),
        ([{"criterion": "stake", "below": 1}], "[0].criterion"),
        ([{"criterion": 5, "below": 1}], "[0].criterion"),
        ([{"criterion": "brief", "below": 1}], "[0].criterion"),
        ([{"criterion": "stakes", "below": "low"}], "[0].below"),
        ([{"criterion": "stakes", "below": 1, "risk": "leak"}], "[0].risk"),
        ([{"section": "issue"}], "[0].mean_below"),
        ([{"section": "theories", "mean_below": 2}], "[0].section"),
        ([{"mitigation": "stakes", "below": 2}], "[0].mitigation"),
        ([{"mitigation": "brief", "at_least": 2, "below": 1}], "[0].at_least"),
        ([{"risk": "brief", "inherent_at_least": 2}], "[0].risk"),
        ([{"check": "capacity", "is": "good"}], "[0].is"),
        ([{"check": 5, "is": "sufficient"}], "[0].check"),
        ([{"flag": True}], "[0].flag"),
        ([{"flag": "f", "below": 1}], "[0].below"),
        ([{"best_claim_below": None}], "[0].best_claim_below"),
        ([{"any_risk_residual_at_least": []}], "[0].any_risk_residual_at_least"),
    ],
)
def test_gate_with_faulty_test_names_it(when: list[Any], at: str) -> None:
    assert paths_of(changed("rubric.gates[0].when", when)) == [f"$.rubric.gates[0].when{at}"]


@pytest.mark.parametrize("effect", ["stop", "cap:maybe", "cap:", 5, ["decline"]])
def test_gate_with_faulty_effect_names_it(effect: Any) -> None:
    assert paths_of(changed("rubric.gates[0].effect", effect)) == ["$.rubric.gates[0].effect"]


def test_gate_with_faulty_sides_names_them() -> None:
    assert paths_of(changed("rubric.gates[0].sides", "most")) == ["$.rubric.gates[0].sides"]
