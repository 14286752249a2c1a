"""Leaving and deleting what one wrote: refusals, the preview, the undo time, and what goes when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from chat.actions.reactions import react
from chat.enums import PostState, ReactionKind
from chat.models import Alias, Mute, Post, Reaction
from community.actions import deleting, due
from community.actions.leaving import NAME_OF_THE_GONE
from community.enums import Audience
from community.errors import NotHere
from community.models import Disclosure, DueAct, Group, Member, Persona, Standing, StandingEvent
from core import clock
from tests.chat.hiding import mute, mutes_key
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, Person, add, make_thread, sign_in

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
LATER, NOW = {"when": "later"}, {"when": "now"}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.held_at(NOON):
        yield


def page(group: Group, what: str = "leave_and_delete") -> str:
    return reverse(f"community:{what}", args=[group.public_id])


def pass_time(days: float) -> None:
    """Let days go by, and do what falls due in them, each at its moment."""
    end = NOON + dt.timedelta(days=days)
    moments = [moment for moment in DueAct.objects.values_list("due_at", flat=True) if moment < end]
    for moment in sorted([*moments, end]):
        with clock.held_at(moment):
            due.do_due()


def talk(cast: Cast) -> tuple[Post, Post, Post]:
    """What alice left in harbour: a post, a one-thread post, and one in meadow; and a reaction to bob."""
    thread = make_thread(cast.harbour)
    mine = send(cast.alice, thread, "As Grey Heron")
    sign_as_alias(cast.alice, thread)
    hidden = send(cast.alice, thread, "As Soft Lamp", key_for_alias=alias_key(cast.alice, thread))
    theirs = send(cast.bob, thread, "As Calm Otter")
    react(
        face=face(cast.alice, thread),
        post=theirs,
        kind=ReactionKind.THANK_YOU,
        key_of=cast.alice.keyed,
    )
    return mine, hidden, send(cast.alice, make_thread(cast.meadow), "Elsewhere")


def shown() -> set[str]:
    return set(Post.objects.filter(state=PostState.SHOWN).values_list("text", flat=True))


def test_who_is_not_in_the_group_finds_nothing(cast: Cast) -> None:
    for client in (cast.nobody, cast.olga.client, cast.ned.client):
        for what in ("leave_and_delete", "come_back", "make_it_now"):
            assert client.get(page(cast.harbour, what)).status_code in {404, 405}
            assert client.post(page(cast.harbour, what), LATER).status_code == 404
            assert client.post(page(cast.cellar, what), LATER).status_code == 404
    assert not DueAct.objects.exists()


def test_a_stolen_form_does_nothing(cast: Cast) -> None:
    thief = Client(enforce_csrf_checks=True)
    sign_in(thief, cast.alice.account, cast.alice.secret, strong=False)
    assert thief.post(page(cast.harbour), NOW).status_code == 403
    assert cast.alice.member(cast.harbour)


def test_looking_changes_nothing_and_counts_what_would_go(cast: Cast) -> None:
    talk(cast)
    html = cast.alice.client.get(page(cast.harbour)).content.decode()
    assert "Your messages" in html
    assert "one-thread names" in html
    assert "25 November, 12:00" in html
    assert "Until it goes, people here can still read it." in html
    assert "A one-thread name shows as yours until it goes." in html
    assert cast.alice.member(cast.harbour)
    assert not DueAct.objects.exists()


def test_limits_are_not_among_what_goes(cast: Cast) -> None:
    html = cast.muted.client.get(page(cast.harbour)).content.decode()
    assert "Your place in this group" in html and ">Limits<" not in html
    assert "Limits that a team set for you stay until they end." in html


def test_access_stops_at_once_and_what_one_wrote_waits_for_the_undo_time(cast: Cast) -> None:
    talk(cast)
    Disclosure.objects.create(
        member=cast.alice.member(cast.harbour), group=cast.harbour, kind="pronouns", level="exact",
        audience=Audience.GROUP, path="she/",
    )  # fmt: skip
    tag = cast.alice.tag(cast.harbour)
    receipt = cast.alice.client.post(page(cast.harbour), LATER).content.decode()
    assert "25 November 2026, 12:00" in receipt
    assert "28 November 2026" in receipt
    assert "3 January 2027" in receipt
    with pytest.raises(NotHere):
        cast.alice.here(cast.harbour)
    assert StandingEvent.objects.filter(ref=tag.hex()).exists(), "open pages look again"
    assert not Disclosure.objects.exists()
    pass_time(2.99)
    assert "As Grey Heron" in shown()
    pass_time(6)
    assert shown() == {"As Calm Otter", "Elsewhere"}
    assert not Alias.objects.exclude(handle="").exists()
    assert not Reaction.objects.exists()
    assert not Persona.objects.filter(handle="Grey Heron").exists()
    assert Persona.objects.filter(handle=NAME_OF_THE_GONE).count() == 1
    assert cast.alice.here(cast.meadow).persona
    assert not DueAct.objects.exists()


def test_now_is_within_a_minute_but_for_one_thread_names(cast: Cast) -> None:
    talk(cast)
    receipt = cast.alice.client.post(page(cast.harbour), NOW).content.decode()
    assert "within a minute" in receipt
    due.do_due()
    assert shown() == {"As Soft Lamp", "As Calm Otter", "Elsewhere"}
    assert cast.alice.client.post(page(cast.harbour, "come_back")).status_code == 404
    pass_time(3)
    assert shown() == {"As Calm Otter", "Elsewhere"}
    assert not Reaction.objects.exists()


def test_one_thread_names_go_at_moments_of_their_own(cast: Cast) -> None:
    threads = [make_thread(cast.harbour) for _ in range(4)]
    for thread in threads:
        sign_as_alias(cast.alice, thread)
        send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    cast.alice.client.post(page(cast.harbour), LATER)
    moments = sorted(DueAct.objects.values_list("due_at", flat=True))
    assert len(set(moments)) == len(moments) == 5
    assert len({bytes(key) for key in DueAct.objects.values_list("key", flat=True)}) == 5
    assert NOON + dt.timedelta(days=3) <= moments[0]
    assert moments[-1] <= NOON + dt.timedelta(days=6)


def test_undo_brings_everything_back_but_a_role(cast: Cast) -> None:
    talk(cast)
    add(cast.bob, cast.meadow, handle="Far Hill")
    for person in (cast.alice, cast.mona, cast.lena):
        person.client.post(page(cast.harbour), LATER)
    assert cast.harbour.name in cast.alice.client.get("/yours/").content.decode()
    assert cast.harbour.name not in cast.bob.client.get("/yours/").content.decode().split("Your groups")[0]
    for person in (cast.alice, cast.mona, cast.lena):
        assert person.client.post(page(cast.harbour, "come_back")).headers["Location"] == "/yours/"
    assert not DueAct.objects.exists()
    assert cast.alice.here(cast.harbour).persona.handle == "Grey Heron"
    assert cast.lena.here(cast.harbour).persona is None
    assert cast.mona.here(cast.harbour).persona.handle == "Clear Brook"
    told = cast.alice.client.get("/yours/").content.decode()
    assert "Details you showed are private again" in told and "Nothing was deleted" not in told
    assert not cast.mona.here(cast.harbour).is_team
    pass_time(7)
    assert {"As Grey Heron", "As Soft Lamp"} <= shown()
    assert Reaction.objects.exists()


def test_the_receipt_says_the_days_that_the_page_said(cast: Cast) -> None:
    with clock.held_at(NOON + dt.timedelta(minutes=7)):
        said = cast.alice.client.get(page(cast.harbour)).content.decode()
        assert "until 25 November, 13:00 (London time)" in said and "by 28 November" in said
    with clock.held_at(NOON + dt.timedelta(minutes=58)):
        receipt = cast.alice.client.post(page(cast.harbour), LATER).content.decode()
        assert "25 November 2026, 13:00 (London time)" in receipt and "28 November 2026" in receipt


def test_what_must_be_done_by_when_is_on_the_groups_clock(cast: Cast) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(time_zone="Europe/Athens")
    assert "25 November, 14:00 (Athens time)" in cast.alice.client.get(page(cast.harbour)).content.decode()
    receipt = cast.alice.client.post(page(cast.harbour), LATER).content.decode()
    assert "25 November 2026, 14:00 (Athens time)" in receipt
    assert "People there can read what you wrote until it goes." in receipt
    assert "25 November, 14:00 (Athens time)" in cast.alice.client.get("/yours/").content.decode()


@pytest.mark.parametrize("when", [LATER, NOW])
def test_whom_one_hid_is_forgotten_with_the_names(cast: Cast, when: dict[str, str]) -> None:
    """Nobody else could notice. Where it is for now, a newcomer of the same person finds no list."""
    post = send(cast.bob, make_thread(cast.harbour))
    mute(cast.alice, post)
    mute(cast.mona, post)
    cast.alice.client.post(page(cast.harbour), when)
    first = due.waiting(keys=[cast.alice.keyed("leaving", f"{cast.harbour.public_id}|0")])[0]
    assert DueAct.objects.count() == 1
    with clock.held_at(first.due_at):
        due.do_due()
    assert Mute.objects.get().key == mutes_key(cast.mona, cast.harbour)


def test_who_comes_back_is_told_before_what_still_goes(cast: Cast) -> None:
    """It is asked for by one's own key: on the page of another there is no word of it."""
    door = reverse("community:join", args=[cast.meadow.public_id])
    told = "It still goes, also if you join again."
    cast.alice.client.post(page(cast.meadow), LATER)
    shown_page = cast.alice.client.get(door).content.decode()
    assert told in shown_page and 'href="/yours/"' in shown_page
    assert told not in cast.bob.client.get(door).content.decode()
    pass_time(7)
    assert told not in cast.alice.client.get(door).content.decode()


