"""A made-up member answers a visitor's first post in a thread, about fifteen seconds later: never words of worry, nor
what the automatic help of the group notices. A line that was written beforehand is no answer to those."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Any

from chat.actions.posts import publish_post
from chat.models import Post
from config.demo import cast, content
from core import ticker
from core.live import doorbell
from core.registries.talk import Said
from moderation.automatic.worry import worried
from moderation.selectors import automatic

AFTER = 15.0  # seconds

_waiting: dict[int, float] = {}  # thread key -> when to answer (monotonic seconds)
_answered: set[tuple[int, int]] = set()  # (thread key, byline key): one answer each
_said: dict[str, list[str]] = {}  # group -> what was said there since all was said once


def start() -> None:
    """Watch the doorbell for posts by visitors, and answer when it is time."""
    doorbell.listen(_heard)
    ticker.register("demo.scripted", answer_due, every=1.0)


def _heard(stream: str, seq: int) -> None:
    kind, _, key = stream.partition(":")
    if kind == "t":
        _waiting.setdefault(int(key), time.monotonic() + AFTER)


def answer_due() -> None:
    """Answer in every thread whose time has come, if its latest post is a visitor's first one there."""
    due = [thread for thread, at in _waiting.items() if at <= time.monotonic()]
    for thread in due:
        del _waiting[thread]
        _answer(thread)


def _answer(thread_key: int) -> None:
    posts = Post.objects.filter(thread_id=thread_key).order_by("-seq")
    post = posts.select_related("thread__group", "byline__persona").first()
    if post is None or (thread_key, post.byline_id) in _answered:
        return
    group = next((g for g in content.groups() if g["group"]["name"] == post.thread.group.name), None)
    if group is None or _is_made_up(group, post):
        return
    _answered.add((thread_key, post.byline_id))
    if needs_a_person(post):
        return
    handle = group["scripted"]["reply_by"]
    here = cast.here(group["group"]["key"], handle, post.thread.group.public_id)
    reply = _other_words(group["group"]["key"], group["scripted"]["replies"])
    publish_post(here=here, thread=post.thread, text=reply, client_id=str(uuid.uuid4()))


def needs_a_person(post: Post) -> bool:
    """Whether what was said is nothing to be answered by a made-up line."""
    title = post.thread.title if post.seq == 1 else ""
    text = f"{title}\n{post.text}"
    said = Said(text=text, is_newcomer=lambda: False, is_flood=lambda: False)
    return bool(worried(text) or automatic.noticed(group=post.thread.group, said=said))


def _other_words(key: str, replies: list[str]) -> str:
    """One of the replies. None comes twice before all were said, nor twice in a row."""
    said = _said.setdefault(key, [])
    if len(said) == len(replies):
        del said[:-1]
    reply = secrets.choice([reply for reply in replies if reply not in said])
    said.append(reply)
    return reply


def _is_made_up(group: dict[str, Any], post: Post) -> bool:
    handle = post.byline.face.handle
    people = {person["handle"] for person in group["people"]}
    return handle in people and not cast.is_played(group, handle)
