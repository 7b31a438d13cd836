"""The tests of a gate in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from rubrics.services.words import RubricWords

SIDES = {"every": "on every side", "some": "on some side"}


def clause(test: Mapping[str, Any], words: RubricWords) -> str:
    """One test as a clause: "Stakes below 2"."""
    subject = next(
        (words.title(test[name]) for name in ("criterion", "mitigation", "risk", "section") if name in test), ""
    )
    clauses = {
        "below": f"{subject} below {test.get('below')}",
        "at_least": f"{subject} at least {test.get('at_least')}",
        "mean_below": f"mean of {subject} below {test.get('mean_below')}",
        "inherent_at_least": f"{subject} inherent risk at least {test.get('inherent_at_least')}",
        "best_claim_below": f"no claimed theory reaches {test.get('best_claim_below')}",
        "any_risk_residual_at_least": f"some residual risk at least {test.get('any_risk_residual_at_least')}",
        "is_not": f"the check “{test.get('check')}” is not {test.get('is_not')}",
        "is": f"the check “{test.get('check')}” is {test.get('is')}",
        "flag": f"the flag “{test.get('flag')}” is set",
    }
    return next((text for key, text in clauses.items() if key in test), "a test that is not known")


def sentence(gate: Mapping[str, Any], words: RubricWords) -> str:
    """When a gate fires: "Route below 1, and link below 1, on some side"."""
    sides = SIDES.get(gate.get("sides", ""), "")
    clauses: Sequence[str] = [clause(test, words) for test in gate["when"]]
    text = ", and ".join(clauses) + (f", {sides}" if sides else "")
    return text[:1].upper() + text[1:]
