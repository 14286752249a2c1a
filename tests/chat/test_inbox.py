"""The inbox of one group: one's own talks under either face, and nothing of it stored."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.actions import labels
from chat.enums import LabelKind
from chat.models import Thread
from community.actions import badges
from core import clock
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.community.test_badges import given
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db


def look(person: Person, cast: Cast) -> str:
    return person.client.get(reverse("chat:inbox", args=[cast.harbour.public_id])).content.decode()


def read(person: Person, thread: Thread) -> None:
    person.client.get(reverse("chat:thread", args=[thread.group.public_id, thread.public_id]))


def test_who_is_not_inside_gets_the_answer_of_a_group_that_is_not(cast: Cast) -> None:
    url = reverse("chat:inbox", args=[cast.harbour.public_id])
    for client in (cast.olga.client, cast.ned.client, cast.barred.client, cast.nobody):
        assert client.get(url).status_code == 404 == client.get("/g/none/inbox/").status_code


def test_who_only_reads_finds_a_kind_word(cast: Cast) -> None:
    send(cast.bob, make_thread(cast.harbour, title="Plantedtitle"))
    shown = look(cast.lena, cast)
    assert "You have not written here" in shown and "Plantedtitle" not in shown


def test_ones_own_talks_with_what_is_new_first(cast: Cast) -> None:
    quiet, answered = make_thread(cast.harbour, title="Quiet"), make_thread(cast.harbour, title="Answered")
    other, elsewhere = make_thread(cast.harbour, title="Notmine"), make_thread(cast.meadow, title="Elsewhere")
    send(cast.alice, answered)
    send(cast.alice, quiet)
    send(cast.bob, other)
    send(cast.alice, elsewhere)
    for thread in (answered, quiet):
        read(cast.alice, thread)
    send(cast.bob, answered)
    shown = look(cast.alice, cast)
    assert shown.index("Answered") < shown.index("Quiet") and "1 new to you" in shown
    assert "Notmine" not in shown and "Elsewhere" not in shown
    assert "Quiet" not in look(cast.bob, cast)


def test_a_talk_under_a_one_thread_name_is_found_by_its_owner_alone(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Secret")
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    assert "You have not looked in since you wrote" in look(cast.alice, cast)
    assert "Secret" in look(cast.alice, cast) and "Secret" not in look(cast.bob, cast)
    read(cast.alice, thread)
    assert "new to you" not in look(cast.alice, cast), "one's own words are no news"
    send(cast.bob, thread)
    assert "1 new to you" in look(cast.alice, cast)


@pytest.mark.parametrize("how", ["mute", "block"])
def test_messages_of_hidden_people_are_not_new_here_either(cast: Cast, how: str) -> None:
    thread = make_thread(cast.harbour, title="Ours")
    send(cast.alice, thread)
    read(cast.alice, thread)
    post = send(cast.bob, thread)
    assert "1 new to you" in look(cast.alice, cast)
    url = reverse("chat:hide_writer", args=[cast.harbour.public_id, thread.public_id, post.public_id])
    assert cast.alice.client.post(url, {"how": how}).status_code == 302
    shown = look(cast.alice, cast)
    assert "new to you" not in shown and "Ours" in shown


def test_looking_stores_nothing(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    with CaptureQueriesContext(connection) as queries:
        look(cast.alice, cast)
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [model for model in apps.get_models() if "inbox" in model.__name__.lower()]


def test_it_costs_the_same_with_many_talks(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    with CaptureQueriesContext(connection) as few:
        look(cast.alice, cast)
    for _ in range(30):
        send(cast.alice, make_thread(cast.harbour))
    with CaptureQueriesContext(connection) as many:
        look(cast.alice, cast)
    assert len(many) == len(few) <= 20


def test_a_note_about_advice_is_told_to_whoever_wrote_it_under_either_face(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    once = send(cast.alice, thread, "Try this at night.", key_for_alias=alias_key(cast.alice, thread))
    named = send(cast.bob, thread, "Or by day.")
    told = "There is a note about the advice in your message"
    assert told not in look(cast.alice, cast)
    for post in (once, named):
        draft = labels.Draft(kind=LabelKind.NEEDS_SOURCE, days=90)
        labels.add(face=face(cast.mona, thread), post=post, draft=draft, key_of=cast.mona.keyed)
    alice, bob = look(cast.alice, cast), look(cast.bob, cast)
    assert told in alice and "Try this at night." in alice and "Or by day." not in alice
    assert told in bob and "Or by day." in bob and "Try this at night." not in bob
    for other in (cast.lena, cast.muted, cast.mona, cast.lead):
        assert told not in look(other, cast)
    with clock.held_at(clock.now() + dt.timedelta(days=15)):
        assert told not in look(cast.bob, cast)


def test_a_checked_role_is_told_to_its_holder_until_they_show_it(cast: Cast) -> None:
    badge = given(cast)
    told = "The team checked you as: nurse"
    assert told not in look(cast.bob, cast)
    badges.wear(
        here=cast.bob.here(cast.harbour), bid=badge.public_id, is_worn=False, shows_organisation=False
    )
    assert told in look(cast.bob, cast) and told not in look(cast.alice, cast)
