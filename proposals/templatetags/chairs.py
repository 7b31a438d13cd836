from django import template

from proposals.services.acting_chairs import count_without_chair

register = template.Library()
register.simple_tag(count_without_chair, name="count_without_chair")
