"""Slow talks: one message, and then a while for the others. Refusals first."""

from __future__ import annotations

import datetime as dt
import time
from types import SimpleNamespace

import pytest

from chat.actions.posts import edit_post
from chat.errors import TooSoon
from chat.models import Post, Thread
from community.actions import due, standing
from community.actions.standing import Effect
from community.errors import NotHere
from core import clock, ratelimit
from moderation.actions import care
from moderation.enums import Checking
from moderation.models import GroupCare, SlowThread
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.chat.test_pages import at, page
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
WHERE = ["person", "talk", "group"]


def slow(cast: Cast, where: str, thread: Thread) -> None:
    """Make it one message every half an hour."""
    if where == "person":
        tag, effect = cast.alice.tag(cast.harbour), Effect(minutes_between=30)
        standing.limit(group=cast.harbour, owner_tag=tag, effect=effect)
    elif where == "talk":
        care.slow_thread(here=cast.mona.here(cast.harbour), place=thread.public_id, minutes=30, hours=3)
    else:
        care.slow_group(here=cast.mona.here(cast.harbour), minutes=30, hours=3)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, settings):
    """Let minutes go by for what is counted."""
    settings.KITH_REDIS_URL = ""

    def pass_minutes(minutes: int) -> None:
        moment = time.monotonic() + minutes * 60
        ahead = SimpleNamespace(time=time.time, monotonic=lambda: moment)
        monkeypatch.setattr(ratelimit, "time", ahead)

    return pass_minutes


# --- refusals ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("second", ["name", "once"])
def test_no_second_message_comes_soon_after_under_whichever_name(cast: Cast, where: str, second: str) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, where, thread)
    sign_as_alias(cast.alice, thread)
    first_key = b"" if second == "once" else alias_key(cast.alice, thread)
    send(cast.alice, thread, key_for_alias=first_key)
    with pytest.raises(TooSoon, match="one every 30 minutes") as refused:
        send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread) if second == "once" else b"")
    assert 0 < refused.value.wait <= 1800 and Post.objects.count() == 1
    if where != "person":
        send(cast.bob, thread)


@pytest.mark.parametrize("as_json", [False, True])
def test_the_refusal_says_when_and_keeps_the_words(cast: Cast, as_json: bool) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, "group", thread)
    assert "one message every 30 minutes" in page(cast.alice, thread)
    send(cast.alice, thread)
    headers = {"accept": "application/json"} if as_json else {}
    data = {"text": "Kept words", "as_it_is": "1"}
    sent = cast.alice.client.post(at("post_send", cast.harbour, thread.public_id), data, headers=headers)
    assert sent.status_code == 429 and 1700 < int(sent["Retry-After"]) <= 1800
    assert "in about 30 minutes" in sent.content.decode()
    assert as_json or "Kept words" in sent.content.decode()


def test_what_waits_appears_one_after_the_other(cast: Cast, later) -> None:
    thread = make_thread(cast.harbour)
    url = at("post_send", cast.harbour, thread.public_id)
    for number in range(2):
        cast.alice.client.post(url, {"text": f"Later {number}", "as_it_is": "1", "when": "3"})
    slow(cast, "group", thread)
    with clock.held_at(clock.now() + dt.timedelta(hours=4)):
        care.slow_group(here=cast.mona.here(cast.harbour), minutes=30, hours=24)
        due.do_due()
    assert Post.objects.count() == 1
    later(31)
    with clock.held_at(clock.now() + dt.timedelta(hours=6)):
        due.do_due()
    assert Post.objects.count() == 2


