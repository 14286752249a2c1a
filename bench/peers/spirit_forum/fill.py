"""People in an empty Spirit: `python fill.py PEOPLE`, in its environment. Prints how to write there, as JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 after setup
from django.test import Client  # noqa: E402 after setup

call_command("migrate", interactive=False, verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)

from django.contrib.auth import get_user_model  # noqa: E402 after the tables
from djconfig.models import Config  # noqa: E402 after the tables
from spirit.category.models import Category  # noqa: E402 after the tables

Config.objects.update_or_create(key="comments_per_page", defaults={"value": "25"})
category, _ = Category.objects.get_or_create(title="Harbour")

people = []
for nth in range(int(sys.argv[1])):
    name = f"reader{nth:04}"
    user = get_user_model().objects.create_user(name, f"{name}@example.com", "seven quiet boats")
    user.st.is_verified = True
    user.st.save()
    client = Client()
    client.force_login(user, backend="spirit.user.auth.backends.UsernameAuthBackend")
    people.append(f"sessionid={client.cookies['sessionid'].value}")

json.dump(
    {
        "people": people,
        "open": {
            "path": f"/topic/publish/{category.pk}/",
            "form": {"title": "{title}", "category": str(category.pk), "comment": "{text}"},
        },
        "reply": {"path": "/comment/{id}/publish/", "form": {"comment": "{text}"}},
        "page": "/topic/{id}/x/",
        "last": "?page=2",
    },
    sys.stdout,
)
