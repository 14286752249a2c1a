"""Who may fold something while nobody of the team is here, and what is folded."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext

from community.enums import Role
from community.errors import NotHere
from community.models import Group
from community.selectors import rota
from community.selectors.here import Here
from core import clock
from core.registries.subjects import KeyOf, Subject, subjects
from moderation.models import Case, Fold
from moderation.selectors import care

KIND = "fold"


def own(*, group: Group, key_of: KeyOf) -> Fold | None:
    """One's own fold in a group, or what keeps one from folding: nobody else can tell whose it is."""
    return Fold.objects.select_related("case").filter(key=key_of(KIND, group.public_id)).first()


def is_own(*, group: Group, key_of: KeyOf, kind: str, subject_id: str) -> bool:
    """Whether one folded this oneself, and it is folded still."""
    found = own(group=group, key_of=key_of)
    now = (found.case.subject_kind, found.case.subject_id) if found and found.until else None
    return now == (kind, subject_id)


def subject_for(*, here: Here, key_of: KeyOf, kind: str, subject_id: str) -> Subject:
    """What somebody is about to fold, or NotHere: also for what is there, but not for them to fold."""
    subject = subjects().get(kind)
    if not (may_about_me(here) or may_for_others(here)):
        raise NotHere
    if subject is None or not subject.may_be_folded(viewer=here, key_of=key_of, public_id=subject_id):
        raise NotHere
    return subject


def may_for_others(here: Here) -> bool:
    """Whether somebody may fold what is not about themselves: peer leaders, whose role has power in this session, where
    the group wants it."""
    return here.strong and here.member.role == Role.PEER_LEADER and care.of(group=here.group).leaders_fold


def may_about_me(here: Here) -> bool:
    """Whether the group wants it that whom a message is about folds it."""
    return care.of(group=here.group).about_me_folds


def is_watched(*, group: Group) -> bool:
    """Whether somebody of the team is here now: then they look, and nobody folds."""
    return bool(rota.on_duty(group=group, moment=clock.now()))


def in_the_way(*, group: Group, key_of: KeyOf) -> str:
    """In words, why somebody can fold nothing now; empty if they can."""
    if is_watched(group=group):
        return gettext("Someone from the team is on duty now. Report it, and they look.")
    found = own(group=group, key_of=key_of)
    if found and found.until:
        return gettext(
            "You folded a message that the team has not looked at yet. You can fold one at a time."
        )
    if found and found.barred_until and found.barred_until > clock.today():
        day = date_format(found.barred_until, "j F")
        return gettext(
            "The team found that what you folded should have stayed open. You can fold again from %(day)s."
        ) % {"day": day}
    return ""


def to_judge(*, case: Case) -> bool:
    """Whether something is decided with this case about a fold: it holds still, or its time ran out before."""
    return Fold.objects.filter(case=case, barred_until=None).exists()
