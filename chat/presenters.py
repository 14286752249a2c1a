"""A post as the fragment that everybody gets: the page, the reply and the live frame show the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, ngettext

from chat.enums import Folding, LabelKind, PostState
from chat.models import Post, Thread
from chat.policies import CHANGES
from chat.selectors import posts
from chat.selectors.health import FLOOR, Health, Share, TeamHealth
from chat.selectors.posts import Window
from chat.selectors.rhythm import rhythm_of
from chat.selectors.threads import COUNTED, Row
from community.enums import Role
from community.models import Group, Resource
from community.presenters import badges
from community.presenters.strip import place_of
from core import clock
from core.fragments import Fragments


def render_post(post: Post, *, language: str, mine: bool = False, latest: bool = False) -> SafeString:
    """The `<li>` of a post that came from `selectors.posts.to_show`. Live frames never set `mine` or `latest`.

    The template reads what `_context` says and nothing else: that is all a fragment is made of.
    """
    with translation.override(language):
        shown = _context(post) | {"mine": mine, "latest": latest}
        return _fragments.get(
            (post.public_id, language, mine, latest),
            made_of=tuple(shown.values()),
            make=lambda: render_to_string("chat/_post.html", shown),
        )


_fragments = Fragments()
KEPT_BACK = {
    PostState.HIDDEN: gettext_noop("The team has hidden this message"),
    PostState.REMOVED: gettext_noop("The team has removed this message"),
    PostState.ASKED: gettext_noop("Its writer was asked to change this message"),
}
FINE = frozenset({LabelKind.SOURCED, LabelKind.REVIEWED, LabelKind.EXPERIENCE})  # nothing to beware of


@dataclass(frozen=True, kw_only=True)
class Item:
    """One post on a page, and whether the unread line stands above it."""

    html: SafeString
    is_first_new: bool


def items(window: Window, *, mine: Collection[str], language: str) -> list[Item]:
    """The posts of a page, one's own marked; the newest of the thread can be jumped to."""
    newest = None if window.has_later else window.last
    return [
        Item(
            html=render_post(
                post,
                language=language,
                mine=post.byline.public_id in mine,
                latest=post.seq == newest,
            ),
            is_first_new=post.seq == window.unread_from,
        )
        for post in window.posts
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A thread in a list, with the day of its last post in words. Where `messages` or `unread` are over `most`, nobody
    counted on."""

    thread: Thread
    messages: int
    unread: int | None
    last_day: str
    most: int = COUNTED


def lines(rows: Iterable[Row]) -> list[Line]:
    """The threads of a page."""
    return [
        Line(
            thread=row.thread,
            messages=row.messages,
            unread=row.unread,
            last_day=day_words(row.last_on),
        )
        for row in rows
    ]


def _context(post: Post) -> dict[str, Hashable]:
    face = post.byline.face
    return {
        "pid": post.public_id,
        "seq": post.seq,
        "byline": post.byline.public_id,
        "gid": post.thread.group.public_id,
        "tid": post.thread.public_id,
        "handle": face.handle or gettext("Someone who left"),
        "avatar_id": face.avatar_id,
        "persona_id": post.byline.persona.public_id if post.byline.persona else "",
        "marks": tuple(_marks(post)),
        **_when(post),
        "there": post.state == PostState.SHOWN,
        "html": post.html,
        "is_edited": post.is_edited,
        "heads_up": post.heads_up,
        "kept_title": post.thread.kept_title if post.seq == 1 else "",
        "kept_back": kept_back_words(post),
        "folded": post.folding == Folding.FOLDED,
        "about": tuple(about_words(post)),
        "all_fine": all(said["kind"] in FINE and not said["disputed"] for said in post.about),
        "felt": tuple(gettext(kind.label).lower() for kind in posts.kinds_of(post)),
        "changes": post.posted_on >= clock.today() - CHANGES,
    }


@dataclass(frozen=True, kw_only=True)
class About:
    """A label in words: what it says, as what its issuer spoke, and what else is to be known of it."""

    words: str
    by: str
    day: str
    until: dt.date
    source: str
    link: str
    host: str
    marks: tuple[str, ...]


def about_words(post: Post) -> list[About]:
    """The labels that a post carries."""
    return [_about(said) for said in post.about]


def _about(said: dict[str, Any]) -> About:
    until = dt.date.fromisoformat(said["until"])
    marks = []
    if said["before_change"]:
        marks.append(gettext("from before the message was changed"))
    if until < clock.today():
        marks.append(gettext("out of date since %(day)s") % {"day": day_words(until)})
    if said["disputed"]:
        marks.append(gettext("someone says this is not right; the team looks again"))
    return About(
        words=str(LabelKind(said["kind"]).label),
        by=role_words(said["role"], is_badge=said["badge"]),
        day=day_words(dt.date.fromisoformat(said["on"])),
        until=until,
        source=said["source"],
        link=said["link"],
        host=urlsplit(said["link"]).hostname or "",
        marks=tuple(marks),
    )


@dataclass(frozen=True, kw_only=True)
class OnShelf:
    """Something to read, in words."""

    resource: Resource
    host: str
    by: str
    day: str


def shelf(resources: Iterable[Resource]) -> list[OnShelf]:
    """What a group keeps to read."""
    return [
        OnShelf(
            resource=one,
            host=urlsplit(one.link).hostname or "",
            by=role_words(one.role, is_badge=one.is_badge),
            day=day_words(one.reviewed_on or clock.today()),
        )
        for one in resources
    ]


def role_words(role: str, *, is_badge: bool) -> str:
    """As what somebody spoke: never who."""
    return gettext("checked: %(role)s") % {"role": role} if is_badge else gettext(Role(role).label)


def kept_back_words(post: Post) -> str:
    """What the team did to a post that nobody can read just now; empty where they can, or its writer took it away."""
    said = KEPT_BACK.get(PostState(post.state))
    return gettext(said) if said else ""


def checked_words(group: Group) -> str:
    """What somebody reads whose message is checked before it appears."""
    hours = group.response_hours
    if not hours:
        return gettext("Checked before it appears.")
    return ngettext(
        "Checked before it appears. When the team is here: usually within %(n)s hour.",
        "Checked before it appears. When the team is here: usually within %(n)s hours.",
        hours,
    ) % {"n": hours}


def _when(post: Post) -> dict[str, Hashable]:
    """The day; where the group shows hours, also about what hour, both by the group's own clock."""
    if post.posted_hour is None:
        return {"on": post.posted_on, "day": day_words(post.posted_on), "hour": ""}
    at = dt.datetime.combine(post.posted_on, dt.time(post.posted_hour), tzinfo=dt.UTC)
    at = at.astimezone(ZoneInfo(post.thread.group.time_zone))
    return {"on": at.date(), "day": day_words(at.date()), "hour": hour_words(at.hour)}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing that is said of a group: what it is about, and how it is, roughly."""

    about: str
    words: str


TOO_FEW = gettext_noop("Too few to say.")


def health_figures(found: Health) -> list[Figure]:
    """What every member reads of how a group is doing."""
    return [
        Figure(about=gettext("New people who got an answer"), words=share_words(found.newcomers)),
        Figure(about=gettext("How soon the first answer comes"), words=_days_words(found.days)),
        Figure(about=gettext("Talks that still wait for an answer"), words=band_words(found.unanswered)),
        Figure(about=gettext("Advice that needs a source"), words=band_words(found.sources)),
        Figure(
            about=gettext("Advice that has waited for a source for more than a week"),
            words=band_words(found.late_sources),
        ),
    ]


def team_figures(found: TeamHealth, *, waiting: int) -> list[Figure]:
    """What its team reads besides. `waiting`: how much is on the desk of the one who looks."""
    reports = found.reports
    steps = [(6, gettext("More than 5 in a hundred.")), (3, gettext("3 to 5 in a hundred.")),
             (1, gettext("1 or 2 in a hundred.")), (0, gettext("Fewer than 1 in a hundred."))]  # fmt: skip
    said = band_words(reports.n)
    if reports.n >= FLOOR:
        said = next(words for least, words in steps if 100 * reports.n >= least * reports.of)
    return [
        Figure(
            about=gettext("Replies written by the three names that write most"),
            words=share_words(found.busiest),
        ),
        Figure(about=gettext("Messages that were reported, last quarter"), words=said),
        Figure(about=gettext("What the team decided, last quarter"), words=band_words(found.decisions)),
        Figure(about=gettext("What waits for you now"), words=_own_list_words(waiting)),
    ]


def share_words(share: Share) -> str:
    """A share as people say it."""
    if not share.is_known:
        return gettext(TOO_FEW)
    steps = [(0.9, gettext("Nearly all.")), (0.6, gettext("Most.")), (0.4, gettext("About half.")),
             (0.1, gettext("Fewer than half.")), (0.0, gettext("Hardly any."))]  # fmt: skip
    return next(words for least, words in steps if share.n >= least * share.of)


def band_words(count: int) -> str:
    """A count as people say it: nothing under five."""
    if count < FLOOR:
        return gettext("Fewer than 5.")
    low, high = next(band for band in ((50, 0), (20, 49), (10, 19), (FLOOR, 9)) if count >= band[0])
    return gettext("%(low)s to %(high)s.") % {"low": low, "high": high} if high else gettext("50 or more.")


def _own_list_words(waiting: int) -> str:
    """How long one's own list is. It tells a team nothing that its list does not show."""
    if not waiting:
        return gettext("Nothing.")
    return ngettext("%(n)s thing.", "%(n)s things.", waiting) % {"n": waiting}


def _days_words(days: int | None) -> str:
    if days is None:
        return gettext(TOO_FEW)
    steps = [(0, gettext("Most often on the same day.")), (1, gettext("Most often by the next day.")),
             (7, gettext("Most often within a week.")), (days, gettext("Most often after a week."))]  # fmt: skip
    return next(words for most, words in steps if days <= most)


def rhythm_words(group: Group) -> str:
    """When most replies come, in one line; empty where nothing is shown or known."""
    found = rhythm_of(group=group)
    if found is None:
        return ""
    hours = {"start": hour_words(found.start), "end": hour_words(found.end), "place": place_of(group)}
    often = gettext("Most replies come %(start)s to %(end)s (%(place)s time).") % hours
    return f"{gettext('Often quiet at this hour.')} {often}" if found.is_quiet else often


def hour_words(hour: int) -> str:
    """An hour of the day as the line on top tells it: 19:00."""
    return f"{hour:02}:00"


def _marks(post: Post) -> list[str]:
    """Roles and checked badges of the current persona. An alias or a name no longer used shows none: a badge
    few people hold would tie it to the person's present name. Whoever speaks for themselves says that instead."""
    persona = post.byline.persona
    if persona is None or not persona.is_current:
        return []
    role = [] if persona.member.role == Role.MEMBER else [gettext(Role(persona.member.role).label)]
    checked = [badges.mark(badge) for badge in persona.member.worn]
    return role + ([gettext("speaking for myself")] if checked and post.for_self else checked)


def watchers(thread: Thread) -> list[str]:
    """The studies whose researchers read in a thread today: the same for everybody."""
    return list(thread.watched_by) if thread.watched_on == clock.today() else []


def day_words(day: dt.date) -> str:
    """A day as people say it: today, yesterday, or the date."""
    today = clock.today()
    if day == today:
        return gettext("today")
    if day == today - dt.timedelta(days=1):
        return gettext("yesterday")
    return date_format(day, "j F" if day.year == today.year else "j F Y")
