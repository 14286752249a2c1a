"""The room of a study: whom it is not open to, first; then what is done in it, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from chat.enums import PostState
from chat.errors import NeedsName, NeedsPromise, OtherName, Refused
from community.enums import Role, WhatMatters
from community.errors import MayNot, NotHere
from community.models import Group, Member, Standing
from core import clock
from research.actions import departing, hosting, presence, rooms, studies
from research.enums import Agreement, Answer, PausedBy, Scope, StudyRole
from research.models import (
    Colleague,
    ConsentEvent,
    Participant,
    Recall,
    Room,
    RoomFace,
    RoomGuest,
    RoomPost,
    Study,
    StudyGroup,
)
from research.policies.rooms import Act, may
from research.selectors import rooms as reading
from tests import limits
from tests.people import Cast, Person, add, make_person
from tests.research.consenting import open_study, say, settings
from tests.research.in_rooms import ONCE, InRoom, with_room
from tests.research.watchers import in_the_field, works_on

Change = Callable[[InRoom], Person]


# --- whom it is not open to -------------------------------------------------------------------------------------------
def _asked_again(one: InRoom) -> Person:
    own = Participant.objects.get(
        key=one.cast.alice.keyed("participant", f"{one.field.sid}|{one.cast.harbour.public_id}")
    )
    last = ConsentEvent.objects.filter(key=bytes(own.key)).order_by("-nth")[0]
    ConsentEvent.objects.create(
        study=last.study, key=last.key, nth=last.nth + 1, item=last.item, answer=Answer.SUPERSEDED,
        document=last.document, on_day=clock.today(),
    )  # fmt: skip
    return one.cast.alice


def _left(scope: Scope) -> Change:
    def leave(one: InRoom) -> Person:
        alice = one.cast.alice
        departing.leave(group=one.cast.harbour, sid=one.field.sid, scope=scope, key_of=alice.keyed)
        return alice

    return leave


def _kept_out(one: InRoom) -> Person:
    Standing.objects.create(
        group=one.cast.harbour, owner_tag=one.cast.alice.tag(one.cast.harbour), may_read=False, may_post=False
    )
    return one.cast.alice


def _of_another_study(one: InRoom) -> Person:
    field = in_the_field(one.cast, name="rita", handle="Low Harbor", rooms=True)
    return field.rosa


def _analyst(one: InRoom) -> Person:
    ana = make_person(name="ana", strong=True)
    add(ana, one.cast.harbour, handle="Tall Reed")
    works_on(ana, one.field.study, role=StudyRole.ANALYST)
    return ana


def _watches_and_said_yes(one: InRoom) -> Person:
    """Whoever is here to watch is inside as that alone, and not as one who takes part."""
    Member.objects.filter(owner_tag=one.cast.alice.tag(one.cast.harbour)).update(role=Role.RESEARCHER)
    return one.cast.alice


def _stood_up(one: InRoom) -> Person:
    presence.stand_up(here=one.field.rosa.here(one.cast.harbour))
    return one.field.rosa


def _taken_out(one: InRoom) -> Person:
    Colleague.objects.filter(key=one.field.rosa.keyed("study", one.field.sid)).delete()
    return one.field.rosa


def _paused(one: InRoom) -> Person:
    studies.stop(one.field.study, because=PausedBy.TEAM, by="researcher")
    return one.field.rosa


def _in_another_group(one: InRoom) -> Person:
    """Whoever takes part in another study here."""
    say(one.cast.mona, one.cast.harbour, open_study(one.cast.harbour))
    return one.cast.mona


CLOSED: dict[str, Change] = {
    "said no": lambda one: one.cast.bob,
    "never answered": lambda one: one.cast.muted,
    "moderator": lambda one: one.cast.mona,
    "lead": lambda one: one.cast.lead,
    "moderator of another group": lambda one: one.cast.ned,
    "outsider": lambda one: one.cast.olga,
    "kept out": _kept_out,
    "asked again": _asked_again,
    "stopped": _left(Scope.STOP),
    "stopped, not used": _left(Scope.EXCLUDE),
    "deleted": _left(Scope.DELETE),
    "in another study": _in_another_group,
    "researcher of another study": _of_another_study,
    "analyst": _analyst,
    "researcher who said yes before": _watches_and_said_yes,
    "researcher who stood up": _stood_up,
    "researcher who was taken out": _taken_out,
    "researcher while it is paused": _paused,
}


def test_to_everyone_else_it_answers_like_a_room_that_is_not_there(cast: Cast) -> None:
    one = with_room(cast)
    pid = one.say(cast.lena, once=ONCE).public_id
    assert one.get(cast.alice.client, pid) == one.get(one.field.rosa.client, pid) == 200
    urls = [one.url(*parts) for parts in ((), (pid,), (pid, "change"), (pid, "away"))]
    urls.append(reverse("moderation:report", args=[cast.harbour.public_id, "room_post", pid]))
    for who, change in CLOSED.items():
        with transaction.atomic():  # each in a world of their own
            limits.forget_all()
            person = change(one)
            seen = _asks(person, urls)
            Room.objects.all().delete()
            nothing = _asks(person, urls)
            transaction.set_rollback(True)
        assert [page.status_code for page in seen] == [404] * 5 + [404, 405, 404, 404, 404], who
        assert [page.content for page in seen] == [page.content for page in nothing], who


def _asks(person: Person, urls: list[str]) -> list[Any]:
    given = {"come_in": "1", "text": "x"}
    return [person.client.get(url) for url in urls] + [person.client.post(url, given) for url in urls]


def test_signed_out_it_asks_to_sign_in_or_is_not_there(cast: Cast) -> None:
    one = with_room(cast)
    assert one.get(cast.nobody) == cast.nobody.get(one.url().replace(one.field.sid, "x" * 20)).status_code


@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE, Scope.DELETE])
def test_whoever_leaves_is_out_at_once_and_asked_anew_if_they_come_back(cast: Cast, scope: Scope) -> None:
    one = with_room(cast)
    assert RoomGuest.objects.count() == 2
    _left(scope)(one)
    assert RoomGuest.objects.count() == 1
    with pytest.raises(NotHere):
        one.say(cast.alice)
    if scope == Scope.DELETE:
        say(cast.alice, cast.harbour, one.field.study)
        assert not one.find(cast.alice).came_in


def test_the_first_visit_asks_and_shows_nothing(cast: Cast) -> None:
    one = with_room(cast, comes_in=False)
    one.come_in(cast.lena)
    pid = one.say(cast.lena, "Said in here.", once=ONCE).public_id
    door = cast.alice.client.get(one.url())
    assert "the others in this room will see that you take part" in door.content.decode()
    assert "Said in here." not in door.content.decode()
    assert one.get(cast.alice.client, pid) == 404, "nothing opens by its own address either"
    with pytest.raises(NotHere):
        one.say(cast.alice)
    assert cast.alice.client.post(one.url(), {"text": "I just send it"}).status_code == 200
    assert RoomPost.objects.count() == 1
    assert cast.alice.client.post(one.url(), {"come_in": "1"}).status_code == 302
    assert "Said in here." in cast.alice.client.get(one.url()).content.decode()


def test_a_room_is_opened_by_a_researcher_who_sits_there_and_once(cast: Cast) -> None:
    field = in_the_field(cast, rooms=True, sits=False)
    here = field.rosa.here(cast.harbour)
    with pytest.raises(NotHere):
        rooms.open_room(here=here, key_of=field.rosa.keyed)
    field.sit()
    say(cast.alice, cast.harbour, field.study)
    for person in (cast.alice, cast.lead, cast.bob):
        with pytest.raises(NotHere):
            rooms.open_room(here=person.here(cast.harbour), key_of=person.keyed)
    page = field.rosa.client.get(field.url("research:seat"))
    assert "Open the room here" in page.content.decode()
    assert field.rosa.client.post(field.url("research:room_open")).status_code == 302
    with pytest.raises(MayNot):
        rooms.open_room(here=here, key_of=field.rosa.keyed)
    assert Room.objects.count() == 1
    assert "To the room of your study" in field.rosa.client.get(field.url("research:seat")).content.decode()


def test_a_study_that_did_not_say_so_has_no_room(cast: Cast) -> None:
    field = in_the_field(cast)
    with pytest.raises(MayNot):
        rooms.open_room(here=field.rosa.here(cast.harbour), key_of=field.rosa.keyed)
    page = field.rosa.client.get(field.url("research:seat")).content.decode()
    assert "Open the room here" not in page


def test_one_finds_it_on_ones_own_part_and_nobody_else_does(cast: Cast) -> None:
    field = in_the_field(cast, rooms=True)
    say(cast.alice, cast.harbour, field.study)
    say(cast.bob, cast.harbour, field.study, {})
    mine = reverse("research:mine", args=[cast.harbour.public_id, field.sid])
    assert "To the room" not in cast.alice.client.get(mine).content.decode()
    rooms.open_room(here=field.rosa.here(cast.harbour), key_of=field.rosa.keyed)
    assert "To the room" in cast.alice.client.get(mine).content.decode()
    assert "To the room" not in cast.bob.client.get(mine).content.decode()


# --- the policy and the queryset beside it ----------------------------------------------------------------------------
def test_what_may_be_seen_is_what_is_listed(cast: Cast) -> None:
    """Parity, over who is inside, with one who does not see another, and one who is not seen."""
    from chat.models import Block, Mute

    one = with_room(cast)
    for name, handle in (("carl", "Warm Bridge"), ("dora", "Cold River")):
        person = make_person(name=name)
        cast.people[name] = person
        add(person, cast.harbour, handle=handle)
        say(person, cast.harbour, one.field.study)
        one.come_in(person)
    people = [cast.alice, cast.lena, cast.carl, cast.dora, one.field.rosa]
    for person in people:
        if person is not cast.lena:
            one.say(person, f"said by {person.account.username}")
    one.say(cast.lena, once=ONCE)
    one.say(cast.carl, "and under this", once="Brave Acorn")
    names = {who.account.username: who.here(cast.harbour).persona for who in people}
    alice, carl, dora = (names[who.account.username] for who in (cast.alice, cast.carl, cast.dora))
    Mute.objects.create(key=cast.alice.keyed("mutes", cast.harbour.public_id), persona=dora)
    Block.objects.create(by=dora, blocked=alice)
    Block.objects.create(by=alice, blocked=carl)
    posts = list(reading.to_show())
    for person in people:
        inside = one.find(person)
        listed = {post.pk for post in reading.seen(inside)}
        assert listed == {post.pk for post in posts if may(Act.SEE_POST, inside, post)}
    hidden = {len(posts) - reading.seen(one.find(person)).count() for person in people}
    assert hidden == {0, 1, 2}, "each case is among them"
    own = [post for post in reading.seen(one.find(cast.carl)) if post.face.persona == alice]
    assert own, (
        "who has a name for the room sees who chose not to be seen: its silence would tell who that is"
    )


def test_an_unknown_act_and_a_post_of_another_room_are_refused(cast: Cast) -> None:
    one = with_room(cast)
    post = one.say(cast.alice)
    other = with_room_elsewhere(cast)
    inside = one.find(cast.alice)
    assert not may("dance", inside)  # type: ignore[arg-type]
    for act in (Act.SEE_POST, Act.CHANGE, Act.TAKE_AWAY, Act.REPORT):
        assert not may(act, inside)
        assert not may(act, inside, other)
    assert may(Act.TAKE_AWAY, inside, post)


def with_room_elsewhere(cast: Cast) -> RoomPost:
    """A post in a room of another study."""
    host = StudyGroup.objects.get(study=open_study(cast.meadow), group=cast.meadow)
    room = Room.objects.create(host=host)
    face = RoomFace.objects.create(room=room, persona=cast.alice.here(cast.meadow).persona, key=b"1" * 32)
    return RoomPost.objects.create(room=room, face=face, seq=1, text="elsewhere", html="elsewhere")


# --- writing ----------------------------------------------------------------------------------------------------------
def test_a_limit_that_lets_one_read_lets_one_read_and_take_away(cast: Cast) -> None:
    one = with_room(cast)
    post = one.say(cast.alice)
    Standing.objects.create(
        group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False, place=one.room.public_id
    )
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
    assert "Wide Lantern" in page and "They cannot look in." in page
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
    before = RoomPost.objects.order_by("-seq")[49].seq
    assert "the first" in cast.alice.client.get(f"{one.url()}?before={before}").content.decode()


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
    assert all((post.text == "") == gone for post in mine) and theirs.text == "stays"
    assert ("room of the study are gone" in receipt) == gone
    page = cast.lena.client.get(one.url()).content.decode()
    assert ("Taken away by its writer" in page) == gone
    assert "Grey Heron" in page, "the line stays, and says no more than that"


def test_the_number_of_who_is_seen_to_leave_is_called_back_on_a_day_by_lot(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research.actions.departing.secrets.randbelow", lambda _: 5)
    one = with_room(cast)
    one.say(cast.alice)
    _left(Scope.DELETE)(one)
    departing.leave(group=cast.harbour, sid=one.field.sid, scope=Scope.DELETE, key_of=cast.lena.keyed)
    today, later = clock.today(), clock.today() + dt.timedelta(days=5)
    assert sorted(Recall.objects.values_list("since", flat=True)) == [today, later, later, later]


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
