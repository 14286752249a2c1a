"""The demo's study, "Asking quietly", from `study.toml`: set up, approved, agreed to by six groups, and opened, through
the real actions, each on its own day. Who says yes and no is in `study_people`."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.db import transaction

from community.enums import Role, Visibility
from community.errors import MayNot
from community.models import Group, Member
from community.selectors import here as places
from community.selectors.here import Here
from config.demo import cast, content
from core import clock, sealing
from research import protocols
from research.actions import codes, hosting, studies
from research.enums import StudyRole
from research.models import Study
from research.policies import Desk
from research.selectors import allocation, desks

FILE = Path(__file__).with_name("study.toml")
BEGUN, APPROVED, ASKED, AGREED, OPENED, IN_FORCE = 75, 70, 60, 45, 33, 18  # days ago
ANALYST = "study/analyst"
WITH_ROOM = "diabetes"  # where a visitor can set up a study of their own

KeyOf = Callable[[str, str], bytes]
SecretOf = Callable[[str, str], bytes]  # group key, handle -> S


@cache
def tables() -> dict[str, Any]:
    """What the file says."""
    return tomllib.loads(FILE.read_text("utf-8"))


def at(days_ago: int) -> AbstractContextManager[None]:
    """The clock, held at a day."""
    return clock.held_at(clock.now() - dt.timedelta(days=days_ago))


def public_id() -> str:
    """The study's public id; nothing in a demo of an earlier Kith."""
    title = tables()["quietly"]["plain_title"]
    found = Study.objects.filter(draft__plain_title=title).first()
    return found.public_id if found else ""


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A member with S."""

    here: Here
    key_of: KeyOf


@dataclass(frozen=True, kw_only=True)
class Telling:
    """The study while it is told: its desk, its groups and their leads, by the groups' keys."""

    desk: Desk
    groups: Mapping[str, Group]
    leads: Mapping[str, Someone]

    @property
    def sid(self) -> str:
        """The study's public id."""
        return self.desk.study.public_id


# --- set-up, and what groups say ------------------------------------------------------------------------------------
def begin(*, site_tag: bytes, researcher: bytes, secret_of: SecretOf) -> Telling:
    """From a code of the site's administrator to the yes of all six groups."""
    groups = {key: Group.objects.get(name=name) for key, name in content.names().items()}
    with at(BEGUN):
        telling = Telling(
            desk=_begin(site_tag, researcher), groups=groups, leads={key: _lead(key, group, secret_of)
            for key, group in groups.items()},
        )  # fmt: skip
        code = codes.make(desk=telling.desk, role=StudyRole.ANALYST)
        codes.use(typed=code, label="Sam, who counts", key_of=partial(keyed, cast.secret_of(ANALYST)))
        studies.save(desk=telling.desk, given=_settings("quietly", groups))
    with at(APPROVED):
        _approve(telling)
        other = _another(site_tag, researcher, groups)
    with at(ASKED):
        for key, group in groups.items():
            if group.visibility == Visibility.HIDDEN:  # its own lead lets the study ask
                hosting.let_ask(here=telling.leads[key].here, sid=telling.sid)
            else:
                hosting.ask(desk=telling.desk, gid=group.public_id)
    with at(AGREED):
        for key, lead in telling.leads.items():
            said = tables()["groups"][key]["note"]
            hosting.answer(here=lead.here, sid=telling.sid, is_yes=True, note=said, key_of=lead.key_of)
        _too_many(other, groups)
        hosting.wish(here=telling.leads[WITH_ROOM].here, at_most=2, none_until=None)
    with at(OPENED):
        studies.open_to_people(desk=telling.desk)
    return telling


def put_in_force(telling: Telling) -> None:
    """In the groups that got version B, names work by it, once people had time to talk about it."""
    with at(IN_FORCE):
        for first, _other in tables()["quietly"]["pairs"]:
            hosting.put_in_force(here=telling.leads[first].here, sid=telling.sid)


def _begin(site_tag: bytes, researcher: bytes) -> Desk:
    key_of = partial(keyed, researcher)
    code = codes.make_first(site_tag=site_tag)
    study = codes.use(typed=code, label="Dr Ines Vale", key_of=key_of)
    return desks.find(sid=study.public_id, key=key_of(desks.KIND, study.public_id))


def _settings(which: str, groups: Mapping[str, Group]) -> dict[str, Any]:
    both, own = tables()["both"], tables()[which]
    pairs = [[groups[key].public_id for key in pair] for pair in own.get("pairs", [])]
    gids = [gid for pair in pairs for gid in pair] or [groups[key].public_id for key in own["groups"]]
    dates = {
        "approved_on": (clock.today() - dt.timedelta(days=5)).isoformat(),
        "expires_on": (clock.today() + dt.timedelta(days=360)).isoformat(),
    }
    harm_of = both["harm"] | own["harm"]
    return protocols.whole(both | own | dates | {"pairs": pairs, "groups": gids, "harm": harm_of})


def _approve(telling: Telling) -> None:
    """Approve, and draw again until the sealed list gives each group the version that the demo's texts tell of. Only a
    made-up study may do that: a real one draws once."""
    wanted = ["B", "A"] * len(tables()["quietly"]["pairs"])
    while True:
        with transaction.atomic():
            studies.approve(desk=telling.desk)
            if _letters(telling) == wanted:
                return
            transaction.set_rollback(True)


def _letters(telling: Telling) -> list[str]:
    study = Study.objects.get(pk=telling.desk.study.pk)
    drawn = allocation.order(found=study.lists.get(), arms=list(study.arms.all()), unit=study.unit)
    return [code for code, _place in zip(drawn, allocation.places_of_groups(study=study), strict=False)]


def _another(site_tag: bytes, researcher: bytes, groups: Mapping[str, Group]) -> Desk:
    """A second study is approved, while its one group has none yet."""
    desk = _begin(site_tag, researcher)
    studies.save(desk=desk, given=_settings("clinic", groups))
    studies.approve(desk=desk)
    return desk


def _too_many(desk: Desk, groups: Mapping[str, Group]) -> None:
    """The one group of the second study cannot be asked any more: it has a study."""
    try:
        hosting.ask(desk=desk, gid=groups["mpox"].public_id)
    except MayNot:
        return
    raise AssertionError("a group that has a study was asked for another")


def _lead(key: str, group: Group, secret_of: SecretOf) -> Someone:
    handle = next(one["handle"] for one in _people(key) if one["role"] == Role.LEAD)
    return someone(Member.objects.get(personas__handle=handle, group=group), secret_of(key, handle))


def _people(key: str) -> list[dict[str, Any]]:
    groups = {data["group"]["key"]: data["people"] for data in content.groups()}
    return list(groups[key])


def someone(member: Member, secret: bytes) -> Someone:
    """A member with S."""
    here = places.find(owner_tag=bytes(member.owner_tag), strong=True)
    return Someone(here=here, key_of=partial(keyed, secret))


def keyed(secret: bytes, kind: str, ref: str) -> bytes:
    """Somebody's key for an object, from their S."""
    return sealing.tag(key=secret, parts=(kind, ref))
