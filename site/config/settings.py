"""Settings: one file, read from the environment. `deploy/.env.example` lists every variable.

The defaults are the one-command site: SQLite in `var/`, in-process channel layer, DEBUG off.
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from config.secret import secret_key

ROOT = Path(__file__).resolve().parents[2]


def env_bool(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DATA = Path(os.environ.get("SHIWUFANG_DATA", ROOT / "var"))
DATA.mkdir(parents=True, exist_ok=True)

DEBUG = env_bool("SHIWUFANG_DEBUG")
SECRET_KEY = os.environ.get("SHIWUFANG_SECRET_KEY") or secret_key(DATA / "secret.key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env_list("SHIWUFANG_HOSTS")]
# The address people type, e.g. https://anquan.example.gov.cn ; QR codes and e-mails use it.
PUBLIC_URL = os.environ.get("SHIWUFANG_PUBLIC_URL", "").rstrip("/")
# `start` finds this machine's address on the school's network, for walls opened as localhost.
LAN_URL = os.environ.get("SHIWUFANG_LAN_URL", "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
# True only behind our own proxy: then the last X-Forwarded-For entry is the client.
TRUST_PROXY = env_bool("SHIWUFANG_TRUST_PROXY")

INSTALLED_APPS = [
    "daphne",
    "people",
    "people.audit",
    "people.accounts",
    "people.rosters",
    "people.privacy",
    "common",
    "lessons",
    "quizzes.bank",
    "quizzes.live",
    "home",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "people.office.users_app.UsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "channels",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "people.audit.origin.OriginMiddleware",
    "people.gate.AccessMiddleware",
    "people.accounts.middleware.ErrandMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- data -------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'db.sqlite3'}",
        conn_max_age=0,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A deferred transaction that reads first, or the rollback journal, is 3–4 times slower.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 10}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # One message a process and event; a full channel would drop broadcasts in silence.
        "CONFIG": {"hosts": [REDIS_URL], "capacity": 10_000, "expiry": 20},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [ROOT / "site" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "common.storage.ModuleManifestStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long lesson in the editor has thousands of inputs

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "people.accounts.backends.FirstCodeBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "people.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:home"
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # passwords are changed on the own account page alone
FIRST_CODE_DAYS = int(os.environ.get("SHIWUFANG_FIRST_CODE_DAYS", "30"))
# 1: whoever holds a role at a bureau sets up a second factor before the CMS opens.
BUREAU_TOTP = env_bool("SHIWUFANG_BUREAU_TOTP")
OTP_TOTP_ISSUER = "十五防"
# A school is one address: lock the name at that address, not the address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page promises that the lock opens after 15 minutes
AXES_LOCKOUT_CALLABLE = "people.throttling.locked_out"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the account page lists sessions; a second list for ever helps nobody
AXES_USERNAME_CALLABLE = "people.accounts.throttle.name_of"
AXES_CLIENT_STR_CALLABLE = "people.accounts.throttle.in_log"
AXES_WHITELIST_CALLABLE = "people.accounts.throttle.is_exempt"
AXES_SENSITIVE_PARAMETERS = ["username", "code", "token", "state", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "people.accounts.throttle.address_of"

# Log-in through a bureau's own OpenID Connect provider; off without a client id. See docs/sign-in.md.
OIDC_RP_CLIENT_ID = os.environ.get("SHIWUFANG_OIDC_CLIENT_ID", "")
OIDC_ON = bool(OIDC_RP_CLIENT_ID)
OIDC_RP_CLIENT_SECRET = os.environ.get("SHIWUFANG_OIDC_CLIENT_SECRET", "")
OIDC_ISSUER = os.environ.get("SHIWUFANG_OIDC_ISSUER", "")
OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ.get("SHIWUFANG_OIDC_AUTHORIZATION_ENDPOINT", "")
OIDC_OP_TOKEN_ENDPOINT = os.environ.get("SHIWUFANG_OIDC_TOKEN_ENDPOINT", "")
OIDC_OP_USER_ENDPOINT = os.environ.get("SHIWUFANG_OIDC_USERINFO_ENDPOINT", "")
OIDC_OP_JWKS_ENDPOINT = os.environ.get("SHIWUFANG_OIDC_JWKS_ENDPOINT", "")
OIDC_RP_SIGN_ALGO = os.environ.get("SHIWUFANG_OIDC_SIGN_ALGO", "RS256")
OIDC_RP_SCOPES = os.environ.get("SHIWUFANG_OIDC_SCOPES", "openid profile")
OIDC_TOKEN_USE_BASIC_AUTH = env_bool("SHIWUFANG_OIDC_BASIC_AUTH")
OIDC_STAFF_CLAIM = os.environ.get("SHIWUFANG_OIDC_STAFF_CLAIM", "preferred_username")
OIDC_LABEL = os.environ.get("SHIWUFANG_OIDC_LABEL", "统一身份认证登录")
OIDC_AUTHENTICATION_CALLBACK_URL = "accounts:oidc_callback"
OIDC_CREATE_USER = False
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 8  # seconds
if OIDC_ON:
    AUTHENTICATION_BACKENDS.append("people.accounts.oidc.ProviderBackend")

# --- security ---------------------------------------------------------------------------------
HTTPS = env_bool("SHIWUFANG_HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail opens its own previews to itself
DATA_DELETE_DAYS = int(os.environ.get("SHIWUFANG_ROOM_DAYS", "7"))  # class rooms, after opening
# How many days each kind of personal data is kept: see people/privacy/holdings.py and the page /about/data/.
PRIVACY_DAYS = {
    "rooms": DATA_DELETE_DAYS,
    "sessions": 0,  # after they have expired
    "login_attempts": int(os.environ.get("SHIWUFANG_LOGIN_ATTEMPT_DAYS", "30")),
    "codes": int(os.environ.get("SHIWUFANG_CODE_DAYS", "30")),
    "audit_addresses": int(os.environ.get("SHIWUFANG_AUDIT_ADDRESS_DAYS", "180")),
    "rosters": int(os.environ.get("SHIWUFANG_ROSTER_DAYS", "180")),
    "question_imports": int(os.environ.get("SHIWUFANG_QUESTION_IMPORT_DAYS", "180")),
    "erasure_grace": int(os.environ.get("SHIWUFANG_ERASURE_GRACE_DAYS", "7")),
}
# Who answers questions about personal data: name of the office, telephone; shown on the pages about data.
PRIVACY_CONTACT = os.environ.get("SHIWUFANG_PRIVACY_CONTACT", "")
LIVE_HOST_LOGIN = env_bool("SHIWUFANG_LIVE_HOST_LOGIN")
LIVE_ROOM_CAPACITY = int(os.environ.get("SHIWUFANG_ROOM_CAPACITY", "500"))

# --- language ---------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [ROOT / "site" / "locale"]

# --- wagtail ----------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "十五防"
WAGTAILADMIN_BASE_URL = PUBLIC_URL or "http://localhost:8000"
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILIMAGES_IMAGE_MODEL = "common.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "common.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx", "zip", "mp4", "webm", "vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no request may leave the site
WAGTAIL_PASSWORD_RESET_ENABLED = False  # staff have no e-mail here: the school's officer resets
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# Work that outlives a request (`common.jobs`): its name → the function that does it.
JOBS = {
    "rosters.read": "people.rosters.work.read",
    "rosters.apply": "people.rosters.work.apply",
    "rosters.undo": "people.rosters.work.undo",
}
JOBS_AT_ONCE = int(os.environ.get("SHIWUFANG_JOBS_AT_ONCE", "2"))  # each may need some hundred MB
JOBS_MEMORY_MB = 1_500  # a wall for hostile files: the job dies, the site does not
JOBS_INLINE = False  # tests run a job where it is enqueued

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if os.environ.get("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("SHIWUFANG_MAIL_FROM", "十五防 <noreply@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHIWUFANG_LOG_LEVEL", "WARNING")},
}
