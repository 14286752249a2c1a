"""What people of the demo are told about the advice in a message, as `labels` beside it in `content/*.toml`, and what
their groups keep to read, as `library`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from chat.actions import labels, proposals
from chat.enums import LabelKind
from chat.models import Post, Thread
from chat.policies import Face
from community.actions import announcements, library
from community.enums import Reach
from community.selectors.here import Here
from config.demo import content
from core import clock, sealing

Who = Callable[[str], tuple[Here, bytes]]  # handle -> place, S


def load(*, post: Post, data: dict[str, Any], who: Who) -> None:
    """Add the labels of one message, and what was said against them, through the real actions."""
    for said in data.get("labels", []):
        with clock.held_at(content.moment_of(said)):
            draft = labels.Draft(
                kind=LabelKind(said["kind"]),
                days=said.get("days", 183),
                source=said.get("source", ""),
                link=said.get("link", ""),
            )
            label = labels.add(**_by(post, said["by"], who), draft=draft)
        for against in said.get("disputes", []):
            with clock.held_at(content.moment_of(against)):
                labels.dispute(**_by(post, against["by"], who), lid=label.public_id, text=against["text"])


def fill_shelf(*, data: dict[str, Any], who: Who) -> None:
    """What a group keeps to read: suggested by one, and looked at by somebody of the team, if anybody did."""
    for said in data.get("library", []):
        words = library.Words(title=said["title"], note=said.get("note", ""), link=said.get("link", ""))
        with clock.held_at(content.moment_of(said)):
            here, secret = who(said["by"])
            found = library.suggest(here=here, words=words, key_of=partial(_keyed, secret))
            if "looked_at_by" in said:
                here, _ = who(said["looked_at_by"])
                library.shelve(here=here, rid=found.public_id, words=words, days=said["days"])


def ask(*, thread: Thread, said: dict[str, Any], who: Who) -> None:
    """Let a talk ask for a change of the promise: its `asks` says when, its first message who."""
    with clock.held_at(content.moment_of(said["asks"])):
        proposals.propose(face=Face(here=who(said["posts"][0]["by"])[0]), thread=thread)


def announce(*, data: dict[str, Any], who: Who) -> None:
    """What a group's lead says for it."""
    for said in data.get("announcements", []):
        with clock.held_at(content.moment_of(said)):
            announcements.publish(
                here=who(said["by"])[0], title=said["title"], text=said["text"], reach=Reach(said["reach"]),
                ends_on=clock.today() + dt.timedelta(days=said["days"]),
            )  # fmt: skip


def _by(post: Post, handle: str, who: Who) -> dict[str, Any]:
    here, secret = who(handle)
    return {"face": Face(here=here), "post": post, "key_of": partial(_keyed, secret)}


def _keyed(secret: bytes, kind: str, ref: str) -> bytes:
    return sealing.tag(key=secret, parts=(kind, ref))
