"""The forms of what officers read: the scale, the sections, and their items."""

from django import forms

from rubrics.forms.fields import ExactNumber, alternating, basis, line, questions, title, words
from rubrics.forms.part_form import DraftPartForm, Group
from rubrics.services.draft_parts import GRADES, LIMITS, SectionPart, Values, find_section

ANCHORS_HELP = (
    "Officers score against these words: all are needed before the draft can be published. Say what a third party could"
    " check, and how each differs from the one below."
)


class ScaleForm(DraftPartForm):
    title = title("What the rubric is called on pages and memos.")
    guidance = words("What it is for, and for what not")
    basis = basis()

    def build(self, held: Values) -> None:
        top = self.document["top_score"]
        anchors = [name for name in held if name.startswith("anchor_")]
        caps = [f"cap_{grade}" for grade in GRADES]
        grades = [f"grade_{grade}" for grade in GRADES]
        for level, name in enumerate(anchors):
            self.fields[name] = words(f"A score of {level} means", rows=2)
        for grade, name in enumerate(caps):
            self.fields[name] = ExactNumber(f"E{grade} counts at most", high=top)
        for grade, name in enumerate(grades):
            self.fields[name] = line(f"E{grade} rests on")
        self.groups = (
            Group("Words", ("title", "guidance", "basis")),
            Group("Scores in general", anchors, "Each criterion refines these with anchors of its own."),
            Group(
                "What each evidence grade allows, and what it rests on",
                alternating(caps, grades),
                "A score above the cap of its evidence counts as the cap. Lowering a cap lowers results that rest on"
                " weak evidence; a cap never falls from one grade to the next.",
                layout="pairs",
            ),
        )


class SectionForm(DraftPartForm):
    title = title()
    guidance = words("What the section judges")
    questions = questions()
    basis = basis()

    def build(self, held: Values) -> None:
        self.groups = (Group("Words", ("title", "guidance", "questions", "basis")),)
        if "overlap" in held:
            self.fields["overlap"] = ExactNumber(
                "Overlap of further theories",
                high=1,
                help_text="From 0 to 1. With 0 only the strongest claimed theory counts; with 1 each further one counts"
                " in full. With 0.25 the second closes a quarter of its strength of the gap that is left.",
            )
            self.groups = (*self.groups, Group("How theories add up", ("overlap",)))
        if "loss_at_zero" in held:
            self.groups = (*self.groups, *self._risk_groups(held))

    @property
    def has_criteria(self) -> bool:
        """Whether there are weights within the section."""
        assert isinstance(self.part, SectionPart)  # noqa: S101 - the registry pairs them
        return bool(find_section(self.document, self.part.key).get("criteria"))

    def _risk_groups(self, held: Values) -> list[Group]:
        levels = {
            name: [key for key in held if key.startswith(f"{name}_")]
            for name in ("probabilities", "likelihood", "losses", "consequence")
        }
        for place, (share, told) in enumerate(zip(levels["probabilities"], levels["likelihood"], strict=True)):
            self.fields[share] = ExactNumber(f"Level {place + 1} counts as", high=1)
            self.fields[told] = line(f"Level {place + 1} means")
        for place, (loss, told) in enumerate(zip(levels["losses"], levels["consequence"], strict=True)):
            self.fields[loss] = ExactNumber(f"Level {place} costs", high=100)
            self.fields[told] = line(f"Level {place} means")
        self._add_risk_numbers()
        return [
            Group(
                "What the section is worth", ("loss_at_zero", "reduction_cap", "condition_level", "catastrophic_from")
            ),
            Group(
                "Bands of the residual",
                LIMITS,
                "In points of expected loss, 0 to 100. Below the first limit a risk is low.",
                layout="row",
            ),
            Group(
                "Likelihood over the term",
                alternating(levels["probabilities"], levels["likelihood"]),
                "Probabilities from 0 to 1, which never fall from one level to the next.",
                layout="pairs",
            ),
            Group(
                "Consequence",
                alternating(levels["losses"], levels["consequence"]),
                "Points of loss from 0 to 100, which never fall from one level to the next.",
                layout="pairs",
            ),
        ]

    def _add_risk_numbers(self) -> None:
        top = self.document["top_score"]
        self.fields["loss_at_zero"] = ExactNumber(
            "Total expected loss at which the section is worth nothing",
            high=100,
            help_text="The lower, the harder risk pulls the index down.",
        )
        self.fields["reduction_cap"] = ExactNumber(
            "Most that mitigations together take off a risk",
            high=1,
            help_text="A share from 0 to 1: 0.6 leaves at least 40 % of every risk, however good the mitigations.",
        )
        self.fields["condition_level"] = ExactNumber(
            "A mitigation below this becomes a condition of grant", high=top, help_text="On the scale of scores."
        )
        self.fields["catastrophic_from"] = ExactNumber(
            "A risk is never below high from this consequence",
            help_text="On the scale of consequence levels, however unlikely the risk.",
        )
        for name, label in zip(LIMITS, ("Moderate from", "High from", "Severe from"), strict=True):
            self.fields[name] = ExactNumber(label, high=100)


class ItemForm(DraftPartForm):
    title = title()
    guidance = words("What it judges")
    questions = questions()
    basis = basis()

    def build(self, held: Values) -> None:
        anchors = [name for name in held if name.startswith("anchor_")]
        for level, name in enumerate(anchors):
            self.fields[name] = words(f"{level} is given when", rows=2)
        beside = ["questions", "basis"]
        if "note" in held:
            self.fields["note"] = words("Note", rows=2)
            beside.append("note")
        self.groups = (
            Group("Words", ("title", "guidance")),
            *([Group("Anchors", anchors, ANCHORS_HELP)] if anchors else []),
            *self._scoring(held),
            *self._mitigating(held),
            Group("Beside it", beside),
        )

    def _scoring(self, held: Values) -> list[Group]:
        if "per_side" not in held:
            return []
        self.fields["per_side"] = forms.BooleanField(
            label="Scored for each side",
            required=False,
            help_text="The weaker side counts. A change makes scores given before have no counterpart.",
        )
        self.fields["not_applicable_allowed"] = forms.BooleanField(
            label="“Not applicable” is allowed",
            required=False,
            help_text="Then it drops out, and its weight is shared by the others of its section.",
        )
        return [Group("How it is scored", ("per_side", "not_applicable_allowed"))]

    def _mitigating(self, held: Values) -> list[Group]:
        if "acts" not in held:
            return []
        moments = [(moment, f"{moment.capitalize()} a meeting") for moment in ("before", "during", "after")]
        self.fields["acts"] = forms.MultipleChoiceField(
            label="When it works", choices=moments, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["cost"] = words("What it costs", rows=2, help_text="What the organizer gives up for it.")
        return [Group("When it works, and what it costs", ("acts", "cost"))]
