"""Users in the administration. What is done to an account is in the audit trail."""

from typing import Any, cast

from django import forms
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm, UsernameField
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from t2eval.accounts.admin import RoleModelAdmin, site
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.roles import change_roles
from t2eval.audit.services import record

FACTS = ("username", "name", "email", "employer", "is_active")


class RolesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """The roles as boxes, each with what it opens."""

    def __init__(self) -> None:
        roles = Group.objects.filter(name__in=Role.values).order_by("pk")
        super().__init__(roles, required=False, label="Roles", widget=forms.CheckboxSelectMultiple)

    def label_from_instance(self, obj: Any) -> str:
        role = Role(obj.name)
        return f"{role.label}: {role.description}"


class UserForm(UserChangeForm):  # type: ignore[type-arg]  # generic in the stubs only
    groups = RolesField()

    class Meta:
        model = User
        fields = (*FACTS, "groups")
        field_classes = {"username": UsernameField}


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic in the stubs only
    groups = RolesField()

    class Meta:
        model = User
        fields = (*FACTS, "groups")
        field_classes = {"username": UsernameField}


class RecordedUserAdmin(RoleModelAdmin, UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    form = UserForm
    add_form = NewUserForm
    fieldsets = ((None, {"fields": ("username", "password", "name", "email", "employer", "is_active", "groups")}),)
    add_fieldsets = (
        (None, {"fields": ("username", "name", "email", "employer", "password1", "password2", "is_active", "groups")}),
    )
    filter_horizontal = ()
    list_display = ("username", "name", "email", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "name", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.prefetch_related("groups")

    def role_names(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all())) or "none"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by, at = cast("User", request.user), timezone.now()
        if not change:
            record("user.created", by=by, at=at, target=obj)
        elif changed := sorted(set(form.changed_data) & set(FACTS)):
            record("user.edited", by=by, at=at, target=obj, changed=changed)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles are the only relation that is saved here, and only by the service that leaves an event."""
        by = cast("User", request.user)
        change_roles(user=form.instance, roles=form.cleaned_data["groups"], by=by, at=timezone.now())

    def user_change_password(self, request: HttpRequest, id: Any, form_url: str = "") -> HttpResponse:  # noqa: A002 - the name that Django gives
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        response: HttpResponse = super().user_change_password(request, str(id), form_url)
        user = User.objects.filter(pk=id).first()
        if user is not None and user.password != before:
            record("password.set", by=cast("User", request.user), at=timezone.now(), target=user)
        return response


site.register(User, RecordedUserAdmin)
