"""Reporting in a dialog and without JavaScript; a note, another look, and the door that stays open. Nothing for axe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import look_over

pytestmark = pytest.mark.browser
GROUP, TALK = "Told kindly", "A hard evening"


@dataclass
class Two:
    """Anna writes; Ben, with JavaScript or without, reads what she wrote."""

    anna: Page
    ben: Page
    talk: str


@pytest.fixture(scope="module")
def two(browser: Browser, embedded_site: Site) -> Iterator[Two]:
    embedded_site.run("group", GROUP, "--visibility", "open")
    pages = [browser.new_context(base_url=origin).new_page() for origin in embedded_site.origins]
    for page in pages:
        go.sign_up(page)
        go.join(page, GROUP)
    anna, ben = pages
    go.choose_name(anna)
    yield Two(anna, ben, go.start_talk(anna, title=TALK, text="You are all lazy."))
    for page in pages:
        page.context.close()


def open_message(page: Page, talk: str) -> None:
    page.goto(talk)
    go.messages(page).last.get_by_role("link", name="React or report").click()
    expect(page.get_by_role("link", name="Report this message")).to_be_visible()
    page.wait_for_load_state()  # until then the link leads to the page, dialog or not


def test_a_report_in_a_dialog(two: Two) -> None:
    """Three presses, two for a worry; the way out stays in reach; the focus goes to the next words, and comes back."""
    page, faults = two.ben, []
    open_message(page, two.talk)
    address = page.url
    go.follow(page, "Report this message")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=1)).to_be_focused()
    assert dialog.get_by_role("button").first.inner_text() == "I am worried about this person"
    expect(dialog.get_by_role("link", name="Quick exit")).to_be_visible()
    faults += [f"reasons: {fault}" for fault in look_over(page)]
    dialog.get_by_role("button", name="I am worried about this person").click()
    expect(dialog).to_contain_text("112")
    faults += [f"note: {fault}" for fault in look_over(page)]
    expect(dialog).to_contain_text("They will not know it was you")
    dialog.get_by_label("Is there more we should know?").fill("She was like this all week.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Report this message")).to_be_focused()
    go.follow(page, "Report this message")
    dialog.get_by_role("button", name="It is unkind").click()
    dialog.get_by_role("button", name="Carry on").click()
    expect(dialog.get_by_role("button", name="Send the report")).to_be_visible()
    faults += [f"next: {fault}" for fault in look_over(page)]
    page.keyboard.press("Escape")
    go.follow(page, "I am worried about this person")
    expect(dialog.get_by_role("button", name="Tell the team")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="I am worried about this person")).to_be_focused()
    go.follow(page, "I am worried about this person")
    dialog.get_by_role("button", name="Tell the team").click()
    expect(dialog).to_contain_text("Thank you. We have it.")
    assert page.url == address
    faults += [f"receipt: {fault}" for fault in look_over(page)]
    dialog.get_by_role("link", name="See where it stands").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you reported")
    assert not faults, "\n".join(faults)


def test_the_way_out_stays_in_sight_in_a_long_dialog_on_a_small_phone(two: Two) -> None:
    page = two.ben
    page.set_viewport_size({"width": 320, "height": 480})
    open_message(page, two.talk)
    go.follow(page, "Report this message")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="I am worried about this person").click()
    last = dialog.get_by_role("button").last
    expect(last).to_have_text("Pick something else")
    last.scroll_into_view_if_needed()
    assert dialog.evaluate("one => one.scrollTop") > 0
    expect(dialog.get_by_role("link", name="Quick exit")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 720})


def test_without_a_line_the_page_does_it(two: Two) -> None:
    """Where a step cannot be had in the dialog, its link leads to the page."""
    page = two.ben
    open_message(page, two.talk)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    go.follow(page, "Report this message")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")


def test_three_pages_without_javascript(browser: Browser, embedded_site: Site, two: Two) -> None:
    context = browser.new_context(base_url=embedded_site.origins[0], java_script_enabled=False)
    page = context.new_page()
    go.sign_up(page)
    go.join(page, GROUP)
    open_message(page, two.talk)
    go.follow(page, "Report this message")
    go.press(page, "It is unkind")
    page.get_by_label("Is there more we should know?").fill("Twice now.")
    go.press(page, "Carry on")
    page.get_by_label("Hide this person for me").check()
    go.press(page, "Send the report")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")
    expect(page.get_by_text("You no longer see what they write")).to_be_visible()
    go.follow(page, "See where it stands")
    expect(page.get_by_text("Twice now.")).to_be_visible()
    context.close()


DECIDE = """
from community.models import Group, Member
from core import ids
from moderation.actions import claims, decisions, reports
from moderation.actions.decisions import Ruling
from moderation.enums import Scope
from moderation.models import Case, Report
from moderation.policies import Judge
group = Group.objects.get(name="Told kindly")
def judge():
    member = Member.objects.create(group=group, owner_tag=ids.new_secret(), role="lead", accepted_version=1)
    return Judge(group=group, member=member, tag=bytes(member.owner_tag))
