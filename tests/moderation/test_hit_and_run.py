"""Who writes, leaves and comes back as somebody new is still who wrote it: for 30 days, and for limits alone."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import partial

import pytest

from chat.models import Post
from community.actions import deleting, due, erasing, leaving, left_tags
from community.enums import Role
from community.errors import NotHere
from community.models import Member
from core import clock
from core.registries.holdings import Owner
from moderation.enums import Act
from moderation.selectors import cases
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.judging import decide, judge, report
from tests.people import Cast, Person, add, make_thread

pytestmark = pytest.mark.django_db


def write_and_leave(cast: Cast, person: Person, *, as_alias: bool = False) -> Post:
    thread = make_thread(cast.harbour)
    if as_alias:
        sign_as_alias(person, thread)
    post: Post = send(person, thread, "Awful", key_for_alias=alias_key(person, thread) if as_alias else b"")
    leaving.leave_group(here=person.here(cast.harbour), key_of=person.keyed)
    return post


def sealed() -> list[int]:
    return list(Member.objects.exclude(sealed_tag=b"").values_list("pk", flat=True))


@pytest.mark.parametrize("as_alias", [False, True])
def test_a_limit_follows_who_left_and_came_back(cast: Cast, as_alias: bool) -> None:
    post = write_and_leave(cast, cast.alice, as_alias=as_alias)
    add(cast.alice, cast.harbour, handle="New Leaf")
    decide(cast.mona, report(cast.bob, post).case, Act.BAN)
    with pytest.raises(NotHere):
        cast.alice.here(cast.harbour)


def test_a_moderator_back_under_a_new_name_does_not_judge_their_own_old_words(cast: Cast) -> None:
    post = write_and_leave(cast, cast.mona)
    add(cast.mona, cast.harbour, handle="New Leaf", role=Role.MODERATOR)
    case = report(cast.bob, post).case
    assert case not in cases.waiting(judge=judge(cast.mona, cast.harbour))
    assert case in cases.waiting(judge=judge(cast.lead, cast.harbour))


def test_no_row_says_whose_it_was_and_after_30_days_nothing_does(cast: Cast) -> None:
    write_and_leave(cast, cast.alice)
    (row,) = Member.objects.filter(pk__in=sealed())
    tag = cast.alice.tag(cast.harbour)
    assert tag not in bytes(row.sealed_tag) and left_tags.tag_of(member=row) == tag
    with clock.held_at(clock.now() + dt.timedelta(days=29)):
        left_tags.forget_old()
    assert sealed() == [row.pk]
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        left_tags.forget_old()
    assert sealed() == []


def test_a_replay_seals_nothing_again(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    leaving.forget_member_again(str(cast.alice.member(cast.harbour).pk))
    assert sealed() == []


def owner_of(cast: Cast) -> Owner:
    ref = cast.alice.keyed
    return Owner(group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=ref)


def test_it_goes_with_what_they_wrote(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    key_of = partial(cast.alice.keyed, "leaving")
    deleting.leave_and_delete(owner=owner_of(cast), key_of=key_of, at_once=False)
    assert len(sealed()) == 1
    with clock.held_at(clock.now() + dt.timedelta(days=7)):
        due.do_due()
    assert sealed() == []


def test_it_goes_with_the_account(cast: Cast) -> None:
    write_and_leave(cast, cast.alice)
    assert len(sealed()) == 1
    owner, begin = owner_of(cast), clock.now() + dt.timedelta(days=4)
    moments = (begin + dt.timedelta(hours=n) for n in itertools.count())
    erasing.plan(
        owner, tag=owner.tag, key_of=lambda k: cast.alice.keyed("closing", k),
        moments=moments, final=True,
    )  # fmt: skip
    with clock.held_at(begin + dt.timedelta(days=3)):
        due.do_due()
    assert sealed() == []
