"""The team's pages in a browser: by keyboard alone, with keys and without scripts; what comes by itself; axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import look_over

pytestmark = pytest.mark.browser
NAME = "Night ferry"
REPORT = """
import os
from chat.models import Post
from community.models import Group, Member
from community.selectors import here
from moderation.actions import reports
from moderation.enums import Reason
group = Group.objects.get(name={name!r})
tag = os.urandom(32)
Member.objects.create(group=group, owner_tag=tag, accepted_version=1)
post = Post.objects.get(text={text!r}, thread__group=group)
told = reports.Told(
    kind="post", subject_id=post.public_id, reason=Reason({reason!r}), note="Ring me on 07700 900456."
)
made = reports.report(
    here=here.find(owner_tag=tag, strong=False), told=told, key_of=lambda *_: os.urandom(32)
)
print(made.case.public_id)
"""
GIVE_BACK = """
from django.db import transaction
from moderation.actions import queue
from moderation.models import Case
with transaction.atomic():
    case = Case.objects.get(public_id={public_id!r})
    queue.lock(group=case.group)
    Case.objects.filter(pk=case.pk).update(lease_until=None)
    queue.tell(case=case)
"""


@dataclass
class Scene:
    """A group with a writer and a lead."""

    site: Site
    gid: str
    writer: Page
    team: BrowserContext

    @property
    def list(self) -> str:
        return f"/g/{self.gid}/team/"

    def reported(self, text: str, *, reason: str = "unkind") -> str:
        """Something is written, and somebody reports it. Returns the address of what is to be looked at."""
        go.send(self.writer, text)
        expect(self.writer.locator("[data-state]")).to_have_count(0)
        made = self.site.script(REPORT.format(name=NAME, text=text, reason=reason))
        return f"{self.list}{made.split()[-1]}/"


@pytest.fixture(scope="module")
def scene(browser: Browser, embedded_site: Site) -> Iterator[Scene]:
    made = embedded_site.run("group", NAME, "--visibility", "open")
    gid, code = made.split("/g/")[1].split("/")[0], re.search(r"lead: (\w+)", made)
    assert code
    writer, team = (browser.new_context(base_url=embedded_site.origins[0]) for _ in range(2))
    page = writer.new_page()
    go.sign_up(page)
    go.join(page, NAME)
    go.choose_name(page)
    go.start_talk(page, title="Crossing", text="Who is on board?")
    go.lead_with_a_second_step(team.new_page(), code[1])
    yield Scene(embedded_site, gid, page, team)
    writer.close()
    team.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on something with these words."""
    for _ in range(120):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
        if at.startswith(words):
            return
    raise AssertionError(f"no way to {words!r} by Tab")


def test_one_decides_by_tab_and_enter_alone(scene: Scene) -> None:
    address = scene.reported("You are all lazy.")
    page = scene.team.new_page()
    page.goto(scene.list)
    tab_to(page, "It is unkind")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))
    expect(page.get_by_text("You are all lazy.")).to_be_hidden()
    tab_to(page, "Show the message")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are all lazy.")).to_be_visible()
    tab_to(page, "Take this")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Yours until")).to_be_visible()
    tab_to(page, "Nothing")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Hide the message")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Set a limit for the person")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("They called everybody lazy.")
    tab_to(page, "Carry on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What they will read")
    tab_to(page, "Do it, and send this")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Decided: hide the message.")).to_be_visible()
    page.close()


