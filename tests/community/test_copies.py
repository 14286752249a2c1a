"""A copy of what is one's own in one group: refusals, what is in it, and what never is."""

from __future__ import annotations

import json
import time

import pytest
from django.test import Client
from django.utils.formats import date_format

from chat.actions import later
from chat.actions.reactions import react
from chat.enums import ReactionKind
from chat.selectors.later import keys_for
from community.actions import due
from community.enums import Audience
from community.models import Disclosure, JoinRequest
from core.registries import holdings
from tests.chat import hiding
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db


def page(cast: Cast) -> str:
    return f"/g/{cast.harbour.public_id}/copy/"


def prove(person: Person) -> Client:
    """Their browser, the passphrase just typed."""
    session = person.client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return person.client


def take(cast: Cast, person: Person, kind: str) -> str:
    answer = prove(person).post(page(cast), {"as": kind})
    assert answer.status_code == 200
    assert answer.streaming
    return answer.getvalue().decode()


def test_who_is_not_in_the_group_finds_nothing(cast: Cast) -> None:
    for client in (cast.nobody, prove(cast.olga), prove(cast.ned)):
        assert client.get(page(cast)).status_code == 404
        assert client.post(page(cast), {"as": "json"}).status_code == 404


def test_a_month_is_said_as_one(cast: Cast) -> None:
    month = date_format(cast.alice.member(cast.harbour).joined_month, "F Y")
    assert f'"joined in the month of": "{month}"' in take(cast, cast.alice, "json")


def test_the_passphrase_is_asked_first(cast: Cast) -> None:
    for answer in (cast.alice.client.get(page(cast)), cast.alice.client.post(page(cast), {"as": "json"})):
        assert answer.headers["Location"] == f"/account/again/?next=%2Fg%2F{cast.harbour.public_id}%2Fcopy%2F"


def test_a_stolen_form_gives_nothing(cast: Cast) -> None:
    thief = Client(enforce_csrf_checks=True)
    thief.cookies = prove(cast.alice).cookies
    assert thief.post(page(cast), {"as": "json"}).status_code == 403


def test_what_is_in_it_and_what_never_is(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Tea")
    send(cast.alice, thread, "Mine & only mine")
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, "Under a one-thread name", key_for_alias=alias_key(cast.alice, thread))
    send(cast.bob, thread, "Not mine at all")
    send(cast.alice, make_thread(cast.meadow), "In another group")
    Disclosure.objects.create(
        member=cast.alice.member(cast.harbour), group=cast.harbour, kind="pronouns", level="exact",
        audience=Audience.GROUP, path="she/her/",
    )  # fmt: skip
    file = take(cast, cast.alice, "json")
    held = json.loads(file)
    assert held["group"] == "harbour"
    written = {row["message"]: row["signed as"] for row in held["yours"]["Your messages"]}
    [once] = held["yours"]["Your one-thread names"]
    assert written == {
        "Mine & only mine": "Grey Heron",
        "Under a one-thread name": once["one-thread name"],
    }
    assert "Grey Heron" in str(held["yours"]["Your names here"])
    assert "Your place in this group" in held["yours"]
    for never in ("Not mine", "another group", "meadow", "Plain Fern", "alice", "otter-1234", "owner_tag"):
        assert never not in file
    assert cast.alice.tag(cast.harbour).hex() not in file


def test_what_waits_to_appear_is_in_it(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    payload = {"text": "Not yet", "handle": "Grey Heron", "tag": "", "tid": thread.public_id}
    key = keys_for(key_of=cast.alice.keyed, tid=thread.public_id).name
    due.later(key=key, act=later.ACT, payload=payload, due_at=due.within(due.APART))
    (row,) = json.loads(take(cast, cast.alice, "json"))["yours"]["Your messages"]
    assert row["message"] == "Not yet"
    assert row["waits to appear"]


@pytest.mark.parametrize("hide", ["block", "mute"])
@pytest.mark.parametrize("what", ["message", "kind word", "one-thread name"])
def test_it_holds_no_title_by_somebody_whom_one_does_not_see(cast: Cast, hide: str, what: str) -> None:
    thread, other = make_thread(cast.harbour, title="About my ward"), make_thread(cast.harbour, title="Tea")
    opening, answer = send(cast.alice, thread, "It began in May."), send(cast.mona, thread, "I am here.")
    send(cast.mona, other, "It is ready.")
    send(cast.bob, other, "Thank you")
    if what == "message":
        send(cast.bob, thread, "Hello")
    elif what == "kind word":
        kind = ReactionKind.THANK_YOU
        react(face=face(cast.bob, thread), post=answer, kind=kind, key_of=cast.bob.keyed)
    else:
        sign_as_alias(cast.bob, thread)
        send(cast.bob, thread, "Hello", key_for_alias=alias_key(cast.bob, thread))
    assert "About my ward" in take(cast, cast.bob, "json")
    if hide == "block":
        hiding.block(cast.alice, cast.bob, cast.harbour)
    else:
        hiding.mute(cast.bob, opening)
    shown = cast.bob.client.get(f"/g/{cast.harbour.public_id}/t/{thread.public_id}/").content.decode()
    copy = take(cast, cast.bob, "json")
    assert "Tea" in copy
    assert (
        ("About my ward" in copy)
        == ("About my ward" in shown)
        == (
            hide == "block" and what == "one-thread name"  # where one has such a name, no block reaches
        )
    )


def test_the_page_needs_nothing_else_and_hides_nothing(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour), "A <b>bold</b> & quiet word")
    html = take(cast, cast.alice, "page")
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; quiet word" in html
    assert html.startswith("<!doctype html>")
    assert html.rstrip().endswith("</html>")
    for outward in ("src=", "href=", "@import", "url(", "<script"):
        assert outward not in html
    assert "Your messages" in html
    assert "meadow" not in html


def test_the_file_has_a_name_that_says_nothing(cast: Cast) -> None:
    answer = prove(cast.alice).post(page(cast), {"as": "page"})
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="copy-20')
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_limit_keeps_nobody_from_a_copy(cast: Cast) -> None:
    for person in (cast.barred, cast.muted):
        assert json.loads(take(cast, person, "json"))["yours"]["Limits"]


def test_many_copies_an_hour_are_too_many(cast: Cast) -> None:
    client = prove(cast.alice)
    answers = [client.post(page(cast), {"as": "json"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Retry-After" in answers[-1].headers


def test_every_row_that_is_handed_out_is_in_plain_words(cast: Cast) -> None:
    """Everything that is exported has a title, and no row shows a column's name."""
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    sign_as_alias(cast.alice, thread)
    JoinRequest.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), accepted_version=1)
    owner = holdings.Owner(
        group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed
    )
    for holding in holdings.holdings():
        for row in holding.export(owner):
            assert holding.title, holding.model
            assert not [name for name in row if "_" in name], holding.model
