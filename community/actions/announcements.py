"""Saying something as a group, until a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actions import append
from community import policies
from community.actions import roles
from community.enums import Behind, Reach, Visibility
from community.errors import MayNot, NotHere
from community.models import Announcement, Group
from community.selectors import announcements, given_away
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from core import text as texts
from core.registries import screening

LONGEST = dt.timedelta(days=366)
LEAD = "group lead"


@dataclass(frozen=True, kw_only=True)
class Joint:
    """What makes an announcement a joint statement: for whom it is, and how many stood behind it at least."""

    for_whom: str
    behind: Behind


def screen(*, group_id: int, text: str) -> None:
    """Look a text over. Raises MayNot."""
    if refusals := screening.refusals(screening.Draft(group_id=group_id, text=text)):
        raise MayNot(" ".join(refusals))


def name_nobody(*, group: Group, text: str) -> None:
    """What is read outside names nobody of the group. Raises MayNot."""
    if refusal := given_away.refusal(group=group, text=text):
        raise MayNot(refusal)


def publish(
    *, here: Here, title: str, text: str, reach: Reach, ends_on: dt.date, joint: Joint | None = None
) -> Announcement:
    """Announce something. Raises NotHere or MayNot."""
    title, text = " ".join(texts.tidy(title).split()), texts.tidy(text)
    screen(group_id=here.group.pk, text=f"{title}\n{text}")
    if reach != Reach.MEMBERS:
        name_nobody(group=here.group, text=f"{title}\n{joint.for_whom if joint else ''}\n{text}")
    if not clock.today() <= ends_on <= clock.today() + LONGEST:
        raise MayNot(_("Pick an end within the next year."))
    with transaction.atomic():
        now = _again(here)
        if reach == Reach.LINK and now.group.visibility == Visibility.HIDDEN:
            raise MayNot(_("Nobody may find this group, so it has no page for others."))
        made = Announcement.objects.create(
            group=now.group, title=title, text=text, html=texts.to_html(text), reach=reach, ends_on=ends_on,
            **(vars(joint) if joint else {}),
        )  # fmt: skip
        _count(now.group)
        act = "said together" if joint else "announced"
        append(
            scope=now.group.public_id, act=act, actor_role=LEAD, ref=made.public_id,
            payload={"for": str(reach), "until": ends_on.isoformat()},
        )  # fmt: skip
    return made


def answer(*, here: Here, nid: str, text: str, answered_on: dt.date) -> None:
    """Put beneath a joint statement what was answered to it, and when. Raises NotHere or MayNot."""
    text = texts.tidy(text)
    screen(group_id=here.group.pk, text=text)
    with transaction.atomic():
        now = _again(here)
        found = announcements.find(here=now, nid=nid)
        if not found.for_whom:
            raise NotHere
        if found.reach != Reach.MEMBERS:
            name_nobody(group=now.group, text=text)
        if not found.published_on <= answered_on <= clock.today():
            raise MayNot(_("Pick a day since it was put up."))
        rows = Announcement.objects.filter(pk=found.pk)
        rows.update(answer_html=texts.to_html(text), answered_on=answered_on)
        append(scope=now.group.public_id, act="statement answered", actor_role=LEAD, ref=nid, payload={})


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
    roles.lock(group_id=here.group.pk)  # two at once are counted one after the other
    now = places.again(here)
    policies.require("announce", now)
    return now


def _count(group: Group) -> None:
    """A group's page says that there is something, without asking for it."""
    rows = Announcement.objects.filter(group=group)
    Group.objects.filter(pk=group.pk).update(announced_until=rows.aggregate(last=Max("ends_on"))["last"])