def test_undo_is_over_after_three_days_and_is_nobody_elses(cast: Cast) -> None:
    talk(cast)
    cast.alice.client.post(page(cast.harbour), LATER)
    for other in (cast.bob, cast.olga, cast.lead):
        assert other.client.post(page(cast.harbour, "come_back")).status_code == 404
    with clock.held_at(NOON + dt.timedelta(hours=72, seconds=1)):
        assert cast.alice.client.post(page(cast.harbour, "come_back")).status_code == 404
        assert "Groups you left" not in cast.alice.client.get("/yours/").content.decode()


def test_what_waits_can_be_made_to_go_now_by_its_owner_alone(cast: Cast) -> None:
    talk(cast)
    cast.alice.client.post(page(cast.harbour), LATER)
    for other in (cast.bob, cast.olga, cast.lead):
        assert other.client.post(page(cast.harbour, "make_it_now")).status_code == 404
    assert page(cast.harbour, "make_it_now") in cast.alice.client.get("/yours/").content.decode()
    answer = cast.alice.client.post(page(cast.harbour, "make_it_now"), follow=True).content.decode()
    assert "goes within a minute" in answer and "until 25 November" in answer
    pass_time(0.001)
    assert "As Grey Heron" not in shown() and "As Soft Lamp" in shown()
    assert "Groups you left" not in cast.alice.client.get("/yours/").content.decode()
    assert cast.alice.client.post(page(cast.harbour, "make_it_now")).status_code == 404
    pass_time(3)
    assert shown() == {"As Calm Otter", "Elsewhere"} and not DueAct.objects.exists()


