"""Both results side by side: of one proposal, and the order of a whole docket."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from proposals.memos.figures import share
from proposals.models import Docket, Proposal, Reassessment
from proposals.models.assessment import MethodResult
from proposals.services.index_figures import IndexFigures, band_limits, read_exact
from proposals.services.reassessing import reassessable
from proposals.services.reassessment_words import CarriedWords, carried_words
from proposals.services.standings import Place, ranks_of, read_places
from rubrics.models import RubricVersion
from rubrics.scoring.figures import one_place
from rubrics.services.words import RubricWords, rubric_words
from t2eval.accounts.models import User

GATE_WORDS = {"fail": "failed", "unknown": "unknown", "overridden": "set aside", "pass": "passed"}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure under both versions. `difference` is empty where it is none of numbers.

    `weights` are the shares of a section in the index under both.
    """

    title: str
    before: str
    after: str
    difference: str = ""
    weights: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Band:
    key: str
    title: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A re-assessment beside the assessment that it was made from. `is_latest` of its version."""

    row: Reassessment
    figures: list[Line]
    sections: list[Line]
    gates: list[Line]
    bands: tuple[Band, Band]
    carried: CarriedWords
    is_latest: bool

    @property
    def has_moved_on(self) -> bool:
        """Whether the official assessment is another one now."""
        return not self.row.assessment.is_current


def comparisons(proposal: Proposal, user: User) -> list[Comparison]:
    """Every re-assessment of the proposal that the user may see, the newest first."""
    rows = Reassessment.objects.visible_to(user).filter(proposal=proposal)
    related = rows.select_related("assessment__rubric_version", "rubric_version").order_by("-created_at", "-pk")
    found: list[Comparison] = []
    sides = dict(proposal.sides.values_list("key", "name")) if (listed := list(related)) else {}
    seen: set[UUID] = set()
    for row in listed:
        found.append(_comparison(row, sides, is_latest=row.rubric_version_id not in seen))
        seen.add(row.rubric_version_id)
    return found


def _comparison(row: Reassessment, sides: Mapping[str, str], *, is_latest: bool) -> Comparison:
    before, after = rubric_words(row.assessment.rubric_version), rubric_words(row.rubric_version)
    old, new = (IndexFigures(result, band_limits(words)) for result, words in ((row.assessment, before), (row, after)))
    index = _difference(*(read_exact(result.exact["index"]) for result in (row.assessment, row)))
    return Comparison(
        row=row,
        figures=[
            Line("Index", old.index or "none", new.index or "none", index),
            Line("Range of open answers", old.range or "none", new.range or "none"),
        ],
        sections=_sections(row, before, after),
        gates=_gates(row, before, after),
        bands=(_band(row.assessment, before), _band(row, after)),
        carried=carried_words(row.without_counterpart, before, after, sides),
        is_latest=is_latest,
    )


def _band(result: MethodResult, words: RubricWords) -> Band:
    return _suggested(result.suggested, words, is_provisional=result.is_provisional)


def _suggested(key: str, words: RubricWords, *, is_provisional: bool) -> Band:
    return Band(key or "neutral", words.band(key) if key else "none", is_provisional)


def _sections(row: Reassessment, before: RubricWords, after: RubricWords) -> list[Line]:
    """In the order of the newer version; those that only the older one has come last."""
    old, new = row.assessment.exact["sections"], row.exact["sections"]
    titles = {section["key"]: after.title(section["key"]) for section in after.sections}
    titles |= {part["key"]: before.title(part["key"]) for part in before.sections if part["key"] not in titles}
    shares = _shares(before), _shares(after)
    return [
        Line(
            title=title,
            before=_value(old, key),
            after=_value(new, key),
            difference=_difference(read_exact(old.get(key)), read_exact(new.get(key))),
            weights=(shares[0].get(key, ""), shares[1].get(key, "")),
        )
        for key, title in titles.items()
    ]


def _shares(words: RubricWords) -> dict[str, str]:
    weights = {section["key"]: Fraction(str(section["weight"])) for section in words.sections}
    total = sum(weights.values(), Fraction())
    return {key: share(weight / total) for key, weight in weights.items()}


def _value(sections: Mapping[str, str | None], key: str) -> str:
    return (one_place(read_exact(sections[key])) or "no value") if key in sections else NOTHING


def _gates(row: Reassessment, before: RubricWords, after: RubricWords) -> list[Line]:
    """Only the gates whose state is another one, those that one version does not have among them."""
    old, new = row.assessment.result["gates"], row.result["gates"]
    titles = {gate["key"]: after.title(gate["key"]) for gate in after.gates}
    titles |= {gate["key"]: before.title(gate["key"]) for gate in before.gates if gate["key"] not in titles}
    states = {key: tuple(gates[key]["state"] if key in gates else "" for gates in (old, new)) for key in titles}
    return [
        Line(titles[key], GATE_WORDS.get(was, NOTHING), GATE_WORDS.get(now, NOTHING))
        for key, (was, now) in states.items()
        if was != now
    ]


def _difference(before: Fraction | None, after: Fraction | None) -> str:
    """With its sign: "+3.2", "−0.4"; empty without two numbers."""
    if before is None or after is None:
        return ""
    written = one_place(abs(after - before))
    if after == before:
        return "0"
    return f"{'+' if after > before else '−'}{written}"


# --- a whole docket -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderPlace:
    rank: str
    index: str
    band: Band


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A proposal in both orders. `moved` is how many places it rises (above zero) or falls; None without two ranks."""

    proposal: Proposal
    before: OrderPlace
    after: OrderPlace
    moved: int | None
    has_moved_on: bool

    @property
    def fallen(self) -> int:
        return -(self.moved or 0)


