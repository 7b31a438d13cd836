from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "t2eval.accounts"