def test_only_the_team_slows_and_only_leads_change_what_is_checked(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    urls = [f"/g/{cast.harbour.public_id}/care/", f"/g/{cast.harbour.public_id}/t/{thread.public_id}/slow/"]
    for who in (cast.alice, cast.weak, cast.ned, cast.olga):
        for url in urls:
            assert who.client.get(url).status_code == who.client.post(url, {"slow": "1"}).status_code == 404
    with pytest.raises(NotHere):
        care.check_first(here=cast.mona.here(cast.harbour), checking=Checking.ALL, first_messages=1)
    with pytest.raises(NotHere):
        care.slow_group(here=cast.weak.here(cast.harbour), minutes=30, hours=3)
    given = {"check": "1", "checking": "all", "first_messages": "2"}
    assert cast.mona.client.post(urls[0], given).status_code == 403
    other = make_thread(cast.meadow)
    url = f"/g/{cast.harbour.public_id}/t/{other.public_id}/slow/"
    assert cast.mona.client.post(url, {"minutes": "30", "hours": "3"}).status_code == 404
    assert not GroupCare.objects.exists() and not SlowThread.objects.exists()


def test_nothing_slows_without_an_end(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for url in (f"/g/{cast.harbour.public_id}/care/", at("slow", cast.harbour, thread.public_id)):
        sent = cast.lead.client.post(url, {"slow": "1", "minutes": "30", "hours": ""})
        assert sent.status_code == 422
    assert not GroupCare.objects.exists() and not SlowThread.objects.exists()


# --- what happens -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("where", WHERE)
def test_a_while_later_it_is_their_turn_again(cast: Cast, where: str, later) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, where, thread)
    post = send(cast.alice, thread)
    edit_post(face=face(cast.alice, thread), post=post, text="Changed at once")
    later(31)
    send(cast.alice, thread)
    assert Post.objects.count() == 2


def test_what_was_refused_for_something_else_takes_no_turn(cast: Cast, monkeypatch) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, "talk", thread)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr("chat.actions.posts._insert", lambda _: (_ for _ in ()).throw(RuntimeError))
        send(cast.alice, thread)
    send(cast.alice, thread)


def test_the_same_message_again_is_no_second_one(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, "talk", thread)
    given = {"client_id": "7a1b0ef4-7d3a-4d46-a9a8-0a2b8a3f3a11"}
    assert send(cast.alice, thread, **given) == send(cast.alice, thread, **given)


@pytest.mark.parametrize("where", ["talk", "group"])
def test_it_ends_by_itself(cast: Cast, where: str) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, where, thread)
    send(cast.alice, thread)
    with clock.held_at(clock.now() + dt.timedelta(hours=5)):
        send(cast.alice, thread)
        care.drop_ended()
    assert not SlowThread.objects.exists() and not GroupCare.objects.filter(minutes_between__gt=0).exists()


def test_the_pages_change_it_and_the_record_says_so(cast: Cast) -> None:
    from audit.models import AuditEntry

    thread = make_thread(cast.harbour)
    care_url = f"/g/{cast.harbour.public_id}/care/"
    for given in (
        {"slow": "1", "minutes": "30", "hours": "24"},
        {"check": "1", "checking": "first", "first_messages": "3"},
        {"outside": "1", "outside_person": "Rosa of the advice centre"},
    ):
        assert cast.lead.client.post(care_url, given).status_code == 302
    shown = cast.mona.client.get(care_url).content.decode()
    assert "every 30 minutes, until" in shown and "Rosa of the advice centre" in shown
    url = at("slow", cast.harbour, thread.public_id)
    assert cast.mona.client.post(url, {"minutes": "5", "hours": "3"}).status_code == 302
    assert "every 5 minutes" in cast.mona.client.get(url).content.decode()
    assert "Slow this talk down" in page(cast.mona, thread) and "Slow this talk" not in page(cast.bob, thread)
    assert cast.mona.client.post(url, {"minutes": "0", "hours": "3"}).status_code == 302
    acts = list(AuditEntry.objects.order_by("seq").values_list("act", flat=True))
    assert acts == [
        "group slowed down", "checked first", "outside person named", "talk slowed down", "talk no longer slow"
    ]  # fmt: skip
    about = cast.olga.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert "Messages from newcomers are checked first" in about


def test_who_looks_after_the_group_is_slowed_by_no_setting(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    slow(cast, "group", thread)
    who: Person = cast.mona
    send(who, thread), send(who, thread)
    assert Post.objects.count() == 2
