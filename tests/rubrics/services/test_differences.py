import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import parse_rubric
from rubrics.services.defaults import default_rubric_document
from rubrics.services.differences import Change, differences
from tests.factories import items_of
from tests.rubrics.services.draft_draws import edits

DEFAULT = default_rubric_document()
ISSUE, RISK, STAKES = "Issue-area importance", "Risk and mitigation", "Issue-area importance, Stakes"
LINK_AND_ROUTE = "Carriers and link to officials below 1, and Route to officials below 2"
DISINFORMATION = items_of(DEFAULT)["disinformation"]["title"]


def changed(change, of=DEFAULT):
    document = copy.deepcopy(of)
    change(document)
    return document


def set_in(key, **facts):
    """Give a section or an item other facts."""
    return lambda document: items_of(document)[key].update(facts)


def set_gate(place, **facts):
    return lambda document: document["gates"][place].update(facts)


def told(change):
    return [each.sentence for each in differences(DEFAULT, changed(change))]


def section(document, key):
    return next(held for held in document["sections"] if held["key"] == key)


def move_stakes(document):
    criteria = section(document, "issue")["criteria"]
    section(document, "transfer")["criteria"].insert(0, {**criteria.pop(0), "weight": 20})


def turn_hotwash(document):
    risk = section(document, "risk")
    hotwash = next(item for item in risk["mitigations"] if item["key"] == "hotwash")
    risk["mitigations"].remove(hotwash)
    risk["risks"].append({name: held for name, held in hotwash.items() if name not in ("reduces", "anchors")})


def unpair_risk(document):
    risk = section(document, "risk")
    risk["risks"] = [item for item in risk["risks"] if item["key"] != "disinformation"]
    for mitigation in risk["mitigations"]:
        mitigation["reduces"].pop("disinformation", None)


