"""The second step: what it guards, how it is added and taken away, and that its rows say little."""

from __future__ import annotations

import base64
import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client

from accounts import keys, pacing
from accounts.actions import accounts
from accounts.actions import second_factors as actions
from accounts.adapter import MFAAdapter
from accounts.models import Account
from accounts.selectors import second_factors
from community import linkage
from tests import limits
from tests.accounts import journeys
from tests.accounts.journeys import OTHER_PASSPHRASE, PASSPHRASE, is_in, sign_in, sign_up
from tests.accounts.soft_passkey import SoftPasskey, options_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return journeys.settle(sign_up())


class Carrier:
    """What linkage takes."""

    def __init__(self, client: Client) -> None:
        self.session = client.session
        self.user = Account.objects.first() if is_in(client) else None


def is_strong(client: Client) -> bool:
    return linkage.has_second_factor(Carrier(client))


def code_of(key: str) -> str:
    limits.forget_all()  # a code works once; tests are faster than half a minute
    # The next one is tolerated already, and holds just after midnight, too.
    return format_hotp_value(hotp_value(key, max(yield_hotp_counters_from_time())))


def add_codes(client: Client) -> str:
    page = client.get("/account/second-step/codes/").content.decode()
    key = re.search(r'class="code"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert client.post("/account/second-step/codes/", {"code": code_of(key)}).status_code == 302
    return key


def add_passkey(client: Client) -> SoftPasskey:
    device = SoftPasskey()
    page = client.get("/account/second-step/passkey/")
    answer = client.post("/account/second-step/passkey/", {"credential": device.make(options_on(page))})
    assert answer.status_code == 302
    return device


def test_without_one_a_session_is_not_strong(person):
    assert is_in(person.client) and not is_strong(person.client)


def test_codes_are_asked_for_at_the_next_sign_in_and_make_it_strong(person):
    key, secret = add_codes(person.client), keys.carried(person.client.session)
    assert is_strong(person.client)
    client, answer = sign_in(person.name, PASSPHRASE)
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert not is_in(client) and not is_strong(client)
    for path in ("/account/", "/account/words/", "/account/second-step/remove/", "/account/sessions/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/")
    before = client.session.session_key
    done = client.post("/sign-in/second-step/", {"code": code_of(key)})
    assert done.status_code == 302 and is_in(client) and is_strong(client)
    assert client.session.session_key != before
    assert keys.carried(client.session) == secret


def test_next_goes_through_the_second_step_in_the_address_only(person):
    key, gid = add_codes(person.client), "/g/abcdefgh234567/"
    client = Client()
    typed = {"name": person.name, "passphrase": PASSPHRASE}
    answer = client.post("/sign-in/", typed, query_params={"next": gid})
    assert "abcdefgh234567" not in json.dumps(dict(client.session))
    done = client.post(answer.headers["Location"], {"code": code_of(key)})
    assert done.headers["Location"] == gid
    assert "abcdefgh234567" not in json.dumps(dict(client.session))


def test_the_page_is_only_there_after_the_passphrase():
    assert Client().get("/sign-in/second-step/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_typed_the_old_passphrase_just_before_it_changed_signs_in_anew(person, monkeypatch, method):
    """All sessions ended at the change; this one was not stored yet."""
    key, prove = add_codes(person.client), accounts.prove

    def prove_slowly(**given):
        opened = prove(**given)
        assert accounts.change_passphrase(opened=prove(**given), passphrase=OTHER_PASSPHRASE)
        return opened

    monkeypatch.setattr(accounts, "prove", prove_slowly)
    client, answer = sign_in(person.name, PASSPHRASE)
    monkeypatch.undo()
    step = answer.headers["Location"]
    answer = getattr(client, method)(step, {"code": code_of(key)}, follow=True)
    assert answer.redirect_chain == [("/sign-in/", 302)]
    assert "Sign in with the new one" in answer.content.decode()
    assert not is_in(client) and keys.carried(client.session) is None
    client, _ = sign_in(person.name, OTHER_PASSPHRASE)
    assert client.post(step, {"code": code_of(key)}).status_code == 302 and is_in(client)


def test_wrong_codes_do_not_fit_and_get_slower(person):
    add_codes(person.client)
    client, _ = sign_in(person.name, PASSPHRASE)
    statuses = [client.post("/sign-in/second-step/", {"code": "000000"}).status_code for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    assert not is_in(client)


def test_codes_are_not_guessed_from_many_networks_either(person):
    add_codes(person.client)
    client, _ = sign_in(person.name, PASSPHRASE)
    statuses = [
        client.post("/sign-in/second-step/", {"code": "000000"}, REMOTE_ADDR=f"198.51.{n}.7").status_code
        for n in range(pacing.CODES_AN_HOUR + 3)
    ]
    assert statuses == [422] * pacing.CODES_AN_HOUR + [429] * 3


def test_a_code_works_once(person):
    key = add_codes(person.client)
    code = code_of(key)
    first, _ = sign_in(person.name, PASSPHRASE)
    second, _ = sign_in(person.name, PASSPHRASE)
    assert first.post("/sign-in/second-step/", {"code": code}).status_code == 302
    assert second.post("/sign-in/second-step/", {"code": code}).status_code == 422
    assert not is_in(second)


@pytest.mark.parametrize("number", [-1, 0])
def test_a_code_that_fitted_before_midnight_fits_no_more_after_it(person, monkeypatch, number):
    """The limiter's keys are of a day, so that it no longer knows whether the code was used."""
    key, account = add_codes(person.client), Account.objects.get()
    midnight = (int(time.time()) // 86_400 + 1) * 86_400
    code, next_one = (format_hotp_value(hotp_value(key, midnight // 30 + n)) for n in (number, 1))
    fits = []
    for second, typed in [(-1, code), (-1, code), (1, code), (29, code), (31, next_one), (32, next_one)]:
        monkeypatch.setattr(time, "time", lambda second=second: midnight + second)
        fits.append(actions.check_code(account=account, code=typed) is not None)
    assert fits == [True, False, False, False, True, False]


@pytest.mark.parametrize("written", ["{}-{}", '"{}{}', "{} {}", "{}{}.", "{}\u00a0{}", "{}a{}"])
def test_a_code_works_once_however_it_is_written(person, written):
    key = add_codes(person.client)
    code = code_of(key)
    first, _ = sign_in(person.name, PASSPHRASE)
    second, _ = sign_in(person.name, PASSPHRASE)
    assert first.post("/sign-in/second-step/", {"code": code}).status_code == 302
    again = {"code": written.format(code[:3], code[3:])}
    assert second.post("/sign-in/second-step/", again).status_code == 422
    assert not is_in(second)


def test_the_code_that_added_the_app_is_used_up_however_it_is_written(person):
    page = person.client.get("/account/second-step/codes/").content.decode()
    key = re.search(r'class="code"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    code = code_of(key)
    typed = {"code": f"{code[:3]}-{code[3:]}"}
    assert person.client.post("/account/second-step/codes/", typed).status_code == 302
    client, _ = sign_in(person.name, PASSPHRASE)
    assert client.post("/sign-in/second-step/", {"code": code}).status_code == 422
    assert not is_in(client)


def test_a_passkey_is_added_and_asked_for(person):
    device = add_passkey(person.client)
    assert is_strong(person.client)
    client, _ = sign_in(person.name, PASSPHRASE)
    page = client.get("/sign-in/second-step/")
    assert not is_in(client)
    answer = client.post("/sign-in/second-step/", {"credential": device.use(options_on(page))})
    assert answer.status_code == 302 and is_in(client) and is_strong(client)


def test_another_device_or_an_old_answer_does_not_fit(person):
    device = add_passkey(person.client)
    client, _ = sign_in(person.name, PASSPHRASE)
    page = client.get("/sign-in/second-step/")
    stranger = SoftPasskey(credential_id=device.credential_id)
    assert (
        client.post("/sign-in/second-step/", {"credential": stranger.use(options_on(page))}).status_code
        == 422
    )
    page = client.get("/sign-in/second-step/")
    answer = device.use(options_on(page))
    assert client.post("/sign-in/second-step/", {"credential": answer}).status_code == 302
    again, _ = sign_in(person.name, PASSPHRASE)
    again.get("/sign-in/second-step/")
    assert again.post("/sign-in/second-step/", {"credential": answer}).status_code == 422
    for junk in ("", "{}", "[]", "null", "7", '{"response": 1}', "not json"):
        assert again.post("/sign-in/second-step/", {"credential": junk}).status_code in {422, 429}
    assert not is_in(again)


def test_junk_is_no_passkey(person):
    for junk in ("", "{}", "[]", "null", "7", '{"response": {}}', "not json"):
        answer = person.client.post("/account/second-step/passkey/", {"credential": junk})
        assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_adding_and_taking_away_need_a_fresh_passphrase(person):
    client, _ = sign_in(person.name, PASSPHRASE)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [r | {"at": r["at"] - 3600} for r in records]
    session.save()
    for path in ("codes/", "passkey/", "remove/"):
        assert client.get(f"/account/second-step/{path}").headers["Location"].startswith("/account/again/")
    for path in ("codes/", "passkey/", "removed/"):
        answer = client.post(f"/account/second-step/{path}", {"code": "1", "which": "codes"})
        assert answer.headers["Location"].startswith("/account/again/")
    assert "account_reauthentication_state" not in client.session


def test_the_list_numbers_passkeys_and_dates_nothing(person):
    add_passkey(person.client)
    add_passkey(person.client)
    add_codes(person.client)
    text = person.client.get("/account/second-step/").content.decode().split("<main")[1]
    assert "Passkey 1" in text and "Passkey 2" in text and "Codes from an app" in text
    assert not re.search(r"20\d\d|\d:\d\d", text)


def test_taking_away_the_last_one_takes_the_strength_of_this_session_and_ends_the_others(person):
    key = add_codes(person.client)
    add_passkey(person.client)
    row = Authenticator.objects.get(type="webauthn")
    person.client.post("/account/second-step/removed/", {"which": row.pk})
    assert is_strong(person.client)
    other, _ = sign_in(person.name, PASSPHRASE)
    other.post("/sign-in/second-step/", {"code": code_of(key)})
    assert is_strong(other)
    person.client.post("/account/second-step/removed/", {"which": "codes"})
    assert not Authenticator.objects.exists()
    assert is_in(person.client) and not is_strong(person.client)
    assert not is_in(other)
    assert sign_in(person.name, PASSPHRASE)[1].headers["Location"] == journeys.HOME


def test_somebody_elses_passkey_cannot_be_taken_away(person):
    stranger = journeys.settle(sign_up())
    add_passkey(stranger.client)
    row = Authenticator.objects.get()
    person.client.post("/account/second-step/removed/", {"which": row.pk})
    assert Authenticator.objects.count() == 1


def test_seeds_are_sealed(person):
    key = add_codes(person.client)
    stored = Authenticator.objects.get().data["secret"]
    raw = base64.b32decode(key)
    assert key not in stored and raw not in bytes.fromhex(stored) and raw.hex() not in stored
    assert MFAAdapter().decrypt(stored) == key
    assert "mfa.totp.secret" not in person.client.session


def test_times_are_no_finer_than_the_month(person):
    key = add_codes(person.client)
    device = add_passkey(person.client)
    for answer in ("code", "credential"):
        client, _ = sign_in(person.name, PASSPHRASE)
        page = client.get("/sign-in/second-step/")
        typed = {"code": code_of(key)} if answer == "code" else {"credential": device.use(options_on(page))}
        assert client.post("/sign-in/second-step/", typed).status_code == 302
    for row in Authenticator.objects.all():
        made = row.created_at
        assert (made.day, made.hour, made.minute, made.second, made.microsecond) == (1, 0, 0, 0, 0)
        assert row.last_used_at is None


def test_row_keys_are_random_and_passkeys_keep_their_order(person):
    add_codes(person.client)
    for _ in range(4):
        add_passkey(person.client)
    rows = {row.pk: row.data.get("name") for row in Authenticator.objects.all()}
    assert min(rows) > 2**20 and len(rows) == 5  # counted rows would be 1 to 5
    listed = second_factors.of(account=Account.objects.get()).passkeys
    assert [rows[pk] for pk in listed] == ["1", "2", "3", "4"]
    person.client.post("/account/second-step/removed/", {"which": listed[1]})
    add_passkey(person.client)
    left = second_factors.of(account=Account.objects.get()).passkeys
    assert left[:3] == [listed[0], *listed[2:]] and len(left) == 4


def test_the_account_table_has_no_time_but_that_of_its_end():
    with connection.cursor() as cursor:
        columns = {
            c.name for c in connection.introspection.get_table_description(cursor, Account._meta.db_table)
        }
    assert columns == {"id", "password", "username", "is_active", "discreet", "closing_at"}
