"""Rooms of studies: opened by a researcher, gone into by an act of one's own, and what is said in them.

Locks, in this order: the team's queue, where a program will put something on its list; whoever writes; the study, so
that a pause, a leaving and a post come one after another; the room.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from chat.actions import pace
from chat.actions import posts as talk
from chat.actions.bylines import Signature
from chat.enums import PostState
from chat.errors import NeedsName, NeedsPromise, OtherName, Refused
from chat.selectors import noticed, terms
from community import handles
from community.actions import leaving
from community.errors import MayNot, NotHere
from community.selectors import here as places
from community.selectors.here import Here
from community.selectors.names import policy_of
from core import clock, keyring, ledger, sealing
from moderation.actions import automatic, forgetting, queue
from moderation.selectors.automatic import Finding
from research.actions import codes
from research.models import Room, RoomFace, RoomGuest, RoomPost
from research.policies.rooms import Act, Inside, may
from research.selectors import presence
from research.selectors import rooms as reading
from research.selectors.desks import KeyOf

SUBJECT = "room_post"  # what moderation and the ledger call a post of a room


def open_room(*, here: Here, key_of: KeyOf) -> Room:
    """Open the room of the study that a researcher sits here for. Everyone can read that it was opened. Raises NotHere,
    and MayNot where the study does not say that it has rooms, or has one here."""
    with transaction.atomic():
        desk = codes.locked(presence.desk_of(here=here, key_of=key_of), "sit_in")
        desk = presence.desk_of(
            here=places.again(here), key_of=key_of
        )  # as it is now that the study is locked
        seat = presence.of(here=here)
        if seat is None or not reading.may_open(seat=seat):
            raise MayNot(_("This study has no room to open here."))
        room = Room.objects.create(host=desk.study.hosts.get(group=here.group))
        codes.record(desk, "room opened")
    return room


def come_in(*, here: Here, sid: str, key_of: KeyOf) -> None:
    """Go in, having read that the others will see one as soon as one writes. Raises NotHere."""
    with transaction.atomic():
        leaving.keep_in(here=here)
        inside = _locked(here, sid, key_of)
        if not inside.is_researcher:
            key = key_of(reading.KIND, inside.room.public_id)
            RoomGuest.objects.get_or_create(room=inside.room, key=key)


def say(*, here: Here, sid: str, key_of: KeyOf, text: str, signature: Signature) -> RoomPost:
    """Say something in a room. The same words of the same face again on the same day are what they were the first time.
    Raises NotHere, Refused, NeedsName, NeedsPromise, or MayNot (TooSoon, OtherName), and then nothing has changed."""
    ready = talk.prepare(group_id=here.group.pk, raw=text)
    first = reading.find(here=here, sid=sid, key_of=key_of)
    found = _noticed(first, ready.text, is_once=signature.as_alias)
    with pace.turns() as taken, transaction.atomic():
        automatic.lock_to_flag(group=here.group, found=found)
        leaving.keep_in(here=here)
        inside = _locked(here, sid, key_of)
        _require_voice(inside)
        face = _face(inside, signature)
        said = RoomPost.objects.filter(face=face, text=ready.text, posted_on=clock.today())
        if again := said.exclude(state=PostState.DELETED).first():
            return again
        place = inside.room.public_id
        now = terms.of(here=inside.here, place=place, is_once=signature.as_alias)
        _require_unchecked(now, held=bool(noticed.held(found)))
        taken.extend(pace.take(here=inside.here, terms=now, place=place))
        post = RoomPost.objects.create(
            room=inside.room, face=face, seq=inside.room.last_seq, text=ready.text, html=ready.html,
            by_researcher=inside.is_researcher,
        )  # fmt: skip
        automatic.flag(group=here.group, kind=SUBJECT, public_id=post.public_id, found=found)
    return post


def change(*, here: Here, sid: str, pid: str, key_of: KeyOf, text: str) -> None:
    """Change one's own post, for a day; one that the team asked to be changed is back by it. Raises as `say` does."""
    ready = talk.prepare(group_id=here.group.pk, raw=text)
    first = reading.find(here=here, sid=sid, key_of=key_of)
    is_once = reading.post(inside=first, pid=pid).face.persona_id is None
    found = _noticed(first, ready.text, is_once=is_once, is_change=True)
    with transaction.atomic():
        queue.lock(group=here.group)  # whoever was asked to change it has it on the team's list
        leaving.keep_in(here=here)
        inside = _locked(here, sid, key_of)
        post = reading.post(inside=inside, pid=pid)
        if not may(Act.CHANGE, inside, post):
            raise MayNot(_("This cannot be changed now. You can still take it away."))
        _require_unchecked(terms.of(here=inside.here, is_once=is_once), held=bool(noticed.held(found)))
        was_asked = post.state == PostState.ASKED
        _touch(post, text=ready.text, html=ready.html, is_edited=True, state=PostState.SHOWN)
        if was_asked:
            queue.subject_changed(group=here.group, kind=SUBJECT, public_id=post.public_id)
        automatic.flag(group=here.group, kind=SUBJECT, public_id=post.public_id, found=found)


def take_away(*, here: Here, sid: str, pid: str, key_of: KeyOf) -> None:
    """Take one's own post away for good. A line stays that says so. Raises NotHere."""
    with transaction.atomic():
        inside = _locked(here, sid, key_of)
        post = reading.post(inside=inside, pid=pid)
        if not may(Act.TAKE_AWAY, inside, post):
            raise NotHere
        clear(RoomPost.objects.filter(pk=post.pk))


