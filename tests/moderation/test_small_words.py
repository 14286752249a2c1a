"""What the pages of limits, notes and waiting messages say: the same thing everywhere, told apart, and first things
first."""

from __future__ import annotations

import re

import pytest
from django.utils.formats import date_format
from django.utils.timezone import timedelta

from chat.actions.posts import ONLY_READING
from chat.models import Thread
from community.selectors.disclosures import NO_NEW_WORDS
from core import clock
from moderation.actions import care
from moderation.enums import Act, Checking, Scope
from moderation.models import Decision, Held
from tests.chat.saying import send
from tests.chat.test_pages import at
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import decided, report
from tests.moderation.own_pages import limit_url, notice_of, own, words
from tests.moderation.test_console_doors import make_operator
from tests.moderation.test_looking_again import alone
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
TITLE = re.compile(r"<title>([^<]*)</title>")


def html(who: Person, url: str) -> str:
    answer = who.client.get(url)
    assert answer.status_code == 200, url
    return text_of(answer)


def title_of(page: str) -> str:
    found = TITLE.search(page)
    assert found
    return found[1]


# --- notes of one day -------------------------------------------------------------------------------------------------
def test_notes_of_one_day_have_titles_that_tell_them_apart_and_say_nothing_else(
    cast: Cast, thread: Thread
) -> None:
    acts = (Act.HIDE, Act.SLOW, Act.MUTE)
    made = [decided(cast, thread, act, text=f"You are lazy, {act}.", message="Be kind.") for act in acts]
    urls = [own("notice", cast.harbour, notice_of(one).public_id) for one in made]
    titles = [title_of(html(cast.alice, url)) for url in urls]
    day = date_format(clock.today(), "j F Y")
    assert set(titles) == {f"Note {n} of {day}" for n in (1, 2, 3)}
    shown = html(cast.alice, own("notices", cast.harbour))
    for url, title in zip(urls, titles, strict=True):
        assert f'href="{url}">{title}</a>' in shown, "the list calls it what the page does"
    again = title_of(html(cast.alice, own("appeal", cast.harbour, notice_of(made[0]).public_id)))
    assert again == f"Another look: {titles[0]}"


def test_one_note_of_a_day_has_no_number(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    shown = html(cast.alice, own("notice", cast.harbour, notice_of(decision).public_id))
    assert title_of(shown) == f"Note of {date_format(clock.today(), 'j F Y')}"


# --- until when -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", [Act.BAN, Act.SUSPEND])
def test_the_pages_about_a_limit_and_its_note_say_the_same_day(cast: Cast, thread: Thread, act: Act) -> None:
    """Whichever hour was drawn for its end."""
    decision = decided(cast, thread, act, days=3)
    day = date_format(decision.decided_on + timedelta(days=4), "j F Y")
    note = own("notice", cast.harbour, notice_of(decision).public_id, door="limits")
    assert f"It ends by {day}" in words(cast.alice.client.get(note))
    for url in ("/limits/", limit_url(cast.harbour)):
        page = words(cast.alice.client.get(url))
        assert f"t ends by {day}" in page and page.count("t ends") == 1, url


# --- who may not write ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", [Scope.GROUP, Scope.THREAD])
def test_instead_of_the_box_stands_the_way_to_the_note_that_says_why(
    cast: Cast, thread: Thread, scope: Scope
) -> None:
    decided(cast, thread, Act.MUTE, scope=scope)
    way = own("notices", cast.harbour)
    for who, is_limited in ((cast.alice, True), (cast.bob, False)):
        page = html(who, at("thread", cast.harbour, thread.public_id))
        assert (f'href="{way}"' in page.split('id="composer"')[1].split("</section>")[0]) == is_limited
        assert ("data-composer" in page) == (not is_limited)
    other = html(cast.alice, at("thread", cast.harbour, make_thread(cast.harbour).public_id))
    assert ("data-composer" in other) == (scope == Scope.THREAD)
    new = html(cast.alice, f"/g/{cast.harbour.public_id}/new/")
    assert ("A limit is set for you." in new) == (scope == Scope.GROUP)


def test_where_one_may_not_write_nobody_is_said_to_have_set_the_limit_who_did_not(
    cast: Cast, thread: Thread
) -> None:
    """Here someone from outside did. That is said in the note, where it is known, and never who it was."""
    alone(cast, cast.lead)
    make_operator(cast.ned)
    desk = Desk(cast.ned, report(cast.lead, send(cast.alice, thread, "You are lazy.")).case, outside=True)
    assert desk.decide(desk.take(), Act.MUTE, scope=Scope.GROUP, days=7).status_code == 302
    page = html(cast.alice, at("thread", cast.harbour, thread.public_id))
    box = page.split('id="composer"')[1].split("</section>")[0]
    assert "A limit is set for you. A note says who set it, why, and until when." in box
    sent = cast.alice.client.post(at("post_send", cast.harbour, thread.public_id), {"text": "But why?"})
    assert "A limit is set for you." in text_of(sent)
    for said in (box, text_of(sent), NO_NEW_WORDS, ONLY_READING):
        assert "oderator" not in said
    note = html(cast.alice, own("notice", cast.harbour, notice_of(Decision.objects.get()).public_id))
    assert "Someone from outside the group, not the team." in note


# --- messages that wait for a look ------------------------------------------------------------------------------------
def test_words_of_worry_come_first_among_what_waits_and_say_so(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.ALL, first_messages=2)
    said = {
        "Just a question.": "",
        "I feel so hopeless, everything is pointless and I hate myself.": "Look first",
        "I want to end my life and I have a plan.": "In danger now",
    }
    for hours, text in enumerate(said):
        cast.alice.client.post(
            at("post_send", cast.harbour, thread.public_id), {"text": text, "as_it_is": "1"}
        )
        Held.objects.filter(since__gte=clock.this_hour()).update(
            since=clock.this_hour() - timedelta(hours=9 - hours)
        )
    page = html(cast.mona, f"/g/{cast.harbour.public_id}/team/held/")
    cards = page.split('<li class="card')[1:]
    assert len(cards) == 3
    for card, (text, mark) in zip(cards, reversed(said.items()), strict=True):
        assert text in card
        assert re.findall(r'<span class="chip heads-up">([^<]+)</span>', card) == ([mark] if mark else [])
    assert page.count("Please look at this before the others.") == 2
