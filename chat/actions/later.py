"""Posts and threads that appear a little later, at a random moment in the window that their author picked."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from chat.actions import bylines as signing
from chat.actions import posts as posting
from chat.actions import threads as opening
from chat.actions.bylines import Signature, Voice
from chat.enums import Ask
from chat.errors import NeedsName, NeedsPromise, OtherName, Refused
from chat.models import Thread
from chat.selectors import later, threads
from chat.selectors.later import Keys
from community.actions import due
from community.errors import MayNot, NotHere
from community.selectors import here as places
from community.selectors.here import Here
from core import clock

ACT = "publish"
NAME_GONE = gettext_noop("You no longer have the name that was to sign this.")
PROMISE = gettext_noop("The group promise has changed. Look at it first.")
MANY = gettext_noop("Not sent yet. Many talks of yours wait to appear here. Wait for one, or take one back.")
GONE = gettext_noop("This talk is not there for you any more.")


def publish_later(
    *,
    here: Here,
    thread: Thread,
    text: str,
    client_id: str,
    signature: Signature,
    keys: Keys,
    window: dt.timedelta,
    stays: int | None = None,
    voice: Voice = posting.SILENT,
) -> None:
    """Have a text published at a random moment in a window. Nobody sees a thing before: it is signed now and undone,
    so that what would be refused is refused at once, and no alias is there before its first post.

    The same client id again changes nothing. Raises what `publish_post` raises, and then nothing has changed.
    """
    ready = posting.prepare(group_id=here.group.pk, raw=text)
    signing.take_up(here=here, voice=voice)
    with transaction.atomic():
        posting.lock(thread)
        tried = transaction.savepoint()
        try:
            byline = posting.signer(here=here, thread=thread, client_id=client_id, signature=signature)
        except posting.Repeat:
            return
        transaction.savepoint_rollback(tried)
        if _waits(keys, client_id):
            return
        if signature.as_alias and later.once_of(later.waiting(keys=keys)) not in {"", byline.face.handle}:
            raise OtherName(gettext(signing.OTHER_NAME))
        payload = {
            "tag": bytes(here.member.owner_tag).hex(),
            "tid": thread.public_id,
            "text": ready.text,
            "client_id": client_id,
            "handle": byline.face.handle,
            "alias_key": signature.alias_key.hex(),
            "as_alias": signature.as_alias,
            "stays": stays,
            **_picked(window, here=here),
        }
        key = keys.once[0] if signature.as_alias else keys.name
        due.later(key=key, act=ACT, payload=payload, due_at=due.within(window))


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
    window: dt.timedelta,
    stays: int | None = None,
    voice: Voice = posting.SILENT,
) -> None:
    """Have a thread opened at a random moment in a window. It is opened now and undone, so that what would be
    refused is refused at once. Raises what `open_thread` raises, and then nothing has changed."""
    posting.prepare(group_id=here.group.pk, raw=text)
    signing.take_up(here=here, voice=voice)
    payload = {
        "tid": tid,
        "title": title,
        "ask": ask,
        "heads_ups": list(heads_ups),
        "text": text,
        "client_id": client_id,
        "alias_key": signature.alias_key.hex(),
        "as_alias": signature.as_alias,
        "stays": stays,
        **_picked(window, here=here),
    }
    with transaction.atomic():
        posting.lock_activity(group_id=here.group.pk)
        now = posting.look_again(here)
        if threads.is_there(here=now, tid=tid) or _waits(keys, client_id):
            return
        with contextlib.suppress(_OnlyTried), transaction.atomic():
            signs = signature.shown or (now.persona.handle if now.persona else "")
            payload |= {"tag": bytes(now.member.owner_tag).hex(), "handle": signs}
            _open(payload)
            raise _OnlyTried
        key = due.first_free(keys=keys.once) if signature.as_alias else keys.name
        if key is None:
            raise MayNot(gettext(MANY))
        due.later(key=key, act=ACT, payload=payload, due_at=due.within(window))


class _OnlyTried(Exception):
    """It would have worked: undo it."""


def _picked(window: dt.timedelta, *, here: Here) -> due.Payload:
    """The window for its author: how long it was, so that it stays picked in what is taken back, and the day on which
    it ends where the group is. The moment in it is told to nobody."""
    ends = (clock.now() + window).astimezone(ZoneInfo(here.group.time_zone))
    return {"hours": int(window.total_seconds()) // 3600, "until": ends.date().isoformat()}


def _waits(keys: Keys, client_id: str) -> bool:
    return any(found.payload["client_id"] == client_id for found in due.waiting(keys=keys.both))


def publish_now(*, keys: Collection[bytes], pk: int) -> str:
    """Publish what waits at once, and say in which thread it is. Raises NotHere, or CannotBeDone, and then it still
    waits."""
    with transaction.atomic():
        payload = take_back(keys=keys, pk=pk)
        publish(payload)
    return str(payload["tid"])


def take_back(*, keys: Collection[bytes], pk: int) -> due.Payload:
    """Take one of one's own waiting posts back: what it held. Raises NotHere where it is no longer waiting."""
    found = next((one for one in due.waiting(keys=keys) if one.pk == pk), None)
    if found is None or not due.take_back(keys=keys, pk=pk):
        raise NotHere
    return found.payload


def publish(payload: due.Payload) -> None:
    """The executor. When the moment has come, all is looked at as it is then. Raises CannotBeDone."""
    act = _open if "title" in payload else _publish
    try:
        act(payload)
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
        thread=threads.find(here=here, tid=payload["tid"]),
        ready=posting.prepare(group_id=here.group.pk, raw=payload["text"]),
        client_id=payload["client_id"],
        signature=_signature(payload),
        stays=payload["stays"],
    )


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
    )


def _here(payload: due.Payload) -> Here:
    return places.find(owner_tag=bytes.fromhex(payload["tag"]), strong=False)


def _signature(payload: due.Payload) -> Signature:
    return Signature(
        alias_key=bytes.fromhex(payload["alias_key"]), as_alias=payload["as_alias"], shown=payload["handle"]
    )
