"""Posts and threads that appear a little later, at a random moment in the window that their author picked; and those
that are checked before they appear, which wait without a moment until the team has looked."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from chat.actions import activity, gates, pace
from chat.actions import bylines as signing
from chat.actions import posts as posting
from chat.actions import threads as opening
from chat.actions.bylines import Signature, Voice
from chat.enums import Ask
from chat.errors import CameBefore, NeedsCheck, NeedsName, NeedsPromise, OtherName, Refused, TooSoon
from chat.models import Byline, Post, Thread
from chat.policies import Act, Face
from chat.selectors import later, noticed, posts, terms, threads
from chat.selectors.later import Keys
from community.actions import due, leaving
from community.errors import MayNot, NotHere
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from moderation.actions import held, queue, worries
from moderation.selectors import automatic
from moderation.selectors.automatic import Finding

ACT = "publish"
AT_ONCE = dt.timedelta(0)
NAME_GONE = gettext_noop("You no longer have the name that was to sign this.")
PROMISE = gettext_noop("The group promise has changed. Look at it first.")
MANY = gettext_noop("Not sent yet. Many talks of yours wait to appear here. Wait for one, or take one back.")
GONE = gettext_noop("This talk is not there for you any more.")
CAME = gettext_noop("Not sent. What you sent first did come, and waits to appear. Look at it below first.")


def publish_later(
    *,
    here: Here,
    thread: Thread,
    text: str,
    client_id: str,
    signature: Signature,
    keys: Keys,
    window: dt.timedelta = AT_ONCE,
    stays: int | None = None,
    voice: Voice = posting.SILENT,
) -> None:
    """Have a text published at a random moment in a window. Nobody sees a thing before: it is signed now and undone,
    so that what would be refused is refused at once, and no alias is there before its first post. Where messages are
    checked first, it waits for that. The same client id again changes nothing. Raises what `publish_post` raises, and
    then nothing has changed.
    """
    ready = posting.prepare(group_id=here.group.pk, raw=text)
    if window:
        signing.require_unseen(here)
    with transaction.atomic():
        queue.lock(group=here.group)
        leaving.keep_in(here=here)
        signing.take_up(here=here, voice=voice)
        posting.lock(thread)
        tried = transaction.savepoint()
        try:
            now, byline = posting.signer(
                here=here, thread=thread, ready=ready, client_id=client_id, signature=signature
            )
        except posting.Repeat:
            return
        transaction.savepoint_rollback(tried)
        if _waits(keys, client_id, text=ready.text, as_alias=signature.as_alias):
            return
        _require_name(byline, keys=keys, as_alias=signature.as_alias)
        payload = {
            "tag": bytes(here.member.owner_tag).hex(),
            "tid": thread.public_id,
            "text": ready.text,
            "client_id": client_id,
            "handle": byline.face.handle,
            "alias_key": signature.alias_key.hex(),
            "as_alias": signature.as_alias,
            "for_self": signature.for_self,
            "stays": stays,
            **_picked(window, here=here),
        }
        _keep(now, thread, key=_key(keys, as_alias=signature.as_alias), payload=payload, window=window)


def change_later(*, face: Face, post: Post, text: str, keys: Keys, was: str = "") -> None:
    """Have one's own post changed once the team has looked at the new words. Raises what `edit_post` raises."""
    ready = posting.prepare(group_id=face.here.group.pk, raw=text)
    with transaction.atomic():
        queue.lock(group=face.here.group)
        leaving.keep_in(here=face.here)
        posting.lock(post.thread)
        now = posting.own_as_it_is(face=face, post=post, act=Act.EDIT, was=was)
        as_alias = now.byline.alias_id is not None
        key = _key(keys, as_alias=as_alias)
        for one in due.free(keys=[key]):
            if one.payload.get("pid") == post.public_id:
                take_back(keys=[key], pk=one.pk)  # the newest words are the ones that count
        payload = {
            "tag": bytes(face.here.member.owner_tag).hex(),
            "tid": post.thread.public_id,
            "pid": post.public_id,
            "text": ready.text,
            "client_id": "",
            "handle": now.byline.face.handle,
            "alias_key": face.alias_key.hex(),
            "as_alias": as_alias,
            "stays": None,
        }
        _keep(posting.look_again(face.here), post.thread, key=key, payload=payload, window=AT_ONCE)


