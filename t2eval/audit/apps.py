from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "t2eval.audit"
