from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": (
            "The username and password do not belong together. Both tell capitals from small letters."
            " If it still fails, ask your administrator to set a new password."
        ),
    }
