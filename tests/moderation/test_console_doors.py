"""Who comes to what waits for a team: everybody else gets the same 'not found' as for what is not there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from chat.models import Thread
from community.enums import Role
from community.models import Member, SiteRole
from core import sealing
from moderation.enums import Reason
from moderation.models import Case
from tests.chat.saying import send
from tests.moderation.judging import report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
TEAM = (
    "team_case", "team_take", "team_keep", "team_give_back", "team_look", "team_ask", "team_decide", "team_answer",
    "team_undo", "team_still_right",
)  # fmt: skip
OUTSIDE = (
    "outside_case", "outside_take", "outside_keep", "outside_give_back", "outside_look", "outside_ask",
    "outside_decide", "outside_answer", "outside_undo", "outside_still_right",
)  # fmt: skip


@pytest.fixture
def case(cast: Cast, thread: Thread) -> Case:
    return report(cast.bob, send(cast.alice, thread, "You are lazy."), note="It hurt.").case


def pages(base: str, cid: str) -> list[tuple[str, str]]:
    """Method and address of all that one may do with a case, on the team's pages or the outside person's."""
    gid = base.split("/")[2] if base.startswith("/g/") else ""
    names, args = (TEAM, [gid, cid]) if gid else (OUTSIDE, [cid])
    addresses = [reverse(f"moderation:{name}", args=args) for name in names]
    return list(zip(["get", *["post"] * len(TEAM)], addresses, strict=False))


def refused(client: Client, base: str, cid: str) -> None:
    """Every page answers as for a case that never was."""
    for (method, address), (_, missing) in zip(pages(base, cid), pages(base, "nosuchcase"), strict=True):
        one, other = (getattr(client, method)(path) for path in (address, missing))
        assert one.status_code == other.status_code == 404, address
        assert one.content.replace(cid.encode(), b"") == other.content.replace(b"nosuchcase", b"")


def make_operator(person: Person) -> None:
    SiteRole.objects.create(owner_tag=sealing.tag(key=person.secret, parts=("site",)))


# --- who may not ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "bob", "lena", "muted", "barred", "weak", "ned", "olga"])
def test_who_is_not_of_the_team_finds_nothing(cast: Cast, case: Case, who: str) -> None:
    client = cast.people[who].client
    gid = cast.harbour.public_id
    refused(client, f"/g/{gid}/team/", case.public_id)
    for name in ("moderation:team", "moderation:team_fresh"):
        assert client.get(reverse(name, args=[gid])).status_code == 404
    for name in ("team_seen", "team_note", "team_settings"):
        assert client.post(reverse(f"moderation:{name}", args=[gid])).status_code == 404
    assert client.get("/operator/waiting/").status_code == 404
    assert "To look at" not in client.get(f"/g/{gid}/about/").content.decode()


def test_nobody_finds_nothing(cast: Cast, case: Case) -> None:
    for base in (f"/g/{cast.harbour.public_id}/team/", "/operator/waiting/"):
        refused(cast.nobody, base, case.public_id)
        assert cast.nobody.get(base).status_code == 404


def test_a_case_is_not_reached_through_another_group(cast: Cast, case: Case) -> None:
    refused(cast.ned.client, f"/g/{cast.meadow.public_id}/team/", case.public_id)


@pytest.mark.parametrize("part", ["author", "reporter", "mentioned"])
def test_who_is_part_of_it_finds_it_in_no_list_and_no_count(cast: Cast, thread: Thread, part: str) -> None:
    writer = cast.mona if part == "author" else cast.alice
    reporter = cast.mona if part == "reporter" else cast.bob
    text = "Clear Brook is lazy." if part == "mentioned" else "You are lazy."
    case = report(reporter, send(writer, thread, text)).case
    base = f"/g/{cast.harbour.public_id}/team/"
    refused(cast.mona.client, base, case.public_id)
    mine, theirs = (person.client.get(base).content.decode() for person in (cast.mona, cast.lead))
    assert case.public_id not in mine and "Nothing waits" in mine and "To look at (" not in mine
    assert case.public_id in theirs and "To look at (1)" in theirs
    theirs, mine = (person.client.get(f"{base}fresh/").content.decode() for person in (cast.lead, cast.mona))
    assert case.public_id in theirs, "read for the lead, and shared with who asks next"
    assert case.public_id not in mine and "Nothing waits" in mine


# --- the outside person --------------------------------------------------------------------------------------------
@pytest.fixture
def outside(cast: Cast, thread: Thread) -> Case:
    """The whole team is part of it: one reported what the other wrote."""
    Member.objects.filter(owner_tag=cast.weak.tag(cast.harbour)).update(role=Role.MEMBER)
    return report(cast.lead, send(cast.mona, thread, "You are lazy.")).case


def test_the_outside_person_finds_what_the_team_may_not_see_and_no_more(
    cast: Cast, case: Case, outside: Case
) -> None:
    make_operator(cast.ned)
    listed = cast.ned.client.get("/operator/waiting/").content.decode()
    assert outside.public_id in listed and case.public_id not in listed
    refused(cast.ned.client, "/operator/waiting/", case.public_id)
    assert "1 thing waits for you." in cast.ned.client.get("/operator/").content.decode()
    assert cast.ned.client.get(f"/operator/waiting/{outside.public_id}/").status_code == 200
    for who in (cast.mona, cast.lead):
        refused(who.client, f"/g/{cast.harbour.public_id}/team/", outside.public_id)


def test_the_outside_person_needs_the_role_and_the_second_step(cast: Cast, outside: Case) -> None:
    make_operator(cast.bob)  # the role, and no second step
    for person in (cast.bob, cast.ned):
        refused(person.client, "/operator/waiting/", outside.public_id)


def test_the_outside_person_does_not_get_their_own(cast: Cast, outside: Case) -> None:
    make_operator(cast.mona)
    make_operator(cast.lead)
    for person in (cast.mona, cast.lead):
        assert outside.public_id not in person.client.get("/operator/waiting/").content.decode()
        refused(person.client, "/operator/waiting/", outside.public_id)


def test_a_worry_is_open_to_all_of_the_team_but_its_writer(cast: Cast, thread: Thread) -> None:
    case = report(cast.mona, send(cast.lead, thread, "I cannot go on."), reason=Reason.WORRIED).case
    base = f"/g/{cast.harbour.public_id}/team/"
    assert "Broad Field" in cast.mona.client.get(f"{base}{case.public_id}/").content.decode()
    refused(cast.lead.client, base, case.public_id)
