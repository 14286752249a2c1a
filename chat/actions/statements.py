"""Writing a joint statement in a talk, standing behind it, and saying it to the outside."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from chat.models import Signing, Statement, Thread
from chat.selectors import statements
from chat.selectors.reading import KeyOf
from community import policies
from community.actions import announcements, leaving, roles
from community.actions.announcements import Joint
from community.enums import Behind, Reach
from community.errors import MayNot, NotHere
from community.models import Announcement
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from core import text as texts
from moderation.actions import queue

LEAD = "group lead"


def write(*, here: Here, thread: Thread, title: str, for_whom: str, text: str) -> None:
    """Put up a wording, or another one: whoever stood behind the one before did not stand behind this. Raises NotHere
    or MayNot."""
    title, for_whom = (" ".join(texts.tidy(one).split()) for one in (title, for_whom))
    text = texts.tidy(text)
    announcements.screen(group_id=here.group.pk, text=f"{title}\n{for_whom}\n{text}")
    announcements.name_nobody(group=here.group, text=f"{title}\n{for_whom}\n{text}")
    words = {"title": title, "for_whom": for_whom, "text": text, "html": texts.to_html(text)}
    with transaction.atomic():
        now = _lead(here, thread)
        found = Statement.objects.filter(thread=thread).first()
        if found is None:
            Statement.objects.create(thread=thread, **words)
        elif any(getattr(found, name) != value for name, value in words.items()):
            found.signings.all().delete()
            fresh = {"version": found.version + 1, "agreed": 0, "counted_on": clock.today()}
            Statement.objects.filter(pk=found.pk).update(**words, **fresh)
        else:
            return
        queue.record(group=now.group, act="statement worded", role=LEAD, ref=thread.public_id)


def sign(*, here: Here, thread: Thread, version: int, stands: bool, key_of: KeyOf) -> None:
    """Stand behind the wording that was on the page, or no longer. Nobody can tell who does. Raises NotHere, or MayNot
    where the words are others by now."""
    with transaction.atomic():
        leaving.keep_in(here=here)
        statement = _locked(thread)
        now = places.again(here)
        policies.require("sign_statement", now)
        if statement is None or thread.group_id != now.group.pk:
            raise NotHere
        key = key_of(statements.KIND, thread.public_id)
        rows = Signing.objects.filter(statement=statement, key=key)
        if not stands:
            rows.delete()
        elif statement.version != version:
            raise MayNot(gettext("The words changed just now. Read them again first."))
        elif not rows.exists():
            Signing.objects.create(statement=statement, key=key)


def drop(*, here: Here, thread: Thread) -> None:
    """Leave it. Raises NotHere."""
    with transaction.atomic():
        now = _lead(here, thread)
        statements.of(thread=thread).delete()
        queue.record(group=now.group, act="statement left", role=LEAD, ref=thread.public_id)


def publish(*, here: Here, thread: Thread, reach: Reach, ends_on: dt.date) -> Announcement:
    """Say it, with how many stood behind it at the last midnight; who did is forgotten. Raises NotHere or MayNot."""
    with transaction.atomic():
        roles.lock(group_id=here.group.pk)  # before the talk, as for whoever leaves: its row is written last
        now = _lead(here, thread)
        found = statements.of(thread=thread)
        behind = statements.band_of(found.agreed)
        if not behind:
            raise MayNot(
                gettext("Fewer than 5 people stood behind these words at midnight. Wait for more to agree.")
            )
        found.delete()
        return announcements.publish(
            here=now, title=found.title, text=found.text, reach=reach, ends_on=ends_on,
            joint=Joint(for_whom=found.for_whom, behind=Behind(behind)),
        )  # fmt: skip


def count_agreed() -> None:
    """Count who stands behind each, once a day: nobody can watch a band and tell who moved it. Due work."""
    for statement in Statement.objects.filter(counted_on__lt=clock.today()):
        agreed = statement.signings.count()
        same = Statement.objects.filter(pk=statement.pk, version=statement.version)
        same.update(agreed=agreed, counted_on=clock.today())


def _lead(here: Here, thread: Thread) -> Here:
    """A lead's place as it is now, with the statement locked. Raises NotHere."""
    _locked(thread)
    now = places.again(here)
    policies.require("announce", now)
    if thread.group_id != now.group.pk:
        raise NotHere
    return now


def _locked(thread: Thread) -> Statement | None:
    """Lock the thread, and so what is said in it; its statement as it is now."""
    Thread.objects.filter(pk=thread.pk).update(last_seq=F("last_seq"))
    return Statement.objects.filter(thread=thread).first()
