from django.core.exceptions import PermissionDenied


class NotAllowedError(PermissionDenied):
    """The person may see this and may not do it. Where a page did not foresee it, its answer is 403 with the reason."""
