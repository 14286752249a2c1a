"""What people of the demo are told about the advice in a message, as `labels` beside it in `content/*.toml`, what
their groups keep to read, as `library`, and whom their teams checked, as `badge` of a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from chat.actions import labels, proposals, statements
from chat.enums import LabelKind
from chat.models import Post, Thread
from chat.policies import Face
from community.actions import announcements, badges, library
from community.actions.badges import Claim
from community.enums import Reach
from community.models import Badge
from community.selectors.here import Here
from config.demo import content
from core import clock, sealing

LONG_AGO, LATELY = dt.timedelta(days=200), dt.timedelta(days=4)
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
    """What a group keeps to read: suggested by one; looked at by somebody of the team, not taken, or waiting."""
    for said in data.get("library", []):
        words = library.Words(title=said["title"], note=said.get("note", ""), link=said.get("link", ""))
        with clock.held_at(content.moment_of(said)):
            here, secret = who(said["by"])
            found = library.suggest(here=here, words=words, key_of=partial(_keyed, secret))
            if "looked_at_by" in said:
                here, _ = who(said["looked_at_by"])
                library.shelve(here=here, rid=found.public_id, words=words, days=said["days"])
            if "answered_by" in said:
                here, _ = who(said["answered_by"])
                library.take_away(here=here, rid=found.public_id, answer=said["answer"])


def check_roles(*, data: dict[str, Any], who: Who) -> None:
    """Whose role two of the team checked, and who shows it."""
    team = [person["handle"] for person in data["people"] if person["role"] in ("moderator", "lead")]
    for person in data["people"]:
        if "badge" in person:
            with clock.held_at(clock.now() - LONG_AGO):
                here, secret = who(team[0])
                bid = _propose(person, team[-1], person["badge"], who).public_id
                badges.confirm(here=here, bid=bid, key_of=partial(_keyed, secret))
                here = who(person["handle"])[0]
                badges.wear(here=here, bid=bid, is_worn=True, shows_organisation=True)


def propose_roles(*, data: dict[str, Any], who: Who) -> None:
    """Whose role one of the team checked, and another has to."""
    for person in data["people"]:
        if said := person.get("proposed_badge"):
            with clock.held_at(clock.now() - LATELY):
                _propose(person, said["by"], {name: said[name] for name in ("role", "proof")}, who)


def _propose(person: dict[str, Any], by: str, said: dict[str, str], who: Who) -> Badge:
    here, secret = who(by)
    claim = Claim(**said)  # type: ignore[arg-type]  # from a file
    return badges.propose(here=here, handle=person["handle"], claim=claim, key_of=partial(_keyed, secret))


def ask(*, thread: Thread, said: dict[str, Any], who: Who) -> None:
    """Let a talk ask for a change of the promise: its `asks` says when, its first message who."""
    with clock.held_at(content.moment_of(said["asks"])):
        proposals.propose(face=Face(here=who(said["posts"][0]["by"])[0]), thread=thread)


def say_together(*, thread: Thread, said: dict[str, Any], who: Who) -> None:
    """A joint statement: worded, agreed to, counted at midnight, and perhaps said and answered."""
    lead = who(said["by"])[0]
    with clock.held_at(content.moment_of(said)):
        words = {name: said[name] for name in ("title", "for_whom", "text")}
        statements.write(here=lead, thread=thread, **words)
        for handle in said["signed_by"]:
            here, secret = who(handle)
            statements.sign(here=here, thread=thread, version=1, stands=True, key_of=partial(_keyed, secret))
    with clock.held_at(content.moment_of(said) + dt.timedelta(days=1)):
        statements.count_agreed()
    if "said" in said:
        with clock.held_at(content.moment_of(said["said"])):
            made = statements.publish(
                here=lead, thread=thread, reach=Reach(said["said"]["reach"]),
                ends_on=clock.today() + dt.timedelta(days=said["said"]["days"]),
            )  # fmt: skip
        with clock.held_at(content.moment_of(said["answered"])):
            announcements.answer(
                here=lead, nid=made.public_id, text=said["answered"]["text"], answered_on=clock.today()
            )


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