case = Case.objects.get(group=group, reason="worried")
for found in Report.objects.filter(case=case, question=""):
    reports.ask(judge=judge(), case=case, report=found, question="What came before?")
"""
BAN = """
who = judge()
held = claims.claim(judge=who, case=case)
rule = group.charters.get(version=group.charter_version).rules_in_order[0].code
decisions.decide(judge=who, case=held, fence=held.fence, ruling=Ruling(
    act="ACT", scope=Scope("SCOPE"), days=7, rule_code=rule, facts="They called the whole group lazy.",
    message="We know that it was a hard evening. Still, this hurt people."))
"""


def test_a_note_another_look_and_the_door_that_stays_open(embedded_site: Site, two: Two) -> None:
    """The pages of somebody who is out of the whole site, and of the reporter who is asked something."""
    embedded_site.script(DECIDE)
    page, faults = two.ben, []
    gid = two.talk.split("/g/")[1].split("/")[0]
    page.goto(f"/g/{gid}/")
    go.follow(page, "There is a question")
    faults += [f"question: {fault}" for fault in look_over(page)]
    go.press(page, "Send the answer")
    expect(page.get_by_text("Write something first.")).to_be_visible()
    faults += [f"no answer: {fault}" for fault in look_over(page)]
    page.get_by_label("Your answer").fill("She was sad.")
    go.press(page, "Send the answer")
    expect(page.get_by_text("You answered:")).to_be_visible()

    embedded_site.script(DECIDE + BAN.replace("ACT", "suspend").replace("SCOPE", "site"))
    page = two.anna
    page.goto("/home/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot come in for now")
    faults += [f"limits: {fault}" for fault in look_over(page)]
    go.follow(page, GROUP)
    faults += [f"limit: {fault}" for fault in look_over(page)]
    go.follow(page, "Note of")
    expect(page.get_by_text("You are all lazy.")).to_be_visible()
    faults += [f"note: {fault}" for fault in look_over(page)]
    go.follow(page, "Ask for another look")
    faults += [f"to ask: {fault}" for fault in look_over(page)]
    go.press(page, "Ask for another look")
    expect(page.get_by_role("link", name="Write a line, so that we know what to look at.")).to_be_visible()
    faults += [f"empty: {fault}" for fault in look_over(page)]
    page.get_by_label("Is there anything we should know?").fill("I was very tired.")
    go.press(page, "Ask for another look")
    expect(page.get_by_role("heading", level=1)).to_have_text("You asked for another look")
    faults += [f"asked: {fault}" for fault in look_over(page)]
    two.ben.goto(f"/g/{gid}/reports/")
    expect(two.ben.get_by_text("Someone took care of it.")).to_be_visible()
    assert not faults, "\n".join(faults)
