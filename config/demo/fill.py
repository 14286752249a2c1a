"""Writing a simulated group into a demo, through the real actions, for load tests. It refuses any other database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from chat.actions import bylines, posts, threads
from chat.actions.bylines import Signature
from chat.actions.gates import Settled
from chat.enums import Ask
from chat.models import Thread
from community import avatars, handles
from community.actions import joining, personas
from community.actions.groups import create_group
from community.enums import GroupKind, Visibility
from community.models import Group
from community.policies import Outside
from community.selectors import here as places
from community.starter import GroupDetails
from config import guard
from config.demo import cast, rooms
from core import clock, ids, sealing
from research.simulation import parameters
from research.simulation.life import Life, Said
from research.simulation.measures import dice_for
from research.simulation.people import Somebody, draw
from research.simulation.policies import START

SETTLED = Settled(checked=True)
WORDS = ("tea", "rain", "sleep", "a walk", "the letter", "breakfast", "a long night", "the waiting room")
Progress = Callable[[int, int], None]


class NotADemo(Exception):
    """The database is not that of a demo."""


def require_demo() -> None:
    """Raise NotADemo, with what to do, unless this runs as a demo over a demo's database."""
    if not settings.KITH_DEMO or not guard.has_demo():
        raise NotADemo(
            "Made-up people are written into a demo only. Start one with `make run`, then run this with KITH_DEMO=1."
        )


@dataclass(kw_only=True)
class Filling:
    """A group that is being filled: the secrets of its made-up people, and its talks."""

    group: Group
    begins: dt.datetime
    secrets: Mapping[Somebody, bytes]
    handles: list[str]
    talks: dict[int, Thread] = field(default_factory=dict)
    once: set[tuple[int, Somebody]] = field(default_factory=set)  # talk, who has a one-thread name there

    def tag(self, one: Somebody) -> bytes:
        return cast.owner_tag(self.secrets[one], self.group.public_id)


def fill(*, name: str, members: int, weeks: int, seed: str, progress: Progress) -> int:
    """One group of made-up people that ends today, with all they wrote in it. Returns how many messages there are."""
    require_demo()
    values = parameters.middle()
    community = draw(START, values, members=members, weeks=weeks, dice=dice_for(seed, "people"))
    life = Life(START, values, community, weeks=weeks, dice=dice_for(seed, "life"))
    life.happened.said = []
    life.run()
    said = sorted(life.happened.said, key=lambda one: (one.at, one.talk))
    with transaction.atomic():
        filling = _open(name, community.people, weeks=weeks)
        for nth, one in enumerate(said, start=1):
            with clock.held_at(filling.begins + dt.timedelta(hours=one.at)):
                _say(filling, one, nth)
            progress(nth, len(said))
    return len(said)


def _open(name: str, people: Sequence[Somebody], *, weeks: int) -> Filling:
    details = GroupDetails(
        name=name, kind=GroupKind.OTHER, visibility=Visibility.OPEN, summary="Made-up people, for load tests."
    )
    group = create_group(details=details)
    begins = clock.now() - dt.timedelta(weeks=weeks, hours=1)
    secrets = {one: ids.new_secret() for one in people}
    writers = [one for one in people if one.has_name or one.fresh]
    filling = Filling(
        group=group,
        begins=begins,
        secrets=secrets,
        handles=handles.propose(group=group, n=max(len(writers), 1)),
    )
    with clock.held_at(begins):
        for one in people:
            place = Outside(group=group, signed_in=True, barred=False)
            joining.join(place=place, owner_tag=filling.tag(one), version=group.charter_version)
        for one in writers:
            here = places.find(owner_tag=filling.tag(one), strong=False)
            picture = avatars.propose(n=1)[0].choice
            personas.create_persona(here=here, handle=filling.handles.pop(), avatar=picture)
    return filling


def _say(filling: Filling, said: Said, nth: int) -> None:
    here = places.find(owner_tag=filling.tag(said.by), strong=False)
    text = f"Made-up message {nth}, about {WORDS[nth % len(WORDS)]}."
    thread = filling.talks.get(said.talk)
    if thread is None:
        thread = filling.talks[said.talk] = _talk(filling, said, here=here, text=text)
        if not said.fresh:
            return
    key = sealing.tag(key=filling.secrets[said.by], parts=("alias", thread.public_id)) if said.fresh else b""
    if said.fresh and (said.talk, said.by) not in filling.once:
        filling.once.add((said.talk, said.by))
        handle = handles.propose(group=filling.group, n=1)[0]
        bylines.sign_as_alias(
            thread=thread,
            owner_tag=filling.tag(said.by),
            key=key,
            handle=handle,
            avatar_svg=rooms.new_picture(),
        )
    posts.publish_post(
        here=here, thread=thread, text=text, client_id=str(uuid.uuid4()), settled=SETTLED,
        signature=Signature(alias_key=key, as_alias=said.fresh),
    )  # fmt: skip


def _talk(filling: Filling, said: Said, *, here: places.Here, text: str) -> Thread:
    title, tid = f"Made-up talk {said.talk}", ids.new_public_id()
    if said.fresh:
        return Thread.objects.create(group=filling.group, title=title, ask=Ask.JUST_LISTENING, heads_ups=[])
    threads.open_thread(
        here=here, tid=tid, title=title, ask=Ask.JUST_LISTENING, heads_ups=[], text=text,
        client_id=str(uuid.uuid4()), settled=SETTLED,
    )  # fmt: skip
    return Thread.objects.get(group=filling.group, public_id=tid)
