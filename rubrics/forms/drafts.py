"""Forms of a draft as a whole."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rubrics.forms.fields import title
from rubrics.models import RubricVersion
from rubrics.services.exchange import LARGEST_FILE
from t2eval.text import TextLines

NAME_HELP = "For the list of drafts: what it is to change."


class NameForm(forms.Form):
    name = forms.CharField(label="Name of the draft", max_length=120, help_text=NAME_HELP)


class InForceField(forms.ModelChoiceField[RubricVersion]):
    def label_from_instance(self, version: RubricVersion) -> str:
        return str(version)


class StartForm(NameForm):
    base = InForceField(
        RubricVersion.objects.none(), label="Starts from", empty_label=None, help_text="The version in force."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = RubricVersion.objects.filter(state=RubricVersion.State.PUBLISHED).select_related("rubric")
        base = self.fields["base"]
        assert isinstance(base, InForceField)  # noqa: S101 - tells mypy what is declared above
        base.queryset = in_force.order_by("rubric__title")
        base.initial = base.queryset.first()


class ImportForm(StartForm):
    file = forms.FileField(
        label="Version file",
        help_text="JSON, as a version is exported. Its whole content becomes the draft; nothing is published yet.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    field_order = ("file", "name", "base")

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("The file has more than 2 MB: a version of a rubric is far smaller.")
        return file


class NewItemForm(forms.Form):
    title = title("Its key is made of this title, and stays when the title changes.")


class PublishForm(forms.Form):
    reason = TextLines(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why the rubric changes. It stands in the history for good.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
