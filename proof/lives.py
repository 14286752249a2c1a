"""Lives under limits: what somebody can do to be somebody else in a group, what a team and time do to them, and a
model of what is forbidden meanwhile."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from accounts import keys
from chat.actions import later, posts, reactions, threads
from chat.actions.bylines import Signature
from chat.enums import Ask, PostState, ReactionKind
from chat.errors import NeedsCheck
from chat.models import Post, Thread
from chat.policies import Face
from chat.selectors import later as waits
from chat.subjects import PostSubject
from community import avatars, closing, handles, linkage
from community.actions import deleting, due, joining, leaving, personas, standing
from community.actions.standing import Effect
from community.errors import MayNot, NotHere
from community.models import Group, Member, Standing
from community.policies import Outside
from community.selectors import here as places
from community.selectors.here import Here
from core import clock, ids
from moderation.actions import held, reports
from moderation.actions.reports import Told
from moderation.enums import Reason
from moderation.models import Held
from moderation.policies import judge_of

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HOURS3 = dt.timedelta(hours=3)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What the model knows of one limit: where, until when, and its row."""

    group: Group
    effect: Effect
    pk: int
    until: dt.datetime

    def holds(self, now: dt.datetime) -> bool:
        return now < self.until


Slot = tuple[int, str]


@dataclass(kw_only=True)
class Life:
    """One person, the limits on them, and what of theirs can be read."""

    town: Town
    dice: random.Random
    now: dt.datetime = START
    limits: list[Limit] = field(default_factory=list)
    stale: dict[int, Here] = field(default_factory=dict)
    turns: dict[int, dt.datetime] = field(default_factory=dict)  # group -> until when it is not their turn
    names: int = 0
    is_closed: bool = False
    is_let: bool = False  # the team lets something of theirs appear
    only: Thread | None = None  # where all of it happens; anywhere without one

    # --- as somebody who asks for a page -------------------------------------------------------------------------
    def carrier(self) -> Any:
        user = self.town.person.account
        user.closing_at = self.now if self.is_closed else None
        session: dict[str, Any] = {}
        keys.carry(session, self.town.person.secret)
        return SimpleNamespace(session=session, user=user)

    def here(self, group: Group) -> Here:
        found = places.find(owner_tag=linkage.owner_tag(self.carrier(), group=group.public_id), strong=False)
        self.stale.setdefault(group.pk, found)
        return found

    def key_of(self, kind: str, ref: str) -> bytes:
        return linkage.keyed(self.carrier(), kind=kind, ref=ref)

    def tag(self, group: Group) -> bytes:
        return self.town.person.tag(group)

    def name(self) -> str:
        self.names += 1
        return self.town.handles[self.names % len(self.town.handles)]

    # --- what the model says -------------------------------------------------------------------------------------
    def _in_force(self, group: Group) -> list[Effect]:
        there = [one for one in self.limits if one.holds(self.now)]
        return [one.effect for one in there if one.group == group or one.effect.site_wide]

    def is_out(self, group: Group, *, by_itself: bool = False) -> bool:
        """Whether they may not even read. By itself: what they asked for before, and no request of theirs."""
        limits = [one for one in self.limits if one.holds(self.now) and not one.effect.may_read]
        if by_itself:
            return any(one.group == group for one in limits)
        return self.is_closed or any(one.group == group or one.effect.site_wide for one in limits)

    def is_silent(self, group: Group, place: str, *, by_itself: bool) -> bool:
        silent = [effect for effect in self._in_force(group) if not effect.may_post and effect.may_read]
        return self.is_out(group, by_itself=by_itself) or any(e.place in {"", place} for e in silent)

    def is_checked(self, group: Group) -> bool:
        return any(effect.is_checked_first for effect in self._in_force(group))

    def minutes(self, group: Group) -> int:
        return max((effect.minutes_between for effect in self._in_force(group)), default=0)


class Town:
    """Two open groups with two talks each, somebody who lives there, a moderator, and something to answer."""

    def __init__(self) -> None:
        from community.enums import Role, Visibility
        from tests.chat.saying import send
        from tests.people import add, make_group, make_person, make_thread

        self.groups = [make_group(name=name, visibility=Visibility.OPEN) for name in ("quay", "pier")]
        self.person, self.other = make_person(name="somebody"), make_person(name="other")
        self.mona = make_person(name="judge", strong=True)
        self.threads: list[Thread] = []
        self.others: set[int] = set()
        for group in self.groups:
            add(self.other, group, handle="Calm Otter")
            add(self.mona, group, handle="Clear Brook", role=Role.MODERATOR)
            add(self.person, group, handle="Grey Heron")
            for _ in range(2):
                self.threads.append(make_thread(group))
                self.others.add(send(self.other, self.threads[-1]).pk)
        self.handles = handles.propose(group=self.groups[0], n=24)
        self.picture = avatars.propose(n=1)[0].choice


