from django.core.exceptions import PermissionDenied

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class AdministratorsOnlyError(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("Only administrators edit and publish rubrics.")


def require_administrator(user: User) -> None:
    if not user.has_role(Role.ADMIN):
        raise AdministratorsOnlyError
