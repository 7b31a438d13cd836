"""All settings, from the environment (see `.env.example`); nothing set means a private SQLite installation."""

import warnings
from pathlib import Path
from urllib.parse import quote

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

SAMPLE_SECRET = "sample-secret-for-development-only-never-in-production"  # noqa: S105 - refused in production below


def secret(name: str, default: str = "") -> str:
    """From the file that `<name>_FILE` names, as container secrets come, else from the variable itself."""
    path = env.str(f"{name}_FILE", default="")
    if not path:
        return str(env.str(name, default=default))
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE is {path}, which cannot be read: {error.strerror}.") from error


PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY", default=SAMPLE_SECRET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured(
            "PRODUCTION and DEBUG are both set: unset DEBUG, it shows code and data to visitors."
        )
    if "sample" in SECRET_KEY or len(SECRET_KEY) < 40:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing, a sample or shorter than 40 characters: set it to the output of"
            " `python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
        )
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty: set it to the host names of this site, comma separated.")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not env.str(name, default=""):
            raise ImproperlyConfigured(f"{name} is missing: production runs on PostgreSQL and Redis; see .env.example.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "csp",
    "django_htmx",
    "t2eval.accounts",
    "t2eval.audit",
    "rubrics",
    "proposals",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "t2eval.accounts.middleware.SessionEndMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "t2eval.http.NoStoreMiddleware",
    "t2eval.http.RefusedMethodMiddleware",
    "proposals.views.declarations.DeclarationMiddleware",
]

ROOT_URLCONF = "t2eval.urls"
WSGI_APPLICATION = "t2eval.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Databases. IMMEDIATE and a long timeout, since Django's defaults refuse most concurrent writes on SQLite;
# synchronous FULL, since NORMAL may lose the last commits in a power cut.
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 't2eval.sqlite3'}"
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
else:
    if database_password := secret("DATABASE_PASSWORD"):
        DATABASES["default"]["PASSWORD"] = database_password
    if PRODUCTION and DATABASES["default"]["PASSWORD"] == "PASSWORD":  # noqa: S105 - the sample's word
        raise ImproperlyConfigured("DATABASE_URL has the sample's password: set the database's own.")
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "connect_timeout": 5,
        "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without Redis, `manage.py sweep` takes the memo jobs from the database and runs the same task.
REDIS_URL = env.str("REDIS_URL", default="")
if redis_password := secret("REDIS_PASSWORD"):
    REDIS_URL = REDIS_URL.replace("://", f"://:{quote(redis_password, safe='')}@", 1)

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "t2eval.accounts.views.csrf_failure"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "proposals:assignment-list"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# The TrueType files are for the memo's PDF; nobody's browser asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf")
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)  # nothing is collected then

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "t2eval"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = ["^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=True)

# Memos
MEMO_PAPER = env.str("MEMO_PAPER", default="A4")
MEMO_HANDLING_LINE = env.str("MEMO_HANDLING_LINE", default="Confidential: deliberative. Do not forward.")
if MEMO_PAPER not in {"A4", "Letter"}:
    raise ImproperlyConfigured(f"MEMO_PAPER is {MEMO_PAPER!r}: set it to A4 or Letter.")

# Reminders: mails to who asked for them, off unless switched on here too
REMINDERS = env.bool("REMINDERS", default=False)
SITE_URL = env.str("SITE_URL", default="")
EMAIL_URL = secret("EMAIL_URL")
if REMINDERS and not EMAIL_URL:
    raise ImproperlyConfigured(
        "REMINDERS is set without EMAIL_URL: set that to the mail server, smtp+tls://user:password@host:587."
    )
vars().update(environ.Env.email_url_config(EMAIL_URL or "dummymail:"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="t2eval@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "WARNING"}},
}
