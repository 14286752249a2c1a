"""Kept out of a group or of the whole site: one door stays open, and for everybody else it is not there."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from chat.models import Post, Thread
from community.models import DueAct, Standing
from core import clock
from moderation.enums import Act
from moderation.models import Appeal, Decision
from tests.accounts import journeys
from tests.chat.saying import send
from tests.moderation.judging import decided, report
from tests.moderation.own_pages import limit_url, notice_of, own, read, without_tokens
from tests.people import Cast, Person, add, sign_in

pytestmark = pytest.mark.django_db
LIMITS = "/limits/"


def ways(cast: Cast) -> list[str]:
    """All that is behind the door of one group."""
    names = ("notices", "reports")
    return [limit_url(cast.harbour), *(own(name, cast.harbour, door="limits") for name in names)]


# --- who may not ---------------------------------------------------------------------------------------------------
def test_for_everybody_else_nothing_is_there(cast: Cast, thread: Thread) -> None:
    decided(cast, thread, Act.BAN)
    others = [cast.nobody, *(p.client for who, p in cast.people.items() if who not in {"alice", "barred"})]
    for client in others:
        nothing = client.get("/nothing/is/here/")
        for url in [LIMITS, *ways(cast), "/limits/nosuchgroup999/", limit_url(cast.cellar)]:
            answer = client.get(url)
            assert answer.status_code == 404, url
            assert without_tokens(answer.content) == without_tokens(nothing.content)


def test_a_hidden_group_gives_nothing_away(cast: Cast, thread: Thread) -> None:
    """Neither to somebody kept out elsewhere, nor to somebody kept from the whole site."""
    for act in (Act.BAN, Act.SUSPEND):
        decided(cast, thread, act) if act == Act.BAN else Standing.objects.update(site_wide=True)
        for url in (limit_url(cast.cellar), own("notices", cast.cellar, door="limits")):
            answer = cast.alice.client.get(url)
            missing = cast.alice.client.get(url.replace(cast.cellar.public_id, "nosuchgroup999"))
            assert answer.status_code == missing.status_code == 404
            assert without_tokens(answer.content) == without_tokens(missing.content)
        assert "cellar" not in read(cast.alice, LIMITS)


def test_the_banned_still_find_nothing_in_the_group(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN)
    nid = notice_of(decision).public_id
    for url in (
        reverse("chat:group", args=[cast.harbour.public_id]),
        own("notices", cast.harbour), own("reports", cast.harbour), own("notice", cast.harbour, nid),
    ):  # fmt: skip
        assert cast.alice.client.get(url).status_code == 404


def test_a_banned_person_sees_their_own_notes_alone(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN, text="You are lazy.", message="For Grey Heron.")
    shown = read(cast.barred, limit_url(cast.harbour)) + read(
        cast.barred, own("notices", cast.harbour, door="limits")
    )
    assert "There is no note for you" in shown and "Grey Heron" not in shown
    nid = notice_of(decision).public_id
    for name in ("notice", "appeal"):
        assert cast.barred.client.get(own(name, cast.harbour, nid, door="limits")).status_code == 404


# --- out of a group ------------------------------------------------------------------------------------------------
def test_a_banned_person_is_told_and_can_ask(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN)
    assert "A limit keeps you out of a group" in read(cast.alice, reverse("chat:home"))
    assert "A limit keeps you out of a group" not in read(cast.bob, reverse("chat:home"))
    assert "Groups you cannot come into" in read(cast.alice, LIMITS)
    end = said_end()
    door = cast.alice.client.get(limit_url(cast.harbour)).content.decode()
    assert f"{end.day} {end:%B %Y}" in door
    nid = notice_of(decision).public_id
    for url in (
        own("notice", cast.harbour, nid, door="limits"), own("reports", cast.harbour, door="limits"),
        reverse("community:copy", args=[cast.harbour.public_id]), reverse("community:services"),
        reverse("community:leave_and_delete", args=[cast.harbour.public_id]), reverse("accounts:close"),
    ):  # fmt: skip
        assert url in door
        assert cast.alice.client.get(url).status_code in {200, 302}
    assert cast.alice.client.get(reverse("chat:group", args=[cast.meadow.public_id])).status_code == 200


def test_whatever_is_closed_to_the_banned_leads_to_the_reasons(cast: Cast, thread: Thread) -> None:
    decided(cast, thread, Act.BAN)
    about = reverse("community:front", args=[cast.harbour.public_id])
    talk = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    old_tab = reverse("chat:post_send", args=[cast.harbour.public_id, thread.public_id])
    answers = [
        cast.alice.client.get(about),
        cast.alice.client.get(talk),
        cast.alice.client.post(old_tab, {"text": "Hi"}),
    ]
    assert [f'href="{LIMITS}"' in answer.content.decode() for answer in answers] == [True] * 3
    assert "Hi" in answers[2].content.decode()
    said = cast.alice.client.post(old_tab, {"text": "Hi"}, headers={"accept": "application/json"})
    assert said.status_code == 404 and "A limit keeps you out of a group." in said.json()["message"]
    for other in (cast.olga.client, cast.nobody):
        assert f'href="{LIMITS}"' not in other.get(talk).content.decode()


def test_who_left_with_a_ban_can_still_ask(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN)
    url = reverse("community:leave_and_delete", args=[cast.harbour.public_id])
    assert cast.alice.client.post(url, {"when": "later"}).status_code == 200
    shown = read(cast.alice, limit_url(cast.harbour))
    assert "Note of" in shown and "Take a copy" not in shown
    appeal = own("appeal", cast.harbour, notice_of(decision).public_id, door="limits")
    assert cast.alice.client.post(appeal, {"text": "It was a joke."}).status_code == 302


def test_a_ban_that_is_over_closes_the_door(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN)
    with clock.held_at(clock.now() + dt.timedelta(days=8)):
        for url in (LIMITS, *ways(cast)):
            assert cast.alice.client.get(url).status_code == 404
        assert (
            cast.alice.client.get(own("notice", cast.harbour, notice_of(decision).public_id)).status_code
            == 200
        )


# --- out of the whole site -----------------------------------------------------------------------------------------
@pytest.fixture
def suspended(cast: Cast, thread: Thread) -> Person:
    report(cast.alice, send(cast.bob, thread), note="Before all this.")
    decided(cast, thread, Act.SUSPEND)
    return cast.alice


def said_end() -> dt.date:
    """The day that the note about it says."""
    return Decision.objects.get().decided_on + dt.timedelta(days=8)


def test_signing_in_leads_to_a_plain_explanation(cast: Cast, suspended: Person) -> None:
    for start in (reverse("chat:home"), reverse("accounts:sign_in")):
        answer = suspended.client.get(start, follow=True)
        assert answer.redirect_chain[-1][0] == LIMITS and answer.status_code == 200
        assert len(answer.redirect_chain) <= 2
    end = said_end()
    shown = read(suspended, LIMITS)
    assert "You cannot come in for now" in shown and f"{end.day} {end:%B %Y}" in shown and "112" in shown
    assert "harbour" in shown and "meadow" in shown


def test_the_group_that_decided_is_marked(cast: Cast, suspended: Person) -> None:
    shown = read(suspended, LIMITS)
    assert shown.count("The team here set this limit.") == 1
    assert "harbour The team here set this limit." in shown


@pytest.mark.parametrize("name", ["chat:home", "community:invite"])
def test_no_page_sends_them_round_in_circles(suspended: Person, name: str) -> None:
    answer = suspended.client.get(reverse(name), follow=True)
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == LIMITS


def test_joining_leads_there_too(cast: Cast, suspended: Person) -> None:
    answer = suspended.client.get(reverse("community:join", args=[cast.meadow.public_id]), follow=True)
    assert answer.redirect_chain[-1][0] == LIMITS


def test_notes_reports_and_another_look_in_every_group(cast: Cast, suspended: Person, thread: Thread) -> None:
    end = said_end()
    for group in (cast.harbour, cast.meadow):
        shown = read(suspended, limit_url(group))
        assert f"{end.day} {end:%B %Y}" in shown
        assert suspended.client.get(reverse("chat:group", args=[group.public_id])).status_code == 404
        assert suspended.client.get(own("notices", group)).status_code == 404
    assert "Before all this." in read(suspended, own("reports", cast.harbour, door="limits"))
    listed = suspended.client.get(limit_url(cast.harbour)).content.decode()
    nid = listed.split("/notes/")[1].split("/")[0]
    assert "You are lazy." in read(suspended, own("notice", cast.harbour, nid, door="limits"))
    url = own("appeal", cast.harbour, nid, door="limits")
    assert suspended.client.post(url, {"text": "It was a joke."}).status_code == 302
    assert Appeal.objects.get().words == "It was a joke."


def fresh(person: Person) -> Client:
    """Signed in with the passphrase a moment ago."""
    client = Client()
    sign_in(client, person.account, person.secret, strong=False)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.account.pk)
    session.save()
    client.cookies["kith"] = session.session_key
    return client


def test_a_copy_of_what_is_theirs(cast: Cast, suspended: Person) -> None:
    client = fresh(suspended)
    url = reverse("community:copy", args=[cast.harbour.public_id])
    answer = client.post(url, {"as": "json"})
    assert answer.status_code == 200
    copy = json.loads(b"".join(answer.streaming_content))["yours"]  # type: ignore[attr-defined]  # the stubs know no streamed answer
    assert "Before all this." in json.dumps(copy["What you reported"])
    assert "This was unkind." in json.dumps(copy["What the team told you"])
    assert "You are lazy." in json.dumps(copy)
    assert "harbour" in read(suspended, reverse("community:yours"))


def test_deleting_the_account_takes_what_they_wrote(cast: Cast, suspended: Person) -> None:
    assert "Your account is closed" in journeys.close_account(replace(suspended, client=fresh(suspended)))
    assert Account.objects.get(pk=suspended.account.pk).closing_at
    assert DueAct.objects.exists(), "their groups are found although they are nobody there"
    assert Post.objects.filter(text="You are lazy.").exists()


def test_leaving_with_everything(cast: Cast, suspended: Person) -> None:
    url = reverse("community:leave_and_delete", args=[cast.harbour.public_id])
    assert suspended.client.post(url, {"when": "now"}).status_code == 200
    assert suspended.client.get(LIMITS).status_code == 200
    assert (
        suspended.client.post(reverse("community:come_back", args=[cast.harbour.public_id])).status_code
        == 404
    )


def test_home_leads_there_also_from_a_group_that_was_left(cast: Cast, thread: Thread) -> None:
    decided(cast, thread, Act.BAN)
    url = reverse("community:leave_and_delete", args=[cast.harbour.public_id])
    assert cast.alice.client.post(url, {"when": "now"}).status_code == 200
    words = "A limit keeps you out of a group. See why, and what you can do"
    assert words in read(cast.alice, reverse("chat:home"))
    assert words not in read(cast.bob, reverse("chat:home"))
    assert "harbour" in read(cast.alice, LIMITS)


@pytest.mark.parametrize(
    "name", ["community:services", "safety", "cover_tracks", "accounts:settings", "landing"]
)
def test_help_and_settings_stay(suspended: Person, name: str) -> None:
    assert suspended.client.get(reverse(name)).status_code == 200


def test_somebody_new_is_not_kept_out(cast: Cast, suspended: Person) -> None:
    add(cast.olga, cast.harbour)
    assert cast.olga.client.get(reverse("chat:home")).status_code == 200
    assert cast.olga.client.get(LIMITS).status_code == 404


def test_an_open_talk_holds_the_words_for_whoever_is_kept_out_and_the_way_to_why(
    cast: Cast, thread: Thread
) -> None:
    page = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    words = cast.alice.client.get(page).content.decode().split('<p title="gone">')[1].split("</p>")[0]
    assert "If a limit keeps you out, you can read why." in words
    assert f'href="{LIMITS}">See why, and what you can do</a>' in words
    decided(cast, thread, Act.BAN)
    assert cast.alice.client.get(page).status_code == 404, "nothing newer says so"
    assert cast.alice.client.get(LIMITS).status_code == 200