def let(life: Life) -> set[str]:
    """The words that the team let through."""
    return life.town.__dict__.setdefault("let", set())  # type: ignore[no-any-return]  # kept on the town, which is any object


def reads(life: Life, group: Group) -> bool:
    try:
        return life.here(group).may_read
    except NotHere:
        return False


# --- what somebody does -----------------------------------------------------------------------------------------
Step = Callable[[Life], object]


def _talk(life: Life) -> Thread:
    return life.only or life.dice.choice(life.town.threads)


def _group(life: Life) -> Group:
    return life.only.group if life.only else life.dice.choice(life.town.groups)


def _words(what: str) -> str:
    return f"{what} {ids.new_public_id()}"


def _send(life: Life, here: Here, thread: Thread, *, once: bool, window: dt.timedelta | None = None) -> None:
    """As the page does it: at once, or kept for its moment or for the team."""
    key = life.key_of("alias", thread.public_id)
    signature = Signature(alias_key=key, as_alias=once, shown="Soft Lantern" if once else "")
    given: dict[str, Any] = {
        "here": here, "thread": thread, "text": _words("Said"), "client_id": ids.new_public_id(),
        "signature": signature, "stays": life.dice.choice([None, None, 1]),
    }  # fmt: skip
    if window is None:
        with contextlib.suppress(NeedsCheck):
            posts.publish_post(**given)
            return
    kept = waits.keys_for(key_of=life.key_of, tid=thread.public_id)
    later.publish_later(**given, keys=kept, window=window or later.AT_ONCE)


def publish(life: Life) -> None:
    thread = _talk(life)
    _send(life, life.here(thread.group), thread, once=False)


def publish_once(life: Life) -> None:
    thread = _talk(life)
    _send(life, life.here(thread.group), thread, once=True)


def publish_later(life: Life) -> None:
    thread = _talk(life)
    _send(life, life.here(thread.group), thread, once=life.dice.random() < 0.5, window=HOURS3)


def publish_from_a_stale_tab(life: Life) -> None:
    thread = _talk(life)
    if linkage.is_kept_out(life.carrier()):
        raise NotHere  # another tab is another request
    _send(life, life.stale[thread.group_id], thread, once=life.dice.random() < 0.5)


def send_now(life: Life) -> None:
    """Press "Send now" on whatever waits."""
    thread = _talk(life)
    life.here(thread.group)
    kept = waits.keys_for(key_of=life.key_of, tid=thread.public_id).both
    for one in due.waiting(keys=kept):
        later.publish_now(keys=kept, pk=one.pk)


def open_a_talk(life: Life) -> None:
    here = life.here(_group(life))
    threads.open_thread(
        here=here, tid=ids.new_public_id(), title="A talk", ask=Ask.ADVICE_WELCOME, heads_ups=[],
        text=_words("Opened"), client_id=ids.new_public_id(),
    )  # fmt: skip


def change(life: Life) -> None:
    """Turn an old message into new words, as the page does it."""
    thread = _talk(life)
    face = Face(here=life.here(thread.group), alias_key=life.key_of("alias", thread.public_id))
    own = Post.objects.filter(thread=thread, state=PostState.SHOWN).exclude(pk__in=life.town.others)
    for post in list(own.select_related("thread__group")[:2]):
        words = _words("Changed")
        with contextlib.suppress(MayNot):
            try:
                posts.edit_post(face=face, post=post, text=words)
            except NeedsCheck:
                kept = waits.keys_for(key_of=life.key_of, tid=thread.public_id)
                later.change_later(face=face, post=post, text=words, keys=kept)


def react(life: Life) -> None:
    thread = _talk(life)
    face = Face(here=life.here(thread.group), alias_key=life.key_of("alias", thread.public_id))
    post = Post.objects.select_related("thread__group").get(thread=thread, pk__in=life.town.others)
    reactions.react(face=face, post=post, kind=ReactionKind.THANK_YOU, key_of=life.key_of)


def report(life: Life) -> None:
    thread = _talk(life)
    post = Post.objects.get(thread=thread, pk__in=life.town.others)
    told = Told(kind="post", subject_id=post.public_id, reason=Reason.UNKIND)
    reports.report(here=life.here(thread.group), told=told, key_of=life.key_of)


def take_a_name(life: Life) -> None:
    here, picture = life.here(_group(life)), life.town.picture
    if here.persona is None:
        personas.create_persona(here=here, handle=life.name(), avatar=picture)
    else:
        personas.take_another_name(here=here, handle=life.name(), avatar=picture, details_go_along=False)


def stop_a_name(life: Life) -> None:
    personas.stop_using_name(here=life.here(_group(life)))


def leave(life: Life) -> None:
    leaving.leave_group(here=life.here(_group(life)), key_of=life.town.person.keyed)


