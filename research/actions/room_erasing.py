"""What somebody wrote in rooms goes, with what teams keep of it: in an erasure, with a name, and in a replay of the
ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from chat.enums import PostState
from community.actions import due
from core import clock, ids, ledger
from moderation.actions import forgetting
from research.actions.rooms import SUBJECT, clear
from research.models import RoomFace, RoomPost

FACE = "room name"  # in the ledger
AROUND = "forget_around_in_a_room"  # the act


def of_names(*, owner_tag: bytes) -> None:
    """Everything one person's personas wrote in rooms of one group."""
    faces = RoomFace.objects.filter(persona__member__owner_tag=owner_tag)
    _forget_around(faces, copies=True)
    _erase(RoomPost.objects.filter(face__in=faces))


def of_once(*, keys: Sequence[bytes]) -> None:
    """Everything that names for one room wrote, and what they were called. The sealed tag stays: a limit binds through
    leaving and coming back."""
    faces = RoomFace.objects.filter(key__in=keys)
    _forget_around(faces, copies=True)
    for face in list(faces):
        _erase(RoomPost.objects.filter(face=face))
        with transaction.atomic():
            ledger.note(kind=FACE, ref=str(face.pk))
            RoomFace.objects.filter(pk=face.pk).update(once="", key=ids.new_secret())


def post(public_id: str) -> None:
    """One post, whoever wrote it: for a replay of the ledger."""
    _erase(RoomPost.objects.filter(public_id=public_id))


def face(pk: str) -> None:
    """One name for a room: for a replay of the ledger."""
    of_once(keys=[bytes(key) for key in RoomFace.objects.filter(pk=int(pk)).values_list("key", flat=True)])


def of_persona(pk: int) -> None:
    """A name that somebody no longer uses, and what it wrote should not stay."""
    faces = RoomFace.objects.filter(persona=pk)
    _forget_around(faces, copies=False)
    _erase(RoomPost.objects.filter(face__in=faces))


def posts_there() -> Iterable[str]:
    """The public ids of all posts that are there: for the ledger."""
    return RoomPost.objects.exclude(state=PostState.DELETED).values_list("public_id", flat=True).iterator()


def faces_there() -> Iterable[str]:
    """The keys of all names for rooms: for the ledger."""
    return map(str, RoomFace.objects.exclude(once="").values_list("pk", flat=True).iterator())


def _erase(rows: QuerySet[RoomPost]) -> None:
    with transaction.atomic():
        there = rows.exclude(state=PostState.DELETED).values_list("pk", flat=True)
        clear(RoomPost.objects.filter(pk__in=list(there)))


def _forget_around(faces: QuerySet[RoomFace], *, copies: bool) -> None:
    """Also where a team kept it around what others wrote, and in an erasure its copies. That locks the team's queue,
    which comes before every other lock, so it is an act of its own."""
    pks = list(faces.values_list("pk", flat=True))
    if pks:
        payload: due.Payload = {"faces": pks, "copies": copies}
        due.later(key=ids.new_secret(), act=AROUND, payload=payload, due_at=clock.now())


def forget_around(payload: due.Payload) -> None:
    """Do that. Due work."""
    faces = list(RoomFace.objects.filter(Q(pk__in=payload["faces"])).select_related("room__host__group"))
    for room in {face.room for face in faces}:
        theirs = [face for face in faces if face.room_id == room.pk]
        group = room.host.group
        forgetting.forget_around(group=group, bylines={face.public_id for face in theirs})
        if payload["copies"]:
            posts = RoomPost.objects.filter(face__in=theirs).values_list("public_id", flat=True)
            forgetting.forget_about(group=group, kind=SUBJECT, public_ids=posts)
    ledger.waiting_changed()
