from django.db import models


class Described(models.Model):
    """The descriptive part of anything in a rubric: words that explain and never change a number."""

    title = models.CharField(max_length=200, blank=True)
    guidance = models.TextField(blank=True)
    questions = models.JSONField(default=list, blank=True)
    basis = models.TextField(blank=True)
    note = models.JSONField(null=True, blank=True)

    class Meta:
        abstract = True