NEW_GATE = {"key": "new", "title": "New", "effect": "cap:revise", "when": [{"criterion": "stakes", "below": 1}]}
NEW_MEAN = {"key": "new", "title": "New", "weight": 5, "rule": "mean", "criteria": [{"key": "newest", "weight": 1}]}
COUNTING = {
    "weight of a section": (set_in("transfer", weight=30), ["Policy transfer: weight 25 → 30"]),
    "weight of a criterion": (set_in("stakes", weight="40.5"), [f"{STAKES}: weight 40 → 40.5"]),
    "top score": (lambda document: document.update(top_score=5), ["Scale: top score 4 → 5"]),
    "cap": (lambda document: document["evidence_caps"].__setitem__(1, 1), ["Evidence grade E1: counts at most 2 → 1"]),
    "overlap": (set_in("theories", overlap="0.3"), ["Theories of change: overlap 0.25 → 0.3"]),
    "rule": (
        set_in("issue", rule="pathways", overlap=0),
        [f"{ISSUE}: rule weighted mean → pathways", f"{ISSUE}: overlap none → 0"],
    ),
    "risk numbers": (
        set_in("risk", reduction_cap="0.5", condition_level=2, catastrophic_from=5, loss_at_zero=50),
        [
            f"{RISK}: most that mitigations together take off 0.6 → 0.5",
            f"{RISK}: level below which a mitigation becomes a condition 3 → 2",
            f"{RISK}: consequence from which a risk is never below high 4.5 → 5",
            f"{RISK}: total expected loss at which the section is worth nothing 40 → 50",
        ],
    ),
    "levels": (
        set_in("risk", loss=[0, 3, 10, 30, 60, 90], probability=["0.03", "0.125", "0.35", 0.65], risk_bands=[2, 9, 20]),
        [
            f"{RISK}: high from 8 → 9",
            f"{RISK}: likelihood level 1 counts as 0.025 → 0.03",
            f"{RISK}: likelihood level 5 counts as 0.9 → none",
            f"{RISK}: loss of consequence level 5 100 → 90",
        ],
    ),
    "flags": (
        set_in("stakes", per_side=True, not_applicable_allowed=True),
        [f"{STAKES}: scored per side no → yes", f"{STAKES}: not applicable allowed no → yes"],
    ),
    "pairings": (
        set_in(
            "hotwash",
            reduces={"disinformation": "0.1", "intelligence-collection": "0.10", "information-hazard": "0.35"},
        ),
        [
            f"{RISK}, Hotwash: share of “{DISINFORMATION}” 0.35 → 0.1",
            f"{RISK}, Hotwash: share of “Influence operations” 0.1 → 0",
            f"{RISK}, Hotwash: share of “Information hazard” 0 → 0.35",
        ],
    ),
    "threshold of a gate": (
        set_gate(2, when=[{"flag": "extreme-risk-mandate"}, {"criterion": "stakes", "below": 1}]),
        [
            "Gate “Outside the extreme-risk mandate”: fires when: The flag “extreme-risk-mandate” is set, and Stakes"
            " below 2 → The flag “extreme-risk-mandate” is set, and Stakes below 1"
        ],
    ),
    "floor": (
        set_gate(13, when=[{"section": "convening", "mean_below": "2.2"}]),
        [
            "Gate “Convening below the floor”: fires when: Mean of Convening power below 2.0"
            " → Mean of Convening power below 2.2"
        ],
    ),
    "sides": (
        lambda document: document["gates"][0].pop("sides"),
        [
            f"Gate “Disconnected from policymaking”: fires when: {LINK_AND_ROUTE}, on every side → {LINK_AND_ROUTE}"
        ],
    ),
    "effect": (
        set_gate(4, effect="cap:revise"),
        ["Gate “No mechanism”: effect Decline → No better than “Revise”"],
    ),
    "new gate": (
        lambda document: document["gates"].append(NEW_GATE),
        ["Gates: new gate “New” (no better than “revise”): Stakes below 1"],
    ),
    "gate gone": (
        lambda document: document["gates"].pop(),
        [
            "Gates: gate removed: “Transfer below the floor” (no better than “revise”):"
            " Mean of Policy transfer below 2.0"
        ],
    ),
    "band": (
        lambda document: document["bands"][0].update(min=80),
        ["Band “Fund”: index from 75 → 80"],
    ),
    "bands": (
        lambda document: document["bands"].__setitem__(0, {"key": "first", "min": "70"}),
        ["Bands: new band “first”, index from 70", "Bands: band removed: “Fund”, index from 75"],
    ),
    "new section": (
        lambda document: document["sections"].append(NEW_MEAN),
        ["The rubric: new section “New”, weight 5"],
    ),
    "section gone": (
        lambda document: document["sections"].pop(),
        ["The rubric: section removed: “Risk and mitigation”, weight 15"],
    ),
    "new criterion": (
        lambda document: section(document, "issue")["criteria"].append({"key": "new", "weight": "1.50"}),
        [f"{ISSUE}: new criterion “new”, weight 1.5"],
    ),
    "criterion gone": (
        lambda document: section(document, "issue")["criteria"].pop(0),
        [f"{ISSUE}: criterion removed: “Stakes”, weight 40"],
    ),
    "risk gone": (
        unpair_risk,
        [
            f"{RISK}: risk removed: “{DISINFORMATION}”",
            *(
                f"{RISK}, {mitigation['title']}: share of “{DISINFORMATION}” {share} → 0"
                for mitigation in section(DEFAULT, "risk")["mitigations"]
                if (share := str(mitigation["reduces"].get("disinformation", "")).rstrip("0"))
            ),
        ],
    ),
    "moved": (
        move_stakes,
        [
            "Policy transfer, Stakes: section Issue-area importance → Policy transfer",
            "Policy transfer, Stakes: weight 40 → 20",
        ],
    ),
}  # fmt: skip
WORDS = {
    "title": (set_in("stakes", title="Stake"), ["Issue-area importance, Stake: title rewritten"]),
    "title of the rubric": (lambda document: document.update(title="Other"), ["The rubric: title rewritten"]),
    "anchor": (
        lambda document: items_of(document)["stakes"]["anchors"].__setitem__(2, "Other"),
        [f"{STAKES}: anchor for 2 rewritten"],
    ),
    "general anchor": (
        lambda document: document["anchors"].__setitem__(0, "Other"), ["Scale: general anchor for 0 rewritten"],
    ),
    "grade": (
        lambda document: document["note"]["evidence_grades"].__setitem__(3, "Other"),
        ["Scale: words of evidence grade E3 rewritten"],
    ),
    "rest of the note": (
        lambda document: document["note"].update(scope="Other", answers={}),
        [f"The rubric: answers removed: {'; '.join(f'{k}: {v}' for k, v in DEFAULT['note']['answers'].items())}",
         "The rubric: scope rewritten"],
    ),
    "note of one text": (
        lambda document: document.update(note="Ours"),
        [
            *(
                f"The rubric: {name.replace('_', ' ')} removed: " + text
                for name, text in (
                    ("answers", "; ".join(f"{k}: {v}" for k, v in DEFAULT["note"]["answers"].items())),
                    ("evidence_grades", "\n".join(DEFAULT["note"]["evidence_grades"])),
                    ("grade_rules", "\n".join(DEFAULT["note"]["grade_rules"])),
                )
            ),
            "The rubric: note added: Ours",
            "The rubric: reference points removed: " + "\n".join(DEFAULT["note"]["reference_points"]),
            f"The rubric: scope removed: {DEFAULT['note']['scope']}",
        ],
    ),
    "words of a level": (
        lambda document: items_of(document)["risk"]["anchors"]["likelihood"].__setitem__(0, "Never"),
        [f"{RISK}: words of likelihood level 1 rewritten"],
    ),
    "words gone": (
        lambda document: items_of(document)["risk"]["anchors"]["consequence"].pop(),
        [f"{RISK}: words of consequence level 5 removed: Contribution to a catastrophe, or loss of life."],
    ),
    "guidance added": (
        lambda document: document["gates"][0].update(basis="", guidance="Other"),
        [
            "Gate “Disconnected from policymaking”: guidance rewritten",
            f"Gate “Disconnected from policymaking”: basis removed: {DEFAULT['gates'][0].get('basis')}",
        ],
    ),
    "questions": (set_in("theories", questions=["Why?"]), ["Theories of change: questions rewritten"]),
    "note of an item": (
        lambda document: items_of(document)["hotwash"]["note"].update(cost="Time."),
        [f"{RISK}, Hotwash: note rewritten"],
    ),
    "note of a section": (set_in("issue", note="Ours"), [f"{ISSUE}: note added: Ours"]),
    "note of a gate": (set_gate(4, note="Ours"), ["Gate “No mechanism”: note added: Ours"]),
    "words of a test": (
        set_gate(4, when=[{"best_claim_below": 2, "note": "Ours"}]), ["Gate “No mechanism”: note added: Ours"],
    ),
    "note of a band": (lambda document: document["bands"][0].update(note="Ours"), ["Band “Fund”: note added: Ours"]),
    "order of sections": (
        lambda document: document["sections"].reverse(),
        ["The rubric: order of the sections changed"],
    ),
    "order of criteria": (
        lambda document: section(document, "issue")["criteria"].reverse(), [f"{ISSUE}: order of the criteria changed"],
    ),
    "order of gates": (lambda document: document["gates"].reverse(), ["Gates: order of the gates changed"]),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentences"), COUNTING.values(), ids=COUNTING)
def test_difference_that_can_move_a_result_is_told_and_counts(change, sentences):
    found = differences(DEFAULT, changed(change))

    assert [each.sentence for each in found] == sentences
    assert {(each.counts, each.is_wording) for each in found} == {(True, False)}


@pytest.mark.parametrize(("change", "sentences"), WORDS.values(), ids=WORDS)
def test_difference_of_words_and_order_is_told_and_does_not_count(change, sentences):
    found = differences(DEFAULT, changed(change))

    assert [each.sentence for each in found] == sentences
    assert {(each.counts, each.is_wording) for each in found} == {(False, True)}


def test_item_of_another_kind_is_told():
    sentences = told(turn_hotwash)

    assert sentences[0] == f"{RISK}, Hotwash: is a mitigation → risk"


def test_order_is_told_with_both_orders():
    (found,) = differences(DEFAULT, changed(lambda document: section(document, "convening")["criteria"].reverse()))

    titles = [criterion["title"] for criterion in section(DEFAULT, "convening")["criteria"]]
    place, order = "Convening power", (", ".join(titles), ", ".join(reversed(titles)))
    assert found == Change(place, "order of the criteria", *order, counts=False)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda document: document.update(version=9),
        set_in("risk", reduction_cap=0.6, loss_at_zero="40.0", probability=[0.025, 0.125, 0.35, 0.65, 0.9]),
        set_in("hotwash", reduces={**items_of(DEFAULT)["hotwash"]["reduces"], "information-hazard": 0}),
        set_gate(13, when=[{"section": "convening", "mean_below": 2}]),
        set_in("stakes", per_side=False, note=None),
        lambda document: document["evidence_caps"].__setitem__(0, "2.0"),
        lambda document: document["bands"][0].update(min="75.00"),
    ],
    ids=["nothing", "number of the version", "numbers", "share of 0", "threshold", "silent", "cap", "band"],
)
def test_documents_that_say_the_same_do_not_differ(change):
    assert differences(DEFAULT, changed(change)) == []


