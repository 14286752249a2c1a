"""Posts that appear a little later: refusals first, then waiting, appearing, and coming back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from chat.actions.bylines import Signature
from chat.actions.later import publish_later
from chat.errors import CameBefore, NeedsName, NeedsPromise, OtherName, Refused
from chat.models import Alias, Byline, Post, Thread, ThreadEvent
from chat.selectors.later import keys_for, waiting
from community.actions import due
from community.errors import MayNot, NotHere
from community.models import DueAct, Group, Member, Persona, Standing
from core import clock
from tests.chat import hiding
from tests.chat.saying import alias_key, fresh, send
from tests.chat.test_alias import normal
from tests.chat.test_pages import at, page, say
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
ONCE = "Soft Lantern"
HOURS = dt.timedelta(hours=3)


def keys(person: Person, thread: Thread):
    return keys_for(key_of=person.keyed, tid=thread.public_id)


def ask(person: Person, thread: Thread, text: str = "In a while", *, once: str = "", **more) -> None:
    """Have something appear later, under a one-thread name where one is given."""
    signature = Signature(alias_key=alias_key(person, thread), as_alias=bool(once), shown=once)
    given = {"client_id": fresh(), "signature": signature, "window": HOURS} | more
    publish_later(
        here=person.here(thread.group), thread=thread, text=text, keys=keys(person, thread), **given
    )


def pass_hours(hours: int = 4) -> None:
    """Let time go by, and do what is due."""
    with clock.held_at(clock.now() + dt.timedelta(hours=hours)):
        due.do_due()


def settle(person: Person, thread: Thread, **data):
    return person.client.post(at("settle", thread.group, thread.public_id), data)


def only() -> int:
    return DueAct.objects.get().pk


# --- refusals --------------------------------------------------------------------------------------------------


def test_who_may_not_write_has_nothing_waiting(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with pytest.raises(MayNot):
        ask(cast.muted, thread)
    with pytest.raises(NotHere):
        ask(cast.barred, thread)
    with pytest.raises(NeedsName):
        ask(cast.lena, thread)
    with pytest.raises(Refused):
        ask(cast.alice, thread, " ")
    with pytest.raises(NotHere):  # a moderator of another group, with a place of their own
        publish_later(
            here=cast.ned.here(cast.meadow), thread=thread, text="Hi", client_id=fresh(), signature=Signature(),
            keys=keys(cast.ned, thread), window=HOURS,
        )  # fmt: skip
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    with pytest.raises(NeedsPromise):
        ask(cast.alice, thread)
    assert not DueAct.objects.exists() and not Post.objects.exists()


@pytest.mark.parametrize("who", ["bob", "mona", "lead", "weak", "lena"])
def test_nobody_else_sends_it_or_takes_it_back(cast: Cast, who: str) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "Only mine")
    person: Person = getattr(cast, who)
    assert "Only mine" not in page(person, thread) and "Waiting to appear" not in page(person, thread)
    for act in ("now", "back"):
        assert settle(person, thread, **{act: str(only())}).status_code == 409
    assert DueAct.objects.count() == 1 and not Post.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "ned"])
def test_the_address_is_not_there_for_outsiders(cast: Cast, who: str) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    url = reverse("chat:settle", args=[cast.harbour.public_id, thread.public_id])
    assert client.post(url, {"now": str(only())}).status_code == 404
    other = make_thread(cast.meadow)
    url = reverse("chat:settle", args=[cast.harbour.public_id, other.public_id])
    assert cast.alice.client.post(url, {"now": str(only())}).status_code == 404
    assert cast.alice.client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("hinder", "why"),
    [
        (lambda cast: Standing.objects.create(
            group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False), "limit is set for you"),
        (lambda cast: Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2), "promise has changed"),
        (lambda _: Persona.objects.filter(handle="Grey Heron").update(handle="New Name"), "no longer have"),
        (lambda _: Persona.objects.filter(handle="Grey Heron").update(is_current=False), "no longer have"),
        (lambda cast: Member.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).update(owner_tag=b"x" * 32),
         "not there for you"),
    ],
)  # fmt: skip
def test_all_is_looked_at_again_when_the_moment_has_come(cast: Cast, hinder, why: str) -> None:
    """What may not appear stays with its author, with its words and the reason."""
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "Kept words")
    hinder(cast)
    pass_hours()
    assert not Post.objects.exists()
    [found] = waiting(keys=keys(cast.alice, thread))
    assert found.text == "Kept words" and why in found.reason
    if cast.alice.client.get(at("thread", cast.harbour, thread.public_id)).status_code == 200:
        shown = page(cast.alice, thread)
        assert why in shown and "Kept words" in shown and "Try again" in shown
        tried = settle(cast.alice, thread, now=str(only()))
        assert tried.status_code == 409 and b"Kept words" in tried.content


# --- waiting and appearing -------------------------------------------------------------------------------------


def test_nothing_is_seen_before_its_moment_and_the_day_is_that_of_its_moment(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    before = normal(page(cast.bob, thread))
    ask(cast.alice, thread, "In a while", window=dt.timedelta(days=3))
    assert normal(page(cast.bob, thread)) == before
    assert not ThreadEvent.objects.exists() and not Post.objects.exists()
    assert Thread.objects.get().last_seq == 0 and Thread.objects.get().activity == 0
    later = clock.now() + dt.timedelta(days=4)
    with clock.held_at(later):
        due.do_due()
    post = Post.objects.get()
    assert (post.text, post.posted_on, post.seq) == ("In a while", later.date(), 1)
    assert post.byline.persona.handle == "Grey Heron" and ThreadEvent.objects.count() == 1
    assert not DueAct.objects.exists()


def test_the_moment_is_drawn_from_the_window(cast: Cast, monkeypatch) -> None:
    thread, asked = make_thread(cast.harbour), []
    monkeypatch.setattr(due, "within", lambda window: asked.append(window) or clock.now())
    for when, hours in (("3", 3), ("24", 24), ("72", 72)):
        say(cast.alice, thread, "Later", when=when)
        assert asked[-1] == dt.timedelta(hours=hours)
    assert say(cast.alice, thread, "Later", when="5").status_code == 422


def test_both_faces_wait_under_keys_of_their_own(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "As myself")
    ask(cast.alice, thread, "As another", once=ONCE)
    assert len({bytes(row.key) for row in DueAct.objects.all()}) == 2
    assert {one.handle for one in waiting(keys=keys(cast.alice, thread))} == {"Grey Heron", ONCE}
    pass_hours()
    faces = {post.text: post.byline.face.handle for post in Post.objects.all()}
    assert faces == {"As myself": "Grey Heron", "As another": ONCE}


def test_a_repeat_never_doubles(cast: Cast) -> None:
    thread, same = make_thread(cast.harbour), fresh()
    for _ in range(2):
        ask(cast.alice, thread, client_id=same)
        with pytest.raises(CameBefore):
            ask(cast.alice, thread, client_id=same, once=ONCE)
    assert DueAct.objects.count() == 1
    pass_hours()
    ask(cast.alice, thread, client_id=same)
    assert say(cast.alice, thread, "In a while", client_id=same).status_code == 302
    assert Post.objects.count() == 1 and not DueAct.objects.exists()


def test_what_waits_is_on_its_authors_page_and_can_be_sent_now(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    answer = say(cast.alice, thread, "Wait <b>here</b>", when="24")
    assert answer.status_code == 302 and answer["Location"].endswith("?newest=1#waiting")
    shown = page(cast.alice, thread)
    assert "Waiting to appear" in shown and "Wait &lt;b&gt;here&lt;/b&gt;" in shown and "Send now" in shown
    assert settle(cast.alice, thread, now=str(only())).status_code == 302
    assert "Wait" in page(cast.bob, thread) and "Waiting to appear" not in page(cast.alice, thread)
    assert settle(cast.alice, thread, now="1", back="").status_code == 409
    assert Post.objects.count() == 1


def test_what_is_taken_back_stands_in_the_box_under_its_face(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "Thought again", once=ONCE)
    shown = settle(cast.alice, thread, back=str(only()), text="  ").content.decode()
    assert "Thought again</textarea>" in shown and "Waiting to appear" not in shown
    assert 'value="once" checked' in shown and ONCE in shown
    assert not DueAct.objects.exists()
    pass_hours()
    assert not Post.objects.exists()


def test_other_words_in_the_box_stay_there(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "First")
    shown = settle(cast.alice, thread, back=str(only()), text="Half a thought").content.decode()
    assert "Half a thought</textarea>" in shown and "First</textarea>" in shown
    ask(cast.alice, thread, "Second")
    sent = settle(cast.alice, thread, now=str(only()), text="Half a thought")
    assert sent.status_code == 200 and b"Half a thought</textarea>" in sent.content
    assert Post.objects.get().text == "Second"


def test_the_muted_can_still_take_back(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "Mine")
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False)
    shown = page(cast.alice, thread)
    assert 'form="settle"' in shown and '<form id="settle"' in shown
    back = settle(cast.alice, thread, back=str(only()))
    assert b"Mine</textarea>" in back.content and not DueAct.objects.exists()


def test_an_erased_person_has_nothing_left_that_waits(cast: Cast) -> None:
    from core.registries import holdings

    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "As myself")
    ask(cast.alice, thread, "As another", once=ONCE)
    owner = holdings.Owner(
        group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed
    )
    ours = [held for held in holdings.holdings() if held.model in (Post, Alias)]
    told = [row for held in ours for row in held.export(owner)]
    assert {row["message"] for row in told if row.get("waits to appear")} == {"As myself", "As another"}
    for held in ours:
        held.erase(owner)
    pass_hours()
    assert not Post.objects.exists() and not DueAct.objects.exists()


def test_asking_makes_no_byline_that_others_could_see(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, once=ONCE)
    assert not Byline.objects.exists() and ONCE not in page(cast.bob, thread)
    assert "Someone is waiting" not in cast.bob.client.get(at("group", cast.harbour)).content.decode()


def test_a_block_holds_while_something_waits_and_when_it_is_taken_back(cast: Cast) -> None:
    """Who has an alias sees whoever blocked them: so nobody has one before it has signed."""
    thread = make_thread(cast.harbour)
    hiding.block(cast.alice, cast.bob, cast.harbour)
    send(cast.alice, thread, "Not for Bob")
    ask(cast.bob, thread, once=ONCE)
    assert not Alias.objects.exists() and "Not for Bob" not in page(cast.bob, thread)
    settle(cast.bob, thread, back=str(only()))
    assert not Alias.objects.exists() and "Not for Bob" not in page(cast.bob, thread)
    ask(cast.bob, thread, once=ONCE)
    pass_hours()
    assert Alias.objects.get().handle == ONCE and "Not for Bob" in page(cast.bob, thread)


def test_a_name_that_waits_is_the_only_one_thread_name_here(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, "First", once=ONCE)
    assert f'name="once" value="{ONCE}"' in page(cast.alice, thread)
    with pytest.raises(OtherName):
        ask(cast.alice, thread, "Second", once="Quiet Maple")
    ask(cast.alice, thread, "Third", once=ONCE)
    pass_hours()
    assert {post.byline.face.handle for post in Post.objects.all()} == {ONCE}
    assert Post.objects.count() == 2 and not DueAct.objects.exists()


# --- a talk that is opened later -------------------------------------------------------------------------------


def open_later(person: Person, group: Group, **more):
    data = {"title": "Kept title", "ask": "advice_welcome", "text": "Kept words", "when": "3"} | more
    return person.client.post(at("thread_new", group), data)


def settle_opening(person: Person, group: Group, **data):
    return person.client.post(reverse("chat:settle_opening", args=[group.public_id]), data)


def test_who_may_not_start_a_talk_has_none_waiting(cast: Cast) -> None:
    assert open_later(cast.muted, cast.harbour).status_code == 403
    assert open_later(cast.lena, cast.harbour).status_code == 409
    assert open_later(cast.alice, cast.harbour, text=" ").status_code == 422
    assert open_later(cast.alice, cast.harbour, face="once", once="Dr Smith").status_code == 409
    for who in (cast.barred, cast.olga, cast.ned):
        assert open_later(who, cast.harbour).status_code == 404
        assert settle_opening(who, cast.harbour, now="1").status_code == 404
    assert not DueAct.objects.exists() and not Thread.objects.exists()


def test_nobody_else_settles_a_talk_that_waits(cast: Cast) -> None:
    open_later(cast.alice, cast.harbour)
    for act in ("now", "back"):
        assert settle_opening(cast.bob, cast.harbour, **{act: str(only())}).status_code == 409
    assert "Kept title" not in cast.bob.client.get(at("thread_new", cast.harbour)).content.decode()
    assert DueAct.objects.count() == 1


@pytest.mark.parametrize("once", ["", ONCE])
def test_a_talk_is_opened_when_its_moment_has_come(cast: Cast, once: str) -> None:
    more = {"face": "once", "once": once} if once else {}
    same = fresh()
    for _ in range(2):
        answer = open_later(cast.alice, cast.harbour, client_id=same, heads_ups="money", stays="7", **more)
        assert answer.status_code == 302 and answer["Location"].endswith("/new/#waiting")
    own = cast.alice.client.get(at("thread_new", cast.harbour)).content.decode()
    assert "Waiting to appear" in own and "Kept title" in own
    assert not Thread.objects.exists() and not Alias.objects.exists() and not ThreadEvent.objects.exists()
    pass_hours()
    thread = Thread.objects.get()
    assert (thread.title, thread.ask, thread.heads_ups) == ("Kept title", "advice_welcome", ["money"])
    post = Post.objects.get()
    assert post.byline.face.handle == (once or "Grey Heron") and post.expires_on is not None
    assert "post mine" in page(cast.alice, thread)
    assert not DueAct.objects.exists()
    open_later(cast.alice, cast.harbour, client_id=same, **more)  # the answer was lost: sent again
    assert not DueAct.objects.exists() and Thread.objects.count() == 1


def test_a_talk_that_may_not_be_opened_any_more_stays_with_its_author(cast: Cast) -> None:
    open_later(cast.alice, cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False)
    pass_hours()
    own = cast.alice.client.get(at("thread_new", cast.harbour)).content.decode()
    assert "It did not appear" in own and "limit is set for you" in own and "Kept words" in own
    tried = settle_opening(cast.alice, cast.harbour, now=str(only()))
    assert tried.status_code == 409 and not Thread.objects.exists() and DueAct.objects.count() == 1


def test_a_talk_is_opened_now_after_all_or_taken_back(cast: Cast) -> None:
    open_later(cast.alice, cast.harbour, heads_ups="money", face="once", once=ONCE)
    back = settle_opening(cast.alice, cast.harbour, back=str(only())).content.decode()
    assert "Kept words</textarea>" in back and 'value="Kept title"' in back and 'value="once" checked' in back
    for value in ("advice_welcome", "money"):
        assert re.search(f'value="{value}"[^>]* checked', back)
    assert f'action="{at("thread_new", cast.harbour)}"' in back
    open_later(cast.alice, cast.harbour, title="Second")
    sent = settle_opening(cast.alice, cast.harbour, now=str(only()), title="Half a title")
    assert sent.status_code == 200 and b"Half a title" in sent.content
    open_later(cast.alice, cast.harbour, title="Third")
    sent = settle_opening(cast.alice, cast.harbour, now=str(only()))
    assert sent.status_code == 302
    assert set(Thread.objects.values_list("title", flat=True)) == {"Second", "Third"}


def test_a_talk_that_waits_goes_with_its_author(cast: Cast) -> None:
    from core.registries import holdings

    open_later(cast.alice, cast.harbour)
    open_later(cast.alice, cast.harbour, text="Other words", face="once", once=ONCE)
    assert len({bytes(row.key) for row in DueAct.objects.all()}) == 2
    owner = holdings.Owner(
        group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed
    )
    both = [held for held in holdings.holdings() if held.model in (Post, Alias)]
    rows = [row for held in both for row in held.export(owner)]
    assert [row["message"] for row in rows if row.get("waits to appear")] == ["Kept words", "Other words"]
    for held in both:
        held.erase(owner)
    due.do_due()
    assert not DueAct.objects.exists()


@pytest.mark.parametrize("place", ["thread", "thread_new"])
def test_enter_presses_send_and_nothing_that_waits(cast: Cast, place: str) -> None:
    """A browser takes Enter for the first button of a form, wherever on the page it stands."""
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread)
    open_later(cast.alice, cast.harbour)
    shown = cast.alice.client.get(
        at(place, cast.harbour, *([thread.public_id] if place == "thread" else []))
    ).content.decode()
    assert shown.index('<button class="btn"><span') < shown.index('form="composer"')
