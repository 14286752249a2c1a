"""Codes: who makes them, what they open, and that nobody can watch them being used."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from community.actions import invitations as actions
from community.actions import joining
from community.enums import InvitationKind, Role, UseBand
from community.errors import NotHere
from community.models import Group, Invitation, Member, Standing
from community.policies import Outside
from community.selectors import invitations
from core import clock, sealing
from tests.people import Cast, Person


def make(cast: Cast, group: Group | None = None, **changes) -> str:
    by = cast.ned if group == cast.meadow else cast.lead
    details = {"kind": InvitationKind.CARD, "label": "", "uses": 20, "days": 90}
    return actions.invite(here=by.here(group or cast.harbour), **{**details, **changes})


@pytest.fixture
def hidden_code(cast: Cast) -> str:
    group = cast.cellar
    return actions._create(
        group=group, kind=InvitationKind.CARD, label="", uses=20, days=90, role=Role.MEMBER
    )


def _come_in(person: Person, code: str, **data: str):
    answer = {"code": code, "stage": "promise", "version": "1", "accept": "on"}
    return person.client.post("/join/", {**answer, **data})


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "barred", "weak", "ned", "olga"])
def test_codes_are_for_the_team_of_the_group(cast: Cast, who: str) -> None:
    make(cast)
    client, row = getattr(cast, who).client, Invitation.objects.get()
    base = f"/g/{cast.harbour.public_id}/invitations/"
    assert client.get(base).status_code == 404
    assert client.post(base, {"kind": "card", "uses": "20", "days": "90"}).status_code == 404
    assert client.post(f"{base}{row.public_id}/end/").status_code == 404
    assert Invitation.objects.count() == 1


def test_a_code_is_not_ended_from_another_group(cast: Cast) -> None:
    make(cast)
    row = Invitation.objects.get()
    response = cast.ned.client.post(f"/g/{cast.meadow.public_id}/invitations/{row.public_id}/end/")
    assert response.status_code == 404


def test_a_card_is_shown_once_and_is_stored_only_as_a_fingerprint(cast: Cast) -> None:
    base = f"/g/{cast.harbour.public_id}/invitations/"
    response = cast.mona.client.post(base, {"kind": "card", "uses": "50", "days": "90", "label": "library"})
    page = response.content.decode()
    assert response.status_code == 201
    code = re.search(r'class="code">([A-Z0-9 ]{14})<', page)[1]
    assert "<svg" in page
    assert "print.css" in page
    row = Invitation.objects.get()
    assert row.uses_left == 50
    plain = code.replace(" ", "")
    assert plain not in str(Invitation.objects.values().get())
    assert bytes(row.fingerprint) != sealing.fingerprint(value=plain.encode())
    listing = cast.mona.client.get(base).content.decode()
    assert "library" in listing
    assert code not in listing


def test_a_card_has_twenty_uses_at_least_and_a_link_has_one(cast: Cast) -> None:
    response = cast.mona.client.post(
        f"/g/{cast.harbour.public_id}/invitations/", {"kind": "card", "uses": "3", "days": "90"}
    )
    assert response.status_code == 422
    with pytest.raises(ValueError, match="no such invitation"):
        make(cast, uses=3)
    make(cast, kind=InvitationKind.LINK, uses=500)
    assert Invitation.objects.get().uses_left == 1


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "spaced"])
def test_a_code_admits_at_once_however_it_is_typed(cast: Cast, typed: str) -> None:
    code = make(cast)
    said = {"lower": code.lower(), "spaced": f"{code[:4]}-{code[4:8]} {code[8:]}"}.get(
        typed, typed.format(code)
    )
    page = cast.olga.client.post("/join/", {"code": said})
    assert page.status_code == 200
    assert "The promise of harbour" in page.content.decode()
    assert not Member.objects.filter(owner_tag=cast.olga.tag(cast.harbour)).exists()
    response = _come_in(cast.olga, said)
    assert response.headers["Location"] == f"/g/{cast.harbour.public_id}/"
    assert cast.olga.member(cast.harbour).role == Role.MEMBER


def test_coming_and_going_uses_up_nobodys_card(cast: Cast) -> None:
    code = make(cast)
    for _ in range(4):
        _come_in(cast.olga, code)
        cast.olga.client.post(f"/g/{cast.harbour.public_id}/leave/")
    assert Invitation.objects.get().uses_left == 19


def test_a_hidden_group_is_joined_with_a_code(cast: Cast, hidden_code: str) -> None:
    assert _come_in(cast.olga, hidden_code).status_code == 302
    assert cast.olga.client.get(f"/g/{cast.cellar.public_id}/about/").status_code == 200


def test_without_the_tick_or_with_an_old_promise_nobody_comes_in(cast: Cast) -> None:
    code = make(cast)
    assert _come_in(cast.olga, code, accept="").status_code == 422
    assert _come_in(cast.olga, code, version="9").status_code == 409
    assert not Member.objects.filter(owner_tag=cast.olga.tag(cast.harbour)).exists()
    assert Invitation.objects.get().uses_left == 20


def test_the_private_question_stops_here_too_and_is_kept_nowhere(cast: Cast) -> None:
    code = make(cast)
    page = _come_in(cast.olga, code, talk="no")
    assert page.status_code == 200
    assert "Thank you for saying so" in page.content.decode()
    assert code in page.content.decode()
    assert _come_in(cast.olga, code, talk="no", seen_help="True").status_code == 302


def test_a_code_for_one_person_says_that_its_giver_can_guess(cast: Cast) -> None:
    code = make(cast, kind=InvitationKind.LINK)
    assert "can guess who came in" in cast.olga.client.post("/join/", {"code": code}).content.decode()
    code = make(cast)
    assert "can guess who came in" not in cast.olga.client.post("/join/", {"code": code}).content.decode()


def test_a_used_up_an_old_and_a_wrong_code_get_one_answer(cast: Cast) -> None:
    used, old = make(cast, kind=InvitationKind.LINK), make(cast)
    _come_in(cast.bob, used)  # a member already: uses nothing
    assert Invitation.objects.get(fingerprint=invitations.fingerprint_of(code=used)).uses_left == 1
    _come_in(cast.olga, used)
    Invitation.objects.filter(fingerprint=invitations.fingerprint_of(code=old)).update(
        expires_on=clock.today() - dt.timedelta(days=1)
    )
    answers = []
    for code in (used, old, "NOTACODE2345"):
        response = cast.ned.client.post("/join/", {"code": code})
        said = re.search(r"That code does not work[^<]*", response.content.decode())
        answers.append((response.status_code, said and said[0]))
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 422


@pytest.mark.parametrize(
    ("typed", "says"),
    [("abcd-efgh 234", "You typed 11"), ("A" * 13, "You typed 13"), ("---", "You typed 0")],
)
def test_a_code_of_another_length_is_said_and_costs_no_try(cast: Cast, typed: str, says: str) -> None:
    code = make(cast)
    for _ in range(12):
        answer = cast.olga.client.post("/join/", {"code": typed})
        assert answer.status_code == 422
    assert f"{says} letters and numbers. There are 12." in answer.content.decode()
    assert cast.olga.client.post("/join/", {"code": code}).status_code == 200


def test_the_last_use_goes_to_one_of_two(cast: Cast) -> None:
    code = make(cast, kind=InvitationKind.LINK)
    place = Outside(group=cast.harbour, signed_in=True)
    joining.join_by_code(place=place, owner_tag=cast.olga.tag(cast.harbour), code=code, version=1)
    with pytest.raises(NotHere):
        joining.join_by_code(place=place, owner_tag=cast.ned.tag(cast.harbour), code=code, version=1)


def test_the_barred_do_not_come_back_by_code(cast: Cast) -> None:
    code = make(cast)
    Standing.objects.create(
        group=cast.harbour, owner_tag=cast.olga.tag(cast.harbour), may_read=False, may_post=False
    )
    refused = _come_in(cast.olga, code)
    assert refused.status_code == 422
    assert "A limit keeps you out of this group for now." in refused.content.decode()
    assert (
        'href="/limits/"' in refused.content.decode() and "Check each letter" not in refused.content.decode()
    )
    wrong = cast.olga.client.post("/join/", {"code": "NOTACODE2345"}).content.decode()
    assert "Check each letter" in wrong and "A limit" not in wrong
    assert not Member.objects.filter(owner_tag=cast.olga.tag(cast.harbour)).exists()


def test_wrong_codes_have_an_end(cast: Cast) -> None:
    good = make(cast)
    for _ in range(10):
        assert cast.olga.client.post("/join/", {"code": "NOTACODE2345"}).status_code == 422
    response = cast.olga.client.post("/join/", {"code": good})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert cast.ned.client.post("/join/", {"code": good}).status_code == 200


def test_signed_out_people_sign_in_first(cast: Cast) -> None:
    code = make(cast)
    for page in (cast.nobody.get("/join/"), cast.nobody.post("/join/", {"code": code})):
        assert "?next=/join/" in page.content.decode()
        assert "harbour" not in page.content.decode()


def test_uses_are_seen_a_day_late_and_in_words(cast: Cast) -> None:
    code = make(cast)
    here = cast.mona.here(cast.harbour)
    _come_in(cast.olga, code)
    actions.count_uses()
    assert invitations.listing(here=here)[0].used == UseBand.NONE
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        actions.count_uses()
        assert invitations.listing(here=here)[0].used == UseBand.FEW
        _come_in(cast.ned, code)
    row = Invitation.objects.get()
    assert (row.used, row.used_today, row.uses_left) == (1, 1, 18)


def test_a_use_after_midnight_counts_for_its_own_day_though_nothing_was_counted_yet(cast: Cast) -> None:
    code = make(cast)
    _come_in(cast.olga, code)
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        _come_in(cast.ned, code)
        actions.count_uses()
    row = Invitation.objects.get()
    assert (row.used, row.used_today) == (1, 1)


def test_used_up_is_not_said_on_the_day(cast: Cast) -> None:
    code = make(cast, kind=InvitationKind.LINK)
    here = cast.mona.here(cast.harbour)
    _come_in(cast.olga, code)
    assert not invitations.listing(here=here)[0].is_used_up
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        actions.count_uses()
        assert invitations.listing(here=here)[0].is_used_up


@pytest.mark.parametrize(
    ("used", "band"),
    [(0, UseBand.NONE), (1, UseBand.FEW), (10, UseBand.FEW), (11, UseBand.OVER_10), (51, UseBand.OVER_50)],
)
def test_uses_in_words(used: int, band: UseBand) -> None:
    assert invitations.use_band(used=used) == band


def test_ended_codes_admit_nobody_and_old_ones_are_forgotten(cast: Cast) -> None:
    code = make(cast)
    row = Invitation.objects.get()
    cast.mona.client.post(f"/g/{cast.harbour.public_id}/invitations/{row.public_id}/end/")
    assert _come_in(cast.olga, code).status_code == 422
    make(cast, days=30)
    with clock.held_at(clock.now() + dt.timedelta(days=31)):
        actions.count_uses()
    assert not Invitation.objects.exists()


def test_nothing_says_which_code_let_somebody_in(cast: Cast) -> None:
    """A member who came by a code and one who was let in are rows of the same kind."""
    _come_in(cast.olga, make(cast))
    member = cast.olga.member(cast.harbour)
    other = cast.lena.member(cast.harbour)
    told = {"id", "owner_tag", "_state"}
    row, like = ({k: v for k, v in vars(one).items() if k not in told} for one in (member, other))
    assert row == like
    held = str(dict(cast.olga.client.session.items()))
    assert cast.harbour.public_id not in held
    assert "harbour" not in held
