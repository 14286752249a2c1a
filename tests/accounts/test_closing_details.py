"""What one shows once the account is closed: said before and after, and hidden at once where that tells no more."""

from __future__ import annotations

import pytest

from community.enums import Audience
from community.models import Disclosure, Group, Persona
from tests.accounts.test_closing import SURE, UNDO, back, close, prove
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db


def show_something(person: Person, group: Group) -> None:
    Disclosure.objects.create(
        member=person.member(group), group=group, kind="diagnosis", level="condition",
        audience=Audience.GROUP, path="mood/bipolar/",
    )  # fmt: skip


def test_details_in_two_groups_go_on_being_shown_and_the_receipt_says_so(cast: Cast) -> None:
    """Else whoever is in both sees them vanish at once."""
    for group in (cast.harbour, cast.meadow):
        show_something(cast.alice, group)
    receipt = close(cast.alice)
    assert Disclosure.objects.count() == 2
    assert "people still see your names, your pictures, the details you show" in receipt
    assert "There is nothing more to do" not in receipt and "undo this" in receipt
    assert "To take some of it back now, undo this first." in back(cast.alice).get(UNDO).content.decode()


def test_in_one_group_alone_details_go_at_once(cast: Cast) -> None:
    show_something(cast.bob, cast.harbour)
    assert (
        "The details you show are hidden at once." in cast.bob.client.get("/account/delete/").content.decode()
    )
    assert "The details you show are hidden at once." in prove(cast.bob).get(SURE).content.decode()
    assert Disclosure.objects.exists()
    receipt = close(cast.bob)
    assert "The details you showed are hidden now." in receipt and not Disclosure.objects.exists()
    answer = back(cast.bob).post(UNDO, follow=True).content.decode()
    assert "Undone. Your account is open" in answer and "private again" in answer


def test_the_line_about_oneself_goes_with_them_and_that_is_said_before(cast: Cast) -> None:
    show_something(cast.bob, cast.harbour)
    Persona.objects.filter(handle__in=["Calm Otter", "Grey Heron"]).update(about="Nurse at Leeds General.")
    client = cast.bob.client
    assert "The line about you is deleted at once." in client.get("/account/delete/").content.decode()
    assert "even if you undo this later" in prove(cast.bob).get(SURE).content.decode()
    receipt = close(cast.bob)
    assert "If you wrote a line about you, it is deleted now." in receipt
    assert Persona.objects.get(handle="Calm Otter").about == ""
    assert Persona.objects.get(handle="Grey Heron").about != "", "somebody else's stays"
    answer = back(cast.bob).post(UNDO, follow=True).content.decode()
    assert "and the line about you is gone" in answer


def test_in_two_groups_the_lines_stay_as_well_and_that_is_said(cast: Cast) -> None:
    Persona.objects.filter(handle="Grey Heron").update(about="Nurse at Leeds General.")
    assert "the lines about you" in cast.alice.client.get("/account/delete/").content.decode()
    assert "the lines about you" in close(cast.alice)
    assert Persona.objects.get(handle="Grey Heron").about != ""


def test_they_wait_where_another_group_is_still_being_left(cast: Cast) -> None:
    cast.alice.client.post(f"/g/{cast.meadow.public_id}/leave/delete/", {"when": "later"})
    show_something(cast.alice, cast.harbour)
    close(cast.alice)
    assert Disclosure.objects.exists()


def test_the_clock_is_that_of_the_groups_where_they_share_one(cast: Cast) -> None:
    """As on the pages for leaving; also for whoever comes back to undo it, who is in no group then."""
    close(cast.alice)
    page = back(cast.alice).get(UNDO).content.decode()
    assert "(London time)" in page and "UTC" not in page
    assert cast.alice.client.get(f"/g/{cast.harbour.public_id}/").status_code != 200
    Group.objects.filter(pk=cast.meadow.pk).update(time_zone="Europe/Madrid")
    page = back(cast.alice).get(UNDO).content.decode()
    assert "(UTC)" in page and "London time" not in page
