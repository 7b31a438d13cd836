"""What a draft of the rubric would do to a docket, for administrators. Nothing is written."""

import uuid
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from proposals.forms.what_if import WhatIfForm
from proposals.services.what_if import NothingToCompareError, OtherEditsError, dockets_to_compare
from proposals.services.what_if import what_if as compare_docket
from proposals.views.what_if_page import WhatIfPage
from proposals.views.what_if_switching import SwitchingPage
from rubrics.models import RubricDraft
from rubrics.permissions import access_draft
from rubrics.services.words import RubricWords
from t2eval.accounts.models import User
from t2eval.http import SignedInRequest

RESULT = "#what-if-result"
TABLE, UPDATE = "proposals/what_if_table.html", "proposals/what_if_result.html"


@require_safe
def what_if(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The page; for htmx the table with the choice of a docket; and once that is there, what stands under it."""
    draft = access_draft(request.user, pk)
    form = WhatIfForm(request.GET, draft.document)
    is_update = bool(request.htmx and request.GET.get("docket"))
    dockets = [] if is_update else list(dockets_to_compare(request.user, draft.document["key"]))
    is_valid = form.is_valid()
    context = {"draft": draft, "form": form, "dockets": dockets}
    if is_valid:
        chosen = form.cleaned_data["docket"] or (dockets[0].pk if dockets else None)
        context |= _result(request.user, draft, form, chosen) if chosen else {}
    if not request.htmx:
        return render(request, "proposals/what_if.html", context)
    status = HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(request, UPDATE if is_update else TABLE, context, status=status)
    if is_update:
        response["HX-Retarget"], response["HX-Reswap"] = RESULT, "innerHTML"
    return response


def _result(user: User, draft: RubricDraft, form: WhatIfForm, docket: uuid.UUID) -> dict[str, Any]:
    official = form.cleaned_data["official"]
    address = {"chosen": docket, "address": f"{reverse('proposals:what-if', args=[draft.pk])}?{_query(form, docket)}"}
    try:
        found = compare_docket(
            docket_id=docket, viewer=user, target=form.cleaned_data["target"], by_official_method=official
        )
    except NothingToCompareError as error:
        raise Http404("No such docket.") from error
    except OtherEditsError as error:
        return {**address, "edits": error.edits}
    words = RubricWords(draft.document)
    switching = SwitchingPage(found, words)
    bands = switching.bands() if form.cleaned_data["bands"] else []
    return {
        **address,
        "page": WhatIfPage(found, words, shows_all=form.cleaned_data["all"]),
        "switching": switching,
        "bands": bands,
    }


def _query(form: WhatIfForm, docket: uuid.UUID) -> str:
    """The numbers as they stand, so that a link leads to the same what-if."""
    numbers = {field.name: field.value() for field in (*form.section_weights(), *form.band_minima())}
    return urlencode({"docket": docket, **numbers})
