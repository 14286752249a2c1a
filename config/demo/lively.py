"""Made-up people who keep talking: each line goes through the real actions, as if typed."""

from __future__ import annotations

import secrets
import uuid

from chat.actions.posts import publish_post
from chat.models import Thread
from chat.selectors import posts
from config.demo import cast, content, scripted
from core import ticker

EVERY = 7.0  # seconds


def start() -> None:
    """Let somebody say something every few seconds, in a thread picked at random."""
    ticker.register("demo.lively", say_something, every=EVERY)


def say_something() -> None:
    """One made-up person says one line in one thread, but not after words that need a real answer."""
    group = secrets.choice(content.groups())
    talkers = [person["handle"] for person in group["people"] if not cast.is_played(group, person["handle"])]
    titles = [thread["title"] for thread in group["threads"]]
    thread = Thread.objects.select_related("group").get(
        group__name=group["group"]["name"], title=secrets.choice(titles)
    )
    if any(map(scripted.needs_a_person, posts.last_said(thread))):
        return
    here = cast.here(group["group"]["key"], secrets.choice(talkers), thread.group.public_id)
    line = secrets.choice(group["lively"]["lines"])
    publish_post(here=here, thread=thread, text=line, client_id=str(uuid.uuid4()))
