"""The rows of a proposal's record."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from proposals.forms.rows import RowForm
from proposals.models import CoFunder, Evidence, PathwayCard, TransferMechanism
from rubrics.models import Criterion, Mitigation


def _text(label: str, most: int, *, required: bool = False, rows: int = 2, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=area, help_text=help_text)


HALF = Decimal("0.5")  # a float here would meet Decimals in the validator, and fail


class SideRow(RowForm):
    quiet = ("key",)
    name = forms.CharField(label="Name of the side", max_length=80)
    key = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)


class PathwayCardRow(RowForm):
    theory = forms.ChoiceField(label="Theory of change")
    who_changes = _text("Who changes", 600)
    what_they_carry = _text("What they carry", 600)
    to_whom = _text("To whom", 600)
    decision = _text("Which decision could differ", 600)
    assumption = _text("The assumption most likely to fail", 600)
    milestone = _text("Observable milestone within the term", 600)
    stage = forms.ChoiceField(
        label="Stage the grant can move", choices=[("", "Not said"), *PathwayCard.Stage.choices], required=False
    )
    horizon = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, theories: QuerySet[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theory = self.fields["theory"]
        assert isinstance(theory, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        theory.choices = [("", "Choose a theory"), *((item.key, item.title or item.key) for item in theories)]


class TransferMechanismRow(RowForm):
    kind = forms.ChoiceField(choices=[("", "Choose a kind"), *TransferMechanism.Kind.choices])
    side = forms.ChoiceField()
    audience = forms.CharField(label="Audience: an office", max_length=160)
    timing = forms.CharField(max_length=120, required=False)
    owner = forms.CharField(max_length=120, required=False)
    evidence = forms.ModelChoiceField(Evidence.objects.none(), required=False, empty_label="None")

    def __init__(self, *args: Any, sides: Sequence[str], evidence: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side, item = self.fields["side"], self.fields["evidence"]
        assert isinstance(side, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        assert isinstance(item, forms.ModelChoiceField)  # noqa: S101 - same
        names = [(str(place), name or f"Side {place + 1}, not named yet") for place, name in enumerate(sides)]
        side.choices = [("", "Choose a side"), *names]
        item.queryset = evidence.order_by("number")


class MeetingRow(RowForm):
    title = forms.CharField(max_length=160)
    when = forms.CharField(max_length=60, required=False)
    place = forms.CharField(max_length=120, required=False)
    days = forms.DecimalField(min_value=HALF, max_digits=4, decimal_places=1, step_size=HALF, required=False)
    participants = forms.CharField(label="Participants (how many, which kind)", max_length=160, required=False)


class AgendaItemRow(RowForm):
    title = forms.CharField(max_length=200)
    hours = forms.DecimalField(min_value=Decimal("0.1"), max_digits=5, decimal_places=1)
    is_on_risk = forms.BooleanField(label="On the risk itself", required=False)


class BudgetLineRow(RowForm):
    title = forms.CharField(label="Budget line", max_length=160)
    amount = forms.DecimalField(min_value=Decimal("0.01"), max_digits=14, decimal_places=2)


class CoFunderRow(RowForm):
    name = forms.CharField(max_length=160)
    amount = forms.DecimalField(min_value=Decimal("0.01"), max_digits=14, decimal_places=2, required=False)
    status = forms.ChoiceField(choices=CoFunder.Status.choices, initial=CoFunder.Status.ASKED)


class PlannedMitigationRow(RowForm):
    mitigation = forms.ChoiceField()
    plan = _text("What the organizer will do", 1500, required=True, rows=3)
    cost_accepted = forms.CharField(label="Cost of doing so that it accepts", max_length=300, required=False)

    def __init__(self, *args: Any, mitigations: QuerySet[Mitigation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mitigation = self.fields["mitigation"]
        assert isinstance(mitigation, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        mitigation.choices = [
            ("", "Choose a mitigation"),
            *((item.key, item.title or item.key) for item in mitigations),
        ]


PART_FORMS: dict[str, type[RowForm]] = {
    "sides": SideRow,
    "pathway_cards": PathwayCardRow,
    "transfer_mechanisms": TransferMechanismRow,
    "meetings": MeetingRow,
    "agenda": AgendaItemRow,
    "budget_lines": BudgetLineRow,
    "co_funders": CoFunderRow,
    "planned_mitigations": PlannedMitigationRow,
}
