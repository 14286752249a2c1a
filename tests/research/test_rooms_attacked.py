"""What somebody inside a room tries to learn about the others there, and what is left of a room that is gone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.errors import TooSoon
from community.errors import MayNot
from core import clock
from moderation.actions import automatic, care, decisions
from moderation.enums import Act, Checking, Kind, Step
from moderation.models import Case
from research.actions import rooms
from research.models import Room, Study
from tests.chat.saying import send
from tests.moderation.judging import decide, judge
from tests.people import Cast, make_thread
from tests.privacy import leftovers
from tests.research.consenting import say
from tests.research.in_rooms import ONCE, InRoom, with_room
from tests.research.test_rooms_kept import report
from tests.scenes import same

LONG = "There are green beans by the gate and the dog is asleep beside them in the sun."


@pytest.fixture
@same
def one(cast: Cast) -> InRoom:
    return with_room(cast)


# --- a name for the room is nobody's ----------------------------------------------------------------------------------
def test_a_name_for_the_room_never_writes_as_only_the_team_may(one: InRoom) -> None:
    cast = one.cast
    say(cast.mona, cast.harbour, one.field.study)
    one.come_in(cast.mona)
    care.slow_group(here=cast.mona.here(cast.harbour), minutes=30, hours=3)
    one.say(cast.mona, "first", once=ONCE)
    with pytest.raises(TooSoon):
        one.say(cast.mona, "and at once again", once=ONCE)
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.ALL, first_messages=2)
    with pytest.raises(MayNot, match="looks at your messages first"):
        one.say(cast.mona, "under it", once=ONCE)
    one.say(cast.mona, "as who I am")


def test_what_somebody_said_in_a_talk_is_no_flood_under_their_name_for_the_room(one: InRoom) -> None:
    """Else the list of the team would say that both are one."""
    cast = one.cast
    send(cast.alice, make_thread(cast.harbour), LONG)
    here = cast.lead.here(cast.harbour)
    for act in (automatic.try_out, automatic.switch_on):
        act(here=here, kind=Kind.FLOOD, step=Step.FLAG, phrases="")
    said = one.say(cast.alice, LONG, once=ONCE)
    rooms.change(**one.where(cast.alice), pid=said.public_id, text=f"{LONG} ")
    assert not Case.objects.exists()
    one.say(cast.alice, LONG)
    assert Case.objects.get().subject_kind == "room_post"


def test_changing_words_warns_as_writing_them_did(one: InRoom) -> None:
    cast = one.cast
    send(cast.alice, make_thread(cast.harbour), LONG)
    for once, status in ((ONCE, 409), ("", 302)):
        post = one.say(cast.alice, "Something else.", once=once)
        url = one.url(post.public_id, "change")
        assert cast.alice.client.post(url, {"text": LONG}).status_code == status


def test_who_wrote_under_two_names_reads_that_leaving_may_join_them(one: InRoom) -> None:
    leave = reverse("research:leave", args=[one.cast.harbour.public_id, one.field.sid])
    one.say(one.cast.alice, "under my name")
    one.say(one.cast.alice, "and more")
    assert "more than one name" not in one.cast.alice.client.get(leave).content.decode()
    one.say(one.cast.alice, "under another", once=ONCE)
    assert "more than one name" in one.cast.alice.client.get(leave).content.decode()


@pytest.mark.parametrize("who", ["bob", "muted", "mona"])
def test_for_who_said_no_or_nothing_no_query_looks_for_a_room(one: InRoom, who: str) -> None:
    client = getattr(one.cast, who).client
    client.get(one.url())
    with CaptureQueriesContext(connection) as asked:
        assert client.get(one.url()).status_code == 404
    assert asked.captured_queries
    assert not [query for query in asked.captured_queries if "research_room" in query["sql"]]


# --- a room that is gone ----------------------------------------------------------------------------------------------
def test_what_was_decided_in_a_room_is_taken_back_after_it_and_no_copy_outlives_it(cast: Cast) -> None:
    one = with_room(cast, retention_months=2)
    one.say(one.field.rosa, "A drumlinsedge word.")
    decided = report(one, cast.lena, one.say(cast.alice, "A quillfathom word.")).case
    waiting = report(one, cast.alice, one.say(cast.lena, "A wobblequartz word.", once=ONCE)).case
    decision = decide(cast.mona, decided, Act.MUTE)
    ended = clock.today() - dt.timedelta(days=60)
    Study.objects.filter(pk=one.field.study.pk).update(state="closed", closed_on=ended)
    rooms.let_go()
    assert not Room.objects.exists()
    assert leftovers.in_tables({"drumlinsedge", "quillfathom", "wobblequartz"}) == {"wobblequartz"}
    decide(cast.mona, waiting, Act.HIDE)
    assert not leftovers.in_tables({"wobblequartz"})
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="I read it wrong.")
    assert cast.alice.here(cast.harbour).may_post
