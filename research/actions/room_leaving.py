"""Somebody leaves a study, and what they wrote in its room goes: names that are emptied together are one person."""

from __future__ import annotations

from django.db.models import F, Max

from chat.enums import PostState
from community.actions import due
from core import ids, ledger
from research.actions import rooms
from research.models import Room, RoomFace, RoomGuest, RoomPost, StudyGroup
from research.selectors import rooms as reading
from research.selectors.desks import KeyOf

ACT = "empty_a_room_name"


def go_out(*, host: StudyGroup, key_of: KeyOf, takes_all: bool, together: bool = False) -> None:
    """Somebody leaves a study: its room is no longer open to them, which their part says by itself. `takes_all`: all
    they wrote in it is taken away, at once under the name that people know them by, under each other one at a moment by
    lot within three days; or all of it at once, where they want it `together`. The study is locked."""
    room = Room.objects.filter(host=host).first()
    if room is None:
        return
    RoomGuest.objects.filter(key=key_of(reading.KIND, room.public_id)).delete()
    rows = reading.own_posts(host=host, key_of=key_of)
    names = RoomFace.objects.filter(pk__in=rows.values("face"))
    known = F("persona__is_current").desc(nulls_last=True)
    in_order = list(names.order_by(known, "id").values_list("pk", flat=True)) if takes_all else []
    if not in_order:
        return
    rooms.lock(room)
    upto = rows.aggregate(last=Max("seq"))["last"]
    for nth, face in enumerate(in_order):
        said: due.Payload = {"face": face, "upto": upto}
        if together or not nth:
            empty(said)
        else:
            due.later(key=ids.new_secret(), act=ACT, payload=said, due_at=due.within(due.APART))
    ledger.waiting_changed()


def empty(said: due.Payload) -> None:
    """Take away what one name wrote in a room up to then. In a transaction; due work, too."""
    rows = RoomPost.objects.filter(face=said["face"], seq__lte=said["upto"]).exclude(state=PostState.DELETED)
    rooms.clear(RoomPost.objects.filter(pk__in=list(rows.values_list("pk", flat=True))))


def execute(said: due.Payload) -> None:
    """Do that for a name whose moment has come. Due work."""
    for face in RoomFace.objects.select_related("room").filter(pk=said["face"]):
        rooms.lock(face.room)
    empty(said)
    ledger.waiting_changed()
