"""What is said in a room, and the rest of Kith: the team, copies and erasures, notes, and pages that know nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from chat.consumers import Door
from chat.enums import PostState
from community.actions import due, personas
from community.errors import MayNot, NotHere
from community.models import DueAct, Standing
from core import clock, ledger
from core.registries import holdings
from core.registries.holdings import Owner
from core.registries.subjects import subjects
from moderation.actions import decisions, reports
from moderation.actions.reports import Told
from moderation.enums import Act, Reason
from moderation.models import Case, Decision, Report
from moderation.selectors import cases
from research.actions import notes, room_erasing
from research.actions.notes import Words
from research.enums import NoteKind
from research.models import RoomFace, RoomGuest, RoomPost
from research.policies.rooms import Act as InRoomAct
from research.policies.rooms import may
from research.selectors import quoting
from tests.moderation.judging import decide, judge
from tests.moderation.own_pages import words
from tests.people import Cast, Person, make_thread
from tests.privacy import leftovers
from tests.research.consenting import open_study
from tests.research.in_rooms import ONCE, InRoom, with_room
from tests.scenes import same

UGLY = "You are lazy, Grey Heron."


@pytest.fixture
@same
def one(cast: Cast) -> InRoom:
    return with_room(cast)


def report(one: InRoom, who: Person, post: RoomPost, *, reason: Reason = Reason.UNKIND) -> Report:
    told = Told(kind="room_post", subject_id=post.public_id, reason=reason)
    return reports.report(here=who.here(one.cast.harbour), told=told, key_of=who.keyed)


# --- the team ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["bob", "mona", "lead", "muted", "ned", "olga", "barred", "lena"])
def test_what_is_not_open_to_somebody_is_not_theirs_to_report(one: InRoom, who: str) -> None:
    post = one.say(one.cast.lena, UGLY, once=ONCE)
    with pytest.raises(NotHere):  # lena wrote it
        report(one, getattr(one.cast, who), post)
    assert not Case.objects.exists()


def test_what_is_reported_there_the_team_of_its_group_reads_and_no_other(one: InRoom) -> None:
    cast = one.cast
    one.say(cast.lena, "Before it", once=ONCE)
    post = one.say(cast.lena, UGLY, once=ONCE)
    one.say(one.field.rosa, "After it")
    url = reverse("moderation:report", args=[cast.harbour.public_id, "room_post", post.public_id])
    assert "Report this message" in words(cast.alice.client.get(one.url(post.public_id)))
    sent = cast.alice.client.post(url, {"reason": "unkind", "then": "send", "hide": "on"})
    assert sent.status_code == 200 and "cannot be hidden" in words(sent)
    case = Case.objects.get()
    assert (case.place, case.is_alias) == (one.room.public_id, True)
    page = f"/g/{cast.harbour.public_id}/team/{case.public_id}/"
    seen = words(cast.mona.client.get(page))
    assert "You are lazy" in seen and "Before it" in seen and "After it" in seen
    assert ONCE not in seen and "Wide Lantern" not in seen, "letters stand for names until somebody asks"
    assert "Grey Heron" not in seen, "nor does a name that stands in the words"
    assert one.url() not in cast.mona.client.get(page).content.decode(), "no way leads into the room"
    assert cast.ned.client.get(page).status_code == cast.alice.client.get(page).status_code == 404
    assert cast.ned.client.get(page.replace(cast.harbour.public_id, cast.meadow.public_id)).status_code == 404


@pytest.mark.parametrize("once", ["", ONCE])
def test_the_team_acts_on_it_and_takes_that_back(one: InRoom, once: str) -> None:
    cast = one.cast
    post = one.say(cast.alice, "You are lazy.", once=once)
    case = report(one, cast.lena, post).case
    decision = decide(cast.mona, case, Act.MUTE, scope="thread")
    post.refresh_from_db()
    assert post.state == PostState.HIDDEN
    tag = cast.alice.tag(cast.harbour)
    here = cast.alice.here(cast.harbour)
    assert here.may_post and here.is_silent_in(one.room.public_id), "it follows the person, in this room"
    for under in ("", ONCE):
        with pytest.raises(MayNot):
            one.say(cast.alice, "again", once=under)
    assert "The team has hidden this message" in words(cast.lena.client.get(one.url()))
    assert "You are lazy" not in words(cast.lena.client.get(one.url()))
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="I read it wrong.")
    post.refresh_from_db()
    assert post.state == PostState.SHOWN and not Standing.objects.filter(owner_tag=tag).exists()


def test_what_the_team_asked_to_be_changed_is_back_once_it_is(one: InRoom) -> None:
    cast = one.cast
    post = one.say(cast.alice, "You are lazy.")
    report(one, cast.lena, post)
    decide(cast.mona, Case.objects.get(), Act.ASK_EDIT)
    assert one.url(post.public_id) == subjects()["room_post"].edit_page(public_id=post.public_id)
    assert "You are lazy" not in words(cast.lena.client.get(one.url()))
    assert "asked to change" in words(cast.alice.client.get(one.url(post.public_id)))
    cast.alice.client.post(one.url(post.public_id, "change"), {"text": "I was tired."})
    assert "I was tired." in words(cast.lena.client.get(one.url()))
    assert subjects()["room_post"].edit_page(public_id=post.public_id) == ""


@pytest.mark.parametrize("act", [Act.HIDE, Act.REMOVE, Act.HEADS_UP, Act.NOTHING])
def test_each_other_measure_does_what_it_says(one: InRoom, act: Act) -> None:
    post = one.say(one.cast.alice, "You are lazy.")
    report(one, one.cast.lena, post)
    decide(one.cast.mona, Case.objects.get(), act)
    post.refresh_from_db()
    states = {Act.HIDE: PostState.HIDDEN, Act.REMOVE: PostState.REMOVED}
    assert post.state == states.get(act, PostState.SHOWN)
    assert post.heads_up == ("hospital" if act == Act.HEADS_UP else "")
    assert Decision.objects.count() == 1
    rooms_own = may(InRoomAct.TAKE_AWAY, one.find(one.cast.alice), post)
    assert rooms_own, "one's own words stay one's own"


def test_words_of_worry_are_on_the_teams_list_at_once(one: InRoom) -> None:
    text = "I want to end my life and I have a plan."
    sent = {"text": text, "face": "once", "once": ONCE, "as_it_is": "1"}
    answer = one.cast.alice.client.post(one.url(), sent, follow=True)
    case = Case.objects.get()
    assert case.subject_kind == "room_post" and case.is_worry
    assert "That sounds very hard" in words(answer)
    assert [found.pk for found in cases.waiting(judge=judge(one.cast.mona, one.cast.harbour))] == [case.pk]


def all_due() -> None:
    """Do what waits, each at its moment."""
    while (first := DueAct.objects.order_by("due_at").first()) and first.due_at:
        with clock.held_at(first.due_at):
            due.do_due()


# --- copies, erasures, names ------------------------------------------------------------------------------------------
def _copy(one: InRoom, who: Person) -> str:
    owner = Owner(group=one.cast.harbour.public_id, tag=who.tag(one.cast.harbour), key=who.keyed)
    return str([dict(row) for held in holdings.holdings() if held.title for row in held.export(owner)])


def test_ones_own_copy_holds_ones_own_words_and_no_others(one: InRoom) -> None:
    one.say(one.cast.alice, "under my name")
    one.say(one.cast.alice, "under another", once=ONCE)
    one.say(one.cast.lena, "not mine", once="Brave Acorn")
    copy = _copy(one, one.cast.alice)
    assert (
        "under my name" in copy and "under another" in copy and ONCE in copy and "went into its room" in copy
    )
    assert "not mine" not in copy and "Brave Acorn" not in copy
    assert "room" not in _copy(one, one.cast.bob)


def test_leaving_with_everything_takes_it_all_each_face_at_a_moment_of_its_own(one: InRoom) -> None:
    cast = one.cast
    said = {"wobblequartz", "ferretlantern", "drumlinsedge", "quillfathom"}
    late = one.say(cast.alice, "A quillfathom word.")
    post = one.say(cast.alice, "A wobblequartz word.")
    one.say(cast.alice, "A ferretlantern word.", once=ONCE)
    report(one, cast.lena, post)
    theirs = one.say(cast.lena, "A drumlinsedge word.", once="Brave Acorn")
    case = report(one, cast.alice, theirs).case
    decide(cast.mona, Case.objects.exclude(pk=case.pk).get(), Act.NOTHING)
    assert leftovers.in_tables(said) == said
    leftovers.prove(cast.alice)
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    assert (
        not RoomGuest.objects.filter(key=cast.alice.keyed("room", one.room.public_id)).exists()
        or DueAct.objects.exists()
    )
    decide(cast.mona, report(one, cast.lena, late).case, Act.NOTHING)  # while it waits
    payloads = due.payloads("erase")
    assert sum("alias|" in str(payload.get("keys", "")) for payload in payloads) == 1, "apart from the name's"
    all_due()
    assert leftovers.in_tables(said) == {"drumlinsedge"}, "also from what the team kept around others' words"
    assert RoomGuest.objects.count() == 1
    assert not RoomFace.objects.filter(once=ONCE).exists()


def test_a_restore_takes_away_what_was(one: InRoom) -> None:
    post = one.say(one.cast.alice, "gone", once=ONCE)
    kinds = {name: ledger._kinds[name] for name in ("room_post", room_erasing.FACE)}
    refs = {name: set(kind.refs()) for name, kind in kinds.items()}
    assert refs == {"room_post": {post.public_id}, room_erasing.FACE: {str(post.face_id)}}
    for name, kind in kinds.items():
        for ref in refs[name]:
            kind.erase(ref)
            kind.erase(ref)
        assert not set(kind.refs())
    post.refresh_from_db()
    assert (post.text, post.state) == ("", PostState.DELETED)


def test_a_name_that_takes_its_words_along_takes_those_too(one: InRoom) -> None:
    cast = one.cast
    mine, once = one.say(cast.alice, "mine"), one.say(cast.alice, "once", once=ONCE)
    personas.stop_using_name(here=cast.alice.here(cast.harbour), remove_under=cast.alice.keyed("due", "away"))
    all_due()
    for post in (mine, once):
        post.refresh_from_db()
    assert mine.text == "" and once.text == "once"


# --- research ---------------------------------------------------------------------------------------------------------
def test_a_note_repeats_nothing_of_it_and_names_nobody(one: InRoom) -> None:
    said = "The nights are long and I walk around the kitchen until the birds begin."
    one.say(one.cast.alice, said, once=ONCE)
    for text in (f"Somebody said: {said}", f"{ONCE} spoke of nights."):
        with pytest.raises(MayNot):
            _note(one, text)
    _note(one, "Nights came up, and how one gets through them.")
    other = open_study(one.cast.harbour)
    told = quoting.faults(study=other, group=one.cast.harbour, text=f"{said} {ONCE}")
    assert not told, "another study learns nothing of it by trying"


def _note(one: InRoom, text: str) -> None:
    field = one.field
    given = Words(text=text)
    notes.write(desk=field.desk, gid=one.cast.harbour.public_id, kind=NoteKind.OBSERVATIONAL, words=given)


# --- pages that know nothing of it ------------------------------------------------------------------------------------
def _pages(cast: Cast) -> list[str]:
    """Every page of a group and of one's own that takes nothing else, and a talk."""
    gid, found = cast.harbour.public_id, list[str]()
    for several in get_resolver().url_patterns:
        for one in getattr(several, "url_patterns", [several]):
            route = re.sub(r"<\w+:gid>", gid, f"{several.pattern if one is not several else ''}{one.pattern}")
            route = route.replace("<door:door>", "g")
            if "<" not in route and "studies" not in route and route != "leave/":  # the quick exit signs out
                found.append(f"/{route}")
    return [*found, f"/g/{gid}/t/{make_thread(cast.harbour).public_id}/"]


