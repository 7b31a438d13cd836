"""What a rubric names, gathered before anything is checked, so that one fault does not make others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rubrics.scoring.node import Node
from rubrics.scoring.spec import MeanSection, PathwaysSection, ResidualRiskSection

RULES = (MeanSection.rule, PathwaysSection.rule, ResidualRiskSection.rule)


@dataclass(frozen=True, slots=True)
class NamedCriterion:
    theory: bool
    per_side: bool
    not_applicable_allowed: bool


@dataclass(slots=True)
class Names:
    """Keys that the rubric holds, those of faulty parts included.

    `certain` is false where the rubric is so broken that keys may be missing here: then nothing is called absent.
    `risks` gives the top probability and loss level of each risk; None where the scale itself is faulty.
    """

    criteria: dict[str, NamedCriterion] = field(default_factory=dict)
    risks: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    mitigations: set[str] = field(default_factory=set)
    mean_sections: set[str] = field(default_factory=set)
    gates: set[str] = field(default_factory=set)
    bands: set[str] = field(default_factory=set)
    top_score: int | None = None
    certain: bool = True

    def absent(self, node: Node, where: object, what: str) -> bool:
        """Note a reference to something that the rubric does not hold; true when it is not there."""
        missing = not (isinstance(node.value, str) and isinstance(where, dict | set) and node.value in where)
        if missing and (self.certain or not isinstance(node.value, str)):
            node.wrong(f"{what} of the rubric")
        return missing


def _keyed(listed: Node, names: Names) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a list that have a readable key."""
    if not isinstance(listed.value, list | tuple):
        names.certain = False
        return
    for item in listed.items():
        key = item.child("key").name()
        if key is not None:
            yield key, item
        else:
            names.certain = False


def _top_level(scale: Any, first: int) -> int | None:
    return len(scale) - 1 + first if isinstance(scale, list | tuple) and scale else None


def _gather_section(key: str, section: Node, names: Names) -> None:
    rule = section.child("rule").value
    if rule == ResidualRiskSection.rule:
        tops = (_top_level(section.child("probability").value, 1), _top_level(section.child("loss").value, 0))
        names.risks |= {risk: tops for risk, _ in _keyed(_needs(section.child("risks"), names), names)}
        names.mitigations |= {mitigation for mitigation, _ in _keyed(section.child("mitigations"), names)}
        return
    if rule not in (MeanSection.rule, PathwaysSection.rule):
        names.certain = False
        return
    for criterion, item in _keyed(_needs(section.child("criteria"), names), names):
        names.criteria[criterion] = NamedCriterion(
            theory=rule == PathwaysSection.rule,
            per_side=item.child("per_side").value is True,
            not_applicable_allowed=item.child("not_applicable_allowed").value is True,
        )
    if rule == MeanSection.rule:
        names.mean_sections.add(key)


def _needs(listed: Node, names: Names) -> Node:
    """Take a list that cannot be empty: where it is, keys are missing."""
    names.certain = names.certain and bool(listed.value)
    return listed


def gather_names(rubric: Node) -> Names:
    """Read every key of a rubric, however faulty, without noting a fault."""
    node = Node(rubric.value, rubric.path, [])
    names = Names()
    top = node.child("top_score").whole(1, stand_in=0)
    names.top_score = top or None
    for key, section in _keyed(_needs(node.child("sections"), names), names):
        _gather_section(key, section, names)
    names.gates = {key for key, _ in _keyed(node.child("gates"), names)}
    names.bands = {key for key, _ in _keyed(node.child("bands"), names)}
    return names
