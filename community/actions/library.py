"""What a group keeps to read: suggested by members, looked at by the team."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

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
        if not Resource.objects.filter(pk=found.pk).update(
            is_shelved=True, role=badge or now.member.role, is_badge=bool(badge), reviewed_on=today,
            expires_on=today + dt.timedelta(days=days), **vars(words),
        ):  # fmt: skip
            raise NotHere  # somebody else took it away just now
        append(scope=now.group.public_id, act="library kept", actor_role=TEAM, ref=rid, payload={})


def take_away(*, here: Here, rid: str) -> None:
    """Take it off the shelf, or leave a suggestion. Raises NotHere."""
    with transaction.atomic():
        now = places.again(here)
        library.find(here=now, rid=rid).delete()
        append(scope=now.group.public_id, act="library taken away", actor_role=TEAM, ref=rid, payload={})


def forget(ref: str) -> None:
    """Untie it from whoever suggested it, by its key; what nobody looked at yet goes."""
    with transaction.atomic():
        ledger.note(kind="suggestion", ref=ref)
        rows = Resource.objects.filter(pk=int(ref))
        rows.filter(is_shelved=False).delete()
        rows.update(key=ids.new_secret())


def _checked(here: Here, words: Words) -> Words:
    tidied = Words(title=texts.tidy(words.title), note=texts.tidy(words.note), link=words.link)
    draft = screening.Draft(group_id=here.group.pk, text=f"{tidied.title}\n{tidied.note}")
    refusals = [found.message for found in screening.screen(draft) if found.refuse]
    if refusals:
        raise MayNot(" ".join(refusals))
    return tidied
