"""All settings, from the environment, read here and nowhere else.

Any of them can be given as a file instead: SECRET_KEY_FILE=/run/secrets/key.
Nothing is started here: what a laptop lacks, crmsync/embedded.py starts before this is read.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from environ import FileAwareEnv

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv()
# The demo, the tests and `make check` name an empty file, to be the same on every machine.
env.read_env(env.str("CRMSYNC_ENV_FILE", default=str(BASE_DIR / ".env")))


def secret(name: str) -> str:
    """Read a secret, "" where it is missing. A file's last newline is not part of it."""
    return str(env.str(name, default="")).strip()


def broker_url(redis_url: str) -> str:
    """Spell a Redis URL as kombu wants it: it has a scheme and a query of its own for sockets."""
    socket = redis_url.removeprefix("unix://")
    if socket == redis_url:
        return redis_url
    return "redis+socket://" + socket.replace("?db=", "?virtual_host=")


# A missing or sample key is refused by crmsync/checks.py, with a sentence on how to make one.
SECRET_KEY = secret("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Where the admin's browser finds the console: OAuth comes back here.
CONSOLE_URL = env.str("CONSOLE_URL", default="http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = CONSOLE_URL.startswith("https://")
# Cookies do not tell ports apart, and two copies may run on one machine.
COOKIES = f"crmsync{urlsplit(CONSOLE_URL).port or ''}"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "crmsync",
    "sync_engine",
    "settings_ui.connections",
    "settings_ui.objects",
    "settings_ui.mappings",
    "settings_ui.health",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "crmsync.urls"
WSGI_APPLICATION = "crmsync.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["settings_ui.words", "settings_ui.signs"],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL")}
REDIS_URL = str(env.str("REDIS_URL")).strip()

# Only what may be lost: sign-in throttle, rate windows. Sessions are in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "crmsync",
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# A handful of files, served from where they are: nothing to collect before a start.
WHITENOISE_USE_FINDERS = True

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

SESSION_COOKIE_NAME = f"{COOKIES}_session"
CSRF_COOKIE_NAME = f"{COOKIES}_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=IS_HTTPS)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# Whether all of a domain speaks https is for its owner to say, not for one console on it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
    }
}

# Tokens are encrypted with the first key; all of them decrypt. Never derived from SECRET_KEY.
CREDENTIAL_KEYS = [key.strip() for key in secret("CREDENTIAL_KEYS").split(",") if key.strip()]

# How often every connection is polled, in seconds.
POLL_SECONDS = env.int("POLL_SECONDS", default=300)

# How long record changes, runs, tallies, and errors that are over, are kept, in days.
HISTORY_DAYS = max(1, env.int("HISTORY_DAYS", default=90))

# Messages may be lost or doubled: the database decides who works. So there are no results, and a
# message is done only when its task is.
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}  # seconds, longer than any task
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file: the timetable never changes
CELERY_BEAT_SCHEDULE = {
    # A message nobody took in time is stale: the next one is there already.
    "poll every connection": {
        "task": "sync_engine.tasks.poll_connections",
        "schedule": POLL_SECONDS,
        "options": {"expires": POLL_SECONDS},
    },
    "end dead runs, offer slices nobody took": {
        "task": "sync_engine.tasks.tidy",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "forget what is no longer kept": {
        "task": "sync_engine.tasks.forget",
        "schedule": crontab(hour="3", minute="30"),
    },
}

# The CRMs' apps, registered by whoever runs crmsync (README, "Connect real accounts").
SALESFORCE_CLIENT_ID = env.str("SALESFORCE_CLIENT_ID", default="")
SALESFORCE_CLIENT_SECRET = secret("SALESFORCE_CLIENT_SECRET")
SALESFORCE_LOGIN_URL = env.str("SALESFORCE_LOGIN_URL", default="https://login.salesforce.com")
HUBSPOT_CLIENT_ID = env.str("HUBSPOT_CLIENT_ID", default="")
HUBSPOT_CLIENT_SECRET = secret("HUBSPOT_CLIENT_SECRET")
HUBSPOT_LOGIN_URL = env.str("HUBSPOT_LOGIN_URL", default="https://app.hubspot.com")
HUBSPOT_API_URL = env.str("HUBSPOT_API_URL", default="https://api.hubapi.com")

# Allows http and loopback as a CRM's address: for the demo and the tests only.
SIMULATORS = env.bool("SIMULATORS", default=False)
