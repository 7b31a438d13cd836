from rubrics.models.draft import RubricDraft
from rubrics.models.parts import Anchor, Band, Criterion, Gate, Mitigation, Pairing, Risk, Section
from rubrics.models.rubric import Rubric, RubricVersion

__all__ = [
    "Anchor",
    "Band",
    "Criterion",
    "Gate",
    "Mitigation",
    "Pairing",
    "Risk",
    "Rubric",
    "RubricDraft",
    "RubricVersion",
    "Section",
]
