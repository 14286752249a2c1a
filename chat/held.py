"""Messages that are checked before they appear, as something that moderation can read without knowing talk."""

from __future__ import annotations

from chat.models import Thread
from chat.selectors import posts
from core.registries.held import Draft, Payload
from core.registries.subjects import Line
from moderation.selectors import automatic


class HeldMessage:
    """What waits as a sealed act: a message, a thread with its first, or new words for a message that is there."""

    def read(self, payload: Payload) -> Draft:
        """The text as it would appear, and what was said last where it would stand."""
        why = tuple(automatic.why_held(payload.get("why", ())))
        if "title" in payload:
            return Draft(text=payload["text"], title=payload["title"], opens=True, why=why)
        thread = Thread.objects.filter(public_id=payload["tid"]).first()
        last = posts.last_said(thread) if thread else []
        return Draft(
            text=payload["text"],
            title=thread.title if thread else "",
            changes="pid" in payload,
            why=why,
            context=tuple(Line(by=post.byline.public_id, text=post.text) for post in last),
        )

    def author_tag(self, payload: Payload) -> bytes:
        """The owner tag of whoever wrote it: they do not let their own appear."""
        return bytes.fromhex(payload["tag"])
