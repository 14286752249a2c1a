"""Opening threads."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from chat.actions import bylines as signing
from chat.actions import posts
from chat.actions.bylines import Voice
from chat.enums import Ask
from chat.errors import NeedsName, Refused
from chat.models import Thread
from chat.selectors import threads
from community.selectors.here import Here
from core import text as texts

TITLE_LENGTH = 120


def open_thread(
    *,
    here: Here,
    title: str,
    ask: Ask,
    heads_ups: Sequence[str],
    text: str,
    client_id: str,
    voice: Voice = posts.SILENT,
) -> Thread:
    """Open a thread with its first post, in one transaction. The same client id again returns the same thread.

    Raises Refused, NeedsName, NeedsPromise, MayNot or NotHere, and then nothing has changed.
    """
    heading = " ".join(texts.tidy(title).split())[:TITLE_LENGTH]
    if not heading:
        raise Refused([gettext("Give it a title first.")])
    posts.prepare(group_id=here.group.pk, raw=heading)
    ready = posts.prepare(group_id=here.group.pk, raw=text)
    signing.take_up(here=here, voice=voice)
    with transaction.atomic():
        posts.lock_activity(group_id=here.group.pk)
        now = posts.look_again(here)
        posts.require_voice(here=now)
        if now.persona is None:
            raise NeedsName
        earlier = threads.opened_with(persona=now.persona, client_id=client_id)
        if earlier is not None:
            return earlier
        thread = Thread.objects.create(
            group=now.group,
            title=heading,
            ask=ask,
            heads_ups=[known for known in now.group.heads_ups if known in heads_ups],
        )
        posts.publish_ready(here=now, thread=thread, ready=ready, client_id=client_id)
    return thread
