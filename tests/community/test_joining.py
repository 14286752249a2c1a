"""Coming in: few screens, and nothing kept of the private question."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.apps import apps

from community.actions import joining as actions
from community.enums import RequestState, Visibility
from community.errors import MayNot, NotHere
from community.models import Charter, Group, JoinRequest, Member, Standing
from community.policies import Outside
from core import clock
from tests.people import Cast, add, make_person, sign_in

GOOD = {"version": "1", "accept": "on"}


def _join(cast: Cast, group: Group, **data: str):
    return cast.olga.client.post(f"/g/{group.public_id}/join/", {**GOOD, **data})


def _is_in(cast: Cast, group: Group) -> bool:
    return Member.objects.filter(owner_tag=cast.olga.tag(group)).exists()


def _counted(page: str) -> list[str]:
    """How far somebody is, as the page says it."""
    return re.findall(r"<span>([^<]* \d+ of \d+)</span>", page)


def _rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_signed_out_people_are_led_to_sign_in_and_back(cast: Cast) -> None:
    address = f"/g/{cast.meadow.public_id}/join/"
    page = cast.nobody.get(address).content.decode()
    assert f"?next={address}" in page
    assert _counted(page) == []
    before = Member.objects.count()
    assert cast.nobody.post(address, GOOD).status_code == 200
    assert Member.objects.count() == before


def test_an_open_group_is_joined_at_once(cast: Cast) -> None:
    assert _counted(cast.olga.client.get(f"/g/{cast.meadow.public_id}/join/").content.decode()) == []
    response = _join(cast, cast.meadow)
    assert response.headers["Location"] == f"/g/{cast.meadow.public_id}/"
    member = cast.olga.member(cast.meadow)
    assert member.accepted_version == 1
    assert not member.personas.exists()


def test_asking_a_closed_group_has_two_pages_and_both_say_so(cast: Cast) -> None:
    address = f"/g/{cast.harbour.public_id}/"
    promise = cast.olga.client.get(f"{address}join/").content.decode()
    question = cast.olga.client.get(f"{address}ask/?promise=1").content.decode()
    assert _counted(promise) + _counted(question) == ["Joining: 1 of 2", "Joining: 2 of 2"]


def test_joining_twice_is_joining_once(cast: Cast) -> None:
    place = Outside(group=cast.meadow, signed_in=True)
    for _ in range(2):
        actions.join(place=place, owner_tag=cast.olga.tag(cast.meadow), version=1)
    assert Member.objects.filter(owner_tag=cast.olga.tag(cast.meadow)).count() == 1


def test_without_the_tick_nobody_joins(cast: Cast) -> None:
    response = cast.olga.client.post(f"/g/{cast.meadow.public_id}/join/", {"version": "1", "talk": "yes"})
    assert response.status_code == 422
    assert "Tick the box" in response.content.decode()
    assert not _is_in(cast, cast.meadow)


def test_a_promise_that_changed_meanwhile_is_read_again(cast: Cast) -> None:
    assert _join(cast, cast.meadow, version="7").status_code == 409
    assert not _is_in(cast, cast.meadow)


def test_one_who_has_nobody_to_talk_to_is_shown_help_first(cast: Cast) -> None:
    response = _join(cast, cast.meadow, talk="no")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Thank you for saying so" in page and "You are not in yet." in page
    assert re.search(r'name="accept"[^>]* checked', page), "what was ticked stays ticked"
    assert "/help/" in page.split("</h2>")[1]
    assert not _is_in(cast, cast.meadow)
    assert _join(cast, cast.meadow, seen_help="True").status_code == 302
    assert _is_in(cast, cast.meadow)


@pytest.mark.parametrize("talk", ["yes", "no", ""])
def test_nothing_of_the_private_answer_is_kept(cast: Cast, talk: str) -> None:
    """One row is added, whose columns have no room for it, and the session gains nothing."""
    before, held = _rows(), set(cast.olga.client.session.keys())
    response = _join(cast, cast.meadow, talk=talk, seen_help="True")
    assert {label: n - before[label] for label, n in _rows().items() if n != before[label]} == {
        "community.Member": 1
    }
    assert set(cast.olga.client.session.keys()) == held
    assert "?" not in response.headers["Location"]
    told = {"id", "owner_tag", "_state"}
    row, like = (
        {name: value for name, value in vars(person.member(cast.meadow)).items() if name not in told}
        for person in (cast.olga, cast.alice)
    )
    assert row == like


def test_the_promise_is_led_by_its_short_words_and_folded_the_second_time(cast: Cast) -> None:
    long = cast.olga.client.get(f"/g/{cast.meadow.public_id}/join/").content.decode()
    assert "Be privacy." in long and "<details" not in long
    Charter.objects.filter(group=cast.meadow).update(easy_read="Be kind. You can just read.")
    short = cast.olga.client.get(f"/g/{cast.meadow.public_id}/join/").content.decode()
    assert short.count("You can just read.") == 1
    assert short.index("You can just read.") < short.index("Read it all") < short.index("Be privacy.")
    again = _join(cast, cast.meadow, talk="no").content.decode()
    assert (
        again.index("Thank you for saying so") < again.index("Join this group") < again.index("Be privacy.")
    )


def test_the_private_question_can_be_left_out(cast: Cast) -> None:
    assert _join(cast, cast.meadow).status_code == 302


def test_a_closed_group_asks_its_question(cast: Cast) -> None:
    response = _join(cast, cast.harbour)
    assert response.headers["Location"] == f"/g/{cast.harbour.public_id}/ask/?promise=1"
    page = cast.olga.client.get(response.headers["Location"]).content.decode()
    assert "What brings you here?" in page
    assert "Mondays" in page
    assert not _is_in(cast, cast.harbour)


def test_the_question_is_not_reached_without_the_promise(cast: Cast) -> None:
    response = cast.olga.client.get(f"/g/{cast.harbour.public_id}/ask/")
    assert response.headers["Location"] == f"/g/{cast.harbour.public_id}/join/"


def _ask(cast: Cast, **data: str):
    return cast.olga.client.post(
        f"/g/{cast.harbour.public_id}/ask/", {"version": "1", "answer": "I like boats.", **data}
    )


def test_asking_waits_and_says_so(cast: Cast) -> None:
    assert _ask(cast).status_code == 302
    page = cast.olga.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert "You asked to join on" in page and "While you wait" in page
    assert not _is_in(cast, cast.harbour)
    _ask(cast, answer="Again")
    assert [row.answer for row in JoinRequest.objects.all()] == ["I like boats."]


def test_an_empty_answer_is_asked_for_again(cast: Cast) -> None:
    assert _ask(cast, answer=" ").status_code == 422
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("name", ["", "promise", "name", "rota", "about", "requests", "invitations", "roles"])
def test_every_page_of_a_group_has_its_tabs_and_the_team_sees_how_many_wait(cast: Cast, name: str) -> None:
    _ask(cast)
    address = f"/g/{cast.harbour.public_id}/{name + '/' if name else ''}"
    page = cast.mona.client.get(address).content.decode()
    assert f'href="{address}" aria-current="page"' in page and "Who wants to join (1)" in page
    if name not in {"requests", "invitations", "roles"}:
        page = cast.alice.client.get(address).content.decode()
        assert f'href="{address}" aria-current="page"' in page and "Who wants to join" not in page
        assert 'class="tabs"' not in cast.olga.client.get(address).content.decode()


def test_a_request_can_be_taken_back(cast: Cast) -> None:
    _ask(cast)
    cast.olga.client.post(f"/g/{cast.harbour.public_id}/ask/", {"take_back": "1"})
    assert not JoinRequest.objects.exists()


def test_an_open_group_has_no_question_and_a_closed_one_no_short_cut(cast: Cast) -> None:
    assert cast.olga.client.post(f"/g/{cast.meadow.public_id}/ask/", GOOD).status_code == 302
    assert not JoinRequest.objects.exists()
    with pytest.raises(NotHere):
        actions.join(
            place=Outside(group=cast.harbour, signed_in=True),
            owner_tag=cast.olga.tag(cast.harbour),
            version=1,
        )


def test_a_hidden_group_is_not_joined_without_a_code(cast: Cast) -> None:
    assert _join(cast, cast.cellar).status_code == 404
    for action in (actions.join, actions.ask):
        with pytest.raises(NotHere):
            action(
                place=Outside(group=cast.cellar, signed_in=True), owner_tag=cast.olga.tag(cast.cellar), version=1,
                **({"answer": "?"} if action is actions.ask else {}),
            )  # fmt: skip


def test_a_limit_binds_whoever_left_and_comes_back(cast: Cast) -> None:
    tag = cast.olga.tag(cast.meadow)
    Standing.objects.create(group=cast.meadow, owner_tag=tag, may_read=False, may_post=False)
    response = _join(cast, cast.meadow)
    assert response.headers["Location"] == f"/g/{cast.meadow.public_id}/about/"
    assert not _is_in(cast, cast.meadow)


def test_members_are_led_on_to_the_group(cast: Cast) -> None:
    response = cast.alice.client.get(f"/g/{cast.meadow.public_id}/join/")
    assert response.headers["Location"] == f"/g/{cast.meadow.public_id}/"


# --- the team's page ------------------------------------------------------------------------------------------


@pytest.fixture
def request_(cast: Cast) -> JoinRequest:
    return JoinRequest.objects.create(
        group=cast.harbour, owner_tag=cast.olga.tag(cast.harbour), answer="I like boats.", accepted_version=1
    )


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "barred", "weak", "ned", "olga"])
def test_requests_are_for_the_team_of_the_group(cast: Cast, request_: JoinRequest, who: str) -> None:
    client = getattr(cast, who).client
    base = f"/g/{cast.harbour.public_id}/requests/"
    assert client.get(base).status_code == 404
    assert client.post(f"{base}{request_.public_id}/accept/").status_code == 404
    assert client.post(f"{base}{request_.public_id}/decline/", {"note": "No."}).status_code == 404
    assert not _is_in(cast, cast.harbour)


def test_the_signed_out_see_no_requests(cast: Cast, request_: JoinRequest) -> None:
    assert cast.nobody.get(f"/g/{cast.harbour.public_id}/requests/").status_code == 404


def test_a_moderator_lets_somebody_in(cast: Cast, request_: JoinRequest) -> None:
    page = cast.mona.client.get(f"/g/{cast.harbour.public_id}/requests/").content.decode()
    assert "I like boats." in page
    assert "olga" not in page
    cast.mona.client.post(f"/g/{cast.harbour.public_id}/requests/{request_.public_id}/accept/")
    assert cast.olga.member(cast.harbour).accepted_version == 1
    assert not JoinRequest.objects.exists()


def test_a_request_is_not_answered_from_another_group(cast: Cast, request_: JoinRequest) -> None:
    base = f"/g/{cast.meadow.public_id}/requests/{request_.public_id}"
    assert cast.ned.client.post(f"{base}/accept/").status_code == 404
    assert cast.ned.client.post(f"{base}/decline/", {"note": "No."}).status_code == 404


def test_not_now_is_said_with_a_sentence(cast: Cast, request_: JoinRequest) -> None:
    address = f"/g/{cast.harbour.public_id}/requests/{request_.public_id}/decline/"
    assert cast.mona.client.post(address, {"note": ""}).status_code == 422
    cast.mona.client.post(address, {"note": "We are full until spring."})
    page = cast.olga.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert "We are full until spring." in page
    assert "You can ask again from" in page
    _ask(cast)
    assert JoinRequest.objects.get().state == RequestState.DECLINED


def test_after_thirty_days_they_may_ask_again(cast: Cast, request_: JoinRequest) -> None:
    actions.decline_request(here=cast.mona.here(cast.harbour), request_id=request_.public_id, note="Full.")
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        sign_in(cast.olga.client, cast.olga.account, cast.olga.secret, strong=False)
        assert "Full." not in cast.olga.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
        _ask(cast)
        assert JoinRequest.objects.get().state == RequestState.WAITING
        actions.prune_requests()
        assert JoinRequest.objects.exists()


def test_declined_requests_are_forgotten(cast: Cast, request_: JoinRequest) -> None:
    actions.decline_request(here=cast.mona.here(cast.harbour), request_id=request_.public_id, note="Full.")
    actions.prune_requests()
    assert JoinRequest.objects.exists()
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        actions.prune_requests()
    assert not JoinRequest.objects.exists()


def test_one_who_was_barred_meanwhile_is_not_let_in(cast: Cast, request_: JoinRequest) -> None:
    tag = cast.olga.tag(cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=tag, may_read=False, may_post=False)
    with pytest.raises(MayNot):
        actions.accept_request(here=cast.mona.here(cast.harbour), request_id=request_.public_id)
    assert JoinRequest.objects.exists()


def test_a_group_that_opens_lets_those_who_asked_join(cast: Cast, request_: JoinRequest) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(visibility=Visibility.OPEN)
    assert _join(cast, cast.harbour).status_code == 302
    assert _is_in(cast, cast.harbour)
    assert not JoinRequest.objects.exists()


def test_no_page_on_the_way_in_puts_a_group_into_the_session(cast: Cast) -> None:
    person = make_person(name="sasha")
    person.client.post(f"/g/{cast.meadow.public_id}/join/", GOOD)
    person.client.post(f"/g/{cast.harbour.public_id}/ask/", {"version": "1", "answer": "Hello"})
    held = str(dict(person.client.session.items()))
    for telling in ("meadow", "harbour", cast.meadow.public_id, cast.harbour.public_id, "Hello"):
        assert telling not in held
    assert add(person, cast.cellar).pk
