"""Forms of the memo's words. They clean input and never save."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField

from proposals.models import MemoCondition, MemoPrediction, MemoWords
from proposals.services.memo_words import ARGUED_BY_OTHERS, FIELDS
from t2eval.text import clean_lines

if TYPE_CHECKING:
    WordsFields = forms.ModelForm[MemoWords]
    ConditionFields = forms.ModelForm[MemoCondition]
    PredictionFields = forms.ModelForm[MemoPrediction]
    RowSet = forms.BaseFormSet[Any]
else:  # Django's form classes are generic for type checkers only
    WordsFields = ConditionFields = PredictionFields = forms.ModelForm
    RowSet = forms.BaseFormSet

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """What a writer finds: the stored words, the marks of them, and which parts are theirs to write."""

    stored: Mapping[str, Any]
    seen: Mapping[str, str]
    writable: frozenset[str]
    bands: list[tuple[str, str]]
    author: str


@dataclass(frozen=True, slots=True)
class Written:
    """A field, and what somebody else saved in it meanwhile."""

    field: BoundField
    theirs: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the page: fields to write, or the same words to read for who may not write them."""

    key: str
    title: str
    hint: str
    fields: list[Written]
    read_only: list[tuple[str, str]]


GROUPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "recommendation",
        "Recommendation",
        "What staff recommend, on page 1 of the memo. It may differ from the suggested band: people decide.",
        ("recommendation", "amount", "term_months", "resolution"),
    ),
    (
        "reasons",
        "Reasons",
        "Three for and three against, a sentence or two each.",
        (
            "reason_for_1", "reason_against_1", "reason_for_2", "reason_against_2", "reason_for_3", "reason_against_3",
            "uncertainty", "change_our_mind",
        ),
    ),
    (
        "grant",
        "The grant",
        "What the money does, and what happens without it. Roles, never participants' names.",
        ("grant_does", "counterfactual"),
    ),
    (
        "cases",
        "The case for and the case against",
        "The case against is written by somebody other than the sponsor officer.",
        ("case_for", "case_against", "minority_view"),
    ),
    (
        "afterwards",
        "Exit and follow-up",
        "What would make us stop, and what happens after the grant.",
        ("exit_triggers", "follow_up"),
    ),
)  # fmt: skip
ROWS = {
    "resolution": 3, "grant_does": 7, "counterfactual": 5, "case_for": 9, "case_against": 9, "minority_view": 6,
    "exit_triggers": 5, "follow_up": 4,
}  # fmt: skip


class MemoWordsForm(WordsFields):
    """The named fields that this writer may write; `seen` carries the marks of what they were shown."""

    recommendation = forms.ChoiceField(label="Staff recommendation", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = MemoWords
        fields = FIELDS
        labels = {"follow_up": "Follow-up", "counterfactual": "What happens without the grant"}

    def __init__(self, data: Mapping[str, Any] | None, desk: Desk) -> None:
        self.stored = desk.stored
        self.bands = dict(desk.bands)
        self.overtaken: set[str] = set()
        super().__init__(data, initial={**desk.stored, "seen": json.dumps(desk.seen)})
        for name in FIELDS:
            if name not in desk.writable:
                del self.fields[name]
        if "recommendation" in self.fields:
            self.fields["recommendation"].choices = [("", "Not yet recommended"), *desk.bands]  # type: ignore[attr-defined]  # a ChoiceField
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = ROWS.get(name, 2)

    def clean_seen(self) -> dict[str, str]:
        try:
            seen = json.loads(self.cleaned_data["seen"] or "{}")
        except ValueError:
            seen = {}
        return seen if isinstance(seen, dict) else {}

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError("The amount is more than zero, or left empty.")
        return amount

    def typed(self) -> dict[str, Any]:
        """The writer's words, by field."""
        values = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        return {name: clean_lines(v) if isinstance(v, str) else v for name, v in values.items()}

    def groups(self) -> list[Group]:
        return [
            Group(
                key,
                title,
                hint,
                [Written(self[n], self._shown(n) if n in self.overtaken else None) for n in names if n in self.fields],
                [self._to_read(n) for n in names if n not in self.fields and n not in ARGUED_BY_OTHERS],
            )
            for key, title, hint, names in GROUPS
        ]

    def _to_read(self, name: str) -> tuple[str, str]:
        return str(self.base_fields[name].label), self._shown(name)

    def _shown(self, name: str) -> str:
        value = self.stored[name]
        if value is None or value == "":
            return "not yet written"
        if isinstance(value, Decimal):
            return f"{value:,f}".removesuffix(".00")
        return str(self.bands.get(value, value))

    def _get_validation_exclusions(self) -> set[str]:
        """The constraint on the author of the case against is the service's to keep: it knows who writes."""
        return {*super()._get_validation_exclusions(), "case_against", "case_against_by"}  # type: ignore[misc]  # private in the stubs


class ConditionForm(ConditionFields):
    class Meta:
        model = MemoCondition
        fields = ("text", "owner", "due", "proof")
        labels = {"text": "Condition", "proof": "Proof to bring"}
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "proof": forms.Textarea(attrs={"rows": 2})}

    def clean_text(self) -> str:
        return clean_lines(self.cleaned_data["text"])

    def clean_proof(self) -> str:
        return clean_lines(self.cleaned_data["proof"])