OF_ONES_OWN = {"leave/delete/"}  # what there is of oneself, before it is erased


def test_no_page_but_those_of_the_study_asks_for_anything_of_a_room(one: InRoom) -> None:
    """Nothing of a room can reach a page that never looks at one: not for those who take part either."""
    one.say(one.cast.alice, "In here.")
    pages = _pages(one.cast)
    assert len(pages) > 60
    for who in (one.cast.alice, one.cast.bob, one.cast.mona):
        asks, fine = set(), 0
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                fine += who.client.get(page).status_code == 200
            if any("research_room" in query["sql"] for query in asked):
                asks.add(page.removeprefix(f"/g/{one.cast.harbour.public_id}/"))
        assert fine > 30 and who.client.get("/home/").status_code == 200, "they were there all the time"
        assert asks <= OF_ONES_OWN


def test_no_address_of_a_talk_leads_into_a_room(one: InRoom) -> None:
    """Not its page, nor what follows it live or by asking again, for whoever is inside either."""
    post = one.say(one.cast.alice, "In here.")
    gid, rid = one.cast.harbour.public_id, one.room.public_id
    talk = reverse("chat:thread", args=[gid, rid])
    for page in (
        talk,
        f"{talk}events/?after=0",
        f"{talk}p/{post.public_id}/",
        f"{talk}p/{post.public_id}/edit/",
    ):
        assert one.cast.alice.client.get(page).status_code == 404, page
    socket = Door(
        tag=one.cast.alice.tag(one.cast.harbour), strong=False, tid=rid, language="en", mutes=b"", alias=b"",
        is_kept_out=lambda: False,
    )  # fmt: skip
    assert socket.look() is None
