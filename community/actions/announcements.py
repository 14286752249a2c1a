"""Saying something as a group, until a day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actions import append
from community import policies
from community.enums import Reach, Visibility
from community.errors import MayNot
from community.models import Announcement, Group
from community.selectors import announcements
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from core import text as texts
from core.registries import screening

LONGEST = dt.timedelta(days=366)
LEAD = "group lead"


def publish(*, here: Here, title: str, text: str, reach: Reach, ends_on: dt.date) -> Announcement:
    """Announce something. Raises NotHere or MayNot."""
    title, text = " ".join(texts.tidy(title).split()), texts.tidy(text)
    screened = screening.screen(screening.Draft(group_id=here.group.pk, text=f"{title}\n{text}"))
    if refusals := [found.message for found in screened if found.refuse]:
        raise MayNot(" ".join(refusals))
    if not clock.today() <= ends_on <= clock.today() + LONGEST:
        raise MayNot(_("Pick an end within the next year."))
    with transaction.atomic():
        now = _again(here)
        if reach == Reach.LINK and now.group.visibility == Visibility.HIDDEN:
            raise MayNot(_("Nobody may find this group, so it has no page for others."))
        made = Announcement.objects.create(
            group=now.group, title=title, text=text, html=texts.to_html(text), reach=reach, ends_on=ends_on
        )
        _count(now.group)
        append(
            scope=now.group.public_id, act="announced", actor_role=LEAD, ref=made.public_id,
            payload={"for": str(reach), "until": ends_on.isoformat()},
        )  # fmt: skip
    return made


def end(*, here: Here, nid: str) -> None:
    """Take it back before its end. Raises NotHere."""
    with transaction.atomic():
        now = _again(here)
        announcements.find(here=now, nid=nid).delete()
        _count(now.group)
        append(scope=now.group.public_id, act="announcement ended", actor_role=LEAD, ref=nid, payload={})


def drop_ended() -> None:
    """What is over is gone. Due work."""
    Announcement.objects.filter(ends_on__lt=clock.today()).delete()


def _again(here: Here) -> Here:
    now = places.again(here)
    policies.require("announce", now)
    return now


def _count(group: Group) -> None:
    """A group's page says that there is something, without asking for it."""
    rows = Announcement.objects.filter(group=group)
    Group.objects.filter(pk=group.pk).update(announced_until=rows.aggregate(last=Max("ends_on"))["last"])
