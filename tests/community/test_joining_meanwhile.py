"""Whoever comes in, or asks to, while their account closes: nothing of it stays."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client

from community.actions import due, joining, leaving
from community.models import Group, JoinRequest, Member
from community.policies import Outside
from core import clock
from tests.accounts import journeys
from tests.community.test_invitations import make
from tests.people import Cast, Person, sign_in
from tests.privacy.test_leaving_meanwhile import plan_closing

pytestmark = pytest.mark.django_db
GOOD = {"version": "1", "accept": "on"}


def _join(who: Person, cast: Cast) -> Group:
    who.client.post(f"/g/{cast.meadow.public_id}/join/", GOOD)
    return cast.meadow


def _ask(who: Person, cast: Cast) -> Group:
    who.client.post(f"/g/{cast.harbour.public_id}/ask/", {"version": "1", "answer": "We have two boats."})
    return cast.harbour


def _use_code(who: Person, cast: Cast) -> Group:
    who.client.post("/join/", {**GOOD, "code": make(cast), "stage": "promise"})
    return cast.harbour


DOORS = [_join, _ask, _use_code]


def _stays(who: Person, group: Group) -> bool:
    tag = who.tag(group)
    return any(model.objects.filter(owner_tag=tag).exists() for model in (Member, JoinRequest))


@pytest.mark.parametrize("door", DOORS)
def test_who_closes_their_account_meanwhile_does_not_come_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, door: Callable[[Person, Cast], Group]
) -> None:
    """They were nowhere before: no erasure is planned in that group, and nobody else could find them there."""
    real, closed = joining._check_version, list[str]()

    def check(*given: object) -> None:
        if not closed:
            tab = Person(account=cast.olga.account, secret=cast.olga.secret, client=Client())
            sign_in(tab.client, tab.account, tab.secret, strong=False)
            closed.append(journeys.close_account(tab))
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(joining, "_check_version", check)
    assert not _stays(cast.olga, door(cast.olga, cast)) and closed
    cast.olga.account.refresh_from_db()
    assert cast.olga.account.closing_at


@pytest.mark.parametrize("door", DOORS)
def test_who_does_not_comes_in(cast: Cast, door: Callable[[Person, Cast], Group]) -> None:
    assert _stays(cast.olga, door(cast.olga, cast))


def test_who_is_let_in_after_they_closed_their_account_goes_with_the_rest(cast: Cast) -> None:
    request_id = _asked(cast)
    plan_closing(cast, cast.olga)
    joining.accept_request(here=cast.mona.here(cast.harbour), request_id=request_id)
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        due.do_due()
    assert not _stays(cast.olga, cast.harbour)


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_while_they_are_let_in_is_erased(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    request_id, here, real, begun = (
        _asked(cast),
        cast.mona.here(cast.harbour),
        joining._admit,
        threading.Event(),
    )

    def slow(**given: object) -> bool:
        begun.set()
        time.sleep(0.5)  # the erasure comes now
        return real(**given)  # type: ignore[arg-type]

    def accept() -> None:
        joining.accept_request(here=here, request_id=request_id)
        connections.close_all()

    monkeypatch.setattr(joining, "_admit", slow)
    team = threading.Thread(target=accept)
    team.start()
    assert begun.wait(30)
    leaving.forget_member(owner_tag=cast.olga.tag(cast.harbour))
    team.join()
    assert not _stays(cast.olga, cast.harbour)


def _asked(cast: Cast) -> str:
    place = Outside(group=cast.harbour, signed_in=True)
    joining.ask(place=place, owner_tag=cast.olga.tag(cast.harbour), version=1, answer="x")
    return str(JoinRequest.objects.get().public_id)
