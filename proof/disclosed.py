"""Disclosure: what each viewer gets of a member, on all pages, in fragments and in open sockets, is what a model of
ten lines says.

A card shows exactly what the model lets its viewer see. All else is served as if only that were shown: in a second
world where everything else was never shown, every page, fragment and frame has the same bytes.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from chat import presenters
from chat.models import Post, Thread
from community import fact_kinds
from community.enums import Audience
from community.models import Disclosure, Group, Member, Persona
from community.presenters import cards
from community.selectors import disclosures
from proof import sockets
from proof.harness import Defence, Result, none_found, swapped
from proof.paired_worlds import INSIDE, TOKEN, UUID, _drawn_by
from tests.people import Cast, make_cast, make_thread
from tests.privacy.reference import VALUES, VIEWERS, Details, may_see

TRIALS = {"small": 20, "full": 2000}
PAGES = 4  # drawn by lot in each trial, beside the card
SHOWN = re.compile(r'<dd dir="auto">(.*?)</dd>', re.DOTALL)
MORE = [
    "leave/",
    "leave/delete/",
    "hidden/",
    "rota/",
    "promise/",
    "who/one-thread-name/",
    "ask/",
    "join/",
    "copy/",
]


@dataclass
class Town:
    """Alice with what she shows in the harbour, a talk there, and all who look."""

    cast: Cast = field(default_factory=make_cast)

    def __post_init__(self) -> None:
        from tests.chat.saying import alias_key, send, sign_as_alias

        self.group: Group = self.cast.harbour
        self.thread: Thread = make_thread(self.group)
        self.member: Member = self.cast.alice.member(self.group)
        self.persona = Persona.objects.get(member=self.member)
        for who in ("alice", "bob", "mona"):
            send(self.cast.people[who], self.thread, f"Hello from {who}.")
        sign_as_alias(self.cast.alice, self.thread)
        send(self.cast.alice, self.thread, "Once.", key_for_alias=alias_key(self.cast.alice, self.thread))
        self.say_hello_elsewhere()
        self.pages = list(self._pages())

    def say_hello_elsewhere(self) -> None:
        """Alice is somebody else in the meadow, where others may see her say so."""
        from tests.chat.saying import send

        self.elsewhere = make_thread(self.cast.meadow)
        send(self.cast.alice, self.elsewhere, "Hello over here.")

    def _pages(self) -> Iterator[str]:
        inside, away = f"/g/{self.group.public_id}/", f"/g/{self.cast.meadow.public_id}/"
        talk = f"{inside}t/{self.thread.public_id}/"
        yield from (inside, talk, f"{talk}events/?after=0", "/home/", "/groups/", "/yours/", away)
        yield from (f"{inside}{page}" for page in [*INSIDE, *MORE])
        yield f"{away}t/{self.elsewhere.public_id}/"
        for post in Post.objects.filter(thread=self.thread):
            yield from (f"{talk}p/{post.public_id}/{end}" for end in ("", "edit/", "hide/"))
        for persona in Persona.objects.filter(group=self.group):
            yield from (f"{inside}who/{persona.public_id}/", f"/a/{persona.avatar_id}.svg")
            yield f"{inside}hidden/add/{persona.public_id}/"

    def card(self, *, again: bool = False) -> str:
        return f"/g/{self.group.public_id}/who/{self.persona.public_id}/{'?again' if again else ''}"

    def shows(self, chosen: dict[str, fact_kinds.Step], details: Details, *, has_name: bool) -> None:
        """Alice shows these details, and no others."""
        Disclosure.objects.filter(member=self.member).delete()
        Disclosure.objects.bulk_create(
            Disclosure(
                member=self.member, group=self.group, kind=kind, level=chosen[kind].level,
                path=chosen[kind].path, audience=audience,
            )
            for kind, (_, audience) in details.items()
        )  # fmt: skip
        Persona.objects.filter(pk=self.persona.pk).update(is_current=has_name)


def prove(size: str) -> Iterator[Result]:
    """Seeded trials: what is shown, to whom, with a name or without one; then one viewer and pages drawn by lot."""
    town, viewers = Town(), list(VIEWERS)
    wrong = told = seen = tried = compared = 0
    for trial in range(TRIALS[size]):
        dice, viewer = random.Random(trial), viewers[trial % len(viewers)]
        chosen = _chosen(dice)
        details = {kind: (step.words, dice.choice(["moderators", "group"])) for kind, step in chosen.items()}
        has_name = dice.random() < 0.7
        expected = may_see(viewer, details, has_name)
        pages = [town.card(), town.card(again=True), *dice.sample(town.pages, PAGES)]
        town.shows(chosen, details, has_name=has_name)
        wrong += _card(town, viewer) != _words(expected)
        tried += 1
        if expected == details:
            continue  # all of it is theirs to see
        worlds = []
        for shown in (details, expected or {}):
            town.shows(chosen, shown, has_name=has_name)
            worlds.append([_page(town, viewer, page) for page in pages] + _frames(town, viewer))
        told += worlds[0] != worlds[1]
        seen, compared = seen + len(worlds[0]), compared + 1
        if (wrong or told) and size == "small":
            break
    yield none_found("a card shows exactly what the model says", tried=tried, found=wrong, part="cards")
    promise = f"all else is as if nothing more were shown ({seen} answers, {len(town.pages)} addresses)"
    yield none_found(promise, tried=compared, found=told, part="pages, fragments and sockets")


def _chosen(dice: random.Random) -> dict[str, fact_kinds.Step]:
    kinds = dice.sample(sorted(VALUES), dice.randint(1, len(VALUES)))
    return {kind: dice.choice(fact_kinds.kinds()[kind].steps(dice.choice(VALUES[kind]))) for kind in kinds}


def _words(details: Details | None) -> set[str] | None:
    return None if details is None else {words for words, _ in details.values()}


def _card(town: Town, viewer: str) -> set[str] | None:
    answer = town.cast.people[viewer].client.get(town.card())
    if answer.status_code == 404:
        return None
    return {html.unescape(words) for words in SHOWN.findall(answer.content.decode())}


def _page(town: Town, viewer: str, address: str) -> tuple[Any, ...]:
    with transaction.atomic(), _drawn_by(3):  # names on offer
        answer = town.cast.people[viewer].client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)  # that it was read
    return address, answer.status_code, sorted(answer.headers.items()), TOKEN.sub(rb"\1", UUID.sub(b"", body))


def _frames(town: Town, viewer: str) -> list[tuple[Any, ...]]:
    return [("socket", *sockets.frames(town.cast.people[viewer], town.thread))]


# --- the defences, and what it would be without -----------------------------------------------------------------
def _everything(viewer: Any, *, member: Any) -> tuple[Audience, ...]:
    return tuple(Audience) if viewer.group_id == member.group_id else ()


def _with_details(post: Post) -> list[str]:
    """A message that carries what its writer shows."""
    paths = Disclosure.objects.filter(member__personas=post.byline.persona_id).order_by("kind")
    return [*_marks(post), *paths.values_list("path", flat=True)]


def _as_before(persona: Persona) -> cards.Card:
    """A name that was put down, with all that is shown under the next."""
    member = persona.member
    lines = [(one.kind, one.path) for one in disclosures.details_of(member)]
    return cards.Card(name=persona.handle, avatar_id=persona.avatar_id, is_used=True, lines=lines)


_marks = presenters._marks
DEFENCES = [
    Defence(name="each audience sees its own", off=swapped(disclosures, "seen_by", _everything)),
    Defence(name="messages carry no details", off=swapped(presenters, "_marks", _with_details)),
    Defence(name="a name put down shows nothing", off=swapped(cards, "old_card", _as_before)),
]
