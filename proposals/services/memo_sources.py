"""What a memo is built from: the stored inputs, the method's result on them, the rubric's words, and who scored."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Q

from proposals.models import Assessment, ConflictDeclaration, Proposal, Scorecard, Side
from proposals.services.bundles import bundle_document, officer_keys
from rubrics.scoring.assess import AssessmentResult, assess_proposal
from rubrics.scoring.figures import points
from rubrics.scoring.output import exact
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.spec import Cell, ProposalInput, RubricSpec, Score
from rubrics.services.words import RubricWords

PARTS = {"probability": "likelihood", "loss": "consequence"}


class AssessmentDiffersError(Exception):
    """The stored result is not what the method makes of the stored inputs: assess the proposal again."""


@dataclass(frozen=True)
class Sources:
    """Everything read once. `letters` gives each officer's letter by the key used in the inputs."""

    proposal: Proposal
    assessment: Assessment
    bundle: dict[str, Any]
    words: RubricWords
    rubric: RubricSpec
    parsed: ProposalInput
    result: AssessmentResult

    @cached_property
    def sides(self) -> list[Side]:
        return list(self.proposal.sides.order_by("position", "pk"))

    @cached_property
    def side_names(self) -> dict[str, str]:
        return {side.key: side.name for side in self.sides}

    @cached_property
    def officer_keys(self) -> dict[Any, str]:
        return officer_keys(self.proposal)

    @cached_property
    def barred(self) -> set[Any]:
        """Everyone whom a conflict keeps away from this proposal."""
        declared = ConflictDeclaration.objects.filter(proposal=self.proposal, has_conflict=True)
        return set(declared.values_list("user_id", flat=True))

    @cached_property
    def sponsor_key(self) -> str:
        """The key of the sponsor officer; empty without one, and where a conflict bars them."""
        sponsor = self.proposal.assignments.filter(is_sponsor=True).values_list("officer_id", flat=True).first()
        return "" if sponsor in self.barred else self.officer_keys.get(sponsor, "")

    @cached_property
    def scorecards(self) -> list[Scorecard]:
        """Every submitted scorecard but practice, of officers who are not barred, by officer and round."""
        cards = (
            Scorecard.objects.filter(
                proposal=self.proposal,
                rubric_version=self.assessment.rubric_version_id,
                state=Scorecard.State.SUBMITTED,
            )
            .exclude(Q(officer__in=self.barred) | Q(round=Scorecard.Round.PRACTICE))
            .prefetch_related(
                "scores__criterion",
                "scores__side",
                "scores__citations",
                "mitigation_scores__mitigation",
                "mitigation_scores__citations",
                "risk_scores__risk",
                "risk_scores__citations",
            )
        )
        return sorted(cards, key=lambda card: (self.officer_keys.get(card.officer_id, "~"), card.round))

    @property
    def has_two_rounds(self) -> bool:
        return any(card.round > 1 for card in self.scorecards)

    def cell_title(self, cell: Cell) -> str:
        """The question of a cell, with its side or its part."""
        part = self.side_names.get(cell.part) or PARTS.get(cell.part, cell.part)
        title = self.words.title(cell.item)
        return f"{title}, {part}" if part else title

    def lowest_grade(self, *cells: Cell, at_least: int = 0) -> str:
        """The lowest evidence grade among the counted scores of these cells; empty without one."""
        grades = [
            answer.grade
            for card in self.parsed.counted()
            for cell, answer in card.cells.items()
            if cell in cells and isinstance(answer, Score) and answer.value >= at_least
        ]
        return f"E{min(grades)}" if grades else ""

    def criterion_cells(self, key: str, *, per_side: bool) -> tuple[Cell, ...]:
        return tuple(Cell(key, side) for side in self.parsed.sides) if per_side else (Cell(key),)

    def unweighted_mean(self, key: str) -> Fraction | None:
        """The plain mean of the known criteria of a section, in points of the scale, as gates on a section see it."""
        items = [item for section in self.words.sections if section["key"] == key for item in section["criteria"]]
        values = [self.result.criteria[item["key"]].value for item in items]
        numbers = [value for value in values if isinstance(value, Fraction)]
        return sum(numbers, Fraction()) / len(numbers) if numbers else None

    def panel(self, key: str) -> str:
        """The panel value of a criterion, claimed theory or mitigation; empty where it is not judged."""
        found = self.result.criteria.get(key) or self.result.mitigations.get(key)
        return points(found.value) if found else ""


def officer_letter(key: str) -> str:
    """The letter of an officer's key in a bundle.

    >>> officer_letter("officer-a")
    'A'
    """
    return key.rpartition("-")[2].upper()


def officer_label(key: str) -> str:
    return f"Officer {officer_letter(key)}" if key else ""


def read_sources(proposal: Proposal, assessment: Assessment) -> Sources:
    """Read the records, and assess the stored inputs again for what the stored result leaves out.

    Raises AssessmentDiffersError where the method no longer gives the stored index or suggestion.
    """
    bundle = bundle_document(assessment.rubric_version, [assessment.inputs])
    parsed = parse_bundle(bundle)
    result = assess_proposal(parsed.rubric, parsed.proposals[0])
    if (result.suggested or "") != assessment.suggested or exact(result.index) != assessment.exact["index"]:
        raise AssessmentDiffersError("The method has changed since this assessment. Assess the proposal again.")
    related = Proposal.objects.select_related("docket", "organizer", "issue_area")
    return Sources(
        proposal=related.get(pk=proposal.pk),
        assessment=assessment,
        bundle=bundle,
        words=RubricWords(bundle["rubric"]),
        rubric=parsed.rubric,
        parsed=parsed.proposals[0],
        result=result,
    )
