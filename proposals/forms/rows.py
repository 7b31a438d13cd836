"""Rows of a record, typed on one page without JavaScript."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory

from t2eval.text import with_clean_lines

MOST_ROWS = 60


class RowForm(forms.Form):
    """A row is blank while nothing but its `quiet` fields is filled in."""

    quiet: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        return with_clean_lines(super().clean() or {})

    def has_changed(self) -> bool:
        return any(name not in (*self.quiet, DELETION_FIELD_NAME) for name in self.changed_data)


class RowFormSet(BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """A bound row is judged by what is typed alone, so that emptying a row removes it too."""

    def __init__(self, data: Any = None, *, initial: Sequence[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        """What was saved is forgotten once something is typed: a row that is not changed is still a row to keep."""
        super().__init__(data, initial=None if data is not None else list(initial), **kwargs)

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = "Remove this row"

    def kept(self) -> list[RowForm]:
        """The rows to save, once valid: neither blank nor marked for removal."""
        return [
            form for form in self.forms if form.has_changed() and not form.cleaned_data.get(DELETION_FIELD_NAME, False)
        ]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in form.cleaned_data.items() if name != DELETION_FIELD_NAME}
            for form in self.kept()
        ]

    def typed(self) -> list[dict[str, Any]]:
        """Every row as it was typed, unchecked, to show it again."""
        return [typed_values(form) for form in self.forms]


def typed_values(form: forms.BaseForm) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def row_formset(form: type[RowForm]) -> type[RowFormSet]:
    made = formset_factory(
        form, formset=RowFormSet, extra=1, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return cast("type[RowFormSet]", made)