def clear(rows: QuerySet[RoomPost]) -> None:
    """Empty posts. In a transaction."""
    ledger.note_all(kind=SUBJECT, refs=list(rows.values_list("public_id", flat=True)))
    rows.update(text="", html="", heads_up="", state=PostState.DELETED, version=F("version") + 1)


def move(post: RoomPost, before: set[PostState], **after: str) -> None:
    """What moderation does: the post, if it is in one of these states, is so from now on."""
    with transaction.atomic():
        lock(post.room)
        for row in RoomPost.objects.filter(pk=post.pk, state__in=before).exclude(**after):
            _touch(row, **after)


def let_go() -> None:
    """The duty: rooms whose time is over go, with all that is in them, and with what teams kept of it."""
    for room in reading.over():
        posts, faces = RoomPost.objects.filter(room=room), RoomFace.objects.filter(room=room)
        group = room.host.group  # whose team keeps copies: its queue is locked before a study
        forgetting.forget_around(group=group, bylines=set(faces.values_list("public_id", flat=True)))
        said = posts.values_list("public_id", flat=True)
        forgetting.forget_about(group=group, kind=SUBJECT, public_ids=said)
        with transaction.atomic():
            codes.lock(room.host.study)
            ledger.note_all(kind=SUBJECT, refs=list(posts.values_list("public_id", flat=True)))
            posts.delete()
            room.delete()


def _touch(post: RoomPost, **now: object) -> None:
    RoomPost.objects.filter(pk=post.pk).update(version=F("version") + 1, **now)


def lock(room: Room) -> None:
    """Hold a room still until the transaction ends, and take its next number."""
    Room.objects.filter(pk=room.pk).update(last_seq=F("last_seq") + 1)


def _locked(here: Here, sid: str, key_of: KeyOf) -> Inside:
    """A room that is open to somebody, with its study and itself held still, and the next number taken. Raises
    NotHere."""
    room = reading.find(here=here, sid=sid, key_of=key_of).room
    codes.lock(room.host.study)
    lock(room)
    return reading.find(here=places.again(here), sid=sid, key_of=key_of)


def _require_voice(inside: Inside) -> None:
    if not inside.came_in:
        raise NotHere
    if not inside.is_on:
        raise MayNot(_("Nothing new is written here now. You can read, and take your own words away."))
    if not may(Act.WRITE, inside):
        raise MayNot(_(talk.ONLY_READING))
    if inside.here.must_accept_charter:
        raise NeedsPromise


def _noticed(inside: Inside, text: str, *, is_once: bool, is_change: bool = False) -> list[Finding]:
    """What automatic help finds. A name for the room is nobody's: neither the team's, nor one with words of talks."""
    key = inside.alias_key if is_once else None
    return noticed.in_draft(
        here=inside.here, text=text, tid=inside.room.public_id, alias_key=key, is_change=is_change
    )


def _require_unchecked(now: terms.Terms, *, held: bool) -> None:
    """Nothing waits in a room: what would have to be looked at first is not said there."""
    if now.is_checked:
        raise MayNot(
            _("The team looks at your messages first. That works in talks only, so you cannot write here.")
        )
    if held:
        raise Refused(
            [_("The team would look at this first. That works in talks only. Please say it another way.")]
        )


def _face(inside: Inside, signature: Signature) -> RoomFace:
    """The face that signs, made where it is new. Raises NeedsName, OtherName or MayNot."""
    face = _once(inside, signature) if signature.as_alias else _named(inside)
    if signature.shown not in {"", face.handle}:
        raise OtherName(
            _("Not sent yet. Your name here is not what this page said. Look who signs, then send.")
        )
    return face


def _named(inside: Inside) -> RoomFace:
    persona = inside.here.persona
    if persona is None:
        raise NeedsName
    found = RoomFace.objects.select_related("persona").filter(room=inside.room, persona=persona).first()
    if found is None and reading.is_worn_once(room=inside.room, handle=persona.handle):
        raise OtherName(
            _("Not sent yet. Someone has that name in this room alone. Take a name for this room, too.")
        )
    return found or RoomFace.objects.create(room=inside.room, persona=persona, key=inside.named_key)


def _once(inside: Inside, signature: Signature) -> RoomFace:
    here, room = inside.here, inside.room
    if inside.is_researcher:
        raise MayNot(_("You are here as a researcher. You write under your name here."))
    found = RoomFace.objects.filter(room=room, key=inside.alias_key).first()
    if found is not None:
        return found
    if policy_of(here.group).one_thread == "off":
        raise MayNot(_("This group does not use such names now. Your words are kept below."))
    if not handles.is_ours(signature.shown) or reading.is_taken(room=room, handle=signature.shown):
        raise OtherName(_("Not sent yet. Someone here has that name. Look at the new one, then send."))
    sealed = sealing.seal(key=_seal_key(), value=bytes(here.member.owner_tag), place=_place(room))
    return RoomFace.objects.create(
        room=room, key=inside.alias_key, sealed_owner_tag=sealed, once=signature.shown
    )


def owner_tag_of(face: RoomFace) -> bytes:
    """Open the owner tag of a name for one room: only for a limit that must follow the person."""
    return sealing.unseal(key=_seal_key(), sealed=bytes(face.sealed_owner_tag), place=_place(face.room))


def _seal_key() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="room name")


def _place(room: Room) -> str:
    return f"room|{room.public_id}"
