import os

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["desk.ferryline.test"]

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "tickets"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["DESK_DATABASE"],
        "USER": os.environ["DESK_DATABASE_USER"],
    }
}
USE_TZ = True
