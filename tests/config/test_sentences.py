"""Short answers wait in a sealed cookie: no act in a group writes the session's row, and nobody else reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from community import avatars
from config import sentences
from tests.accounts import journeys
from tests.accounts.test_second_step import add_codes
from tests.people import Cast, Person

SAID = "That is your picture here now."
IN_AGAIN = "Your new passphrase holds"


def _picture(person: Person, cast: Cast) -> HttpResponse:
    chosen = avatars.propose(n=1)[0].choice
    return person.client.post(f"/g/{cast.harbour.public_id}/name/picture/", {"avatar": chosen})


def _cookie(answer: HttpResponse) -> Any:
    return answer.cookies[site.SENTENCES_COOKIE_NAME]


def _said(client: Client, address: str = "/home/") -> str:
    """The short answers on the page that comes next."""
    page = client.get(address, follow=True).content.decode()
    (said,) = re.findall(r'<section id="messages" aria-label.*?</section>', page, re.S) or [""]
    return " ".join(re.findall(r"<p>(.*?)</p>", said))


# --- who reads nothing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["another person", "another key of the site", "altered", "no seal"])
def test_what_is_not_ones_own_reads_as_nothing_and_is_taken_away(cast: Cast, settings: Any, who: str) -> None:
    sealed = _cookie(_picture(cast.alice, cast)).value
    reader = cast.bob.client if who == "another person" else cast.alice.client
    if who == "another key of the site":
        settings.SECRET_KEY = "another" * 9
    given = {"altered": sealed[:-8] + "AAAA" + sealed[-4:], "no seal": "x\0é"}.get(who, sealed)
    reader.cookies[site.SENTENCES_COOKIE_NAME] = given
    assert SAID not in _said(reader)
    assert reader.cookies[site.SENTENCES_COOKIE_NAME].value == ""


def test_without_the_session_it_does_not_open(cast: Cast) -> None:
    sealed = _cookie(_picture(cast.alice, cast)).value
    cast.nobody.cookies[site.SENTENCES_COOKIE_NAME] = sealed
    assert SAID not in _said(cast.nobody, "/sign-in/")


@pytest.mark.parametrize(
    ("how", "told"), [("/sign-out/", True), ("/leave/", False), ("/account/sessions/end-all/", True)]
)
def test_who_goes_leaves_nothing_to_read_for_whoever_comes_next(cast: Cast, how: str, told: bool) -> None:
    sealed = _cookie(_picture(cast.alice, cast)).value
    gone = _cookie(cast.alice.client.post(how))
    assert told or (gone.value, gone["max-age"], gone["path"]) == ("", 0, "/")
    said = _said(cast.alice.client, "/sign-in/")
    assert SAID not in said and ("You are signed out." in said) == told
    cast.alice.client.cookies[site.SENTENCES_COOKIE_NAME] = sealed
    assert not _said(cast.alice.client, "/sign-in/")


def test_a_quick_exit_of_whoever_is_signed_out_takes_it_away_too(cast: Cast) -> None:
    cast.alice.client.post("/sign-out/")
    gone = _cookie(cast.alice.client.post("/leave/"))
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_one_who_comes_over_somebodys_session_reads_what_is_said_to_them_alone(cast: Cast) -> None:
    bob = journeys.settle(journeys.sign_up())
    _picture(cast.alice, cast)
    _, answer = journeys.way_back(bob, client=cast.alice.client)
    assert answer.status_code == 302
    said = _said(cast.alice.client, answer.headers["Location"])
    assert IN_AGAIN in said and SAID not in said


# --- what the cookie is -----------------------------------------------------------------------------------------


def test_the_cookie_is_short_lived_and_for_the_server_alone(cast: Cast) -> None:
    cookie = _cookie(_picture(cast.alice, cast))
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert cookie["max-age"] == sentences.LASTS <= 600 and not cookie["domain"]
    assert bool(cookie["secure"]) is site.SESSION_COOKIE_SECURE


def test_no_length_tells_which_sentence_waits(db: None) -> None:
    lengths = {len(_cookie(_answer(text)).value) for text in ("Saved.", "You have left. " * 20, "é" * 300)}
    assert len(lengths) == 1


def test_nothing_is_set_when_there_is_nothing_to_say(cast: Cast) -> None:
    assert site.SENTENCES_COOKIE_NAME not in cast.alice.client.get("/home/").cookies


def _answer(*said: str, status: int = 200) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        for text in said:
            messages.success(request, text)
        return HttpResponse(status=status)

    return MessageMiddleware(SessionMiddleware(view))(RequestFactory().get("/"))


def test_an_answer_that_broke_says_nothing_later(db: None) -> None:
    assert site.SENTENCES_COOKIE_NAME in _answer("You are in.").cookies
    assert site.SENTENCES_COOKIE_NAME not in _answer("You are in.", status=503).cookies


def test_of_more_than_fits_the_newest_are_kept(db: None) -> None:
    request = RequestFactory().get("/")
    said = [str(number) * 400 for number in range(6)]
    request.COOKIES[site.SENTENCES_COOKIE_NAME] = _cookie(_answer(*said)).value
    kept: list[str] = []
    read = MessageMiddleware(
        SessionMiddleware(lambda request: kept.extend(map(str, get_messages(request))) or HttpResponse())
    )
    assert _cookie(read(request)).value == "" and kept == said[-3:]


def test_what_can_never_fit_is_left_out_with_the_page_whole(db: None) -> None:
    assert site.SENTENCES_COOKIE_NAME not in _answer("x" * 5000).cookies


# --- where the session changes within an answer -----------------------------------------------------------------


def test_what_is_said_while_coming_in_is_shown_under_the_new_session(db: None) -> None:
    person = journeys.settle(journeys.sign_up())
    client, answer = journeys.way_back(person)
    assert IN_AGAIN in _said(client, answer.headers["Location"]) and not _said(client)


def test_also_where_the_second_step_comes_first(db: None) -> None:
    person = journeys.settle(journeys.sign_up())
    add_codes(person.client)
    client, answer = journeys.way_back(person)
    assert answer.headers["Location"].startswith("/sign-in/second-step/")
    assert IN_AGAIN in _said(client, answer.headers["Location"])


def test_whoever_is_signed_out_is_told_without_a_session(cast: Cast) -> None:
    cast.nobody.cookies[site.SENTENCES_COOKIE_NAME] = _cookie(_answer("Sign in with the new one.")).value
    assert _said(cast.nobody, "/sign-in/") == "Sign in with the new one."
    assert not _said(cast.nobody, "/sign-in/") and site.SESSION_COOKIE_NAME not in cast.nobody.cookies


def test_an_open_page_that_asks_what_is_new_leaves_it_for_the_next_one(cast: Cast) -> None:
    _picture(cast.mona, cast)
    desk = f"/g/{cast.harbour.public_id}/team/"
    asked = cast.mona.client.get(desk, headers={"X-Kith-Fresh": "1"})
    assert site.SENTENCES_COOKIE_NAME not in asked.cookies
    assert SAID in _said(cast.mona.client, desk)


# --- no write beside an act -------------------------------------------------------------------------------------


def _join(cast: Cast) -> tuple[Client, HttpResponse]:
    data = {"accept": "on", "version": "1", "talk": "yes"}
    return cast.olga.client, cast.olga.client.post(f"/g/{cast.meadow.public_id}/join/", data)


def _another_picture(cast: Cast) -> tuple[Client, HttpResponse]:
    return cast.alice.client, _picture(cast.alice, cast)


def _leave(cast: Cast) -> tuple[Client, HttpResponse]:
    return cast.bob.client, cast.bob.client.post(f"/g/{cast.harbour.public_id}/leave/")


def _rows() -> list[tuple[object, ...]]:
    """The sessions as they lie in the table, with PostgreSQL's stamps."""
    stamp = ", xmin::text, ctid::text" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT fingerprint, payload, owner_tag, expires_on{stamp} FROM accounts_session")  # noqa: S608 ours
        return sorted(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor)


@pytest.mark.parametrize("act", [_join, _another_picture, _leave])
def test_no_act_in_a_group_writes_the_row_of_a_session(
    cast: Cast, act: Callable[[Cast], tuple[Client, HttpResponse]]
) -> None:
    """The row holds a tag that all of an account's sessions share: its stamp beside each act ties their names."""
    before = _rows()
    with CaptureQueriesContext(connection) as queries:
        client, answer = act(cast)
        assert answer.status_code == 302, answer.content
        first, second = (_said(client, answer.headers["Location"]) for _ in range(2))
    wrote = [q["sql"] for q in queries if re.match(r"(?i)insert|update|delete", q["sql"])]
    assert wrote and not [sql for sql in wrote if "accounts_session" in sql]
    assert _rows() == before
    assert first and not second