@dataclass(frozen=True, slots=True)
class Orders:
    """Both orders among the proposals that have both results; `others` have no re-assessment yet."""

    rows: list[OrderRow]
    others: list[Proposal]


def reassessed_versions(docket: Docket, user: User) -> list[RubricVersion]:
    """Under which versions proposals of the docket are re-assessed that the user may judge; the newest first."""
    rows = Reassessment.objects.visible_to(user).filter(proposal__docket=docket)
    return list(RubricVersion.objects.filter(pk__in=rows.values("rubric_version")).order_by("-number"))


def docket_orders(docket: Docket, version: RubricVersion, user: User) -> Orders:
    """Each proposal by its current assessment, and by its latest re-assessment under the version."""
    remade = Reassessment.objects.visible_to(user).filter(proposal__docket=docket, rubric_version=version)
    after = read_places(remade.order_by("created_at", "pk"))
    moved_on = dict(remade.order_by("created_at", "pk").values_list("proposal_id", "assessment__is_current"))
    current = reassessable(docket, user)
    before = read_places(current.filter(proposal__in=list(after)))
    shown = {row.pk: row for row in Proposal.objects.filter(pk__in=list(after)).select_related("organizer")}
    places = _places(before, docket.rubric_version), _places(after, version)
    rows = [
        OrderRow(
            proposal=shown[pk],
            before=places[0][pk],
            after=places[1][pk],
            moved=_moved(places[0][pk].rank, places[1][pk].rank),
            has_moved_on=not moved_on[pk],
        )
        for pk in _by_rank(after)
        if pk in before
    ]
    others = Proposal.objects.filter(pk__in=current.values("proposal")).exclude(pk__in=list(after))
    return Orders(rows, list(others.order_by("number")))


def _by_rank(places: Mapping[UUID, Place]) -> list[UUID]:
    ranked = dict.fromkeys(ranks_of(places.values()))
    return [*ranked, *(pk for pk in places if pk not in ranked)]


def _places(found: Mapping[UUID, Place], version: RubricVersion) -> dict[UUID, OrderPlace]:
    words = rubric_words(version)
    limits, ranks = band_limits(words), ranks_of(found.values())
    return {
        pk: OrderPlace(
            rank=str(ranks.get(pk, "")),
            index=one_place(place.index, limits),
            band=_suggested(place.suggested, words, is_provisional=place.is_provisional),
        )
        for pk, place in found.items()
    }


def _moved(before: str, after: str) -> int | None:
    return int(before.rstrip("=")) - int(after.rstrip("=")) if before and after else None
