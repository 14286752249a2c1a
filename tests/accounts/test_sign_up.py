"""Signing up: four questions, no JavaScript, no cookie but the forms' before there is an account."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as live_settings
from django.core import signing
from django.test import Client

from accounts import keys, recovery_words, signin_names
from accounts.actions import locks
from accounts.models import Account, FactSheet, Lock, Session
from accounts.models.locks import LockKind
from accounts.views import entry
from tests.accounts import journeys
from tests.accounts.journeys import PASSPHRASE, sign_up

pytestmark = pytest.mark.django_db
COOKIE = live_settings.SESSION_COOKIE_NAME


def test_the_whole_way_without_javascript():
    gid = "/g/abcdefgh234567/join/"
    person = sign_up(go_to=gid)
    assert "4 of 6" in person.visited[-1].content.decode()
    assert "We have no email to check" in person.visited[-1].content.decode()
    assert len(person.words) == 8

    words_page = person.visited[-1].request
    check = f"/account/words/check/?{words_page['QUERY_STRING']}"
    asked = person.client.get(check).content.decode()
    assert "word number 3" in asked.lower()
    assert "5 of 6" in asked
    done = person.client.post(check, {"word_3": person.words[2].upper(), "word_7": f" {person.words[6]} "})
    assert done.status_code == 302 and done.headers["Location"].startswith("/sign-up/device/")
    assert "6 of 6" in person.client.get(done.headers["Location"]).content.decode()
    last = person.client.post(done.headers["Location"], {"only_mine": "yes"})
    assert last.headers["Location"] == gid
    assert journeys.is_in(person.client)


def test_the_pages_are_counted_to_one_end():
    client, counted = Client(), list[str]()

    def read(answer) -> None:
        counted.extend(re.findall(r"<span>([^<]* \d+ of \d+)</span>", answer.content.decode()))

    read(client.get("/sign-up/"))
    name = client.get(client.post("/sign-up/", {"age": "adult"}).headers["Location"])
    token = {"token": journeys.token_on(name)}
    read(name)
    read(client.post("/sign-up/passphrase/", token))
    read(client.post("/sign-up/passphrase/", token | {"new_passphrase": "short"}))
    done = client.post("/sign-up/passphrase/", token | {"new_passphrase": PASSPHRASE})
    shown = client.get(done.headers["Location"])
    read(shown)
    check = f"/account/words/check/?{done.headers['Location'].partition('?')[2]}"
    read(client.get(check))
    words = journeys.words_on(shown)
    read(client.get(client.post(check, {"word_3": words[2], "word_7": words[6]}).headers["Location"]))
    assert counted == [f"Your sign-in: {n} of 6" for n in (1, 2, 3, 3, 4, 5, 6)]


@pytest.mark.parametrize("path", ["/sign-up/", "/sign-up/name/", "/sign-up/passphrase/"])
def test_whoever_goes_back_from_their_first_words_sees_them_again(path):
    gid = "/g/abcdefgh234567/join/"
    person = sign_up(go_to=gid)
    back = person.client.get(path, query_params={"next": gid})
    assert back.status_code == 302 and "abcdefgh234567" in back.headers["Location"]
    shown = person.client.get(back.headers["Location"])
    assert journeys.words_on(shown) == person.words and "4 of 6" in shown.content.decode()
    journeys.settle(person)
    assert person.client.get(path, query_params={"next": gid}).headers["Location"] == gid


def test_the_passphrase_once_more_leads_back_to_the_same_page(monkeypatch):
    person = sign_up(go_to="/g/abcdefgh234567/join/")
    moment = entry.time.time()
    monkeypatch.setattr(entry.time, "time", lambda: moment + entry.FRESH + 1)
    asked = person.client.get(
        person.visited[-1].request["PATH_INFO"], query_params={"next": "/sign-up/device/"}
    )
    assert asked.headers["Location"].startswith("/account/again/?next=")
    again = person.client.post(asked.headers["Location"], {"passphrase": PASSPHRASE})
    assert again.headers["Location"] == "/account/words/?next=%2Fsign-up%2Fdevice%2F"


def test_no_cookie_but_the_forms_before_there_is_an_account():
    client = Client()
    page = client.get(client.post("/sign-up/", {"age": "16_17"}).headers["Location"])
    for path in ("/sign-up/", "/sign-in/", "/way-back/"):
        client.get(path)
    client.post("/sign-up/passphrase/", {"token": journeys.token_on(page)})
    client.post("/sign-up/passphrase/", {"token": journeys.token_on(page), "new_passphrase": "short"})
    assert set(client.cookies) <= {live_settings.CSRF_COOKIE_NAME}
    assert Session.objects.count() == 0


def test_whoever_goes_back_from_the_passphrase_finds_the_name_they_wrote_down():
    client = Client()
    first = client.get(client.post("/sign-up/", {"age": "16_17"}).headers["Location"])
    token = journeys.token_on(first)
    name = signin_names.open_signed(token)
    asked = client.post("/sign-up/passphrase/", {"token": token}).content.decode()
    assert 'action="/sign-up/name/"' in asked and token in asked
    back = client.post("/sign-up/name/", {"token": token})
    assert name in back.content.decode() and signin_names.open_signed(journeys.token_on(back)) == name
    for forged in ("", token[:-1], signing.dumps(name, salt="another")):
        other = client.post("/sign-up/name/", {"token": forged})
        assert other.status_code == 200 and name not in other.content.decode()


def test_somebody_too_young_is_shown_help_and_nothing_is_kept():
    client = Client()
    page = client.post("/sign-up/", {"age": "under_16"})
    assert page.status_code == 200 and "Find someone to talk to" in page.content.decode()
    assert not client.cookies.get(COOKIE) and not Account.objects.exists()


def test_an_unanswered_question_comes_back_with_422():
    page = Client().post("/sign-up/", {"x": "1"})
    assert page.status_code == 422 and "Pick one of these" in page.content.decode()


def _try_token(token: str, **more: str):
    return Client().post("/sign-up/passphrase/", {"token": token, "new_passphrase": PASSPHRASE} | more)


def test_a_name_that_was_not_proposed_is_refused():
    page = Client().get("/sign-up/name/")
    good = journeys.token_on(page)
    forged = [
        "helpful-teacup-4821",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        signing.dumps("my-own-name", salt="something else"),
        "",
    ]
    for token in forged:
        answer = _try_token(token)
        assert answer.status_code == 422
        assert journeys.token_on(answer) != good
    assert not Account.objects.exists()


def test_a_typed_name_has_no_say():
    page = Client().get("/sign-up/name/")
    _try_token(journeys.token_on(page), name="my-own-name", username="my-own-name")
    assert Account.objects.get().username == journeys.name_on(page)


def test_a_proposal_holds_for_an_hour(monkeypatch):
    token = signin_names.sign("helpful-teacup-4821")
    moment = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: moment + 3605)
    assert _try_token(token).status_code == 422
    monkeypatch.setattr(signing.time, "time", lambda: moment + 3590)
    assert _try_token(token).status_code == 302


def test_a_name_is_given_once():
    token = signin_names.sign("helpful-teacup-4821")
    assert _try_token(token).status_code == 302
    second = _try_token(token)
    assert second.status_code == 422 and "Somebody just took that name" in second.content.decode()
    assert Account.objects.count() == 1


def test_names_are_drawn_from_the_lists_and_differ():
    drawn = {signin_names.draw() for _ in range(200)}
    assert len(drawn) > 195
    assert all(signin_names.normal(name) == name for name in drawn)


@pytest.mark.parametrize(
    ("passphrase", "says"),
    [
        ("short", "Make it longer"),
        ("password1234", "Many people use words like these"),
        ("", "Type a passphrase"),
        ("x" * 300, "300 letters. Keep it to 256"),
        ("helpful-teacup-4821", "too close to your sign-in name. Think of another passphrase."),
    ],
)
def test_a_weak_passphrase_is_refused_in_plain_words(passphrase, says):
    answer = Client().post(
        "/sign-up/passphrase/",
        {"token": signin_names.sign("helpful-teacup-4821"), "new_passphrase": passphrase},
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and says in text
    assert "helpful-teacup-4821" in text  # the name is kept
    assert not Account.objects.exists()


def test_showing_what_was_typed_needs_no_javascript():
    token = signin_names.sign("helpful-teacup-4821")
    page = Client().post("/sign-up/passphrase/", {"token": token, "new_passphrase": PASSPHRASE, "show": "1"})
    assert page.status_code == 200
    assert f'type="text" name="new_passphrase" value="{PASSPHRASE}"' in page.content.decode()
    assert not Account.objects.exists()


def test_the_passphrase_field_welcomes_password_managers():
    page = Client().post("/sign-up/passphrase/", {"token": signin_names.sign("helpful-teacup-4821")})
    text = page.content.decode()
    assert 'autocomplete="new-password"' in text and 'autocomplete="username"' in text
    assert "onpaste" not in text


def test_sign_up_is_paced_by_network_only(settings):
    settings.KITH_SIGN_UPS_AN_HOUR = 3
    for _ in range(3):
        sign_up(REMOTE_ADDR="198.51.100.4")
    page = Client().get("/sign-up/name/")
    typed = {"token": journeys.token_on(page), "new_passphrase": PASSPHRASE}
    slow = Client().post("/sign-up/passphrase/", typed, REMOTE_ADDR="198.51.100.200")
    assert slow.status_code == 429 and 0 < int(slow.headers["Retry-After"]) <= 3600
    assert "Please wait" in slow.content.decode() and journeys.token_on(slow) == typed["token"]
    assert Client().post("/sign-up/passphrase/", typed, REMOTE_ADDR="198.51.101.4").status_code == 302


def test_a_clinic_can_sign_up_twenty_people_in_an_hour():
    for number in range(20):
        answer = _try_token(signin_names.sign(f"clinic-teacup-{number}"))
        assert answer.status_code == 302


def test_words_hold_from_the_start_even_if_they_are_never_typed_back():
    person = sign_up()
    assert person.client.post("/account/words/skip/").status_code == 302
    account = Account.objects.get()
    assert locks.unlock(
        account=account, kind=LockKind.WORDS, phrase=recovery_words.normal(" ".join(person.words))
    )
    assert not Lock.objects.filter(kind=LockKind.NEXT_WORDS).exists()
    assert "words" not in person.client.session


def test_words_are_shown_until_they_are_kept_and_never_again():
    person = sign_up()
    assert journeys.words_on(person.client.get("/account/words/card/")) == person.words
    saved = person.client.post("/account/words/file/")
    assert saved.headers["Content-Type"].startswith("text/plain")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="words.txt"'
    listed = saved.content.decode()
    assert all(word in listed for word in person.words)
    assert person.name in listed  # neither opens anything without the other
    assert (
        "/way-back/" in listed and "testserver" not in listed
    )  # whoever finds it is not told which place it opens
    wrong = person.client.post("/account/words/check/", {"word_3": "no", "word_7": person.words[6]})
    assert wrong.status_code == 422 and "This is not word number 3" in wrong.content.decode()
    journeys.settle(person)
    for path in ("/account/words/", "/account/words/card/", "/account/words/check/"):
        text = person.client.get(path, follow=True).content.decode()
        assert '<ol class="words"' not in text
    assert person.client.post("/account/words/file/").status_code == 302


def test_the_words_cannot_be_fetched_by_a_link():
    person = sign_up()
    assert person.client.get("/account/words/file/").status_code == 405


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_away(evil):
    client = Client()
    answer = client.post("/sign-up/", {"age": "adult"}, query_params={"next": evil})
    assert "evil" not in answer.headers["Location"] and "alert" not in answer.headers["Location"]
    person = sign_up(go_to=evil)
    last = person.client.post("/sign-up/device/", {"only_mine": "no"}, query_params={"next": evil})
    assert last.headers["Location"] == journeys.HOME
    _, answer = journeys.sign_in(person.name, PASSPHRASE)
    client = Client()
    answer = client.post(
        "/sign-in/", {"name": person.name, "passphrase": PASSPHRASE}, query_params={"next": evil}
    )
    assert answer.headers["Location"] == journeys.HOME


def test_a_shared_device_forgets_when_the_browser_closes():
    person = sign_up()
    assert person.visited[2].cookies[COOKIE]["max-age"] == ""
    mine = person.client.post("/sign-up/device/", {"only_mine": "yes"})
    assert int(mine.cookies[COOKIE]["max-age"]) == live_settings.SESSION_COOKIE_AGE
    shared = person.client.post("/sign-up/device/", {"only_mine": "no"})
    assert shared.cookies[COOKIE]["max-age"] == ""


def test_an_account_starts_with_two_locks_and_a_sheet_and_s_nowhere_in_the_open():
    person = sign_up()
    secret = keys.carried(person.client.session)
    account = Account.objects.get()
    assert set(account.locks.values_list("kind", flat=True)) == {LockKind.PASSPHRASE, LockKind.WORDS}
    assert FactSheet.objects.filter(account=account).exists()
    for row in [*Lock.objects.all(), *Session.objects.all(), *FactSheet.objects.all()]:
        for value in vars(row).values():
            assert not isinstance(value, bytes) or secret not in value


def test_who_is_signed_in_does_not_sign_up_again():
    person = sign_up()
    for path in ("/sign-up/", "/sign-up/name/", "/sign-in/"):
        assert person.client.get(path).status_code == 302
    assert (
        person.client.get("/way-back/").status_code == 200
    )  # a passphrase may be lost while one is signed in


def test_what_was_shown_is_hidden_again_and_stays_typed():
    token = signin_names.sign("helpful-teacup-4821")
    typed = {"token": token, "new_passphrase": PASSPHRASE}
    shown = Client().post("/sign-up/passphrase/", typed | {"show": "1"}).content.decode()
    assert 'name="hide"' in shown and 'name="show"' not in shown
    hidden = Client().post("/sign-up/passphrase/", typed | {"hide": "1"}).content.decode()
    assert f'type="password" name="new_passphrase" value="{PASSPHRASE}"' in hidden
    assert 'name="show"' in hidden and 'name="hide"' not in hidden
    assert not Account.objects.exists()


def test_a_refused_passphrase_is_not_put_into_the_page_again():
    token = signin_names.sign("helpful-teacup-4821")
    page = Client().post("/sign-up/passphrase/", {"token": token, "new_passphrase": "too short"})
    assert page.status_code == 422 and "too short" not in page.content.decode()
