"""Posts of rooms as something that moderation can look at, without knowing studies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from django.urls import reverse
from django.utils.translation import gettext

from chat.actions import blocks
from chat.enums import KEPT_BACK, PostState
from chat.policies import Face
from chat.selectors import hidden
from community.actions import left_tags
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from core.registries.subjects import KeyOf, Line, Snapshot, Where
from research.actions import rooms as acts
from research.models import RoomPost
from research.policies.rooms import Act, may
from research.selectors import rooms

HERE = KEPT_BACK | {PostState.SHOWN}


class RoomPostSubject:
    """A post of a room. The team of its group reads what is reported, with what was said around it, and never the
    room."""

    kind = acts.SUBJECT

    def describe(self, *, public_id: str) -> str:
        """What it is, in plain words, without a word of its text."""
        rooms.anywhere(public_id=public_id)
        return gettext("A message in the room of a study")

    def may_be_reported(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> bool:
        """Whether somebody sees it in a room that is open to them, and did not write it."""
        post = rooms.anywhere(public_id=public_id)
        inside = rooms.find(here=viewer, sid=post.room.host.study.public_id, key_of=key_of)
        return may(Act.REPORT, inside, post)

    def may_be_folded(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> bool:
        """Nothing is folded in a room."""
        return False

    def stop_seeing_writer(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> None:
        """Whoever reports it sees no more of the persona that signed it. Raises MayNot for a name for this room."""
        persona = rooms.anywhere(public_id=public_id).face.persona
        if persona is None:
            raise MayNot(gettext("A name for this room alone cannot be hidden. You need not come here."))
        key = hidden.key_for(key_of=key_of, gid=viewer.group.public_id)
        blocks.mute(face=Face(here=viewer), key=key, other=persona)

    def page(self, *, public_id: str) -> str:
        """The address of its own page."""
        post = rooms.anywhere(public_id=public_id)
        host = post.room.host
        return reverse(
            "research:room_post", args=[host.group.public_id, host.study.public_id, post.public_id]
        )

    def talk_page(self, *, public_id: str) -> str:
        """A room opens to no team. Raises NotHere."""
        raise NotHere

    def edit_page(self, *, public_id: str) -> str:
        """Where its writer changes it, while somebody asks for that."""
        is_asked = rooms.anywhere(public_id=public_id).state == PostState.ASKED
        return self.page(public_id=public_id) if is_asked else ""

    def advice_page(self, *, viewer: Here, public_id: str) -> str:
        """A room has no such notes."""
        return ""

    def snapshot(self, *, public_id: str) -> Snapshot:
        """The post as it is now, with what stands around it."""
        post = rooms.anywhere(public_id=public_id)
        around = [
            Line(by=one.face.public_id, text=one.text, is_subject=one.pk == post.pk)
            for one in rooms.around(post)
        ]
        return Snapshot(
            text=post.text,
            byline_public_id=post.face.public_id,
            group_id=post.room.host.group_id,
            version=post.version,
            place=post.room.public_id,
            is_alias=post.face.persona_id is None,
            context=tuple(around),
        )

    def where(self) -> Where:
        """The room it is said in, which the rest of the group cannot see."""
        return Where(words=gettext("the room of the study"), is_apart=True)

    def beside(self, *, public_id: str) -> Mapping[str, Line]:
        """What others wrote around it, the nearest first."""
        post = rooms.anywhere(public_id=public_id)
        near = sorted(rooms.around(post), key=lambda one: abs(one.seq - post.seq))
        others = [one for one in near if one.face_id != post.face_id]
        return {one.public_id: Line(by=one.face.public_id, text=one.text) for one in others}

    def signed_as(self, *, public_id: str) -> str:
        """The name that signed it."""
        return rooms.anywhere(public_id=public_id).face.handle

    def names_near(self, *, public_id: str) -> Mapping[str, str]:
        """Every name that signed in its room, by the public id of its face."""
        faces = rooms.anywhere(public_id=public_id).room.faces.select_related("persona")
        return {face.public_id: face.handle for face in faces}

    def parties(self, *, public_id: str) -> Mapping[str, Collection[bytes]]:
        """Whose name stands in its text, and who is in a block with its writer."""
        post = rooms.anywhere(public_id=public_id)
        return {"mentioned": rooms.tags_named_in(post), "blocked": rooms.tags_in_a_block_with(post)}

    def hide(self, *, public_id: str) -> None:
        """Nobody reads it until it is restored. Its text stays."""
        _move(public_id, state=PostState.HIDDEN)

    def remove(self, *, public_id: str) -> None:
        """It is out of the room. Its text stays as long as this can be undone."""
        _move(public_id, state=PostState.REMOVED)

    def ask_edit(self, *, public_id: str) -> None:
        """It is back once its writer changes it."""
        _move(public_id, state=PostState.ASKED)

    def warn(self, *, public_id: str, heads_up: str) -> None:
        """It opens with one press, under a heads-up."""
        _move(public_id, heads_up=heads_up)

    def fold(self, *, public_id: str) -> bool:
        """Nothing is folded in a room."""
        return False

    def unfold(self, *, public_id: str) -> None:
        """It never was."""

    def restore(self, *, public_id: str) -> None:
        """It stands as it stood."""
        _move(public_id, state=PostState.SHOWN, heads_up="")

    def author_tag(self, *, public_id: str) -> bytes:
        """The owner tag that a limit follows."""
        return _tag_of(rooms.anywhere(public_id=public_id))


def _move(public_id: str, **after: str) -> None:
    """Of a room that is gone by now there is nothing to move; what was decided can still be taken back."""
    with suppress(NotHere):
        acts.move(rooms.anywhere(public_id=public_id), set(HERE), **after)


def _tag_of(post: RoomPost) -> bytes:
    persona = post.face.persona
    return left_tags.tag_of(member=persona.member) if persona else acts.owner_tag_of(post.face)
