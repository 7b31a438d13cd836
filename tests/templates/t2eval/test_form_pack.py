"""Our crispy-forms template pack: labels, help, errors beside the fields and in a summary that links to them."""

import re

from django import forms
from django.template import Context, Template

RENDER = Template('{% load crispy_forms_tags %}{% include "t2eval/errors.html" %}{{ form|crispy }}')


class GrantForm(forms.Form):
    title = forms.CharField(help_text="As the organizer calls it.")
    amount = forms.DecimalField(required=False)
    term = forms.ChoiceField(choices=[("1", "One year"), ("2", "Two years")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Conflicts are declared")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("The docket is closed.")


def render(form: forms.Form) -> str:
    return RENDER.render(Context({"form": form}))


def attributes(html: str, name: str) -> str:
    return re.findall(rf'<input[^>]* name="{name}"([^>]*)>', html)[0]


def test_form_unbound_has_no_summary_and_labels_every_field() -> None:
    html = render(GrantForm())

    assert 'class="errors"' not in html
    assert re.findall(r'<label for="(\w+)"', html)[:2] == ["id_title", "id_amount"]
    assert re.findall(r"<legend>(.*?)</legend>", html) == ["Term"]


def test_form_optional_field_says_so() -> None:
    html = render(GrantForm())

    assert re.findall(r'>(\w+) <span class="field__optional">\(optional\)</span>', html) == ["Amount"]


def test_form_with_errors_lists_them_with_links_to_the_fields() -> None:
    html = render(GrantForm({"amount": "much"}))

    summary = html[html.index('class="errors"') : html.index("</ul>")]
    assert re.findall(r"<li>(.*?)</li>", summary) == [
        "The docket is closed.",
        '<a href="#id_title">Title</a>: This field is required.',
        '<a href="#id_amount">Amount</a>: Enter a number.',
        '<a href="#id_term_0">Term</a>: This field is required.',
        '<a href="#id_agreed">Conflicts are declared</a>: This field is required.',
    ]


def test_form_with_errors_every_link_of_the_summary_has_its_target() -> None:
    html = render(GrantForm({"amount": "much"}))

    targets = re.findall(r'href="#(\w+)"', html)
    assert [target for target in targets if f'id="{target}"' not in html] == []


def test_form_field_with_help_and_error_is_described_by_both() -> None:
    html = render(GrantForm({}))

    assert 'aria-describedby="id_title_helptext id_title_error"' in attributes(html, "title")
    assert 'aria-invalid="true"' in attributes(html, "title")
    assert re.findall(r'id="(id_title_\w+)"', html) == ["id_title_helptext", "id_title_error"]


def test_form_choices_with_error_fieldset_is_described_by_it() -> None:
    html = render(GrantForm({}))

    assert re.findall(r'<fieldset[^>]*aria-describedby="(\w+)"', html) == ["id_term_error"]
    assert 'id="id_term_error"' in html


def test_form_error_text_is_escaped() -> None:
    form = GrantForm({"term": "<b>"})

    html = render(form)

    assert "<b>" not in html
