"""Posts that their writers want taken away by themselves."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q

from chat.actions import posts as posting
from chat.models import Post
from core import clock

DAY = 24 * 60 * 60


def take_away_due() -> None:
    """Take away what is to go by now, each at a moment of its own in the course of its day. Due work.

    The moment follows from the row's random key, so that two posts of one person go together by chance alone.
    """
    now, today = clock.now(), clock.today()
    so_far = int((now - dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)).total_seconds())
    rows = Post.objects.annotate(moment=F("id") % DAY)
    posting.erase(rows.filter(Q(expires_on__lt=today) | Q(expires_on=today, moment__lte=so_far)))


def forget_client_ids() -> None:
    """Forget yesterday's client ids: nobody sends a post again after a day."""
    Post.objects.filter(posted_on__lt=clock.today(), client_id__isnull=False).update(client_id=None)
