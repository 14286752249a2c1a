"""What is new to one reader, what is never new to them, and who waits for an answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chat.models import ReadMark
from tests.chat.saying import alias_key, fill, send, sign_as_alias
from tests.chat.test_pages import at, page, say
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_the_unread_line_and_where_a_thread_opens(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    fill(cast.alice, thread, [f"say{n:02}." for n in range(60)])
    first = page(cast.bob, thread)
    assert "say00." in first and "say24." in first and "say25." not in first and 'id="new"' not in first
    assert "Show earlier messages" not in first and "?after=25" in first
    newest = page(cast.bob, thread, "?newest=1")
    assert "say59." in newest and "say35." in newest and "say34." not in newest
    assert "Show earlier messages" in newest and 'data-head="60"' in newest
    second = page(cast.bob, thread)  # the jump passed over these
    assert second.index("say24.") < second.index('id="new"') < second.index("say25.")
    page(cast.bob, thread, "?after=47")
    assert 'id="new"' not in page(cast.bob, thread)
    for n in range(60, 64):
        send(cast.alice, thread, f"say{n:02}.")
    group = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "4 new to you" in group and "64 messages" in group
    back = page(cast.bob, thread)
    assert back.index("say59.") < back.index('id="new"') < back.index("say60.")
    assert "new to you" not in cast.bob.client.get(at("group", cast.harbour)).content.decode()


def test_a_long_absence_opens_at_the_first_new_message(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "say00.")
    page(cast.bob, thread)
    fill(cast.alice, thread, [f"say{n:02}." for n in range(1, 80)])
    assert "say79." in page(cast.bob, thread, "?newest=1")  # a jump: what it passed over stays new
    shown = page(cast.bob, thread)
    assert "say00." in shown and "say24." in shown and "say25." not in shown
    assert "data-socket" not in shown and "?after=25" in shown
    assert "say25." in page(cast.bob, thread, "?after=25")
    assert "say79." in page(cast.bob, thread, "?newest=1")
    assert "say10." in page(cast.bob, thread, "?before=20") and "say19." not in page(
        cast.bob, thread, "?before=20"
    )
    for odd in ("?before=x", "?after=99999999999999999999", "?before=-1", "?around=7", "?before=0"):
        page(cast.bob, thread, odd)


def test_ones_own_messages_are_never_new(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.bob, thread)
    page(cast.alice, thread)
    say(cast.alice, thread, "Mine, sent")  # the mark moves along
    assert cast.alice.keyed("read", thread.public_id) in {
        bytes(key) for key in ReadMark.objects.filter(seq=2).values_list("key", flat=True)
    }
    send(cast.alice, thread, "Mine, from elsewhere")
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, "Mine too", key_for_alias=alias_key(cast.alice, thread))
    group, home = at("group", cast.harbour), reverse("chat:home")
    assert "new to you" not in cast.alice.client.get(group).content.decode()
    assert 'id="new"' not in page(cast.alice, thread)
    send(cast.alice, make_thread(cast.harbour))
    assert "New messages" not in cast.alice.client.get(home).content.decode()
    send(cast.bob, thread)
    say(cast.alice, thread, "Crossed", headers={"Accept": "application/json"})
    assert "1 new to you" in cast.alice.client.get(group).content.decode()
    assert "1 talk has messages you have not read" in cast.alice.client.get(home).content.decode()


def test_somebody_waits_until_another_answers(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Alone")
    url, home = at("group", cast.harbour), reverse("chat:home")
    assert "Someone is waiting" not in cast.bob.client.get(url).content.decode()
    send(cast.alice, thread)
    assert "Someone is waiting" in cast.bob.client.get(url).content.decode()
    assert "Someone is waiting" in cast.bob.client.get(home).content.decode()
    assert "Someone is waiting" not in cast.alice.client.get(url).content.decode()
    send(cast.bob, thread)
    assert "Someone is waiting" not in cast.lena.client.get(url).content.decode()


def test_marks_without_a_page(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    url = at("mark_read", cast.harbour, thread.public_id)
    for seq in ("1", "x", "", "9" * 30):
        assert cast.bob.client.post(url, {"seq": seq}).status_code == 204
    assert "new to you" not in cast.bob.client.get(at("group", cast.harbour)).content.decode()