class PredictionForm(PredictionFields):
    """A statement that will turn out true or false, judged by somebody other than its author."""

    probability = forms.IntegerField(label="Probability in per cent", min_value=1, max_value=99)

    class Meta:
        model = MemoPrediction
        fields = ("statement", "probability", "resolve_by", "resolver")
        labels = {"resolve_by": "Resolve by", "resolver": "Resolver"}
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 2}),
            "resolve_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, author: str = "", **kwargs: Any) -> None:
        self.author = author
        super().__init__(*args, **kwargs)

    def clean_statement(self) -> str:
        return clean_lines(self.cleaned_data["statement"])

    def clean_resolver(self) -> str:
        resolver: str = self.cleaned_data["resolver"]
        if resolver.casefold() == self.author.casefold():
            raise forms.ValidationError("Somebody other than the author of the memo resolves a prediction.")
        return resolver


class Rows(RowSet):
    """Rows that may be removed, with an empty one at the end."""

    def typed(self) -> list[dict[str, Any]]:
        return [
            {name: form.cleaned_data[name] for name in form.Meta.fields}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE") and any(form.cleaned_data.values())
        ]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove this row"


ConditionRows = forms.formset_factory(
    ConditionForm, formset=Rows, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True
)
PredictionRows = forms.formset_factory(
    PredictionForm, formset=Rows, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True
)


class MemoWordsPage:
    """The whole page of a memo's words: the named fields and, for who may write all, both lists."""

    def __init__(self, data: Mapping[str, Any] | None, desk: Desk) -> None:
        self.form = MemoWordsForm(data, desk)
        self.has_lists = "conditions" in desk.writable
        self.rows: dict[str, Any] = {}
        if self.has_lists:
            conditions, predictions = desk.stored["conditions"], desk.stored["predictions"]
            author = {"author": desk.author}
            self.rows["conditions"] = ConditionRows(data, initial=conditions, prefix="conditions")
            self.rows["predictions"] = PredictionRows(
                data, initial=predictions, prefix="predictions", form_kwargs=author
            )

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def typed(self) -> dict[str, Any]:
        return {**self.form.typed(), **{name: rows.typed() for name, rows in self.rows.items()}}

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors or self.form.overtaken) or any(
            rows.total_error_count() for rows in self.rows.values()
        )


def with_row(data: Mapping[str, Any], prefix: str, row: Mapping[str, str]) -> dict[str, Any]:
    """The posted data with one more row in the formset, in its empty last row where there is one."""
    posted = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    total = int(posted) if posted.isdecimal() else 0
    names = ConditionForm.Meta.fields if prefix == "conditions" else PredictionForm.Meta.fields
    last_is_empty = total > 0 and not any(data.get(f"{prefix}-{total - 1}-{name}") for name in names)
    index = total - 1 if last_is_empty else total
    added = {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return {**{key: data[key] for key in data}, f"{prefix}-TOTAL_FORMS": str(index + 1), **added}