def test_what_was_made_to_go_now_is_never_undone(cast: Cast) -> None:
    """Neither before it has gone, nor from a tab that still shows it, nor by a press at the same moment."""
    talk(cast)
    cast.alice.client.post(page(cast.harbour), LATER)
    gid, key_of = cast.harbour.public_id, lambda ref: cast.alice.keyed("leaving", ref)
    (found,) = deleting.left(groups=[gid], key_of=key_of)
    after = cast.alice.client.post(page(cast.harbour, "make_it_now"), follow=True).content.decode()
    assert "You can undo this until" not in after and page(cast.harbour, "come_back") not in after
    assert cast.alice.client.post(page(cast.harbour, "come_back")).status_code == 404
    with pytest.raises(NotHere):
        deleting.undo(found=found, owner_tag=cast.alice.tag(cast.harbour), key_of=key_of)
    pass_time(3)
    assert shown() == {"As Calm Otter", "Elsewhere"}


def test_what_one_left_behind_before_is_said_to_stay(cast: Cast) -> None:
    talk(cast)
    cast.alice.client.post(page(cast.harbour, "leave_group"))
    assert (
        "Did you leave a group and let your messages stay?"
        in cast.alice.client.get("/yours/").content.decode()
    )
    add(cast.alice, cast.harbour, handle="Fresh Fern")
    before = cast.alice.client.get(page(cast.harbour)).content.decode()
    receipt = cast.alice.client.post(page(cast.harbour), NOW).content.decode()
    for said in (before, receipt):
        assert "What your names wrote at that time stays." in said
    assert "all you wrote" not in receipt
    pass_time(7)
    assert "As Grey Heron" in shown(), "it is nobody's"


def test_the_way_to_take_details_back_is_offered_where_there_is_one(cast: Cast) -> None:
    who = f"/g/{cast.harbour.public_id}/who/"
    assert who in cast.alice.client.get("/yours/").content.decode()
    assert who not in cast.barred.client.get("/yours/").content.decode()


