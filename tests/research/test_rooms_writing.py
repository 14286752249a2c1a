"""What is said in the room of a study, by whom, and what becomes of it when somebody leaves and when it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from chat.enums import PostState
from chat.errors import NeedsName, NeedsPromise, OtherName, Refused
from community.actions import standing
from community.enums import Role, WhatMatters
from community.errors import MayNot, NotHere
from community.models import Group, Member, Standing
from core import clock
from research.actions import hosting, presence, rooms, studies
from research.enums import Agreement, PausedBy, Scope
from research.models import (
    Room,
    RoomFace,
    RoomGuest,
    RoomPost,
    Study,
    StudyGroup,
)
from research.policies.rooms import Act, may
from tests.people import Cast, Person
from tests.research.consenting import settings
from tests.research.in_rooms import ONCE, InRoom, with_room

Change = Callable[[InRoom], Person]


# --- writing ----------------------------------------------------------------------------------------------------------
def test_a_limit_that_lets_one_read_lets_one_read_and_take_away(cast: Cast) -> None:
    one = with_room(cast)
    post = one.say(cast.alice)
    silent = standing.Effect(may_post=False, place=one.room.public_id)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=silent)
    with pytest.raises(MayNot):
        one.say(cast.alice, "More")
    with pytest.raises(MayNot):
        one.say(cast.alice, "More", once=ONCE)
    page = cast.alice.client.post(one.url(), {"text": "Kept words"})
    assert page.status_code == 409
    assert "Kept words" in page.content.decode()
    rooms.take_away(**one.where(cast.alice), pid=post.public_id)
    post.refresh_from_db()
    assert (post.text, post.html, post.state) == ("", "", PostState.DELETED)


def test_what_is_looked_at_first_is_not_said_in_a_room(cast: Cast) -> None:
    one = with_room(cast)
    tag = cast.alice.tag(cast.harbour)
    limit = Standing.objects.create(group=cast.harbour, owner_tag=tag, is_checked_first=True)
    with pytest.raises(MayNot, match="looks at your messages first"):
        one.say(cast.alice, once=ONCE)
    limit.delete()
    one.say(cast.alice, once=ONCE)


def test_whoever_writes_is_who_the_page_said(cast: Cast) -> None:
    one = with_room(cast)
    with pytest.raises(NeedsName):
        one.say(cast.lena)
    with pytest.raises(OtherName):
        one.say(cast.alice, once="Grey Heron")  # a name of the group
    with pytest.raises(OtherName):
        one.say(cast.alice, once="Not Drawn")
    one.say(cast.lena, once=ONCE)
    with pytest.raises(OtherName):
        one.say(cast.alice, once=ONCE)
    with pytest.raises(MayNot, match="researcher"):
        one.say(one.field.rosa, once="Brave Acorn")
    with pytest.raises(OtherName):
        one.say(cast.lena, once="Brave Acorn")  # hers is another one
    assert RoomFace.objects.count() == 1


def test_a_group_without_one_thread_names_has_none_in_its_room(cast: Cast) -> None:
    one = with_room(cast)
    naming_off(cast.harbour)
    with pytest.raises(MayNot, match="does not use"):
        one.say(cast.lena, once=ONCE)
    assert b'value="once"' not in cast.alice.client.get(one.url()).content


def naming_off(group: Group) -> None:
    from community.models import AnonymityPolicy

    AnonymityPolicy.objects.create(
        group=group, version=1, name="none", one_thread="off", what_matters=WhatMatters.values[0], times="days",
        rhythm=False, published_on=clock.today(),
    )  # fmt: skip
    Group.objects.filter(pk=group.pk).update(names_version=1)


def test_a_changed_promise_and_bad_words_lose_nothing(cast: Cast) -> None:
    one = with_room(cast)
    with pytest.raises(Refused):
        one.say(cast.alice, "  ")
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    with pytest.raises(NeedsPromise):
        one.say(cast.alice)
    page = cast.alice.client.post(one.url(), {"text": "My words", "face": "name", "named": "Grey Heron"})
    assert page.status_code == 409 and "My words" in page.content.decode()
    assert "See what changed" in page.content.decode()


def test_sending_twice_says_it_once(cast: Cast) -> None:
    one = with_room(cast)
    first = one.say(cast.alice, "Twice", once=ONCE)
    assert one.say(cast.alice, "Twice", once=ONCE) == first
    assert one.say(cast.alice, "Twice") != first
    assert RoomPost.objects.count() == 2


def test_the_badge_of_a_researcher_stays_on_what_they_wrote(cast: Cast) -> None:
    one = with_room(cast)
    one.say(one.field.rosa, "I ask")
    assert "researcher" in cast.alice.client.get(one.url()).content.decode().lower()
    Member.objects.filter(role=Role.RESEARCHER).update(role=Role.MEMBER)
    page = cast.alice.client.get(one.url()).content.decode()
    at = page.index("Wide Lantern</h2>")
    assert '<span class="badge">researcher</span>' in page[at : at + 200].lower()


def test_the_top_says_who_can_read(cast: Cast) -> None:
    one = with_room(cast)
    page = cast.alice.client.get(one.url()).content.decode()
    assert "people of this group who take part in the study, and its researchers" in page
    assert "Wide Lantern" in page and "They cannot look in," in page
    presence.stand_up(here=one.field.rosa.here(cast.harbour))
    assert "No researcher is here just now." in cast.alice.client.get(one.url()).content.decode()


def test_the_form_sends_changes_and_takes_away_without_scripts(cast: Cast) -> None:
    one = with_room(cast)
    sent = {"text": "Hello in here", "face": "once", "once": ONCE, "named": "Grey Heron"}
    answer = cast.alice.client.post(one.url(), sent)
    post = RoomPost.objects.get()
    assert answer.status_code == 302 and answer["Location"].endswith(f"#p-{post.public_id}")
    assert post.face.once == ONCE and post.face.persona is None
    for stranger in (cast.lena, one.field.rosa):
        assert one.get(stranger.client, post.public_id, "change") == 404
        assert one.get(stranger.client, post.public_id, "away") == 404
        assert stranger.client.post(one.url(post.public_id, "away")).status_code == 404
    assert cast.alice.client.post(one.url(post.public_id, "change"), {"text": ""}).status_code == 422
    assert cast.alice.client.post(one.url(post.public_id, "change"), {"text": "Other"}).status_code == 302
    post.refresh_from_db()
    assert (post.text, post.is_edited, post.version) == ("Other", True, 2)
    assert one.get(cast.alice.client, post.public_id, "away") == 200
    assert cast.alice.client.post(one.url(post.public_id, "away")).status_code == 302
    assert "Taken away by its writer" in cast.lena.client.get(one.url()).content.decode()
    assert one.get(cast.alice.client, post.public_id, "away") == 404
    with clock.held_at(clock.now() + dt.timedelta(days=3)):
        late = one.say(cast.alice, "Late", once=ONCE)
        RoomPost.objects.filter(pk=late.pk).update(posted_on=clock.today() - dt.timedelta(days=2))
        assert one.get(cast.alice.client, late.public_id, "change") == 404


def test_advice_comes_before_contact_details_are_sent_and_another_name_keeps_words(cast: Cast) -> None:
    one = with_room(cast)
    sent = {"text": "Write to me at grey@heron.example", "face": "once", "once": ONCE}
    page = cast.alice.client.post(one.url(), sent)
    assert page.status_code == 409 and "Not sent yet" in page.content.decode()
    assert not RoomPost.objects.exists()
    other = cast.alice.client.post(one.url(), sent | {"other": "1"})
    assert other.status_code == 200 and "grey@heron.example" in other.content.decode()
    assert f'name="once" value="{ONCE}"' not in other.content.decode()
    cast.alice.client.post(one.url(), sent | {"as_it_is": "1"})
    assert RoomPost.objects.count() == 1


def test_a_long_room_is_read_page_by_page(cast: Cast) -> None:
    one = with_room(cast)
    first = one.say(cast.alice, "the first")
    RoomPost.objects.bulk_create(
        RoomPost(room=one.room, face=first.face, seq=first.seq + n, text=f"t{n}", html=f"t{n}")
        for n in range(1, 60)
    )
    newest = cast.alice.client.get(one.url()).content.decode()
    assert "the first" not in newest and "Show earlier messages" in newest
    before = RoomPost.objects.order_by("-seq")[49]
    assert f'?before={before.public_id}"' in newest
    assert "the first" in cast.alice.client.get(f"{one.url()}?before={before.public_id}").content.decode()
    for other in (before.seq, one.room.public_id):  # a gap in the numbers would tell of who went in
        assert cast.alice.client.get(f"{one.url()}?before={other}").status_code == 404


# --- leaving, the end, and what stays ---------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE, Scope.DELETE])
def test_what_becomes_of_ones_words_is_as_the_page_of_leaving_says(cast: Cast, scope: Scope) -> None:
    one = with_room(cast)
    mine = [one.say(cast.alice), one.say(cast.alice, "under this", once=ONCE)]
    theirs = one.say(cast.lena, "stays", once="Brave Acorn")
    leave = reverse("research:leave", args=[cast.harbour.public_id, one.field.sid])
    assert "You wrote 2 messages in the room" in cast.alice.client.get(leave).content.decode()
    receipt = cast.alice.client.post(leave, {"scope": scope}).content.decode()
    for post in [*mine, theirs]:
        post.refresh_from_db()
    gone = scope == Scope.DELETE
    assert (mine[0].text == "") == gone and mine[1].text and theirs.text == "stays", (
        "one name after the other"
    )
    assert ("room of the study are gone" in receipt) == gone
    page = cast.lena.client.get(one.url()).content.decode()
    assert ("Taken away by its writer" in page) == gone
    assert "Grey Heron" in page, "the line stays, and says no more than that"


def test_after_the_end_one_reads_and_takes_away_and_then_it_is_gone(cast: Cast) -> None:
    one = with_room(cast, retention_months=2)
    post = one.say(cast.alice)
    Study.objects.filter(pk=one.field.study.pk).update(state="closed", closed_on=clock.today())
    with pytest.raises(NotHere):
        one.find(one.field.rosa)
    _is_for_reading(one, post)
    gone = clock.today() + dt.timedelta(days=60)
    assert f"On {gone.day} " in cast.alice.client.get(one.url()).content.decode()
    _goes_on_its_day(one, 60)


def test_a_group_that_takes_its_yes_back_ends_the_room_too(cast: Cast) -> None:
    one = with_room(cast, retention_months=2)
    post = one.say(cast.alice)
    hosting.take_back(here=cast.lead.here(cast.harbour), sid=one.field.sid, note="")
    assert StudyGroup.objects.get(study=one.field.study).state == Agreement.ENDED
    _is_for_reading(one, post)
    _goes_on_its_day(one, 60)


def _is_for_reading(one: InRoom, post: RoomPost) -> None:
    for act in (lambda: one.say(one.cast.alice, "more"), lambda: _change(one, post)):
        with pytest.raises(MayNot):
            act()
    assert one.get(one.cast.lena.client) == 200
    assert may(Act.TAKE_AWAY, one.find(one.cast.alice), post) and may(
        Act.REPORT, one.find(one.cast.lena), post
    )


def _change(one: InRoom, post: RoomPost) -> None:
    rooms.change(**one.where(one.cast.alice), pid=post.public_id, text="other")


def _goes_on_its_day(one: InRoom, days: int) -> None:
    with clock.held_at(clock.now() + dt.timedelta(days=days - 1)):
        rooms.let_go()
        assert Room.objects.exists()
    with clock.held_at(clock.now() + dt.timedelta(days=days)):
        rooms.let_go()
        assert not any(model.objects.exists() for model in (Room, RoomFace, RoomGuest, RoomPost))
        assert one.get(one.cast.alice.client) == 404


def test_while_it_is_paused_nothing_new_is_written(cast: Cast) -> None:
    one = with_room(cast)
    post = one.say(cast.alice)
    studies.stop(one.field.study, because=PausedBy.TEAM, by="researcher")
    _is_for_reading(one, post)
    assert "Nothing new is written here now" in cast.alice.client.get(one.url()).content.decode()
    Study.objects.update(is_paused=False)
    one.say(cast.alice, "on again")


def test_a_room_needs_what_the_protocol_says(cast: Cast) -> None:
    from research import protocols
    from research.models import Protocol

    one = with_room(cast)
    assert "rooms" in protocols.MATERIAL
    gaps = protocols.missing(protocols.whole({"rooms": True}))
    assert "notes_for_rooms" in {gap.what for gap in gaps}
    later = settings(cast.harbour, field_notes=True, rooms=False)
    Protocol.objects.create(
        study=one.field.study, version=2, settings=later, digest="x" * 64, published_on=clock.today()
    )
    Study.objects.update(protocol_version=2)
    with pytest.raises(MayNot):
        one.say(cast.alice)


def test_the_study_says_in_public_that_it_has_rooms(cast: Cast) -> None:
    one = with_room(cast)
    page = reverse("research:study_here", args=[cast.harbour.public_id, one.field.sid])
    seen = [who.client.get(page).content.decode() for who in (cast.alice, cast.bob)]
    assert all("The study has a room here" in text for text in seen)
