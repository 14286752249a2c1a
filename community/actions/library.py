"""What a group keeps to read: suggested by members, looked at by the team."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community import policies
from community.actions import leaving
from community.errors import MayNot, NotHere
from community.models import Resource
from community.selectors import here as places
from community.selectors import library
from community.selectors.here import Here
from community.selectors.library import KeyOf
from core import clock, ids, ledger
from core import text as texts
from core.registries import screening

TEAM = "moderation team"
ANSWERED = dt.timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What it is, why it helps and where it is."""

    title: str
    note: str = ""
    link: str = ""


def suggest(*, here: Here, words: Words, key_of: KeyOf) -> Resource:
    """Suggest something to read. Nobody can tell by whom. Raises NotHere or MayNot."""
    words = _checked(here, words)
    with transaction.atomic():
        leaving.keep_in(here=here)
        policies.require("suggest_resource", places.again(here))
        rid = ids.new_public_id()
        return Resource.objects.create(
            group=here.group, public_id=rid, key=key_of(library.KIND, rid), **vars(words)
        )


def shelve(*, here: Here, rid: str, words: Words, days: int) -> None:
    """Put it on the shelf, or look at it again. Raises NotHere or MayNot."""
    words = _checked(here, words)
    with transaction.atomic():
        now = places.again(here)
        found = library.find(here=now, rid=rid)
        badge, today = library.badge_of(here=now), clock.today()
        if not Resource.objects.filter(pk=found.pk, answered_on=None).update(
            is_shelved=True, role=badge or now.member.role, is_badge=bool(badge), reviewed_on=today,
            expires_on=today + dt.timedelta(days=days), **vars(words),
        ):  # fmt: skip
            raise NotHere  # somebody else took it away just now
        append(scope=now.group.public_id, act="library kept", actor_role=TEAM, ref=rid, payload={})


def take_away(*, here: Here, rid: str, answer: str = "") -> None:
    """Take it off the shelf, or leave a suggestion and say why to whoever made it. Raises NotHere or MayNot."""
    answer = texts.tidy(answer)
    _screen(here, answer)
    with transaction.atomic():
        now = places.again(here)
        found = library.find(here=now, rid=rid)
        rows = Resource.objects.filter(pk=found.pk, is_shelved=found.is_shelved, answered_on=None)
        if found.is_shelved:
            settled = rows.delete()[0]
        elif answer:
            settled = rows.update(answer=answer, answered_on=clock.today())
        else:
            raise MayNot(_("Say in a line why you do not take it. Whoever suggested it reads that."))
        if not settled:
            raise NotHere  # somebody else settled it just now
        append(scope=now.group.public_id, act="library taken away", actor_role=TEAM, ref=rid, payload={})


def drop_answered() -> None:
    """What was not taken is gone after a month. Due work."""
    Resource.objects.filter(answered_on__lt=clock.today() - ANSWERED).delete()


def forget(ref: str) -> None:
    """Untie it from whoever suggested it, by its key; what nobody looked at yet goes."""
    with transaction.atomic():
        ledger.note(kind="suggestion", ref=ref)
        rows = Resource.objects.filter(pk=int(ref))
        rows.filter(is_shelved=False).delete()
        rows.update(key=ids.new_secret())


def _checked(here: Here, words: Words) -> Words:
    tidied = Words(title=texts.tidy(words.title), note=texts.tidy(words.note), link=words.link)
    _screen(here, f"{tidied.title}\n{tidied.note}")
    return tidied


def _screen(here: Here, text: str) -> None:
    if refusals := screening.refusals(screening.Draft(group_id=here.group.pk, text=text)):
        raise MayNot(" ".join(refusals))
