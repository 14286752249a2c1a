"""Posts that appear a little later, at a random moment in the window that their author picked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from chat.actions import bylines as signing
from chat.actions import posts as posting
from chat.actions.bylines import Signature, Voice
from chat.errors import NeedsName, NeedsPromise, OtherName, Refused
from chat.models import Post, Thread
from chat.selectors import threads
from chat.selectors.later import Keys
from community.actions import due
from community.errors import MayNot, NotHere
from community.selectors import here as places
from community.selectors.here import Here

ACT = "publish"
NAME_GONE = gettext_noop("You no longer have the name that was to sign this.")
PROMISE = gettext_noop("The group promise has changed. Look at it first.")
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
    """Have a text published at a random moment in a window. Nobody sees a thing before.

    The same client id again changes nothing. Raises what `publish_post` raises, and then nothing has changed.
    """
    ready = posting.prepare(group_id=here.group.pk, raw=text)
    signing.take_up(here=here, voice=voice)
    with transaction.atomic():
        posting.lock(thread)
        try:
            byline = posting.signer(here=here, thread=thread, client_id=client_id, signature=signature)
        except posting.Repeat:
            return
        if any(found.payload["client_id"] == client_id for found in due.waiting(keys=keys.both)):
            return
        payload = {
            "tag": bytes(here.member.owner_tag).hex(),
            "tid": thread.public_id,
            "text": ready.text,
            "client_id": client_id,
            "handle": byline.face.handle,
            "alias_key": signature.alias_key.hex(),
            "as_alias": signature.as_alias,
            "stays": stays,
        }
        key = keys.once if signature.as_alias else keys.name
        due.later(key=key, act=ACT, payload=payload, due_at=due.within(window))


def publish_now(*, keys: Collection[bytes], pk: int) -> Post:
    """Publish one of one's own waiting posts at once. Raises NotHere, or CannotBeDone, and then it still waits."""
    with transaction.atomic():
        return publish(take_back(keys=keys, pk=pk))


def take_back(*, keys: Collection[bytes], pk: int) -> due.Payload:
    """Take one of one's own waiting posts back: what it held. Raises NotHere where it is no longer waiting."""
    found = next((one for one in due.waiting(keys=keys) if one.pk == pk), None)
    if found is None or not due.take_back(keys=keys, pk=pk):
        raise NotHere
    return found.payload


def publish(payload: due.Payload) -> Post:
    """What happens when the moment has come: all is looked at as it is now. Raises CannotBeDone."""
    try:
        return _publish(payload)
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


def _publish(payload: due.Payload) -> Post:
    here = places.find(owner_tag=bytes.fromhex(payload["tag"]), strong=False)
    post, _ = posting.publish_ready(
        here=here,
        thread=threads.find(here=here, tid=payload["tid"]),
        ready=posting.prepare(group_id=here.group.pk, raw=payload["text"]),
        client_id=payload["client_id"],
        signature=Signature(
            alias_key=bytes.fromhex(payload["alias_key"]),
            as_alias=payload["as_alias"],
            shown=payload["handle"],
        ),
        stays=payload["stays"],
    )
    return post


def publish_due(payload: due.Payload) -> None:
    """The executor."""
    publish(payload)
