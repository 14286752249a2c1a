"""The card of somebody who is not well stays where they wrote, and leads to what the team wrote to them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from chat.models import Post, Thread
from community.models import Standing
from moderation.actions import care, worries
from moderation.enums import Act, Checking, Reason
from tests.chat.saying import fresh, send
from tests.moderation.console import text_of
from tests.moderation.judging import claim, decide, decided, judge, report
from tests.moderation.own_pages import own, read
from tests.people import Cast

pytestmark = pytest.mark.django_db
DARK = "I want to die and I do not know who to tell"
CARD = "You are not in trouble."


def talk_of(thread: Thread) -> str:
    return reverse("chat:thread", args=[thread.group.public_id, thread.public_id])


@pytest.mark.parametrize(("words", "stays"), [(DARK, True), ("The kettle is on.", False)])
def test_it_stays_while_their_words_wait_for_the_team(
    cast: Cast, thread: Thread, words: str, *, stays: bool
) -> None:
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.ALL, first_messages=2)
    url = reverse("chat:post_send", args=[thread.group.public_id, thread.public_id])
    answer = cast.alice.client.post(url, {"text": words, "client_id": fresh()})
    assert answer.status_code == 302 and not Post.objects.exists()
    page = text_of(cast.alice.client.get(talk_of(thread)))
    assert words in page and (CARD in page) is stays
    assert CARD not in text_of(cast.bob.client.get(talk_of(thread)))


def test_it_says_where_to_look_and_leads_to_what_was_written(cast: Cast, thread: Thread) -> None:
    url = reverse("moderation:now_in", args=["g", cast.harbour.public_id]) + f"?talk={thread.public_id}"
    case = worries.ask_for_help(here=cast.alice.here(cast.harbour), words=DARK)
    answer = cast.alice.client.post(f"{talk_of(thread)}posts/", {"text": DARK, "client_id": fresh()})
    page = text_of(cast.alice.client.get(answer.url))
    assert "does not change by itself" in page and f'href="{url}">See if the team wrote' in page
    held = claim(cast.mona, case)
    worries.write(
        judge=judge(cast.mona, cast.harbour), case=held, fence=held.fence, words="Are you safe now?"
    )
    page = text_of(cast.alice.client.get(answer.url))
    assert f'href="{url}">Read what the team wrote' in page


def test_who_is_kept_from_writing_or_from_reading_finds_help_there(cast: Cast, thread: Thread) -> None:
    help_here = reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    assert f'href="{help_here}">I need help now' in text_of(cast.muted.client.get(talk_of(thread)))
    decided(cast, thread, Act.SUSPEND)
    Standing.objects.update(site_wide=True)
    gone = cast.alice.client.get(help_here)
    assert gone.status_code == 404
    assert f'href="{reverse("moderation:now")}">I need help now' in text_of(gone)
    assert "I need help now" not in text_of(cast.nobody.get("/nothing/is/here/"))


def test_whoever_worried_reads_no_word_of_the_promise(cast: Cast, thread: Thread) -> None:
    decide(cast.mona, report(cast.bob, send(cast.alice, thread), reason=Reason.WORRIED).case, Act.NOTHING)
    shown = read(cast.bob, own("reports", cast.harbour))
    assert "The team has looked at it. Thank you for looking out for them." in shown
    assert "promise" not in shown.split("What you reported")[1].split("Get help")[0]


def test_whoever_ticked_danger_reads_that_it_is_marked(cast: Cast) -> None:
    url = reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    for person, in_danger in ((cast.alice, True), (cast.bob, False)):
        worries.ask_for_help(here=person.here(cast.harbour), words="", in_danger=in_danger)
        assert ("It is marked: in danger now" in text_of(person.client.get(url))) is in_danger


def test_it_leaves_a_page_open_that_alone_has_their_words(cast: Cast, thread: Thread) -> None:
    page = cast.lena.client.post(f"{talk_of(thread)}posts/", {"text": DARK, "client_id": fresh()})
    assert page.status_code == 409 and DARK in text_of(page)
    links = re.findall(
        r"<a [^>]*/now/[^>]*>", text_of(page).split('id="care"')[1].split("Only you see this")[0]
    )
    assert len(links) == 2 and all('target="_blank"' in one for one in links)
    send(cast.alice, thread, DARK)
    talk = text_of(cast.alice.client.get(talk_of(thread) + "?care=1"))
    assert 'id="care"' in talk and "_blank" not in talk.split('id="care"')[1].split("Only you see this")[0]


def test_help_leads_back_to_the_talk(cast: Cast, thread: Thread) -> None:
    talk, help_here = talk_of(thread), reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    back = f'href="{talk}">'
    worries.ask_for_help(here=cast.alice.here(cast.harbour), words=DARK)
    card = text_of(cast.alice.client.get(talk + "?care=1"))
    assert f'href="{help_here}?back={thread.public_id}">See whom you can call' in card
    for way in ("back", "talk"):
        asked = f"{help_here}?{way}={thread.public_id}"
        assert back in text_of(cast.alice.client.get(asked))
        kept = cast.alice.client.post(asked, {"pick": "", "message": DARK, "region": "gb-eng"})
        assert back in text_of(kept) and DARK in text_of(kept)
    assert back not in text_of(cast.alice.client.get(help_here))
    assert "back=" not in text_of(cast.alice.client.get(f"{help_here}?back=%22%3E%3Cscript%3E"))
    decided(cast, thread, Act.SUSPEND)
    outside = reverse("moderation:now_in", args=["limits", cast.harbour.public_id])
    assert back not in text_of(cast.alice.client.get(f"{outside}?back={thread.public_id}"))
