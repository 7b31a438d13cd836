class NotAllowedError(Exception):
    """The person may see this and may not do it."""
