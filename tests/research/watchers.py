"""A researcher in a group: with the role, a name, a desk, and a seat where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from chat.models import Post, Thread
from community.enums import Role
from core import clock
from research.actions import presence
from research.enums import StudyRole
from research.models import Colleague, ConsentEvent, Source, Study
from research.policies import Desk
from tests.chat.saying import send
from tests.people import Cast, Person, add, make_person, make_thread
from tests.research.consenting import open_study, say
from tests.research.studies import desk_of
from tests.scenes import same


@dataclass
class Field:
    """Rosa reads in harbour for a study that said that it watches."""

    cast: Cast
    study: Study
    rosa: Person

    @property
    def sid(self) -> str:
        return self.study.public_id

    @property
    def desk(self) -> Desk:
        return desk_of(self.rosa, self.study)

    def sit(self) -> None:
        presence.sit(here=self.rosa.here(self.cast.harbour), sid=self.sid, key_of=self.rosa.keyed)

    def enter(self, thread: Thread) -> None:
        here = self.rosa.here(self.cast.harbour)
        presence.enter(here=here, tid=thread.public_id, key_of=self.rosa.keyed)

    def url(self, name: str, *parts: str) -> str:
        return reverse(name, args=[self.cast.harbour.public_id, *parts])


@same
def in_the_field(
    cast: Cast, *, sits: bool = True, strong: bool = True, name: str = "rosa", handle: str = "Wide Lantern",
    **more: Any,
) -> Field:  # fmt: skip
    """A study in harbour with its researcher there."""
    study = open_study(cast.harbour, **{"field_notes": True, **more})
    rosa = make_person(name=name, strong=strong)
    add(rosa, cast.harbour, handle=handle, role=Role.RESEARCHER)
    works_on(rosa, study)
    field = Field(cast=cast, study=study, rosa=rosa)
    if sits:
        field.sit()
    return field


def works_on(person: Person, study: Study, *, role: StudyRole = StudyRole.RESEARCHER) -> Colleague:
    """Let somebody work on a study."""
    key = person.keyed("study", study.public_id)
    return Colleague.objects.create(study=study, key=key, role=role, label=person.account.username[:20])


SAID = "The nights are long and I walk around the kitchen until the birds begin."


def said_by(who: Person, field: Field, *, yes: bool = True, text: str = SAID) -> Post:
    """Somebody said yes to all, and wrote something in a talk that is open to the researcher today."""
    if yes:
        say(who, field.cast.harbour, field.study)
        from_today(who, field)
    thread = make_thread(field.cast.harbour)
    found = send(who, thread, text)
    field.enter(thread)
    return Post.objects.get(pk=found.pk)


def from_today(who: Person, field: Field) -> None:
    """Messages begin on a day by lot: let it be today."""
    source = Source.objects.get(study=field.study, member=who.member(field.cast.harbour))
    Source.objects.filter(pk=source.pk).update(since=clock.today())
    for event in ConsentEvent.objects.filter(key=bytes(source.key), on_day__gt=clock.today()):
        event.delete()
        event.pk, event.on_day = None, clock.today()
        event.save(force_insert=True)