def test_documents_without_notes_and_words_are_compared():
    bare = changed(lambda document: [document.pop(name) for name in ("note", "anchors", "title", "guidance")])

    assert differences(bare, copy.deepcopy(bare)) == []


def in_any_order(document):
    """What is scored, whatever the order of sections, items, gates and bands, and without shares of 0.

    The order makes two specifications differ, since results are listed in it, but it moves no number; nor does a
    share of 0.
    """
    held = copy.deepcopy(document)
    for mitigation in [each for part in held["sections"] for each in part.get("mitigations", [])]:
        mitigation["reduces"] = {risk: share for risk, share in mitigation["reduces"].items() if float(share)}
    lists = [held["sections"], held["gates"], held["bands"]]
    for part in held["sections"]:
        lists += [part[name] for name in ("criteria", "risks", "mitigations") if name in part]
    for listed in lists:
        listed.sort(key=lambda part: part["key"])
    return parse_rubric(held)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_some_difference_counts_exactly_where_the_scoring_reads_something_else(data):
    before, after = copy.deepcopy(DEFAULT), copy.deepcopy(DEFAULT)
    for _ in range(data.draw(st.integers(1, 3))):
        part, values = data.draw(edits(after))
        part.write(after, values)
    for part in after["sections"]:
        if "criteria" in part:
            part["criteria"] = data.draw(st.permutations(part["criteria"]))

    try:
        same = in_any_order(before) == in_any_order(after)
    except FaultyDocumentError:
        return

    assert any(change.counts for change in differences(before, after)) is not same