def test_keys_work_once_they_are_switched_on_and_never_while_one_types(scene: Scene) -> None:
    first, second = scene.reported("One unkind thing."), scene.reported("Another unkind thing.")
    page = scene.team.new_page()
    page.goto(scene.list)
    page.keyboard.press("j")
    assert page.evaluate("() => document.activeElement.tagName") != "A", "keys are off"
    page.get_by_label("Work with keys").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved for your work in this group.")).to_be_visible()
    page.wait_for_load_state("load")  # keys are heard from here on
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"{scene.list}\w+/$"))
    if not page.url.endswith(first):  # of the same hour, either may stand first
        first, second = second, first
    page.keyboard.press("r")
    expect(page.get_by_text(re.compile("unkind thing")).first).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="What to do")).to_be_focused()
    page.keyboard.press("g")
    expect(page.get_by_text("You gave it back.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.goto(first)
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="What to do")).to_be_focused()
    expect(page.get_by_label("What happened, in a sentence or two")).to_be_hidden()
    page.keyboard.press("5")
    page.get_by_label("What happened, in a sentence or two").press_sequentially("1jr")
    expect(page.get_by_label("What happened, in a sentence or two")).to_have_value("1jr")
    page.get_by_label("What happened, in a sentence or two").blur()
    page.keyboard.press("1")
    expect(page.get_by_label("Nothing", exact=True)).to_be_checked()
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile(rf"{second}\?after="))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(f"{first}#undo$"))
    page.goto(scene.list)
    page.get_by_label("Work with keys").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved for your work in this group.").wait_for()
    page.close()


def test_with_keys_one_reads_what_is_sent_and_sends_it(scene: Scene) -> None:
    address = scene.reported("Unkind, once more.")
    page = scene.team.new_page()
    page.goto(scene.list)
    page.get_by_label("Work with keys").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved for your work in this group.").wait_for()
    page.goto(address)
    page.keyboard.press("?")
    expect(page.get_by_text("No key does anything while you type.")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("Signed as")).to_be_visible()
    page.keyboard.press("t")
    page.get_by_role("heading", name="What to do").wait_for()
    page.keyboard.press("4")
    expect(page.get_by_label("Add a heads-up")).to_be_checked()
    page.keyboard.press("2")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="What they will read")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="What to do")).to_be_focused()
    page.keyboard.press("s")
    page.get_by_role("heading", name="What they will read").wait_for()
    page.keyboard.press("s")
    page.get_by_text("This is only the beginning. Write what you want to tell them.").first.wait_for()
    page.get_by_label("What you tell them").press_sequentially("Be well.")
    page.get_by_role("heading", name="What they will read").focus()
    page.keyboard.press("s")
    expect(page.get_by_text("Decided: a private note.")).to_be_visible()
    page.goto(scene.list)
    page.get_by_label("Work with keys").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved for your work in this group.").wait_for()
    page.close()


