import os
from urllib.parse import unquote, urlsplit


def database():
    """DATABASE_URL (postgres://user:password@host:port/name), or its pieces; a piece wins over the URL."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("DATABASE_HOST", url.hostname or "127.0.0.1"),
        "PORT": os.environ.get("DATABASE_PORT", str(url.port or 5432)),
        "NAME": os.environ.get("DATABASE_NAME", url.path.lstrip("/") or "shop"),
        "USER": os.environ.get("DATABASE_USER", unquote(url.username or "shop")),
        "PASSWORD": os.environ.get("DATABASE_PASSWORD", unquote(url.password or "")),
        "OPTIONS": {"connect_timeout": 3},
    }


SECRET_KEY = os.environ.get("SECRET_KEY", "a-lab-has-no-secrets")
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["catalog"]
MIDDLEWARE = []
ROOT_URLCONF = "core.urls"
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
