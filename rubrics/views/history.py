"""The versions of each rubric as a timeline, each with what it changed beside the one before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rubrics.models import RubricVersion
from rubrics.services.differences import differences
from rubrics.services.documents import frozen_document

FEW = 4


@dataclass(frozen=True, slots=True)
class Step:
    """`before` is the version that this one followed; `sentences` are the first of what counts, `more` the rest."""

    version: RubricVersion
    before: RubricVersion | None
    sentences: Sequence[str]
    more: int


@dataclass(frozen=True, slots=True)
class History:
    title: str
    steps: Sequence[Step]

    @property
    def is_comparable(self) -> bool:
        return len(self.steps) > 1


def timeline(versions: Iterable[RubricVersion]) -> list[History]:
    """Of versions in the order of their rubric, the newest first."""
    histories = []
    for rubric, group in groupby(versions, key=lambda version: version.rubric):
        listed = [version for version in group if version.state != RubricVersion.State.DRAFT]
        befores = [*listed[1:], None]
        steps = [_step(version, before) for version, before in zip(listed, befores, strict=True)]
        histories.append(History(rubric.title, steps))
    return histories


def _step(version: RubricVersion, before: RubricVersion | None) -> Step:
    if before is None:
        return Step(version, None, (), 0)
    changes = differences(frozen_document(before), frozen_document(version))
    counting = [change.sentence for change in changes if change.counts]
    return Step(version, before, counting[:FEW], len(changes) - len(counting[:FEW]))
