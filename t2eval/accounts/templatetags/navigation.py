from django import template
from django.http import HttpRequest
from django.template.context import RequestContext

from t2eval.accounts import navigation
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

register = template.Library()


def _noun(request: HttpRequest) -> str:
    """The page `proposals:memo-words-edit` lies within the noun `proposals:memo`."""
    match = request.resolver_match
    return match.view_name.partition("-")[0] if match and match.view_name else ""


@register.inclusion_tag("includes/site_nav.html", takes_context=True)
def site_nav(context: RequestContext) -> dict[str, list[tuple[navigation.Section, bool]]]:
    """The sections, each with whether the page lies in it."""
    noun = _noun(context["request"])
    return {"entries": [(section, noun in section.nouns) for section in navigation.sections_for(context["user"])]}


@register.simple_tag
def first_url(user: User) -> str:
    return navigation.first_url(user)


@register.simple_tag
def role_names(user: User) -> str:
    return ", ".join(role.label for role in Role if role in user.roles)
