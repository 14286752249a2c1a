"""What each act needs and does: one table, which forms, actions and pages read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from community.actions.standing import Effect
from moderation.enums import Act, Scope

STRIKE_DAYS = 90  # after which an earlier problem has faded
MAX_DAYS = 365
NOTE_BEGINS = gettext_noop("Thank you for being here. We want to tell you something:")
UNDO_DAYS = 183  # for so long everything can be undone and appealed
ANSWER_DAYS = 7  # in which another look is to be answered


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`restricts`: it takes something away, so it cites a rule and says how to appeal. `scopes`: how far it may
    reach, the usual one first. `days`: the usual time; None for acts without an end. `strikes`: whether it counts as
    an earlier problem."""

    restricts: bool
    scopes: tuple[Scope, ...] = (Scope.MESSAGE,)
    days: int | None = None
    strikes: bool = False

    @property
    def is_on_person(self) -> bool:
        """Whether it limits somebody, rather than one message."""
        return Scope.MESSAGE not in self.scopes


KINDS: dict[Act, Kind] = {
    Act.NOTHING: Kind(restricts=False),
    Act.NOTE: Kind(restricts=False),
    Act.ASK_EDIT: Kind(restricts=True),
    Act.HEADS_UP: Kind(restricts=True),
    Act.HIDE: Kind(restricts=True, strikes=True),
    Act.REMOVE: Kind(restricts=True, strikes=True),
    Act.SLOW: Kind(restricts=True, scopes=(Scope.GROUP, Scope.THREAD), days=7),
    Act.CHECK_FIRST: Kind(restricts=True, scopes=(Scope.GROUP,), days=14, strikes=True),
    Act.MUTE: Kind(restricts=True, scopes=(Scope.GROUP, Scope.THREAD), days=3, strikes=True),
    Act.BAN: Kind(restricts=True, scopes=(Scope.GROUP,), days=30, strikes=True),
    Act.SUSPEND: Kind(restricts=True, scopes=(Scope.SITE,), days=30, strikes=True),
}
SLOW_MINUTES = 60
KEEP_OUT = frozenset({Act.BAN, Act.SUSPEND})
FOR_SEVERAL = frozenset({Act.SLOW, Act.MUTE})  # what can be decided for others beside something, in one act


def possible(*, is_alias: bool) -> list[Act]:
    """What can be done. Messages of one person that wait for the team's eyes would tell whose one-thread name it was.
    The other limits show the team nothing."""
    return [act for act in Act if not (is_alias and act == Act.CHECK_FIRST)]


def effect_of(act: Act, *, scope: Scope, place: str) -> Effect:
    """What an act on a person means for their standing, without its end."""
    place = place if scope == Scope.THREAD else ""
    return {
        Act.SLOW: Effect(minutes_between=SLOW_MINUTES, place=place),
        Act.CHECK_FIRST: Effect(is_checked_first=True),
        Act.MUTE: Effect(may_post=False, place=place),
        Act.BAN: Effect(may_read=False, may_post=False),
        Act.SUSPEND: Effect(may_read=False, may_post=False, site_wide=True),
    }[act]
