"""Settings. What an operator may change comes from the environment; `docs/operating.md` lists it all."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF

from config import environment as env

BASE_DIR = env.ROOT
VAR_DIR = env.var()

# --- what an operator decides ---------------------------------------------------------------------------------
DEBUG = env.flag("KITH_DEBUG")
KITH_DEMO = env.flag("KITH_DEMO")
KITH_SITE_NAME = env.text("KITH_SITE_NAME", "Kith")
KITH_OPERATOR_LINE = env.text("KITH_OPERATOR_LINE")
KITH_EXIT_TO = env.text("KITH_EXIT_TO", "https://www.bbc.co.uk/weather")
KITH_ORIGINS = env.origins("KITH_ORIGINS", "http://localhost:8000,http://127.0.0.1:8000")
KITH_REDIS_URL = env.text("KITH_REDIS_URL")
KITH_KEY_RING = env.text("KITH_KEY_RING", str(VAR_DIR / "keys" / "ring.json"))
KITH_ERASURES = env.text("KITH_ERASURES")  # beside the key ring unless it is said
KITH_RECORD = env.text("KITH_RECORD")  # the same
KITH_FACT_KINDS = env.text("KITH_FACT_KINDS")  # a file that adds to what people can tell about themselves
KITH_SIGN_UPS_AN_HOUR = env.number("KITH_SIGN_UPS_AN_HOUR", 20)  # from one network: a clinic's waiting room
KITH_PROXIES = env.number("KITH_PROXIES", 0)  # how many proxies in front add to X-Forwarded-For
KITH_MAIL_HOST = env.text("KITH_MAIL_HOST")  # without one, nothing is ever mailed
SECRET_KEY = env.secret("KITH_SECRET_KEY")
if not SECRET_KEY:
    _secret = VAR_DIR / "keys" / "secret"
    if not _secret.exists():
        from core.ids import new_secret

        _secret.parent.mkdir(parents=True, exist_ok=True)
        _secret.write_text(new_secret().hex())
        _secret.chmod(0o600)
    SECRET_KEY = _secret.read_text()

HTTPS = all(origin.startswith("https://") for origin in KITH_ORIGINS)
ALLOWED_HOSTS = [origin.split("//")[1].split(":")[0] for origin in KITH_ORIGINS]
CSRF_TRUSTED_ORIGINS = KITH_ORIGINS

# --- databases --------------------------------------------------------------------------------------------------
_url = env.text("KITH_DATABASE_URL")
DATABASES: dict[str, dict[str, Any]]
if _url:
    from config.postgres import Cursor  # its library is there for whoever has a server

    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **env.postgres(_url),
            "CONN_MAX_AGE": env.number("KITH_CONN_MAX_AGE", 0),
            "CONN_HEALTH_CHECKS": True,
            # A server whose line went dead without a word is given up within seconds, and asked on a new one.
            "OPTIONS": {
                "application_name": "kith",
                "connect_timeout": 5,
                "keepalives_idle": 3,
                "keepalives_interval": 1,
                "keepalives_count": 2,
                "tcp_user_timeout": 5_000,
                # What is asked again and again is planned once a connection. Values stand beside a statement, not in
                # its text: a server's log holds none where log_parameter_max_length is 0.
                "server_side_binding": True,
                "cursor_factory": Cursor,
                "prepare_threshold": 5,
            },
        }
    }
else:
    env.check_sqlite()
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(VAR_DIR / "kith.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
                "PRAGMA foreign_keys=ON;"
                # The journal shrinks to nothing, and no copy of the rows lies in a folder for passing files.
                "PRAGMA journal_size_limit=0; PRAGMA temp_store=MEMORY;",
            },
            "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # allauth's two tables only; ours have random keys

# --- parts ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "research",
    "chat",
    "moderation",
    "community",
    "audit",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds a random length: form tokens are masked anew in each page too
    "config.middleware.PrivatePages",
    "csp.middleware.CSPMiddleware",  # outside of all that can break, so that error pages carry it too
    "config.gate.Shut",
    "django.contrib.messages.middleware.MessageMiddleware",  # config.sentences says why it stands outside of the next
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.PlainRefusals",
    "config.middleware.HealthUnderAnyName",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "core.widgets.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    }
]

# --- the private world ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passphrases.GuessedSoon"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["username"]}},
]  # fmt: skip
KITH_ARGON2 = {"passes": 3, "lanes": 4, "memory_kib": 65_536}  # RFC 9106, second recommended option

SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_NAME = "__Host-kith" if HTTPS else "kith"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-form" if HTTPS else "form"
CSRF_COOKIE_AGE = None  # gone when the browser closes
CSRF_FAILURE_VIEW = "config.errors.form_refused"
EXIT_MARK = ("__Host-exit=1;secure" if HTTPS else "exit=1") + ";path=/;max-age="  # a cookie that exit.js sets
SENTENCES_COOKIE_NAME = "__Host-said" if HTTPS else "said"
MESSAGE_STORAGE = "config.sentences.SealedSentences"

EMAIL_HOST = KITH_MAIL_HOST
EMAIL_PORT = env.number("KITH_MAIL_PORT", 587)
EMAIL_USE_SSL, EMAIL_USE_TLS = EMAIL_PORT == 465, EMAIL_PORT == 587
EMAIL_HOST_USER = env.text("KITH_MAIL_USER")
EMAIL_HOST_PASSWORD = env.password("KITH_MAIL_PASSWORD", of=EMAIL_HOST_USER)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("KITH_MAIL_FROM", f"reminder@{ALLOWED_HOSTS[0]}")

LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "chat:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # allauth's limiter stores addresses and can lock somebody else out
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_TOTP_TOLERANCE = 1  # a code typed just after the half minute still counts
MFA_TOTP_ISSUER = KITH_SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- pages ------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [  # only what our pages use
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.static.Libraries",
]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "config.static.StaticFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]  # a language is listed here once locale/ has all of it
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_TZ = True
TIME_ZONE = "UTC"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"  # 'no-referrer' refuses every form without JavaScript
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and KITH_PROXIES else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- logs: what happened, never to whom -----------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "config.logs.Plain"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "kith": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "uvicorn": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
