"""The administration site. It is for the administrator role alone: being staff or superuser opens nothing."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


def is_admin(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.has_role(Role.ADMIN)


class RoleAdminSite(admin.AdminSite):
    """Only what is registered here can be reached: Django's own registrations live on another site."""

    site_header = site_title = "t2eval administration"
    index_title = "Users and issue areas"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return is_admin(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One door: people sign in on the site's own page, and others than administrators find nothing here."""
        if not is_admin(request):
            raise PermissionDenied("The administration is for administrators.")
        return redirect("admin:index")


class RoleModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Opens to the administrator role; nothing is deleted, since other rows point to it."""

    actions: ClassVar[None] = None  # type: ignore[misc]  # no bulk actions

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_admin(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_admin(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_admin(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


site = RoleAdminSite(name="admin")
