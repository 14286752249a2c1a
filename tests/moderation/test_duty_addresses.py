"""Where somebody of a team gets a mail in their hours: their own alone, sealed, and used once it was confirmed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail as outbox
from django.urls import reverse

from chat.models import Thread
from community import duty_addresses
from community.models import DutyAddress
from core import clock, mailed_codes
from moderation.actions import alerts
from moderation.models import Case
from tests.chat.saying import send
from tests.moderation.console import text_of
from tests.moderation.test_worries import DARK, THREE, on_duty, with_mail
from tests.people import Cast

pytestmark = pytest.mark.django_db
__all__ = ["with_mail"]


@pytest.mark.usefixtures("with_mail")
def test_a_duty_address_is_the_teams_own_and_sealed(cast: Cast) -> None:
    url = reverse("community:duty_address", args=[cast.harbour.public_id])
    for person in (cast.alice, cast.olga, cast.ned, cast.weak):
        assert person.client.post(url, {"address": "a@b.example"}).status_code == 404
    assert cast.mona.client.post(url, {"address": "not an address"}).status_code == 422
    assert cast.mona.client.post(url, {"address": "duty@mail.example"}).status_code == 302
    assert b"duty@mail" not in bytes(DutyAddress.objects.get().sealed)
    assert "duty@mail.example" in text_of(cast.mona.client.get(f"/g/{cast.harbour.public_id}/rota/"))
    assert "duty@mail.example" not in text_of(cast.lead.client.get(f"/g/{cast.harbour.public_id}/rota/"))
    for person in (cast.alice, cast.olga, cast.ned, cast.weak):
        assert person.client.post(url, {"code": code_in_mail()}).status_code == 404
    cast.mona.client.post(url, {"address": ""})
    assert not DutyAddress.objects.exists()


def code_in_mail() -> str:
    return re.findall(r"\d{6}", outbox.outbox[-1].body)[0]


def _give(cast: Cast) -> str:
    """Mona is on duty, and gives an address. Returns where she types the code."""
    on_duty(cast.mona, cast, "")
    url = reverse("community:duty_address", args=[cast.harbour.public_id])
    assert cast.mona.client.post(url, {"address": "duty@mail.example"}).status_code == 302
    return url


def _mails_of_worry(cast: Cast, thread: Thread) -> list[list[str]]:
    """Whom a mail reaches when somebody is not well in Mona's hours."""
    outbox.outbox.clear()
    with clock.held_at(THREE.replace(hour=19)):
        send(cast.alice, thread, DARK)
        alerts.tell_those_on_duty()
    return [one.to for one in outbox.outbox]


@pytest.mark.usefixtures("with_mail")
def test_an_address_is_used_once_the_code_that_went_there_was_typed(cast: Cast, thread: Thread) -> None:
    url = _give(cast)
    page, said = f"/g/{cast.harbour.public_id}/rota/", code_in_mail()
    assert [one.to for one in outbox.outbox] == [["duty@mail.example"]] and "harbour" not in outbox.outbox[
        0
    ].body
    assert said.encode() not in bytes(DutyAddress.objects.get().code)
    assert "We sent a code to <b>duty@mail.example</b>" in text_of(cast.mona.client.get(page))
    wrong = cast.mona.client.post(url, {"code": "wrong!"})
    assert wrong.status_code == 422 and "That is not the code" in text_of(wrong)
    assert cast.mona.client.post(url, {"code": said}).status_code == 302
    assert "We sent a code" not in text_of(cast.mona.client.get(page))
    assert _mails_of_worry(cast, thread) == [["duty@mail.example"]]


@pytest.mark.usefixtures("with_mail")
def test_nothing_goes_to_an_address_whose_code_nobody_typed(cast: Cast, thread: Thread) -> None:
    _give(cast)
    assert _mails_of_worry(cast, thread) == [] and Case.objects.exists()
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        duty_addresses.drop_unconfirmed()
    assert not DutyAddress.objects.exists()


@pytest.mark.usefixtures("with_mail")
def test_a_code_takes_a_few_tries_for_a_day(cast: Cast) -> None:
    url, right = _give(cast), code_in_mail()
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        assert not duty_addresses.confirm(member=cast.mona.member(cast.harbour), code=right)
    for _ in range(mailed_codes.MOST_TRIES):
        assert cast.mona.client.post(url, {"code": "wrong!"}).status_code == 422
    assert cast.mona.client.post(url, {"code": right}).status_code == 422
    assert not duty_addresses.of(members=[cast.mona.member(cast.harbour)])


@pytest.mark.usefixtures("with_mail")
def test_nobody_is_flooded_with_codes_and_a_confirmed_address_is_not_asked_again(cast: Cast) -> None:
    url = _give(cast)
    cast.mona.client.post(url, {"code": code_in_mail()})
    sent = len(outbox.outbox)
    cast.mona.client.post(url, {"address": "duty@mail.example"})
    assert len(outbox.outbox) == sent
    for number in range(5):
        last = cast.mona.client.post(url, {"address": f"other{number}@mail.example"})
    assert len(outbox.outbox) == mailed_codes.CODES_A_DAY
    assert last.status_code == 422 and "could not send a code" in text_of(last) and "other4@" in text_of(last)
