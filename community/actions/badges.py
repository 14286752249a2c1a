"""Checking a role: one of the team proposes it, another confirms it, its holder wears it or not.

Where nobody else of the team could confirm it, one person's word holds for two weeks: it is looked at again within
them, or ends.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community import handles, policies
from community.actions import roles
from community.enums import Pay, Proof
from community.errors import MayNot, NotHere
from community.models import Badge, Member
from community.models.badges import in_force
from community.selectors import badges
from community.selectors import here as places
from community.selectors.badges import KeyOf
from community.selectors.here import Here
from core import clock, ids, ledger
from core import text as texts
from core.registries import screening

TEAM = "moderation team"
LASTS = dt.timedelta(days=365)  # by two
ALONE = dt.timedelta(days=14)  # by one, where there is nobody else
WAITS = dt.timedelta(days=30)  # a proposal that nobody looks at


class TeamRole(MayNot):
    """What somebody would be checked as sounds like a role of the team."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What somebody is checked as: a role, what was looked at, and for whom they are here, paid or not."""

    role: str
    proof: Proof
    organisation: str = ""
    pay: Pay | str = ""


def propose(*, here: Here, handle: str, claim: Claim, key_of: KeyOf) -> Badge:
    """Say that the member with this name was checked. Raises NotHere or MayNot."""
    claim = _tidied(here, claim)
    with transaction.atomic():
        now = _locked(here)
        member = roles.member_called(here=now, handle=handle)
        if member.pk == now.member.pk:
            raise MayNot(_("Nobody checks themselves. Ask somebody else from the team."))
        bid = ids.new_public_id()
        badge = Badge(member=member, public_id=bid, key=key_of(badges.KIND, bid), **vars(claim))
        badge.proposed_at = append(
            scope=now.group.public_id, act="badge proposed", actor_role=TEAM, ref=bid, payload={}
        ).seq
        badge.save(force_insert=True)
        if not badges.others(here=now, badge=badge).exists():
            _give(badge, is_alone=True)
    return badge


def confirm(*, here: Here, bid: str, key_of: KeyOf) -> None:
    """Confirm what somebody else proposed, or look again at what one gave alone. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = _locked(here)
        badge = badges.find(here=now, bid=bid)
        if badge.by_two:
            raise NotHere
        is_alone = badges.is_own_proposal(badge=badge, key_of=key_of)
        if is_alone and badges.others(here=now, badge=badge).exists():
            raise MayNot(_("Somebody else from the team confirms this."))
        if not is_alone and now.member.judges_since > badge.proposed_at:
            raise MayNot(_("You joined the team after this was proposed. Somebody else confirms it."))
        _give(badge, is_alone=is_alone)


def take_away(*, here: Here, bid: str) -> None:
    """Take a checked role away, or leave a proposal. Raises NotHere."""
    with transaction.atomic():
        now = _locked(here)
        _drop(badges.find(here=now, bid=bid), by=TEAM)


def give_up(*, here: Here, bid: str) -> None:
    """Give up one's own. Raises NotHere."""
    with transaction.atomic():
        roles.lock(group_id=here.group.pk)
        _drop(badges.find_own(here=places.again(here), bid=bid), by="member")


def wear(*, here: Here, bid: str, is_worn: bool, shows_organisation: bool) -> None:
    """Show one's own beside one's name, or no longer. Raises NotHere."""
    with transaction.atomic():
        roles.lock(group_id=here.group.pk)
        badge = badges.find_own(here=places.again(here), bid=bid)
        if not is_worn:
            _take_off(badge)
        elif badge.shows_organisation and not shows_organisation:
            _take_off(badge, is_worn=True)
        else:
            Badge.objects.filter(pk=badge.pk).update(is_worn=True, shows_organisation=shows_organisation)


def take_off(*, member: Member) -> None:
    """Nothing stands beside the next name: the same rare role would tell that it is the same person."""
    for badge in Badge.objects.filter(member=member, is_worn=True):
        _take_off(badge)


def forget(ref: str) -> None:
    """Take one away, by its key: for a replay of the ledger."""
    with transaction.atomic():
        ledger.note(kind=badges.KIND, ref=ref)
        Badge.objects.filter(pk=int(ref)).delete()


def untie(*, rows: list[Badge]) -> None:
    """Nobody can tell any more who proposed these."""
    for badge in rows:
        Badge.objects.filter(pk=badge.pk).update(key=ids.new_secret())


def drop_ended() -> None:
    """What is over, or was never confirmed, is gone. Due work."""
    today = clock.today()
    Badge.objects.filter(expires_on__lt=today).delete()
    Badge.objects.filter(checked_month=None, proposed_on__lt=today - WAITS).delete()


def _locked(here: Here) -> Here:
    """The team stays as it is until the transaction ends, and nobody leaves the group meanwhile."""
    roles.lock(group_id=here.group.pk)
    now = places.again(here)
    policies.require("check_roles", now)
    return now


def _give(badge: Badge, *, is_alone: bool) -> None:
    """Let it hold. One for the same role from before ends, and is worn on as it was."""
    before = Badge.objects.filter(in_force(), member=badge.member_id, role=badge.role).exclude(pk=badge.pk)
    if old := before.first():
        badge.is_worn, badge.shows_organisation = old.is_worn, old.shows_organisation
        before.delete()
    badge.checked_month, badge.by_two = clock.this_month(), not is_alone
    badge.expires_on = clock.today() + (ALONE if is_alone else LASTS)
    if not is_alone:
        badge.key = ids.new_secret()
    badge.save()
    _record(badge, "badge given", by=TEAM, alone=is_alone)


def _drop(badge: Badge, *, by: str) -> None:
    ledger.note(kind=badges.KIND, ref=str(badge.pk))
    badge.delete()
    _record(badge, "badge taken away", by=by)


def _take_off(badge: Badge, *, is_worn: bool = False) -> None:
    """A row of its own: so the ledger can name what was shown before, and an older copy shows it to nobody."""
    ledger.note(kind=badges.KIND, ref=str(badge.pk))
    Badge.objects.filter(pk=badge.pk).delete()
    badge.pk, badge.is_worn, badge.shows_organisation = ids.new_key(), is_worn, False
    badge.save(force_insert=True)


def _record(badge: Badge, act: str, *, by: str, **said: bool) -> None:
    scope = badge.member.group.public_id
    append(scope=scope, act=act, actor_role=by, ref=badge.public_id, payload=said)


def _tidied(here: Here, claim: Claim) -> Claim:
    role, organisation = (" ".join(texts.tidy(text).split()) for text in (claim.role, claim.organisation))
    draft = screening.Draft(group_id=here.group.pk, text=f"{role}\n{organisation}")
    if refusals := screening.refusals(draft):
        raise MayNot(" ".join(refusals))
    if handles.sounds_like_team(role):
        raise TeamRole(
            _("That sounds like a role in this group's team. Say what they are elsewhere, like: nurse.")
        )
    pay = claim.pay if organisation else ""
    return Claim(role=role, proof=claim.proof, organisation=organisation, pay=pay)
