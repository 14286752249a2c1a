"""The room of a study in a group, for whoever it is open to; to everybody else there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from chat.enums import PostState
from chat.models import Block
from chat.policies import watches
from chat.selectors import hidden
from chat.selectors.echoes import Signing
from community import handles
from community.enums import Role
from community.errors import NotHere
from community.models import Group, Persona
from community.selectors import badges
from community.selectors.here import Here
from community.selectors.names import policy_of
from core import clock
from research.enums import Agreement
from research.models import Room, RoomFace, RoomGuest, RoomPost, Seat, Study, StudyGroup
from research.policies.rooms import Act, Inside, may, owns
from research.selectors import consent, presence, retention, studies
from research.selectors.desks import KeyOf

KIND = "room"  # of keys: that one went in; and one's faces there, a name for the room alone like any alias
NAMED, ALIAS = "room name", "alias"
PAGE = 50
AROUND = 3


def find(*, here: Here, sid: str, key_of: KeyOf) -> Inside:
    """The room of a study, for whoever takes part here and is not to be asked again, and for a researcher who sits here
    for it now, as that alone. Raises NotHere, the same for a room that is not there and one that is not open: whether
    there is one is looked up last, and for nobody else."""
    is_researcher = watches(here)
    if not here.may_read:
        raise NotHere
    if is_researcher:
        if presence.desk_of(here=here, key_of=key_of).study.public_id != sid:
            raise NotHere
    else:
        own = consent.own(sid=sid, group=here.group, key_of=key_of)
        if not own.takes_part or own.is_to_be_asked_again:
            raise NotHere
    rows = Room.objects.select_related("host__study", "host__group")
    room = rows.filter(host__study__public_id=sid, host__group=here.group).first()
    if room is None:
        raise NotHere
    return _inside(here, room, key_of, is_researcher=is_researcher)


def _inside(here: Here, room: Room, key_of: KeyOf, *, is_researcher: bool) -> Inside:
    alias_key = key_of(ALIAS, room.public_id)
    hidings = hidden.of(here=here, key=hidden.key_for(key_of=key_of, gid=here.group.public_id))
    has_alias = RoomFace.objects.filter(room=room, key=alias_key).exists()
    guest = RoomGuest.objects.filter(room=room, key=key_of(KIND, room.public_id))
    return Inside(
        here=here,
        room=room,
        is_researcher=is_researcher,
        came_in=is_researcher or guest.exists(),
        has_rooms=bool(studies.settings_of(room.host.study)["rooms"]),
        named_key=key_of(NAMED, room.public_id),
        alias_key=alias_key,
        # where somebody signs with a name for this room, whom they stop seeing would tell who that is
        hidden=hidings.chosen if has_alias else hidings.all,
    )


def is_there(*, part: consent.Own) -> bool:
    """Whether there is a room for whoever takes part."""
    is_in = part.takes_part and not part.is_to_be_asked_again
    return is_in and Room.objects.filter(host=part.host).exists()


def of_seat(*, seat: Seat) -> Room | None:
    """The room of the study that a researcher sits in a group for."""
    return Room.objects.filter(host__study=seat.study_id, host__group=seat.member.group_id).first()


def may_open(*, seat: Seat) -> bool:
    """Whether a study said that it has rooms, and none is here yet."""
    return bool(studies.settings_of(seat.study)["rooms"]) and of_seat(seat=seat) is None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A stretch of a room, oldest first. `own` are the public ids of one's own posts in it, `until` is the day on which
    all of it goes, once its end is known."""

    posts: Sequence[RoomPost]
    own: frozenset[str]
    has_earlier: bool
    until: dt.date | None


def page(*, inside: Inside, before: str = "") -> Page:
    """The newest posts, or those before one that they see, by its public id: by number, a gap would tell of who went in
    and of who is not seen. Raises NotHere for whoever has not come in."""
    if not may(Act.READ, inside):
        raise NotHere
    rows = seen(inside)
    rows = rows.filter(seq__lt=post(inside=inside, pid=before).seq) if before else rows
    found = list(rows.order_by("-seq")[: PAGE + 1])
    posts = found[:PAGE][::-1]
    return Page(
        posts=posts,
        own=frozenset(post.public_id for post in posts if owns(inside, post)),
        has_earlier=len(found) > PAGE,
        until=gone_on(host=inside.room.host),
    )


def seen(inside: Inside) -> QuerySet[RoomPost]:
    """Its posts, but for those of whom somebody does not see: the same rule as SEE_POST."""
    return to_show().filter(room=inside.room).exclude(face__persona__in=inside.hidden.personas)


def to_show() -> QuerySet[RoomPost]:
    """Posts with all that is shown of them."""
    worn = Prefetch("face__persona__member__badges", queryset=badges.worn())
    return RoomPost.objects.select_related(
        "room__host__study", "room__host__group", "face__persona__member"
    ).prefetch_related(worn)


def post(*, inside: Inside, pid: str) -> RoomPost:
    """One post. Raises NotHere."""
    found = to_show().filter(room=inside.room, public_id=pid).first()
    if found is None or not may(Act.SEE_POST, inside, found):
        raise NotHere
    return found


