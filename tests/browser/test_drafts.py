"""The box one writes in, with its script: what a press does, what comes back after the page is made again, and how much
fits."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_ladder import open_choices, pick_once, read_button

pytestmark = pytest.mark.browser
GROUP, TALK = "Drafts", "How was today?"
LIVE = "New messages appear here by themselves."
OTHER = "not all is as you picked it"
LATER = re.compile("a little later")


@pytest.fixture(scope="module")
def who(browser: Browser, embedded_site: Site) -> tuple[go.SignIn, str]:
    """Somebody with a name in a group, and the talk they started."""
    embedded_site.run("group", GROUP, "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    signed = go.sign_up(page)
    go.join(page, GROUP)
    go.choose_name(page)
    talk = go.start_talk(page, title=TALK, text="One line.").split("/g/")[1]
    page.context.close()
    return signed, f"/g/{talk}"


@pytest.fixture
def page(browser: Browser, embedded_site: Site, who) -> Page:
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_in(page, who[0])
    page.goto(who[1])
    expect(page.get_by_text(LIVE)).to_be_visible()
    return page


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Send as"))


def press_twice(page: Page) -> None:
    """In one go: the page moves under a finger after the first."""
    send_button(page).evaluate("one => { one.click(); one.click(); }")


def test_no_id_tells_which_message_came_first_on_a_page(page: Page, embedded_site: Site) -> None:
    """The server makes the first, the script the others."""
    for text in ("the first of the page", "the second of the page", "the third of the page"):
        go.send(page, text)
        expect(page.locator("[data-state]")).to_have_count(0)
    code = (
        "from chat.models import Post\n"
        "found = Post.objects.filter(text__endswith='of the page').values_list('client_id', flat=True)\n"
        "print(*found)"
    )
    kept = embedded_site.script(code).split()
    assert len(kept) == 3
    for one in kept:
        assert (uuid.UUID(one).version, uuid.UUID(one).variant) == (4, uuid.RFC_4122), one


def test_two_presses_send_once_and_the_page_stays(page: Page) -> None:
    page.evaluate("self.isSame = true")
    go.box(page).fill("pressed twice")
    press_twice(page)
    expect(page.locator("[data-state]")).to_have_count(0)
    expect(page.get_by_text("pressed twice")).to_have_count(1)
    expect(page.locator("[data-told]")).to_have_text("Sent")
    assert page.evaluate("self.isSame") and page.get_by_text("Please look at this again").count() == 0


def test_an_empty_box_is_told_without_a_new_page(page: Page) -> None:
    page.evaluate("self.isSame = true")
    send_button(page).click()
    expect(page.locator("[data-told]")).to_have_text("Write something first.")
    assert page.evaluate("self.isSame")


def test_two_presses_without_a_line_keep_the_talk(page: Page) -> None:
    page.context.set_offline(True)
    go.box(page).fill("pressed twice in the dark")
    press_twice(page)
    expect(go.messages(page).last).to_contain_text("Not sent.")
    send_button(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TALK)
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_have_count(0)
    expect(page.get_by_text("pressed twice in the dark")).to_have_count(1)


def test_what_needs_a_page_waits_for_the_line(page: Page) -> None:
    """A little later is answered with a page: without a line nothing is sent, and nothing picked is lost."""
    go.box(page).fill("for some day soon")
    open_choices(page)
    page.get_by_label("When it appears").select_option("72")
    page.context.set_offline(True)
    page.get_by_role("button", name=LATER).click()
    expect(page.locator("[data-told]")).to_contain_text("Nothing was sent. Your words are still here")
    expect(go.box(page)).to_have_value("for some day soon")
    expect(page.get_by_label("When it appears")).to_have_value("72")
    page.context.set_offline(False)
    page.get_by_role("button", name=LATER).click()
    expect(page.get_by_role("heading", name="Waiting to appear")).to_be_visible()
    go.press(page, "Take it back")
    expect(go.box(page)).to_have_value("for some day soon")


def test_a_draft_comes_back_with_its_face_and_its_time(page: Page) -> None:
    """The one-thread name that was on offer is not on offer any more: that is said beside the button."""
    go.box(page).fill("only under another name")
    open_choices(page)
    first = pick_once(page)
    page.get_by_label("When it appears").select_option("72")
    page.get_by_label("Take it away by itself").select_option("7")
    page.reload()
    expect(go.box(page)).to_have_value("only under another name")
    expect(page.get_by_label("When it appears")).to_have_value("72")
    expect(page.get_by_label("When it appears")).to_be_visible()
    expect(page.get_by_label("Take it away by itself")).to_have_value("7")
    expect(page.get_by_role("radio", name=re.compile("one-thread name"))).to_be_checked()
    expect(page.get_by_text(OTHER)).to_be_visible()
    assert first not in read_button(page) and "a little later" in read_button(page)


def test_a_draft_that_comes_back_whole_says_nothing_more(page: Page) -> None:
    go.box(page).fill("as myself, for a week")
    open_choices(page)
    page.get_by_label("Take it away by itself").select_option("7")
    page.reload()
    expect(go.box(page)).to_have_value("as myself, for a week")
    expect(page.get_by_label("Take it away by itself")).to_have_value("7")
    expect(page.get_by_text(OTHER)).to_be_hidden()


def test_a_talk_that_is_being_started_keeps_them_too(page: Page, who) -> None:
    page.goto(who[1].split("/t/")[0] + "/new/")
    page.get_by_label("What do you want to talk about?").fill("Only for a while")
    page.get_by_label("Just listening").check()
    go.box(page).fill("Nobody is to know me.")
    open_choices(page)
    pick_once(page)
    page.get_by_label("When it appears").select_option("24")
    page.reload()
    expect(page.get_by_label("What do you want to talk about?")).to_have_value("Only for a while")
    expect(page.get_by_label("Just listening")).to_be_checked()
    expect(page.get_by_role("radio", name=re.compile("one-thread name"))).to_be_checked()
    expect(page.get_by_label("When it appears")).to_have_value("24")
    expect(page.get_by_text(OTHER)).to_be_visible()


def test_how_much_fits_is_said_near_the_end_and_why_it_was_refused_stays(page: Page) -> None:
    left = page.locator("[data-room]")
    go.box(page).fill("a" * 7400)
    page.wait_for_timeout(1300)
    expect(left).to_be_empty()
    go.box(page).fill("a" * 7600)
    expect(left).to_have_text("Letters left: 400")
    assert left.get_attribute("role") == "status"
    go.box(page).press_sequentially("bcd", delay=30)
    expect(left).to_have_text("Letters left: 400", timeout=300)  # not at each key
    expect(left).to_have_text("Letters left: 397")
    go.box(page).fill("a" * 8012)
    expect(left).to_have_text("This is too long. Take away 12 letters.")
    send_button(page).click()
    why = "“Your message” is too long. You wrote 8,012 letters. Keep it to 8,000. Take some away, or send it in parts."
    expect(go.messages(page).last).to_contain_text(why)
    expect(left).to_be_empty()
    page.reload()
    expect(go.messages(page).last).to_contain_text(why)
    go.press(page, "Change it")
    expect(left).to_have_text("This is too long. Take away 12 letters.")


def test_a_talk_that_was_sent_and_waits_is_no_draft_any_more(page: Page, who) -> None:
    page.goto(who[1].split("/t/")[0] + "/new/")
    page.get_by_label("What do you want to talk about?").fill("Some day")
    page.get_by_label("Just listening").check()
    go.box(page).fill("It can wait.")
    open_choices(page)
    page.get_by_label("When it appears").select_option("72")
    page.get_by_role("button", name=LATER).click()
    expect(page.get_by_role("heading", name="Waiting to appear")).to_be_visible()
    expect(go.box(page)).to_have_value("")
    page.reload()
    expect(page.get_by_role("heading", name="Waiting to appear")).to_be_visible()
    expect(go.box(page)).to_have_value("")
