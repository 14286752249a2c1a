"""The room of a study: whom it is not open to, and how one goes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Member, Standing
from core import clock
from research.actions import departing, presence, rooms, studies
from research.enums import Answer, PausedBy, Scope, StudyRole
from research.models import (
    Colleague,
    ConsentEvent,
    Participant,
    Room,
    RoomFace,
    RoomGuest,
    RoomPost,
    StudyGroup,
)
from research.policies.rooms import Act, may
from research.selectors import rooms as reading
from tests import limits
from tests.people import Cast, Person, add, make_person
from tests.research.consenting import open_study, say
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
    assert not may("dance", inside)  # type: ignore[arg-type]  # no act at all
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