def test_what_a_colleague_gives_back_can_be_taken_at_once(scene: Scene) -> None:
    address = scene.reported("For a colleague.")
    page, other = scene.team.new_page(), scene.team.new_page()
    other.goto(address)
    go.press(other, "Take this")
    colleague = "Case.objects.filter(lease_until__isnull=False).update(holder=None)"
    scene.site.script(f"from moderation.models import Case; {colleague}")
    page.goto(address)
    expect(page.get_by_text("A colleague has this until")).to_be_visible()
    expect(page.get_by_role("button", name="Take this")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    scene.site.script(GIVE_BACK.format(public_id=address.split("/")[-2]))
    expect(page.get_by_role("button", name="Take this")).to_be_visible()
    expect(page.get_by_text("A colleague has this until")).to_have_count(0)
    page.get_by_role("button", name="Take this").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    page.close()
    other.close()


def test_what_is_new_comes_by_itself_and_is_told(scene: Scene) -> None:
    page, other = scene.team.new_page(), scene.team.new_page()
    page.goto(scene.list)
    expect(page.get_by_role("status").filter(has_text="appears here by itself")).to_be_visible()
    address = scene.reported("A third unkind thing.")
    expect(page.get_by_role("status").filter(has_text="1 new thing to look at.")).to_be_visible()
    row = page.locator("#queue [data-case]", has=page.locator(f'[href="{address}"]'))
    expect(row).to_be_visible()
    row.get_by_role("link").focus()
    other.goto(address)
    go.press(other, "Take this")
    expect(row.get_by_text("Yours until")).to_be_visible()
    expect(row.get_by_role("link")).to_be_focused()
    page.close()
    other.close()


def test_a_worry_is_told_as_one_and_what_is_new_is_counted_together(scene: Scene) -> None:
    page = scene.team.new_page()
    page.goto(scene.list)
    told = page.locator("[data-live-status]")
    expect(told).to_contain_text("appears here by itself")
    scene.reported("A fourth unkind thing.")
    expect(told).to_have_text("1 new thing to look at.")
    scene.reported("My days are long.", reason="worried")
    expect(told).to_have_text("A worry about someone has come in. 2 new things to look at.")
    scene.reported("My nights are long.", reason="worried")
    expect(told).to_have_text("A worry about someone has come in. 3 new things to look at.")
    page.close()


def test_everything_works_without_scripts(browser: Browser, scene: Scene) -> None:
    address = scene.reported("Something for later.")
    state = scene.team.storage_state()
    context = browser.new_context(
        base_url=scene.site.origins[0], java_script_enabled=False, storage_state=state
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_text("Show the message").click()
    expect(page.get_by_text("Something for later.")).to_be_visible()
    go.press(page, "Take this")
    page.get_by_label("A private note").check()
    go.press(page, "Carry on")
    page.get_by_label("What you tell them").fill("Be well.")
    go.press(page, "Do it, and send this")
    expect(page.get_by_text("Decided: a private note.")).to_be_visible()
    page.goto(address)
    page.get_by_label("Why?").fill("It was for somebody else.")
    go.press(page, "Undo this")
    expect(page.get_by_text("Undone. The note stays with them")).to_be_visible()
    context.close()


def test_no_state_of_these_pages_has_a_fault(scene: Scene) -> None:
    address = scene.reported("x" * 80 + " is unkind.")
    page, faults = scene.team.new_page(), []

    def look(what: str) -> None:
        faults.extend(f"{what}: {fault}" for fault in look_over(page))

    page.goto(scene.list)
    look("list")
    page.goto(address)
    look("shut")
    go.press(page, "Take this")
    copy = page.locator("[data-message]")
    go.press(page, "Carry on")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(copy).not_to_have_attribute("open", "")
    copy.locator("summary").click()
    look("taken")
    go.press(page, "Carry on")
    page.wait_for_load_state()
    assert page.title().startswith("Error: ")
    expect(copy).to_have_attribute("open", "")
    look("lacking")
    page.get_by_text("Set a limit for the person").click()
    page.get_by_label(re.compile("Out of the group")).check()
    page.get_by_role("group", name="Which line of the promise").get_by_role("radio").first.check()
    page.get_by_label("What happened, in a sentence or two").fill("They called everybody lazy.")
    go.press(page, "Carry on")
    page.get_by_role("heading", name="What they will read").wait_for()
    look("preview")
    scene.site.script(
        "from moderation.models import Case; Case.objects.update(lease_until=None, holder=None)"
    )
    go.press(page, "Do it, and send this")
    page.get_by_role("heading", name="What you wrote").wait_for()
    look("too late")
    go.press(page, "Take it again, with these words")
    expect(page.get_by_label(re.compile("Out of the group"))).to_be_checked()
    go.press(page, "Carry on")
    go.press(page, "Do it, and send this")
    page.get_by_text("Decided: out of the group.").wait_for()
    page.goto(address)
    look("decided")
    page.close()
    assert not faults, "\n".join(faults)


def _until(page: Page, held: list[Route], count: int) -> None:
    for _ in range(100):
        if len(held) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(held)} questions were asked, not {count}")


def test_what_comes_while_the_page_asks_is_asked_for_once_more_afterwards(scene: Scene) -> None:
    scene.site.script("from community.models import Standing; Standing.objects.all().delete()")  # set above
    scene.writer.reload()
    page, held = scene.team.new_page(), list[Route]()
    page.route("**/team/fresh/", lambda route: held.append(route))  # noqa: PLW0108 it marks its handler
    page.goto(scene.list)
    expect(page.get_by_role("status").filter(has_text="appears here by itself")).to_be_visible()
    addresses = [scene.reported("A first one.")]
    _until(page, held, 1)
    addresses.append(scene.reported("A second one."))
    page.wait_for_timeout(500)
    assert len(held) == 1, "an answer that was made earlier could come later"
    held[0].continue_()
    _until(page, held, 2)
    held[1].continue_()
    for address in addresses:
        expect(page.locator(f"[data-row][href='{address}']")).to_be_visible()
    page.close()
