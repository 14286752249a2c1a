"""Rooms of studies: what those who take part in one and its researchers say to each other, apart from all talks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chat.enums import PostState
from community.models import Persona
from core import clock, ids
from core.models import RandomKeyModel
from research.models.studies import StudyGroup


class Room(RandomKeyModel):
    """The room of a study in one group. It is no talk: nothing that reads talks can find it, and it has no list of who
    may come in, which is asked anew each time."""

    host = models.OneToOneField(StudyGroup, on_delete=models.CASCADE, related_name="room")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    last_seq = models.BigIntegerField(default=0)
    opened_on = models.DateField(default=clock.today)


class RoomGuest(RandomKeyModel):
    """Somebody read that the others will see them, and went in. `key` is HMAC(S, 'room' ‖ room): the row says that,
    never who."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="guests")
    key = models.BinaryField(max_length=32, unique=True)


class RoomFace(RandomKeyModel):
    """A persona in a room, or a name for this room alone. Its owner finds it by `key`: HMAC(S, 'room name' ‖ room), or
    HMAC(S, 'alias' ‖ room) for a name for the room, which holds the owner tag only sealed. Posts point to nothing
    else."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="faces")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.BinaryField(max_length=32, db_index=True)
    sealed_owner_tag = models.BinaryField(default=bytes)
    once = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "persona"], name="one_room_face_a_persona"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(persona__isnull=True), name="one_room_name_a_person"
            ),
        ]

    @property
    def handle(self) -> str:
        """What it is called."""
        return self.persona.handle if self.persona else self.once


class RoomPost(RandomKeyModel):
    """One post in a room. `by_researcher` stays true of it, whatever role its writer has later. `version` counts what
    happened to it."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="posts")
    face = models.ForeignKey(RoomFace, on_delete=models.CASCADE, related_name="posts")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    seq = models.BigIntegerField()
    text = models.TextField()
    html = models.TextField()
    posted_on = models.DateField(default=clock.today)
    by_researcher = models.BooleanField(default=False)
    is_edited = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.SHOWN)
    heads_up = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "seq"], name="room_seq_once")]