def _keep(
    now: Here, thread: Thread | None, *, key: bytes, payload: due.Payload, window: dt.timedelta
) -> None:
    """Let it wait for its moment, or for the team, which gets it at the pace of messages. The queue is locked."""
    place = thread.public_id if thread else ""
    found = terms.of(here=now, place=place, alias_key=_signature(payload).once_key)
    why = noticed.held(_look(now, payload))
    if found.is_off_hours and found.is_checked:
        why.append((automatic.OFF_HOURS, []))
    if not found.is_checked and not why:
        due.later(key=key, act=ACT, payload=payload, due_at=due.within(window))
        return
    seconds = int(window.total_seconds())
    act = due.hold(key=key, act=ACT, payload=payload | {"window": seconds, "paced": True, "why": why})
    held.add(group=now.group, act=act)
    if "pid" not in payload:
        pace.take(here=now, terms=found, place=place)
    if automatic.raises(group=now.group, text=payload["text"]):  # nobody who is not well waits for a look
        worries.of_held_words(group=now.group, owner_tag=bytes.fromhex(payload["tag"]), text=payload["text"])


def open_later(
    *,
    here: Here,
    tid: str,
    title: str,
    ask: Ask,
    heads_ups: Sequence[str],
    text: str,
    client_id: str,
    signature: Signature,
    keys: Keys,
    window: dt.timedelta = AT_ONCE,
    stays: int | None = None,
    voice: Voice = posting.SILENT,
) -> None:
    """Have a thread opened at a random moment in a window, or once checked. The same `tid` again changes nothing.
    It is opened now and undone: what `open_thread` raises is raised at once, and then nothing has changed."""
    posting.prepare(group_id=here.group.pk, raw=text)
    if window:
        signing.require_unseen(here)
    payload = {
        "tid": tid,
        "title": title,
        "ask": ask,
        "heads_ups": list(heads_ups),
        "text": text,
        "client_id": client_id,
        "alias_key": signature.alias_key.hex(),
        "as_alias": signature.as_alias,
        "for_self": signature.for_self,
        "stays": stays,
        **_picked(window, here=here),
    }
    with transaction.atomic():
        queue.lock(group=here.group)
        leaving.keep_in(here=here)
        signing.take_up(here=here, voice=voice)
        activity.lock(group_id=here.group.pk)
        now = posting.look_again(here)
        if _is_to_open(keys, tid) or threads.is_there(here=now, tid=tid):
            return
        with contextlib.suppress(_OnlyTried), transaction.atomic():
            signs = signature.shown or (now.persona.handle if now.persona else "")
            payload |= {"tag": bytes(now.member.owner_tag).hex(), "handle": signs}
            _open(payload | {"checked": True, "paced": True})
            raise _OnlyTried
        key = due.first_free(keys=keys.once) if signature.as_alias else keys.name
        if key is None:
            raise MayNot(gettext(MANY))
        _keep(now, None, key=key, payload=payload, window=window)


def _look(here: Here, payload: due.Payload) -> list[Finding]:
    text = "\n".join(filter(None, (payload.get("title", ""), payload["text"])))
    return gates.look(
        here=here,
        tid=payload["tid"],
        text=text,
        settled=_settled(payload),
        signature=_signature(payload),
        is_change="pid" in payload,
    )


class _OnlyTried(Exception):
    """It would have worked: undo it."""


