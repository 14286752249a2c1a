"""Saying in a thread that somebody watches it."""

from __future__ import annotations

from django.db import transaction

from chat.actions import posts
from chat.models import Thread
from core import clock


def say(*, thread: Thread, by: str) -> None:
    """Let everyone who opens a thread today read who watches it. Saying it again changes nothing."""
    today = clock.today()
    if thread.watched_on == today and by in thread.watched_by:
        return
    with transaction.atomic():
        posts.lock(thread)
        now = Thread.objects.get(pk=thread.pk)
        known = now.watched_by if now.watched_on == today else []
        if by not in known:
            Thread.objects.filter(pk=thread.pk).update(watched_on=today, watched_by=[*known, by])