def signing_of(inside: Inside, post: RoomPost) -> Signing:
    """The face that signed a post of one's own, as what one wrote under every other is compared with it."""
    persona = post.face.persona
    return Signing(persona=persona, alias_key=None if persona else inside.alias_key)


def anywhere(*, public_id: str) -> RoomPost:
    """A post of any room: for moderation, which has its own policies. Raises NotHere."""
    found = to_show().filter(public_id=public_id).first()
    if found is None:
        raise NotHere
    return found


def around(post: RoomPost) -> list[RoomPost]:
    """A post with what stands just before and after it, oldest first."""
    rows = RoomPost.objects.select_related("face").filter(room=post.room_id).exclude(text="")
    before = list(rows.filter(seq__lt=post.seq).order_by("-seq")[:AROUND])[::-1]
    return [*before, post, *rows.filter(seq__gt=post.seq).order_by("seq")[:AROUND]]


def readers(*, room: Room) -> Sequence[str]:
    """The names of the researchers who sit in this group for the study."""
    seats = Seat.objects.filter(
        study=room.host.study_id, member__group=room.host.group_id, member__role=Role.RESEARCHER,
        member__left_month=None,
    )  # fmt: skip
    names = Persona.objects.filter(member__in=seats.values("member"), is_current=True)
    return list(names.order_by("handle").values_list("handle", flat=True))


def once_of(inside: Inside) -> tuple[str, bool]:
    """One's name for this room, or one to take, and whether it signed here before. Empty where there is none."""
    if inside.is_researcher:
        return "", False
    found = RoomFace.objects.filter(room=inside.room, key=inside.alias_key).first()
    if found is not None:
        return found.once, True
    is_off = policy_of(inside.here.group).one_thread == "off"
    return "" if is_off else handles.propose(group=inside.here.group, n=1)[0], False


def is_taken(*, room: Room, handle: str) -> bool:
    """Whether a name of this group, or a name for this room alone, is this handle or looks like it."""
    key = handles.key_of(handle)
    is_name = Persona.objects.filter(group=room.host.group_id, handle_key=key).exists()
    return is_name or is_worn_once(room=room, handle=handle)


def is_worn_once(*, room: Room, handle: str) -> bool:
    """Whether a name for this room alone is this handle or looks like it."""
    key = handles.key_of(handle)
    return any(
        handles.key_of(one) == key
        for one in RoomFace.objects.filter(room=room).values_list("once", flat=True)
    )


def own_posts(*, host: StudyGroup, key_of: KeyOf) -> QuerySet[RoomPost]:
    """What one wrote in a room, under either face, and that is still there."""
    room = Room.objects.filter(host=host).first()
    if room is None:
        return RoomPost.objects.none()
    keys = [key_of(kind, room.public_id) for kind in (NAMED, ALIAS)]
    return RoomPost.objects.filter(room=room, face__key__in=keys).exclude(state=PostState.DELETED)


def tags_in_a_block_with(post: RoomPost) -> list[bytes]:
    """The owner tags of people who set a block on the persona that signed."""
    name = post.face.persona_id
    rows = Block.objects.filter(blocked=name) if name else Block.objects.none()
    return [bytes(tag) for tag in rows.values_list("by__member__owner_tag", flat=True)]


def tags_named_in(post: RoomPost) -> list[bytes]:
    """The owner tags of people of the group whose present name stands in a post's text."""
    said = post.text.casefold()
    names = Persona.objects.filter(group=post.room.host.group_id, is_current=True).exclude(handle="")
    rows = names.values_list("handle", "member__owner_tag").iterator()
    return [bytes(tag) for handle, tag in rows if handle.casefold() in said]


def gone_on(*, host: StudyGroup) -> dt.date | None:
    """The day on which a room goes with all that is in it: as many months after its end as the study said, of 30 days
    each. None while the study goes on there."""
    ends = [host.study.closed_on, host.answered_on if host.state == Agreement.ENDED else None]
    over = [day for day in ends if day is not None]
    return min(over) + retention.kept_for(host.study) if over else None


def over() -> Sequence[Room]:
    """The rooms whose time is over."""
    rows = Room.objects.select_related("host__study", "host__group").filter(
        Q(host__study__closed_on__isnull=False) | Q(host__state=Agreement.ENDED)
    )
    today = clock.today()
    return [room for room in rows.order_by("id") if (day := gone_on(host=room.host)) and day <= today]


def once_in(*, study: Study, group: Group) -> Sequence[str]:
    """Every name for the room of a study in a group: of a room of others, its notes must not learn anything."""
    faces = RoomFace.objects.filter(room__host__study=study, room__host__group=group)
    return list(faces.exclude(once="").values_list("once", flat=True))


def said_in(*, study: Study, group: Group) -> QuerySet[RoomPost]:
    """All that is said in the room of a study in a group: what its own notes must not repeat."""
    return RoomPost.objects.filter(room__host__study=study, room__host__group=group).exclude(text="")
