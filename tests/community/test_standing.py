"""A limit is set, told to open sockets, lifted, and forgotten in time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from community.actions import standing as actions
from community.errors import NotHere
from community.models import Standing, StandingEvent
from community.selectors import standing as selectors
from core import clock, ids, ticker
from core.live import doorbell, revocations
from core.live.revocations import News
from tests.people import Cast

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def limit(cast: Cast, who: str = "bob", **changes: object) -> bytes:
    """Keep somebody in the harbour from posting. Returns their tag."""
    tag = cast.people[who].tag(cast.harbour)
    effect = actions.Effect(**({"may_post": False} | changes))  # type: ignore[arg-type]  # fields by name
    actions.limit(group=cast.harbour, owner_tag=tag, effect=effect)
    return tag


def news(after: int = 0, last: str = "") -> News:
    return revocations.read(name="standings", after=after, last=last)


def test_a_limit_binds_at_once_and_lifting_frees(cast: Cast) -> None:
    assert cast.bob.here(cast.harbour).may_post
    tag = limit(cast)
    assert not cast.bob.here(cast.harbour).may_post
    limit(cast, may_read=False)
    with pytest.raises(NotHere):
        cast.bob.here(cast.harbour)
    actions.lift(owner_tag=tag)
    assert cast.bob.here(cast.harbour).may_post
    assert selectors.head() == 3 and news().refs == {tag.hex()}


def test_of_several_limits_each_has_its_own_end(cast: Cast) -> None:
    with clock.held_at(NOON):
        tag = limit(cast, until=NOON + dt.timedelta(days=7))
        limit(cast, may_read=False, until=NOON + dt.timedelta(hours=1))
        with pytest.raises(NotHere):
            cast.bob.here(cast.harbour)
    with clock.held_at(NOON + dt.timedelta(hours=2)):
        assert not cast.bob.here(cast.harbour).may_post
        slow = actions.limit(
            group=cast.harbour,
            owner_tag=tag,
            effect=actions.Effect(minutes_between=30, is_checked_first=True),
        )
        here = cast.bob.here(cast.harbour)
        assert (here.may_post, here.minutes_between, here.is_checked_first) == (False, 30, True)
        actions.lift(owner_tag=tag, pk=slow.pk)
        assert cast.bob.here(cast.harbour).minutes_between == 0
    with clock.held_at(NOON + dt.timedelta(days=8)):
        assert cast.bob.here(cast.harbour).may_post


def test_a_limit_in_one_talk_leaves_the_rest(cast: Cast) -> None:
    limit(cast, place="thisthread")
    here = cast.bob.here(cast.harbour)
    assert here.may_post and here.is_silent_in("thisthread") and not here.is_silent_in("another")


def test_a_limit_for_the_whole_site_makes_nobody_of_somebody_in_every_group(cast: Cast) -> None:
    assert cast.alice.client.get(f"/g/{cast.meadow.public_id}/").status_code == 200
    limit(cast, who="alice", may_read=False, may_post=False, site_wide=True)
    assert cast.alice.client.get(f"/g/{cast.meadow.public_id}/").status_code == 404
    assert cast.bob.client.get(f"/g/{cast.harbour.public_id}/").status_code == 200
    assert revocations.recall()["site"].head == 1


def test_a_limit_touches_one_group_only(cast: Cast) -> None:
    limit(cast, who="alice", may_read=False)
    assert cast.alice.here(cast.meadow).may_post


def test_sockets_are_told_only_when_it_is_committed(cast: Cast, django_capture_on_commit_callbacks) -> None:
    heard: list[tuple[str, int]] = []
    end = doorbell.listen(lambda stream, seq: heard.append((stream, seq)))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            limit(cast)
            assert heard == []
        assert heard == [("standings", 1)]
        with pytest.raises(RuntimeError), transaction.atomic():
            limit(cast)
            raise RuntimeError
    finally:
        end()
    assert selectors.head() == 1
    assert news().upto == 1 and len(news().refs) == 1


def test_what_changed_is_read_in_order_and_once(cast: Cast) -> None:
    assert selectors.head() == 0
    assert news() == News(refs=set(), last="", upto=0, is_whole=True)
    tags = [ids.new_secret() for _ in range(3)]
    for tag in tags:
        with transaction.atomic():
            actions.announce(owner_tag=tag)
    last = tags[-1].hex()
    assert news() == News(refs={tag.hex() for tag in tags}, last=last, upto=3, is_whole=True)
    assert news(1) == News(refs={tag.hex() for tag in tags[1:]}, last=last, upto=3, is_whole=True)
    assert news(3) == News(refs=set(), last=last, upto=3, is_whole=True)
    assert news(9, last="gone") == News(refs=set(), last="", upto=3, is_whole=False)  # a log that went back
    assert news(2, last=tags[1].hex()).is_whole
    assert not news(2, last=last).is_whole  # one that went back, and was written on beyond that


def test_events_are_forgotten_at_the_second_run_and_a_late_reader_is_told(cast: Cast) -> None:
    prune = actions.Pruning()
    limit(cast)
    limit(cast)
    prune()
    assert StandingEvent.objects.count() == 2  # there was no run before
    limit(cast)
    prune()
    assert [event.seq for event in StandingEvent.objects.all()] == [3]
    assert not news(0).is_whole  # some are gone: it could be anybody
    assert news(2).is_whole and len(news(2).refs) == 1
    prune()
    assert not news(2).is_whole and news(2).upto == 3
    assert news(selectors.head()).is_whole


def test_never_more_events_than_the_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "KEPT", 3)
    for _ in range(5):
        limit(cast)
    actions.Pruning()()
    assert sorted(StandingEvent.objects.values_list("seq", flat=True)) == [3, 4, 5]


def test_an_ended_limit_binds_nobody_and_its_row_goes(cast: Cast) -> None:
    before = Standing.objects.count()
    with clock.held_at(NOON):
        limit(cast, until=NOON + dt.timedelta(hours=1))
        actions.drop_ended()
        assert Standing.objects.count() == before + 1
        assert not cast.bob.here(cast.harbour).may_post
    with clock.held_at(NOON + dt.timedelta(hours=1)):
        assert cast.bob.here(cast.harbour).may_post
        actions.drop_ended()
        assert Standing.objects.count() == before  # those without an end stay


def test_both_duties_are_registered() -> None:
    assert {"forget old changes of standing", "drop ended standings"} <= set(ticker._duties)
