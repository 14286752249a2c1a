"""People in an empty Misago: `python fill.py PEOPLE`, in its environment. Prints how to write there, as JSON."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 after setup
from django.test import Client  # noqa: E402 after setup

call_command("migrate", interactive=False, verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)

from misago.cache.versions import invalidate_all_caches  # noqa: E402 after the tables
from misago.categories.models import Category  # noqa: E402 after the tables
from misago.conf.models import Setting  # noqa: E402 after the tables
from misago.users.test import create_test_user  # noqa: E402 after the tables

wanted = {"posts_per_page": 25, "posts_per_page_orphans": 0, "hourly_post_limit": 0, "daily_post_limit": 0}
for name, value in wanted.items():
    for setting in Setting.objects.filter(setting=name):
        setting.value = value
        setting.save()
invalidate_all_caches()

people = []
for nth in range(int(sys.argv[1])):
    user = create_test_user(f"Reader{nth:04}", f"reader{nth:04}@example.com", "seven quiet boats", avatars=[
        {"size": size, "url": "/static/misago/img/blank-avatar.png"} for size in (400, 200, 100)
    ])  # fmt: skip
    client = Client()
    client.force_login(user)
    people.append(f"sessionid={client.cookies['sessionid'].value}")

category = Category.objects.get(slug="first-category").pk
json.dump(
    {
        "people": people,
        "open": {
            "path": "/api/threads/", "json": {"category": category, "title": "{title}", "post": "{text}"},
        },
        "reply": {"path": "/api/threads/{id}/posts/", "json": {"post": "{text}"}},
        "page": "/t/x/{id}/",
        "last": "2/",
    },
    sys.stdout,
)  # fmt: skip
