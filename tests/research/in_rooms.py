"""A study with a room in harbour: alice and lena take part, Rosa sits there, bob said no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from chat.actions.bylines import Signature
from research.actions import rooms
from research.models import Room, RoomPost
from research.policies.rooms import Inside
from research.selectors import rooms as reading
from tests.people import Cast, Person
from tests.research.consenting import say
from tests.research.watchers import Field, in_the_field

ONCE = "Quiet River"


@dataclass
class InRoom:
    """The room, and what people do in it."""

    field: Field
    room: Room

    @property
    def cast(self) -> Cast:
        return self.field.cast

    def where(self, who: Person) -> dict[str, Any]:
        return {"here": who.here(self.cast.harbour), "sid": self.field.sid, "key_of": who.keyed}

    def find(self, who: Person) -> Inside:
        return reading.find(**self.where(who))

    def come_in(self, who: Person) -> None:
        rooms.come_in(**self.where(who))

    def say(
        self, who: Person, text: str = "In here I can say it.", *, once: str = "", **more: Any
    ) -> RoomPost:
        """Say something under one's name, or under one for the room."""
        key = who.keyed(reading.ALIAS, self.room.public_id)
        signature = Signature(alias_key=key, as_alias=bool(once), shown=once)
        return rooms.say(**self.where(who), text=text, signature=signature, **more)

    def url(self, *parts: str) -> str:
        """The room's page, that of a post, or what one does with it."""
        name = {0: "research:room", 1: "research:room_post"}.get(len(parts), "")
        name = name or {"change": "research:room_change", "away": "research:room_away"}[parts[1]]
        return reverse(name, args=[self.cast.harbour.public_id, self.field.sid, *parts[:1]])

    def get(self, client: Client, *parts: str) -> int:
        return client.get(self.url(*parts)).status_code


def with_room(cast: Cast, *, comes_in: bool = True, **more: Any) -> InRoom:
    """The study, open, with its room."""
    field = in_the_field(cast, rooms=True, **more)
    for who in (cast.alice, cast.lena):
        say(who, cast.harbour, field.study)
    say(cast.bob, cast.harbour, field.study, {})
    room = rooms.open_room(here=field.rosa.here(cast.harbour), key_of=field.rosa.keyed)
    found = InRoom(field, room)
    if comes_in:
        found.come_in(cast.alice)
        found.come_in(cast.lena)
    return found
