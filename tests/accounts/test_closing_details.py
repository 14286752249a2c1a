"""What one shows once the account is closed: said before and after, and hidden at once where that tells no more. And
what ends with it."""

from __future__ import annotations

import pytest

from accounts.models import Account
from community.enums import Audience
from community.models import Disclosure, Group, Member, Persona
from moderation.actions import worries
from moderation.enums import Act
from moderation.models import Case
from tests.accounts import journeys
from tests.accounts.test_closing import SURE, UNDO, back, close, prove
from tests.architecture.reading import measure
from tests.moderation.console import Desk
from tests.moderation.judging import claim, decide, judge
from tests.moderation.own_pages import without_tokens
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
    undo = back(cast.alice).get(UNDO).content.decode()
    assert "people still see your names, your pictures, the details you show" in undo
    assert "They see no details" not in undo
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
    undo = back(cast.bob).get(UNDO).content.decode()
    assert "They see no details and no line about you" in undo and "the details you show" not in undo
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


def test_who_forgot_the_passphrase_is_shown_the_way_back_and_what_needs_none(cast: Cast) -> None:
    """And it is so: a session whose passphrase was never typed again leaves and deletes in each group."""
    journeys.give_lock(cast.alice)
    html = cast.alice.client.post(SURE, {"passphrase": "six loud ships at dawn"}).content.decode()
    assert "That is not your passphrase." in html and 'href="/way-back/"' in html and 'href="/yours/"' in html
    assert "You need no passphrase to leave a group" in html
    lost = cast.nobody.get("/way-back/").content.decode()
    assert "What you wrote then stays in your groups" in lost and "you need no passphrase" in lost
    client = back(cast.alice)
    for group in (cast.harbour, cast.meadow):
        answer = client.post(f"/g/{group.public_id}/leave/delete/", {"when": "now"})
        assert (
            answer.status_code == 200 and not Member.objects.filter(owner_tag=cast.alice.tag(group)).exists()
        )


# --- an open call for help --------------------------------------------------------------------------------------
ASKED = "You asked a team for help. That is still open."


def both(person: Person) -> list[str]:
    """The two pages before it."""
    return [person.client.get(page).content.decode() for page in ("/account/delete/", SURE)]


def test_who_has_no_open_call_for_help_reads_nothing_of_one(cast: Cast) -> None:
    worries.ask_for_help(here=cast.bob.here(cast.harbour), words="It is bad.")
    assert not any(ASKED in page for page in both(cast.alice)), "another one's"
    decide(cast.mona, Case.objects.get(), Act.NOTE, message="Be well.")
    assert not any(ASKED in page for page in both(cast.bob)), "it is closed"


def test_whoever_asked_for_help_reads_that_nobody_reaches_them_and_where_to_look(cast: Cast) -> None:
    worries.ask_for_help(here=cast.alice.here(cast.meadow), words="It is bad.")
    for page in both(cast.alice):
        assert page.count(ASKED) == 1 and "nobody here can reach you until you undo that" in page
        assert "it ends" not in page  # it stands on the team's list as before: they are not told
        assert f'href="/g/{cast.meadow.public_id}/now/"' in page and 'href="/help/"' in page
        assert f'href="/g/{cast.harbour.public_id}/now/"' not in page
        said = page.split(ASKED)[1].split("</b>")[1].split("</p>")[0]
        assert measure([ASKED, said]).grade <= 5


def test_so_does_whom_a_limit_keeps_out_by_the_door_that_is_open_to_them(cast: Cast) -> None:
    barred = cast.people["barred"]
    worries.ask_from_outside(group=cast.harbour, owner_tag=barred.tag(cast.harbour), words="It is bad.")
    for page in both(barred):
        assert ASKED in page and f'href="/limits/{cast.harbour.public_id}/now/"' in page


# --- while it is closed -----------------------------------------------------------------------------------------
WROTE = "A team wrote to you."


def answered(cast: Cast, case: Case) -> None:
    held = claim(cast.mona, case)
    worries.write(judge=judge(cast.mona, case.group), case=held, fence=held.fence, words="How are you now?")


def undo_page(person: Person) -> str:
    page = back(person).get(UNDO).content.decode()
    assert "You closed this account" in page
    return page


def test_who_asked_for_nothing_reads_nothing_of_it_where_they_undo(cast: Cast) -> None:
    answered(cast, worries.ask_for_help(here=cast.bob.here(cast.harbour), words="It is bad."))
    close(cast.alice)
    page = undo_page(cast.alice)
    assert ASKED not in page and WROTE not in page


def test_the_team_learns_nothing_of_a_closed_account(cast: Cast) -> None:
    case = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    desk = Desk(cast.mona, case)
    before = without_tokens(desk.page().encode())
    close(cast.alice)
    assert without_tokens(desk.page().encode()) == before


def test_whoever_undoes_it_reads_that_nobody_reaches_them_until_then(cast: Cast) -> None:
    worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    close(cast.alice)
    page = undo_page(cast.alice)
    assert ASKED in page and "Nobody here can reach you until you undo this." in page and WROTE not in page
    assert 'href="/now/"' in page and "harbour" not in page
    said = page.split(ASKED)[1].split("</b>")[1].split("</p>")[0]
    assert measure([ASKED, said]).grade <= 5


def test_and_that_a_team_wrote_where_it_did(cast: Cast) -> None:
    case = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    close(cast.alice)
    answered(cast, case)
    page = undo_page(cast.alice)
    assert WROTE in page and "Undo this, and you can read it." in page and "How are you now?" not in page
    decide(cast.mona, Case.objects.get(), Act.NOTHING)
    assert WROTE in undo_page(cast.alice), "it was closed since"
    assert back(cast.alice).post(UNDO).status_code == 302


def test_so_does_whom_a_limit_keeps_out(cast: Cast) -> None:
    tag = cast.barred.tag(cast.harbour)
    case = worries.ask_from_outside(group=cast.harbour, owner_tag=tag, words="It is bad.")
    close(cast.barred)
    assert ASKED in undo_page(cast.barred)
    answered(cast, case)
    assert WROTE in undo_page(cast.barred)


def test_on_the_help_page_a_closed_account_is_led_to_the_undo(cast: Cast) -> None:
    close(cast.alice)
    client = back(cast.alice)
    page = client.get("/now/").content.decode()
    assert "Your account is closed." in page and f'href="{UNDO}"' in page
    assert "You are not signed in" not in page and "next=" not in page
    for other in (cast.nobody, cast.bob.client):
        assert "Your account is closed." not in other.get("/now/").content.decode()


def test_in_discreet_mode_the_pages_before_it_name_no_group(cast: Cast) -> None:
    worries.ask_for_help(here=cast.alice.here(cast.harbour), words="")
    Group.objects.filter(pk=cast.harbour.pk).update(name="Salt and lanterns")
    assert all("See if they wrote in Salt and lanterns" in page for page in both(cast.alice))
    Account.objects.filter(pk=cast.alice.account.pk).update(discreet=True)
    for page in both(cast.alice):
        assert ASKED in page and "See if they wrote" in page and "Salt and lanterns" not in page
