"""Who wrote under a one-thread name? A member and two moderators try to tell, with all the pages and blocks they have.

Reports, recusal and a moderator's history of a person are not part of Kith yet; their oracles come with them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from chat.actions import blocks, posts
from chat.actions import bylines as signing
from chat.actions.bylines import Signature
from chat.models import Alias, Byline, Post, Thread
from chat.policies import Face, Hidden
from chat.selectors import hidden
from community import handles
from community.models import Member, Persona
from proof.harness import Defence, Result, swapped

TRIALS = {"small": 12, "full": 600}
SIGMAS = 3.0
CANDIDATES = ("alice", "cara", "dan", "eve")
WORD = re.compile(r"[\w-]{8,}")


def prove(size: str) -> Iterator[Result]:
    """In each trial one of four writes, changes and goes on under a one-thread name, and others hide each other."""
    town = _Town()
    right = 0
    for trial in range(TRIALS[size]):
        dice = random.Random(trial)
        with transaction.atomic():
            author = dice.choice(CANDIDATES)
            post = town.writes(author, dice)
            scores = {name: town.looks_like(name, post) for name in CANDIDATES}
            best = max(scores.values())
            right += dice.choice([name for name, score in scores.items() if score == best]) == author
            transaction.set_rollback(True)
    tried, chance = TRIALS[size], 1 / len(CANDIDATES)
    most = tried * chance + SIGMAS * (tried * chance * (1 - chance)) ** 0.5
    yield Result(
        promise="a member with two moderators guesses no better than chance who wrote under a one-thread name",
        tried=tried,
        found=f"{right} right",
        goal=f"at most {most:.0f} of {tried} among {len(CANDIDATES)}; chance is {tried * chance:.0f}",
        holds=right <= most,
    )


class _Town:
    """A group with four who write, and three who look: bob, mona and the lead."""

    def __init__(self) -> None:
        from tests.people import add, make_cast, make_person, make_thread

        self.cast = make_cast()
        self.group = self.cast.harbour
        for number, name in enumerate(CANDIDATES[1:]):
            self.cast.people[name] = make_person(name=name)
            add(self.cast.people[name], self.group, handle=f"Soft Harbour {'abcde'[number]}")
        for persona in Persona.objects.filter(group=self.group):
            Persona.objects.filter(pk=persona.pk).update(avatar_svg=f"<svg>{persona.public_id}</svg>")
        self.thread: Thread = make_thread(self.group)
        for name in CANDIDATES:
            self._post(name, Signature())
        self._hide("cara", "dan"), self._hide("dan", "eve")

    def _post(self, name: str, signature: Signature) -> Post:
        from tests.chat.saying import fresh

        here = self.cast.people[name].here(self.group)
        return posts.publish_post(
            here=here, thread=self.thread, text=f"Words {fresh()}", client_id=fresh(), signature=signature
        )[0]

    def _hide(self, who: str, whom: str) -> None:
        other = self.cast.people[whom].here(self.group).persona
        assert other is not None
        blocks.block(face=Face(here=self.cast.people[who].here(self.group)), other=other)

    def writes(self, author: str, dice: random.Random) -> Post:
        """The author writes under a one-thread name, changes it, reads on, and writes under their own name too."""
        person = self.cast.people[author]
        key = person.keyed("alias", self.thread.public_id)
        name = handles.propose(group=self.group, n=1)[0]
        post = self._post(author, Signature(alias_key=key, as_alias=True, shown=name))
        face = Face(here=person.here(self.group), alias_key=key)
        posts.edit_post(face=face, post=post, text=f"Changed {dice.random()}")
        person.client.get(self._talk())
        self._post(dice.choice(CANDIDATES), Signature())
        return Post.objects.get(pk=post.pk)

    def _talk(self) -> str:
        return f"/g/{self.group.public_id}/t/{self.thread.public_id}/"

    def looks_like(self, name: str, post: Post) -> int:
        """How much speaks for one of the four: what vanishes when each observer blocks them, and what the alias's
        picture, page and fragment share with their name's."""
        own = self.cast.people[name].here(self.group).persona
        assert own is not None
        score = 0
        for observer in ("bob", "mona"):
            client = self.cast.people[observer].client
            with transaction.atomic():
                self._hide(observer, name)
                score += post.public_id not in client.get(self._talk()).content.decode()
                transaction.set_rollback(True)
        client = self.cast.lead.client
        alias = post.byline.alias
        assert alias is not None
        pages = [f"/a/{alias.avatar_id}.svg", f"{self._talk()}p/{post.public_id}/"]
        card = client.get(f"/g/{self.group.public_id}/who/{own.public_id}/").content.decode()
        theirs = set(WORD.findall(card + client.get(f"/a/{own.avatar_id}.svg").content.decode()))
        others = set(WORD.findall(client.get(f"/g/{self.group.public_id}/").content.decode()))
        seen = set(WORD.findall("".join(client.get(page).content.decode() for page in pages)))
        return score + len(seen & theirs & {own.public_id, own.avatar_id, own.handle} - others)


# --- the defences ----------------------------------------------------------------------------------------------
def _also_their_aliases(rows: Iterable[Any]) -> Hidden:
    """A block that follows the person behind a persona to their one-thread names."""
    faces = _faces(rows)
    tags = Member.objects.filter(personas__in=faces.personas).values_list("owner_tag", flat=True)
    hit = {bytes(tag) for tag in tags}
    theirs = [
        one.pk for one in Alias.objects.select_related("thread") if signing.owner_tag_of(alias=one) in hit
    ]
    return Hidden(personas=faces.personas, aliases=faces.aliases | frozenset(theirs))


def _with_their_picture(*, thread: Thread, owner_tag: bytes, avatar_svg: str, **given: Any) -> Byline:
    own = Persona.objects.filter(member__owner_tag=owner_tag, is_current=True).first()
    return _sign(
        thread=thread, owner_tag=owner_tag, avatar_svg=own.avatar_svg if own else avatar_svg, **given
    )


_faces, _sign = hidden._faces, signing.sign_as_alias
DEFENCES = [
    Defence(name="a block never follows the person", off=swapped(hidden, "_faces", _also_their_aliases)),
    Defence(
        name="an alias has a picture of its own", off=swapped(signing, "sign_as_alias", _with_their_picture)
    ),
]
