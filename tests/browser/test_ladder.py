"""Who signs, when and for how long: chosen in the composer with and without JavaScript, and no word is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP, TALK = "Many faces", "Whom can I tell?"
SENDS_ONCE = re.compile(r"^Send as \w+ \w+$")


@pytest.fixture(scope="module")
def group(embedded_site: Site) -> str:
    """The name of an open group."""
    embedded_site.run("group", GROUP, "--visibility", "open")
    return GROUP


@pytest.fixture(scope="module", params=[True, False], ids=["script", "no script"])
def anna(request: pytest.FixtureRequest, browser: Browser, embedded_site: Site, group: str) -> Iterator[Page]:
    """Somebody with a name and a talk, on its page."""
    context = browser.new_context(
        base_url=embedded_site.origins[0],
        java_script_enabled=request.param,
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    go.sign_up(page)
    go.join(page, group)
    page.name = go.choose_name(page)  # type: ignore[attr-defined]
    page.talk = go.start_talk(page, title=TALK, text="I do not know where to start.")  # type: ignore[attr-defined]
    yield page
    context.close()


def open_choices(page: Page) -> None:
    page.get_by_text("How this will appear").click()


def pick_once(page: Page) -> str:
    """Pick the one-thread name. Returns it."""
    page.get_by_role("radio", name=re.compile("one-thread name")).check()
    return read_button(page).removeprefix("Send as ")


def read_button(page: Page) -> str:
    return page.get_by_role("button", name=re.compile("^Send as")).inner_text()


def test_the_button_and_the_face_say_who_signs_and_the_draft_stays(anna: Page) -> None:
    """Faces, names, times and days are changed back and forth; what is written stays, and is signed as it says."""
    own = anna.name  # type: ignore[attr-defined]
    anna.goto(anna.talk)  # type: ignore[attr-defined]
    go.box(anna).fill("A long thought")
    assert read_button(anna) == f"Send as {own}"
    expect(anna.get_by_role("radio", name=re.compile("one-thread name"))).to_be_hidden()
    open_choices(anna)
    first = pick_once(anna)
    assert first != own
    expect(anna.get_by_text(f"You are {first} in this talk")).to_be_visible()
    expect(anna.get_by_text(f"You are {own} here")).to_be_hidden()
    go.press(anna, "Another one-thread name")
    expect(go.box(anna)).to_have_value("A long thought")
    expect(anna.get_by_role("radio", name=re.compile("one-thread name"))).to_be_checked()
    second = read_button(anna).removeprefix("Send as ")
    assert second not in {first, own}
    anna.get_by_label("When it appears").select_option(label="A little later: within a day")
    expect(anna.get_by_role("button", name=re.compile("a little later"))).to_be_visible()
    anna.get_by_label("When it appears").select_option(label="Now")
    anna.get_by_label("Take it away by itself").select_option("7")
    expect(anna.get_by_text("It goes away by itself in the course")).to_be_visible()
    go.box(anna).fill("A long thought, ended")
    go.press(anna, SENDS_ONCE)
    expect(go.messages(anna).last).to_contain_text("A long thought, ended")
    expect(go.messages(anna).last).to_contain_text(second)
    expect(go.messages(anna).last).to_contain_text("you")
    expect(go.box(anna)).to_have_value("")
    anna.reload()
    assert read_button(anna) == f"Send as {second}"  # the face that wrote last stays on


def test_a_little_later_waits_on_ones_own_page_and_comes_back(anna: Page) -> None:
    """What waits can be taken back into the box, and sent now while other words stand there."""
    anna.goto(anna.talk)  # type: ignore[attr-defined]
    go.box(anna).fill("Not yet")
    open_choices(anna)
    anna.get_by_label("When it appears").select_option(label="A little later: within 3 days")
    go.press(anna, re.compile("a little later"))
    expect(anna.get_by_role("heading", name="Waiting to appear")).to_be_visible()
    expect(go.box(anna)).to_have_value("")
    assert "Not yet" not in go.read_texts(anna)
    go.press(anna, "Take it back")
    expect(go.box(anna)).to_have_value("Not yet")
    expect(anna.get_by_role("heading", name="Waiting to appear")).to_have_count(0)
    expect(anna.get_by_label("When it appears")).to_have_value("72")  # in sight, as it was chosen
    go.press(anna, re.compile("a little later"))
    go.box(anna).fill("Half a thought")
    go.press(anna, "Send now")
    expect(go.box(anna)).to_have_value("Half a thought")
    assert go.read_texts(anna)[-1] == "Not yet"


def test_what_was_not_sent_keeps_its_face(browser: Browser, embedded_site: Site, group: str) -> None:
    """Offline, the writer changes faces; the words from before still go out under the name they were written for."""
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, group)
    own = go.choose_name(page)
    go.start_talk(page, title=TALK, text="Hello.")
    expect(page.get_by_text("New messages appear here by themselves.")).to_be_visible()
    open_choices(page)
    once = pick_once(page)
    page.context.set_offline(True)
    go.send(page, "Under the other name")
    bubble = go.messages(page).last
    expect(bubble).to_contain_text("Not sent.")
    expect(bubble).to_contain_text(once)
    open_choices(page)  # they are shut again once something was sent
    page.get_by_role("radio", name=re.compile("your name here")).check()
    page.context.set_offline(False)
    _is_sent(page, "Under the other name", once)  # by itself
    go.send(page, "As myself")
    _is_sent(page, "As myself", own)
    page.reload()
    assert go.read_texts(page) == ["Hello.", "Under the other name", "As myself"]
    expect(go.messages(page).nth(1)).to_contain_text(once)


def _is_sent(page: Page, text: str, name: str) -> None:
    expect(page.get_by_role("log").locator("[data-post]").last).to_contain_text(text)
    expect(go.messages(page).last).to_contain_text(name)


def test_a_talk_is_opened_under_a_one_thread_name(browser: Browser, embedded_site: Site, group: str) -> None:
    """By somebody who only reads: no name of the group is needed for it, before or after."""
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, group)
    go.follow(page, "Start a talk")
    page.get_by_label("What do you want to talk about?").fill("Under another name")
    page.get_by_label("Just listening").check()
    go.box(page).fill("Nobody knows me.")
    open_choices(page)
    once = pick_once(page)
    go.press(page, "Another one-thread name")
    expect(go.box(page)).to_have_value("Nobody knows me.")
    expect(page.get_by_label("Just listening")).to_be_checked()
    once = read_button(page).removeprefix("Send as ")
    go.press(page, SENDS_ONCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Under another name")
    expect(go.messages(page).last).to_contain_text(once)
    assert read_button(page) == f"Send as {once}"