def _picked(window: dt.timedelta, *, here: Here) -> due.Payload:
    """The window for its author: how long it was, so that it stays picked in what is taken back, and the day on which
    it ends where the group is. The moment in it is told to nobody."""
    ends = (clock.now() + window).astimezone(ZoneInfo(here.group.time_zone))
    return {"hours": int(window.total_seconds()) // 3600, "until": ends.date().isoformat()}


def _key(keys: Keys, *, as_alias: bool) -> bytes:
    return keys.once[0] if as_alias else keys.name


def _require_name(byline: Byline, *, keys: Keys, as_alias: bool) -> None:
    """What waits under a one-thread name has the same one."""
    if as_alias and later.once_of(later.waiting(keys=keys)) not in {"", byline.face.handle}:
        raise OtherName(gettext(signing.OTHER_NAME))


def _waits(keys: Keys, client_id: str, **sent: object) -> bool:
    """Whether this waits already. Raises CameBefore where other words do, or under another face."""
    for one in due.waiting(keys=keys.both):
        if one.payload["client_id"] == client_id:
            if any(one.payload[name] != value for name, value in sent.items()):
                raise CameBefore(gettext(CAME))
            return True
    return False


def _is_to_open(keys: Keys, tid: str) -> bool:
    return any(one.payload["tid"] == tid and not one.reason for one in due.waiting(keys=keys.both))


AT_LAST = gettext_noop(
    "The team looks at messages here before they appear. When its time comes, they look at this one."
)


def publish_now(*, keys: Collection[bytes], pk: int) -> str:
    """Publish what waits at once, and say in which thread it is. Raises NotHere, TooSoon or CannotBeDone, and then it
    still waits."""
    prepare(_own(keys, pk).payload)
    with transaction.atomic():
        payload = take_back(keys=keys, pk=pk)
        try:
            _act(payload)
        except NeedsCheck:
            raise due.CannotBeDone(gettext(AT_LAST)) from None
    return str(payload["tid"])


def take_back(*, keys: Collection[bytes], pk: int) -> due.Payload:
    """Take one of one's own waiting posts back: what it held. Raises NotHere where it is no longer waiting."""
    found = _own(keys, pk)
    with transaction.atomic():
        held.forget(act=pk)
        if not due.take_back(keys=keys, pk=pk):
            raise NotHere
    return found.payload


def _own(keys: Collection[bytes], pk: int) -> due.Waiting:
    found = next((one for one in due.waiting(keys=keys) if one.pk == pk), None)
    if found is None:
        raise NotHere
    return found


def prepare(payload: due.Payload) -> None:
    """Render the text before anything is locked. Whether it may still be published is asked afterwards."""
    with contextlib.suppress(Refused, NotHere):
        posting.prepare(group_id=_here(payload).group.pk, raw=payload["text"])


def publish(payload: due.Payload) -> None:
    """The executor. When the moment has come, all is looked at as it is then. Raises CannotBeDone, NotYet or OnHold."""
    try:
        _act(payload)
    except TooSoon as refusal:
        raise due.NotYet(refusal.wait) from None
    except NeedsCheck:
        raise due.OnHold(lambda pk: held.add_due(group=_here(payload).group, act=pk)) from None


def _act(payload: due.Payload) -> None:
    act = _open if "title" in payload else _change if "pid" in payload else _publish
    try:
        act(payload)
    except TooSoon:
        raise
    except Refused as refusal:
        raise due.CannotBeDone(" ".join(refusal.reasons)) from None
    except (NeedsName, OtherName):
        raise due.CannotBeDone(gettext(NAME_GONE)) from None
    except NeedsPromise:
        raise due.CannotBeDone(gettext(PROMISE)) from None
    except MayNot as refusal:
        raise due.CannotBeDone(refusal.reason) from None
    except NotHere:
        raise due.CannotBeDone(gettext(GONE)) from None


def _publish(payload: due.Payload) -> None:
    here = _here(payload)
    posting.publish_ready(
        here=here,
        thread=threads.there(here=here, tid=payload["tid"]),
        ready=posting.prepare(group_id=here.group.pk, raw=payload["text"]),
        client_id=payload["client_id"],
        signature=_signature(payload),
        stays=payload["stays"],
        settled=_settled(payload),
    )


def _change(payload: due.Payload) -> None:
    face = Face(here=_here(payload), alias_key=bytes.fromhex(payload["alias_key"]))
    post = posts.find_own(face=face, tid=payload["tid"], pid=payload["pid"])
    posting.edit_post(face=face, post=post, text=payload["text"], settled=_settled(payload))


def _open(payload: due.Payload) -> None:
    opening.open_thread(
        here=_here(payload),
        tid=payload["tid"],
        title=payload["title"],
        ask=payload["ask"],
        heads_ups=payload["heads_ups"],
        text=payload["text"],
        client_id=payload["client_id"],
        signature=_signature(payload),
        stays=payload["stays"],
        settled=_settled(payload),
    )


def _settled(payload: due.Payload) -> gates.Settled:
    return gates.Settled(
        checked=payload.get("checked", False),
        paced=payload.get("paced", False),
        is_due=True,
    )


def _here(payload: due.Payload) -> Here:
    return places.find(owner_tag=bytes.fromhex(payload["tag"]), strong=False)


def _signature(payload: due.Payload) -> Signature:
    return Signature(
        alias_key=bytes.fromhex(payload["alias_key"]),
        as_alias=payload["as_alias"],
        shown=payload["handle"],
        for_self=payload.get("for_self", False),
    )
