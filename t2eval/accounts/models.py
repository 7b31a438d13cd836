import uuid
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models

from t2eval.accounts.roles import Role


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_name = None  # type: ignore[assignment]  # one field for a name: not every name has two parts
    last_name = None  # type: ignore[assignment]  # same
    name = models.CharField("full name", max_length=150)
    employer = models.CharField(max_length=150, blank=True, help_text="Suggests conflicts of interest to declare.")

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        constraints = [models.CheckConstraint(name="user_has_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: Role) -> bool:
        """Whether the user is active and holds one of these roles. Superusers hold none by being superusers."""
        return self.is_active and not self.roles.isdisjoint(roles)
