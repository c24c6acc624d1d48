"""Runs the views of a job in a Django site with a database in memory: real sessions, users and groups."""
import importlib
import json
import sys

import django
from django.conf import settings

job = json.load(sys.stdin)
sys.path.insert(0, job["folder"])
settings.configure(
    SECRET_KEY="only-for-this-run",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF="site_urls",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    LOGGING_CONFIG=None,
)
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

urls = type(sys)("site_urls")
urls.urlpatterns = [path(each["contract"], getattr(importlib.import_module(each["module"]), each["view"])) for each in job["views"]]
sys.modules["site_urls"] = urls
call_command("migrate", verbosity=0)

# What a project's own user model would have.
attributes = {}
for name in job["attributes"]:
    setattr(User, name, property(lambda user, name=name: attributes.get(name)))

results = {}
for each in job["views"]:
    results[each["contract"]] = []
    for case in each["cases"]:
        User.objects.all().delete()
        attributes = case["attributes"]
        client = Client(raise_request_exception=False)
        if case["user"] is not None:
            user = User.objects.create_user(**case["user"])
            user.groups.set([Group.objects.get_or_create(name=name)[0] for name in case["groups"]])
            client.force_login(user)
        answer = client.get("/" + each["contract"])
        results[each["contract"]].append(
            {
                "status": answer.status_code,
                "body": answer.content.decode(),
                "headers": {name.lower(): value for name, value in answer.items()},
                "id": str(user.pk) if case["user"] is not None else None,
            }
        )
json.dump(results, sys.stdout)
