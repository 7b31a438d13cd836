"""What, other than section weights and bands, two rubric versions differ in: that cannot be recombined."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from enum import Enum
from fractions import Fraction
from typing import Any

from rubrics.scoring.spec import PathwaysSection, ResidualRiskSection, RubricSpec, SectionSpec


class EditKind(Enum):
    """A kind of difference that only the official method, from the scorecards on, can answer."""

    SCALE = "the top score"
    EVIDENCE = "what evidence grades allow"
    SECTIONS = "which sections there are, or their rules"
    CRITERIA = "criteria or their weights"
    OVERLAP = "the overlap of theories"
    RISKS = "risks, mitigations or their numbers"
    GATES = "gates"


def _by_key(parts: Iterable[Any]) -> dict[str, Any]:
    return {part.key: part for part in parts}


def _section_kind(before: SectionSpec, after: SectionSpec) -> EditKind | None:
    """The first kind in which two sections of one key and rule differ, their weights and the order of parts apart."""
    if isinstance(before, ResidualRiskSection) and isinstance(after, ResidualRiskSection):
        return None if _plain_risk(before) == _plain_risk(after) else EditKind.RISKS
    if isinstance(before, PathwaysSection) and isinstance(after, PathwaysSection) and before.overlap != after.overlap:
        return EditKind.OVERLAP
    return EditKind.CRITERIA if _parts(before, "criteria") != _parts(after, "criteria") else None


def _parts(section: SectionSpec, name: str) -> Mapping[str, Hashable]:
    return _by_key(getattr(section, name))


def _plain_risk(section: ResidualRiskSection) -> tuple[ResidualRiskSection, dict[str, Any], dict[str, Any]]:
    bare = replace(section, weight=Fraction(), risks=(), mitigations=())
    return bare, _by_key(section.risks), _by_key(section.mitigations)


def other_edits(source: RubricSpec, target: RubricSpec) -> tuple[EditKind, ...]:
    """Name the kinds of difference beyond section weights, bands, words and order, in the order of `EditKind`.

    Empty: stored section values and gate states hold for the target too, and `recombined` gives the official outcome.
    Source: the project's scoring method, §7 (what-if).
    Worked: a section weight 25 → 30 gives none; a criterion weight 35 → 40 gives CRITERIA.
    """
    before, after = _by_key(source.sections), _by_key(target.sections)
    same_sections = {key: part.rule for key, part in before.items()} == {key: part.rule for key, part in after.items()}
    inside = {_section_kind(before[key], after[key]) for key in before} if same_sections else set()
    found = {
        EditKind.SCALE: source.top_score != target.top_score,
        EditKind.EVIDENCE: source.evidence_caps != target.evidence_caps,
        EditKind.SECTIONS: not same_sections,
        **{kind: kind in inside for kind in (EditKind.CRITERIA, EditKind.OVERLAP, EditKind.RISKS)},
        EditKind.GATES: _by_key(source.gates) != _by_key(target.gates),
    }
    return tuple(kind for kind, differs in found.items() if differs)
