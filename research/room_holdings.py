"""What rooms of studies hold of a person in one group, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet

from chat.enums import KEPT_BACK, PostState
from community.actions import due
from core import ledger
from core.registries import holdings
from core.registries.holdings import Owner, Row
from research.actions import room_erasing, room_leaving
from research.actions.rooms import SUBJECT
from research.models import Room, RoomFace, RoomGuest, RoomPost
from research.selectors import parts, rooms


def _rooms(owner: Owner, kind: str) -> list[bytes]:
    """The keys of one kind that one would have in each room of the group."""
    assert owner.key is not None
    there = Room.objects.filter(host__group__public_id=owner.group).order_by("public_id")
    return [owner.key(kind, public_id) for public_id in there.values_list("public_id", flat=True)]


def _said(posts: QuerySet[RoomPost]) -> Iterator[Row]:
    rows = posts.select_related("room__host__study", "face__persona").exclude(state=PostState.DELETED)
    for post in rows.order_by("room_id", "seq").iterator():
        yield {
            "study": parts.title(post.room.host.study),
            "message": post.text,
            "day": post.posted_on,
            "signed as": post.face.handle,
            "kept back by the team": post.get_state_display().lower() if post.state in KEPT_BACK else None,
            "heads-up by the team": post.heads_up or None,
        }


def _own_room_posts(owner: Owner) -> Iterator[Row]:
    yield from _said(RoomPost.objects.filter(face__persona__member__owner_tag=owner.tag))


def _own_room_names(owner: Owner) -> Iterator[Row]:
    keys = _rooms(owner, rooms.ALIAS)
    for face in RoomFace.objects.select_related("room__host__study").filter(key__in=keys).order_by("id"):
        yield {"study": parts.title(face.room.host.study), "name for its room": face.once}
    yield from _said(RoomPost.objects.filter(face__key__in=keys))


def _own_rooms(owner: Owner) -> Iterator[Row]:
    rows = RoomGuest.objects.select_related("room__host__study").filter(key__in=_rooms(owner, rooms.KIND))
    for guest in rows.order_by("id"):
        yield {"study": parts.title(guest.room.host.study), "you went into its room": True}


def _leave_rooms(owner: Owner) -> None:
    RoomGuest.objects.filter(key__in=_rooms(owner, rooms.KIND)).delete()


def register() -> None:
    """Register its models, and what the ledger of erasures can name."""
    for act, execute in (
        (room_erasing.AROUND, room_erasing.forget_around),
        (room_leaving.ACT, room_leaving.execute),
    ):
        due.register(act, execute)
        ledger.register_waiting(act, rows=partial(due.lines, act), restore=partial(due.restore, act))
    ledger.register(SUBJECT, refs=room_erasing.posts_there, erase=room_erasing.post)
    ledger.register(room_erasing.FACE, refs=room_erasing.faces_there, erase=room_erasing.face)
    holdings.hold(
        RoomPost,
        export=_own_room_posts,
        erase=lambda owner: room_erasing.of_names(owner_tag=owner.tag),
        title="What you wrote in rooms of studies",
    )
    holdings.hold(
        RoomFace,
        export=_own_room_names,
        erase=lambda owner: room_erasing.of_once(keys=_rooms(owner, rooms.ALIAS)),
        title="Your names for rooms of studies, and what they wrote",
    )
    holdings.hold(
        RoomGuest,
        export=_own_rooms,
        erase=_leave_rooms,
        title="Rooms of studies you went into",
        is_unseen=True,
    )
    holdings.keep(Room, because="belongs to its study; what is said there is held for who said it")