def test_a_newcomer_of_the_same_person_keeps_what_they_write(cast: Cast) -> None:
    talk(cast)
    cast.alice.client.post(page(cast.harbour), LATER)
    add(cast.alice, cast.harbour, handle="New Leaf")
    send(cast.alice, make_thread(cast.harbour), "As New Leaf")
    pass_time(6)
    assert shown() == {"As Calm Otter", "Elsewhere", "As New Leaf"}
    assert cast.alice.here(cast.harbour).persona.handle == "New Leaf"


def test_who_joined_again_cannot_undo_and_is_told_why(cast: Cast) -> None:
    talk(cast)
    cast.alice.client.post(page(cast.harbour), LATER)
    newcomer = add(cast.alice, cast.harbour)
    waiting = set(DueAct.objects.values_list("pk", flat=True))
    assert page(cast.harbour, "come_back") not in cast.alice.client.get("/yours/").content.decode()
    answer = cast.alice.client.post(page(cast.harbour, "come_back"))
    assert answer.status_code == 409
    assert "You joined this group again" in answer.content.decode()
    assert cast.alice.member(cast.harbour) == newcomer
    assert set(DueAct.objects.values_list("pk", flat=True)) == waiting
    pass_time(6)
    assert shown() == {"As Calm Otter", "Elsewhere"}


def leave_twice(cast: Cast, when: dict[str, str]) -> None:
    """Leave with everything, join again, write, and leave with everything again, an hour later."""
    _write_and_leave(cast, "Plain Fern", LATER)
    with clock.held_at(NOON + dt.timedelta(hours=1)):
        add(cast.alice, cast.meadow, handle="Second Fern")
        _write_and_leave(cast, "Second Fern", when)


def _write_and_leave(cast: Cast, handle: str, when: dict[str, str]) -> None:
    thread = make_thread(cast.meadow)
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, f"{handle} openly")
    send(cast.alice, thread, f"{handle} hidden", key_for_alias=alias_key(cast.alice, thread))
    cast.alice.client.post(page(cast.meadow), when)


def test_leaving_twice_is_undone_once(cast: Cast) -> None:
    """One undo takes back the later leaving and nothing else; the earlier one is done as it was asked for."""
    leave_twice(cast, LATER)
    keys = [bytes(key) for key in DueAct.objects.values_list("key", flat=True)]
    assert len(set(keys)) == len(keys) - 1, (
        "the two first parts alone share a key: by it their owner finds them"
    )
    yours = cast.alice.client.get("/yours/").content.decode()
    assert yours.count(page(cast.meadow, "come_back")) == 1
    assert cast.alice.client.post(page(cast.meadow, "come_back")).status_code == 302
    assert cast.alice.here(cast.meadow).persona.handle == "Second Fern"
    assert cast.alice.client.post(page(cast.meadow, "come_back")).status_code == 409
    pass_time(7)
    assert shown() == {"Second Fern openly", "Second Fern hidden"}
    assert not DueAct.objects.exists()


def test_leaving_twice_without_undo_takes_all(cast: Cast) -> None:
    leave_twice(cast, LATER)
    pass_time(7)
    assert not shown()
    assert not DueAct.objects.exists()


def test_undoing_the_first_leaving_keeps_the_second_which_was_for_now(cast: Cast) -> None:
    leave_twice(cast, NOW)
    assert cast.alice.client.post(page(cast.meadow, "come_back")).status_code == 302
    pass_time(7)
    assert "Second Fern openly" not in shown()
    assert "Plain Fern openly" in shown()


@pytest.mark.parametrize("who", ["barred", "muted"])
def test_a_limit_keeps_nobody_from_deleting_and_stays(cast: Cast, who: str) -> None:
    person: Person = getattr(cast, who)
    assert cast.harbour.name in person.client.get("/yours/").content.decode()
    assert person.client.get(page(cast.harbour)).status_code == 200
    person.client.post(page(cast.harbour), NOW)
    due.do_due()
    assert not Member.objects.filter(owner_tag=person.tag(cast.harbour)).exists()
    assert Standing.objects.filter(owner_tag=person.tag(cast.harbour)).exists()


def test_the_last_lead_is_told_what_happens_to_the_group(cast: Cast) -> None:
    assert "only lead" in cast.lead.client.get(page(cast.harbour)).content.decode()
    assert "only lead" not in cast.mona.client.get(page(cast.harbour)).content.decode()
    cast.lead.client.post(page(cast.harbour), NOW)
    with pytest.raises(NotHere):
        cast.lead.here(cast.harbour)


def test_who_is_signed_out_is_asked_to_sign_in(cast: Cast) -> None:
    assert cast.nobody.get("/yours/").headers["Location"].startswith("/sign-in/")