def leave_with_everything(life: Life) -> None:
    group = _group(life)
    with linkage.despite_limits():
        owner = linkage.owner(life.carrier(), group=group.public_id)
        key_of = closing.keys_of(life.carrier(), kind=closing.LEAVING)
        if Member.objects.filter(owner_tag=life.tag(group)).exists():
            deleting.leave_and_delete(owner=owner, key_of=key_of, at_once=False)


def undo_leaving(life: Life) -> None:
    with linkage.despite_limits():
        key_of = closing.keys_of(life.carrier(), kind=closing.LEAVING)
        groups = {group.public_id: group for group in life.town.groups}
        for left in deleting.left(groups=list(groups), key_of=key_of):
            deleting.undo(found=left, owner_tag=life.tag(groups[left.gid]), key_of=key_of)


def join(life: Life) -> None:
    """Through the door, as somebody new: an open group, or a code."""
    for group in life.town.groups:
        tag = linkage.owner_tag(life.carrier(), group=group.public_id)
        barred = Standing.objects.filter(owner_tag=tag, may_read=False, until__gt=life.now).exists()
        if life.is_closed or Member.objects.filter(owner_tag=tag).exists() or tag != life.tag(group):
            continue
        place = Outside(group=group, signed_in=True, barred=barred)
        with contextlib.suppress(NotHere, MayNot):
            joining.join(place=place, owner_tag=tag, version=1)


def close_and_open_again(life: Life) -> None:
    """Delete the account, and take it back within the undo time."""
    carrier, offer = life.carrier(), closing.InGroups()
    offer.close(carrier, start=life.now + dt.timedelta(hours=72))
    life.is_closed = True
    for group in life.town.groups:
        assert not reads(life, group)
    life.is_closed = False
    offer.reopen(life.carrier())


# --- what time and the team do ----------------------------------------------------------------------------------
def _pass(life: Life, span: dt.timedelta) -> None:
    life.now += span
    with clock.held_at(life.now):
        due.do_due()


def wait(life: Life) -> None:
    _pass(life, dt.timedelta(minutes=life.dice.choice([1, 10, 40, 200])))


def pass_days(life: Life) -> None:
    _pass(life, dt.timedelta(days=life.dice.choice([1, 2, 8])))


HARD = Effect(may_read=False, may_post=False)
LIMITS = [
    Effect(may_post=False), HARD, replace(HARD, site_wide=True), Effect(is_checked_first=True),
]  # fmt: skip


def limit(life: Life, *, effect: Effect | None = None) -> None:
    """Limit whoever wrote one of their messages, as a decision does: by the tag that the message leads to."""
    own = Post.objects.exclude(pk__in=life.town.others).select_related("thread__group").order_by("-seq", "pk")
    found = list(own[: 1 if effect else 5])
    post = life.dice.choice(found) if found else None
    thread = post.thread if post else _talk(life)
    tag = PostSubject().author_tag(public_id=post.public_id) if post else life.tag(thread.group)
    if tag != life.tag(thread.group) and not (post and post.byline.alias_id):
        return  # what they wrote before they left is tied to nobody
    silent_here = Effect(may_post=False, place=thread.public_id)
    chosen = effect or life.dice.choice([*LIMITS, silent_here, Effect(minutes_between=60)])
    until = clock.now() + dt.timedelta(hours=400 if effect else life.dice.choice([5, 40, 400]))
    made = standing.limit(group=thread.group, owner_tag=tag, effect=replace(chosen, until=until))
    life.limits.append(Limit(group=thread.group, effect=chosen, pk=made.pk, until=until))


def lift(life: Life) -> None:
    """A decision is undone: its own limit ends, and no other."""
    if life.limits:
        gone = life.limits.pop(life.dice.randrange(len(life.limits)))
        standing.lift(owner_tag=life.tag(gone.group), pk=gone.pk)


def let_appear(life: Life) -> None:
    for one in Held.objects.select_related("group"):
        let(life).add(due.read(pk=one.act_id).payload["text"])
        held.let_appear(judge=judge_of(life.town.mona.here(one.group)), public_id=one.public_id)
    life.is_let = True


TEAM: set[Step] = {limit, lift, let_appear}
ACTS: list[tuple[Step, float]] = [
    (publish, 3), (publish_once, 3), (publish_later, 3), (publish_from_a_stale_tab, 2), (send_now, 1.5),
    (open_a_talk, 1), (change, 2), (react, 1), (report, 0.5), (take_a_name, 2), (stop_a_name, 0.7), (leave, 0.7),
    (join, 2), (leave_with_everything, 0.5), (undo_leaving, 1), (close_and_open_again, 0.4), (wait, 3), (pass_days, 1),
    (limit, 4), (lift, 0.7), (let_appear, 0.7),
]  # fmt: skip
