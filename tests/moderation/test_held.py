"""Checked before it appears: refusals first, then waiting, appearing, and coming back with kind words."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from chat.actions.posts import edit_post
from chat.errors import NeedsCheck, TooSoon
from chat.models import Alias, Post, Thread
from community.actions import due, standing
from community.actions.standing import Effect
from community.enums import Role
from community.models import DueAct, Group, Member, Persona
from core import clock
from core.registries import holdings
from moderation.actions import automatic, care, held
from moderation.enums import Act, Checking, EventKind, Kind, Step
from moderation.errors import Conflict, Incomplete
from moderation.models import GroupCare, Held, QueueEvent
from moderation.policies import judge_of
from moderation.selectors import held as helds
from moderation.selectors import notices
from tests.chat.saying import alias_key, face, fill, send, sign_as_alias
from tests.chat.test_alias import normal
from tests.chat.test_pages import at, page
from tests.moderation.judging import decide, report
from tests.people import Cast, Person, add, make_people, make_thread

pytestmark = pytest.mark.django_db
WORDS = "Please leave the address out."


@pytest.fixture
def checked(cast: Cast) -> Cast:
    """A group in which every message is checked."""
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.ALL, first_messages=2)
    Group.objects.filter(pk=cast.harbour.pk).update(response_hours=12)
    return cast


def write(person: Person, thread: Thread, text: str = "New words", **more: str):
    data = {"text": text, "as_it_is": "1"} | more
    return person.client.post(at("post_send", thread.group, thread.public_id), data)


def work() -> None:
    with clock.held_at(clock.now() + dt.timedelta(seconds=1)):
        due.do_due()


def let_appear(cast: Cast) -> None:
    held.let_appear(judge=judge_of(cast.mona.here(cast.harbour)), public_id=Held.objects.get().public_id)


def client_of(cast: Cast, who: str) -> Client:
    return cast.nobody if who == "nobody" else getattr(cast, who).client


# --- refusals ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "alice", "bob", "weak", "ned"])
def test_who_does_not_look_after_the_group_sees_and_settles_nothing(checked: Cast, who: str) -> None:
    write(checked.alice, make_thread(checked.harbour))
    base, client = f"/g/{checked.harbour.public_id}/team/held/", client_of(checked, who)
    assert client.get(base).status_code == 404
    hid = Held.objects.get().public_id
    assert client.post(f"{base}{hid}/", {"appear": "1"}).status_code == 404
    assert client.get(f"/g/{checked.harbour.public_id}/care/").status_code == 404
    assert Held.objects.exists()


def test_nothing_about_it_is_in_anybody_elses_bytes(checked: Cast) -> None:
    thread = make_thread(checked.harbour)

    def seen() -> list[str]:
        everybody = (checked.bob, checked.lena, checked.mona)
        groups = (who.client.get(at("group", checked.harbour)).content.decode() for who in everybody)
        tokenless = (re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', "", group) for group in groups)
        return [*(normal(page(who, thread)) for who in everybody), *tokenless]

    seen()  # the first look leaves a mark of how far one has read
    before = seen()
    write(checked.alice, thread, "Held words", face="once", once="Soft Lantern")
    assert before == seen() and Held.objects.exists()
    assert not Post.objects.exists() and not Alias.objects.exists()


def test_the_team_reads_no_name_and_no_way_to_reach_somebody(checked: Cast) -> None:
    thread = make_thread(checked.harbour, title="For Calm Otter")
    write(checked.bob, thread, "Grey Heron, ring me on 07700 900123.")
    seen = checked.mona.client.get(f"/g/{checked.harbour.public_id}/team/held/").content.decode()
    assert "For [someone]" in seen and "[someone], ring me on [a way to reach someone]." in seen
    assert [name for name in ("Grey Heron", "Calm Otter", "900123") if name in seen] == []


def test_the_team_is_led_to_what_waits_to_be_checked(checked: Cast) -> None:
    team = f"/g/{checked.harbour.public_id}/team/"
    assert "/team/held/" not in checked.mona.client.get(team).content.decode()
    write(checked.alice, make_thread(checked.harbour))
    assert f'href="{team}held/">1 message waits' in checked.mona.client.get(team).content.decode()


def test_its_writer_sends_it_at_once_by_no_button(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    write(checked.alice, thread, "Held words")
    url = at("settle", checked.harbour, thread.public_id)
    assert checked.alice.client.post(url, {"now": str(DueAct.objects.get().pk)}).status_code == 409
    assert not Post.objects.exists() and Held.objects.exists()


def test_nobody_lets_their_own_appear(checked: Cast) -> None:
    limit = Effect(is_checked_first=True)
    standing.limit(group=checked.harbour, owner_tag=checked.mona.tag(checked.harbour), effect=limit)
    write(checked.mona, make_thread(checked.harbour))
    judge = judge_of(checked.mona.here(checked.harbour))
    assert not helds.waiting(judge=judge)
    with pytest.raises(Conflict):
        let_appear(checked)
    assert len(helds.waiting(judge=judge_of(checked.lead.here(checked.harbour)))) == 1


def test_what_was_let_through_is_looked_at_again_as_things_stand(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    write(checked.alice, thread, "Held words")
    let_appear(checked)
    limit = Effect(may_post=False)
    standing.limit(group=checked.harbour, owner_tag=checked.alice.tag(checked.harbour), effect=limit)
    work()
    assert not Post.objects.exists() and "A limit is set for you" in page(checked.alice, thread)


def test_sending_back_needs_a_reason_and_is_done_once(checked: Cast) -> None:
    write(checked.alice, make_thread(checked.harbour))
    judge, hid = judge_of(checked.mona.here(checked.harbour)), Held.objects.get().public_id
    with pytest.raises(Incomplete):
        held.send_back(judge=judge, public_id=hid, words=" ")
    held.send_back(judge=judge, public_id=hid, words=WORDS)
    with pytest.raises(Conflict):
        held.let_appear(judge=judge, public_id=hid)
    work()
    assert not Post.objects.exists()


def test_a_message_that_is_there_is_not_changed_into_something_unchecked(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Old words")
    limit = Effect(is_checked_first=True)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=limit)
    with pytest.raises(NeedsCheck):
        edit_post(face=face(cast.alice, thread), post=post, text="Other words")
    url = at("post_edit", cast.harbour, thread.public_id, post.public_id)
    assert cast.alice.client.post(url, {"text": "Other words", "as_it_is": "1"}).status_code == 302
    assert Post.objects.get().text == "Old words" and "Other words" in page(cast.alice, thread)
    let_appear(cast)
    work()
    assert Post.objects.get().text == "Other words"


# --- what happens -----------------------------------------------------------------------------------------------
def test_a_message_waits_is_let_through_and_appears(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    assert "When the team is here: usually within 12 hours" in page(checked.alice, thread)
    assert write(checked.alice, thread, "Held words").status_code == 302
    shown = page(checked.alice, thread)
    assert "Held words" in shown and 'name="now"' not in shown and 'name="back"' in shown
    team = checked.mona.client.get(f"/g/{checked.harbour.public_id}/team/held/").content.decode()
    assert "Held words" in team and "Grey Heron" not in team
    hid = Held.objects.get().public_id
    base = f"/g/{checked.harbour.public_id}/team/held/{hid}/"
    assert checked.mona.client.post(base, {"appear": "1"}).status_code == 302
    work()
    assert "Held words" in page(checked.bob, thread) and not DueAct.objects.exists()
    kinds = list(QueueEvent.objects.order_by("seq").values_list("kind", "ref"))
    assert kinds == [(EventKind.HELD_CHANGED, hid)] * 2


def test_it_comes_back_with_kind_words(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    write(checked.alice, thread, "Held words")
    base = f"/g/{checked.harbour.public_id}/team/held/{Held.objects.get().public_id}/"
    assert checked.mona.client.post(base, {}).status_code == 422
    assert checked.mona.client.post(base, {"answer": WORDS}).status_code == 302
    shown = page(checked.alice, thread)
    assert WORDS in shown and "Held words" in shown and 'name="now"' not in shown
    assert "The team sends this back to you" in shown and "Waiting to appear" not in shown
    assert (
        'href="#sent-back"' in shown
        and ">Change it</button>" in shown
        and ">Take it back</button>" not in shown
    )
    write(checked.alice, thread, "Other words")
    shown = page(checked.alice, thread)
    assert shown.index('id="sent-back"') < shown.index("Held words") < shown.index('id="waiting"')
    assert shown.index('id="waiting"') < shown.index("Other words")
    group = at("group", checked.harbour)
    assert "The team wrote you a note" in checked.alice.client.get(group).content.decode()
    assert "The team wrote" not in checked.bob.client.get(group).content.decode()
    told = notices.of(group=checked.harbour, owner_tag=checked.alice.tag(checked.harbour))
    assert [WORDS in one.message and "Held words" not in one.message for one in told] == [True]
    assert checked.mona.client.post(base, {"answer": WORDS}).status_code == 302, "somebody was first"


def test_it_is_taken_back(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    write(checked.alice, thread, "Held words")
    url = at("settle", checked.harbour, thread.public_id)
    shown = checked.alice.client.post(url, {"back": str(DueAct.objects.get().pk)}).content.decode()
    assert "Held words" in shown and not Held.objects.exists() and not DueAct.objects.exists()
    assert QueueEvent.objects.count() == 2


def test_the_page_s_script_is_told(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    url = at("post_send", checked.harbour, thread.public_id)
    given = {"text": "Held words", "as_it_is": "1", "client_id": "7a1b0ef4-7d3a-4d46-a9a8-0a2b8a3f3a11"}
    for _ in range(2):  # twice is once
        sent = checked.alice.client.post(url, given, headers={"accept": "application/json"})
        assert sent.status_code == 202 and "Checked before it appears" in sent.json()["held"]
    assert Held.objects.count() == 1


def test_a_talk_waits_as_well(checked: Cast) -> None:
    given = {"title": "A new talk", "ask": "advice_welcome", "text": "First words", "as_it_is": "1"}
    assert checked.alice.client.post(at("thread_new", checked.harbour), given).status_code == 302
    assert not Thread.objects.exists()
    assert "A new talk" in checked.alice.client.get(at("thread_new", checked.harbour)).content.decode()
    let_appear(checked)
    work()
    assert Thread.objects.get().title == "A new talk"


def test_what_was_to_appear_later_is_checked_when_a_limit_came_meanwhile(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    write(cast.alice, thread, "Later words", when="3")
    limit = Effect(is_checked_first=True)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=limit)
    with clock.held_at(clock.now() + dt.timedelta(hours=4)):
        due.do_due()
    assert not Post.objects.exists() and Held.objects.count() == 1
    let_appear(cast)
    work()
    assert Post.objects.get().text == "Later words"


def test_newcomers_are_those_with_few_messages_under_their_names(cast: Cast) -> None:
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.FIRST, first_messages=2)
    thread, other = make_thread(cast.harbour), make_thread(cast.harbour)
    for text in ("One", "Two"):
        write(cast.alice, thread, text)
        let_appear(cast)
        work()
    write(cast.alice, other, "Three")
    assert Post.objects.count() == 3
    write(cast.alice, other, "Four", face="once", once="Soft Lantern")
    assert Post.objects.count() == 3, "that counts for no one-thread name"
    Persona.objects.filter(handle="Grey Heron").update(is_current=False)
    assert "checked" in cast.olga.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()


def test_it_is_exported_and_erased_as_waiting_words(checked: Cast) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held words")
    owner = holdings.Owner(
        group=checked.harbour.public_id, tag=checked.alice.tag(checked.harbour), key=checked.alice.keyed
    )
    [posts] = [one for one in holdings.holdings() if one.model is Post]
    assert [row["message"] for row in posts.export(owner)] == ["Held words"]
    posts.erase(owner)
    work()
    assert not DueAct.objects.exists() and not Held.objects.exists()


def test_who_looks_after_a_group_writes_at_once(checked: Cast) -> None:
    send(checked.mona, make_thread(checked.harbour))
    assert Post.objects.count() == 1 and GroupCare.objects.get().checking == Checking.ALL


# --- a one-thread name is new, whoever has it -----------------------------------------------------------------------
def test_how_many_messages_somebody_wrote_under_their_name_says_nothing_of_their_one_thread_name(
    cast: Cast,
) -> None:
    thread, other, lead = make_thread(cast.harbour), make_thread(cast.harbour), cast.lead.here(cast.harbour)
    fill(cast.bob, thread, ["One", "Two", "Three"])
    seen = set()
    for first in (1, 3, 5):
        care.check_first(here=lead, checking=Checking.FIRST, first_messages=first)
        answer = write(cast.bob, other, f"Held {first}", face="once", once="Soft Lantern")
        seen.add((answer.status_code, Post.objects.filter(thread=other).count()))
    assert seen == {(302, 0)}


def test_a_message_that_is_hidden_makes_no_one_thread_name_wait(cast: Cast) -> None:
    thread, other = make_thread(cast.harbour), make_thread(cast.harbour)
    hidden = send(cast.alice, thread, "One")
    send(cast.alice, thread, "Two")
    key = alias_key(cast.alice, other)
    sign_as_alias(cast.alice, other)
    send(cast.alice, other, "First", key_for_alias=key)
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.FIRST, first_messages=1)
    decide(cast.mona, report(cast.bob, hidden).case, Act.HIDE)
    send(cast.alice, other, "Second", key_for_alias=key)
    assert Post.objects.filter(thread=other).count() == 2


def test_a_one_thread_name_of_the_team_waits_like_any_other(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    for who, name in ((checked.bob, "Soft Lamp"), (checked.mona, "Dim Lake")):
        sign_as_alias(who, thread, handle=name)
        with pytest.raises(NeedsCheck):
            send(who, thread, "New words", key_for_alias=alias_key(who, thread))


def test_a_one_thread_name_of_the_team_is_as_slow_as_any_other(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    care.slow_thread(here=cast.lead.here(cast.harbour), place=thread.public_id, minutes=30, hours=3)
    sign_as_alias(cast.mona, thread)
    send(cast.mona, thread, "One", key_for_alias=alias_key(cast.mona, thread))
    with pytest.raises(TooSoon):
        send(cast.mona, thread, "Two", key_for_alias=alias_key(cast.mona, thread))


def test_who_looks_after_a_group_alone_looks_at_their_own(checked: Cast) -> None:
    base = f"/g/{checked.harbour.public_id}/team/held/"
    write(checked.mona, make_thread(checked.harbour), "Mine", face="once", once="Soft Lantern")
    assert "Mine" not in checked.mona.client.get(base).content.decode()
    others = Member.objects.filter(group=checked.harbour).exclude(pk=checked.mona.member(checked.harbour).pk)
    others.update(role=Role.MEMBER)
    assert "Mine" in checked.mona.client.get(base).content.decode()
    checked.mona.client.post(f"{base}{Held.objects.get().public_id}/", {"appear": "1"})
    work()
    assert Post.objects.get().text == "Mine"


def test_a_peer_leader_is_no_newcomer_only_by_what_they_wrote(cast: Cast) -> None:
    lead = cast.lead.here(cast.harbour)
    automatic.try_out(here=lead, kind=Kind.LINKS, step=Step.HOLD)
    automatic.switch_on(here=lead, kind=Kind.LINKS, step=Step.HOLD)
    leader = make_people({"leader": False})["leader"]
    add(leader, cast.harbour, handle="Kind Kettle", role=Role.PEER_LEADER)
    write(leader, make_thread(cast.harbour), "https://help.example/")
    assert Held.objects.count() == 1


def test_what_is_held_stands_under_what_waits(checked: Cast) -> None:
    """Nobody may read there that nothing waits while something does."""
    thread, team = make_thread(checked.harbour), f"/g/{checked.harbour.public_id}/team/"
    for person in (checked.alice, checked.bob):
        write(person, thread)
    for where in (team, f"{team}fresh/"):
        queue = checked.mona.client.get(where).content.decode().split('id="queue"')[1].split("</section>")[0]
        assert "2 messages wait to be read first</a>" in queue and "/team/held/" in queue
        assert "Nothing waits" not in queue
    for one in Held.objects.all():
        held.let_appear(judge=judge_of(checked.mona.here(checked.harbour)), public_id=one.public_id)
    queue = checked.mona.client.get(team).content.decode().split('id="queue"')[1]
    assert "Nothing waits." in queue and "to be read first" not in queue
