"""What somebody writes stays theirs: kept over a reload and a lost sign-in, sent when the line is back, and for nobody
who signs in after them in the same tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

NO_SOCKETS = """self.WebSocket = class {
  constructor() { setTimeout(() => this.onclose({ code: 1006 })); }
  close() {}
};"""

pytestmark = pytest.mark.browser
GROUP, TALK = "Kept words", "Is anyone up?"
KEPT = "Your words from before are still here."
LIVE = "New messages appear here by themselves."


@pytest.fixture(scope="module")
def people(browser: Browser, embedded_site: Site) -> tuple[go.SignIn, go.SignIn, str]:
    """Two who have a name in a group, and a talk the first has started."""
    embedded_site.run("group", GROUP, "--visibility", "open")
    signed, talk = [], ""
    for number in range(2):
        page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
        signed.append(go.sign_up(page))
        go.join(page, GROUP)
        go.choose_name(page)
        if not number:
            talk = go.start_talk(page, title=TALK, text="One line.").split("/g/")[1]
        page.context.close()
    return signed[0], signed[1], f"/g/{talk}"


@pytest.fixture
def page(browser: Browser, embedded_site: Site, people) -> Page:
    """The first of them, on the talk."""
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_in(page, people[0])
    page.goto(people[2])
    expect(page.get_by_text(LIVE)).to_be_visible()
    return page


def lose_the_sign_in(page: Page) -> None:
    """The session's cookie is gone, as when it has run out: nobody pressed anything."""
    page.context.clear_cookies()


def kept_in(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(Object.entries(sessionStorage))")).replace("+", " ")


def test_the_next_account_in_the_tab_finds_nothing(page: Page, people) -> None:
    """A draft and an unsent message of one account, after another has signed in."""
    page.route("**/posts/", lambda route: route.abort())
    go.send(page, "pressed and not gone")
    expect(go.messages(page).last).to_contain_text("Not sent.")
    go.box(page).fill("half a thought")
    assert "pressed and not gone" in kept_in(page) and "half a thought" in kept_in(page)
    page.unroute("**/posts/")
    lose_the_sign_in(page)
    go.sign_in(page, people[1])
    page.goto(people[2])
    expect(page.get_by_text(LIVE)).to_be_visible()
    expect(go.box(page)).to_have_value("")
    expect(page.get_by_text("pressed and not gone")).to_have_count(0)
    assert "thought" not in kept_in(page) and "pressed" not in kept_in(page)


@pytest.mark.parametrize("how", ["cookie", "token"])
def test_who_is_signed_out_is_told_and_comes_back_to_their_words(page: Page, people, how: str) -> None:
    """The sign-in, or only the page, ends while somebody writes: it says which, and leads back to this talk."""
    if how == "cookie":
        lose_the_sign_in(page)
    else:
        page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    go.send(page, f"written too late, {how}")
    expect(
        page.get_by_role("status").get_by_text("Your words are kept while this tab is open.")
    ).to_be_visible()
    expect(go.messages(page).last).to_contain_text("Not sent.")
    if how == "cookie":
        expect(page.get_by_text("You were signed out. Sign in again.")).to_be_visible()
        page.get_by_role("status").get_by_role("link", name="Sign in").click()
        page.get_by_label("Sign-in name").fill(people[0].name)
        page.get_by_label("Passphrase").fill(people[0].passphrase)
        go.press(page, "Sign in")
    else:
        expect(page.get_by_text("signed out")).to_have_count(0)
        expect(page.get_by_role("link", name="Load again")).to_have_count(
            0
        )  # one thing to do, which is enough
    expect(page.get_by_role("heading", level=1)).to_have_text(TALK)
    expect(go.messages(page).last).to_contain_text(f"written too late, {how}")
    go.press(page, "Try again")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(page.get_by_text(f"written too late, {how}")).to_have_count(1)
    page.reload()
    expect(page.get_by_text(f"written too late, {how}")).to_have_count(1)


def test_a_page_one_may_not_see_leads_back_after_signing_in(page: Page, people) -> None:
    lose_the_sign_in(page)
    assert page.goto(people[2]).status == 404
    go.follow(page, "Sign in")
    page.get_by_label("Sign-in name").fill(people[0].name)
    page.get_by_label("Passphrase").fill(people[0].passphrase)
    go.press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text(TALK)


def test_without_a_line_there_is_somebody_to_call_and_words_go_out_by_themselves(page: Page) -> None:
    page.context.set_offline(True)
    whom_to_call = page.get_by_role("status").filter(has_text="112 in Europe")
    expect(whom_to_call).to_be_visible()
    go.send(page, "over the gap")
    expect(go.messages(page).last).to_contain_text("Not sent.")
    assert whom_to_call.is_visible()  # at once, though there is news
    expect(page.get_by_text("1 not sent")).to_be_in_viewport()
    page.context.set_offline(False)
    expect(go.messages(page).last).not_to_contain_text("Not sent.")
    expect(page.get_by_text("1 not sent")).to_be_hidden()
    expect(page.get_by_text("over the gap")).to_have_count(1)
    expect(page.locator("[data-state]")).to_have_count(0)  # the answer has come
    page.reload()
    expect(page.get_by_text("over the gap")).to_have_count(1)


def test_where_only_asking_works_words_go_out_by_themselves_too(page: Page, people) -> None:
    page.add_init_script(NO_SOCKETS)
    page.goto(people[2])
    page.context.set_offline(True)
    go.send(page, "over a long gap")
    expect(go.messages(page).last).to_contain_text("Not sent.")
    page.context.set_offline(False)
    expect(page.get_by_text("1 not sent")).to_be_hidden()
    expect(page.get_by_text("over a long gap")).to_have_count(1)


def test_a_talk_that_is_being_started_is_kept_until_it_is_there(page: Page, people) -> None:
    new = people[2].split("/t/")[0] + "/new/"
    page.goto(new)
    page.get_by_label("What do you want to talk about?").fill("A first try")
    page.get_by_label("Just listening").check()
    go.box(page).fill("It is a long story.")
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label("What do you want to talk about?")).to_have_value("A first try")
    expect(page.get_by_label("Just listening")).to_be_checked()
    expect(go.box(page)).to_have_value("It is a long story.")
    go.press(page, re.compile("^Send as"))
    expect(page.get_by_role("heading", level=1)).to_have_text("A first try")
    expect(page.get_by_text(LIVE)).to_be_visible()
    page.goto(new)
    expect(go.box(page)).to_have_value("")
    assert "long story" not in kept_in(page)


def test_what_comes_while_one_looks_came_just_now(
    browser: Browser, embedded_site: Site, page, people
) -> None:
    other = browser.new_context(base_url=embedded_site.origins[1]).new_page()
    go.sign_in(other, people[1])
    other.goto(people[2])
    page.wait_for_timeout(3100)  # what comes sooner may be what was missed
    go.send(other, "are you there?")
    last = go.messages(page).last
    expect(last).to_contain_text("are you there?")
    expect(last).to_contain_text("just now")
    page.reload()
    expect(go.messages(page).last).to_contain_text("today")
    expect(page.get_by_text("just now")).to_have_count(0)
    other.context.close()


def test_what_one_sent_stays_just_now_when_the_line_brings_it_after_the_answer(page: Page, people) -> None:
    """Else it would say the day, beside an older one that came just now."""

    def pass_on(line: WebSocketRoute, frame: str | bytes) -> None:
        if "post_published" in str(frame):
            late.append((line, frame))
        else:
            line.send(frame)

    late = list[tuple[WebSocketRoute, str | bytes]]()
    page.route_web_socket(
        re.compile("/live/"),
        lambda line: line.connect_to_server().on_message(lambda frame: pass_on(line, frame)),
    )
    page.reload()
    expect(page.get_by_text(LIVE)).to_be_visible()
    go.send(page, "the answer was quicker")
    expect(page.locator("[data-told]")).to_have_text("Sent")
    while not late:
        page.wait_for_timeout(50)
    for line, frame in late:
        line.send(frame)
    page.wait_for_timeout(300)
    expect(go.messages(page).last).to_contain_text("just now")


def test_a_talk_goes_on_where_one_left_off(page: Page, people, embedded_site: Site) -> None:
    """By its plain address: at the newest when all was read, where one was after coming back."""
    for text in ("\n\n".join(["A long line."] * 60), "the newest"):
        go.send(page, text)
        expect(page.locator("[data-state]")).to_have_count(0)
    page.goto("/home/")
    page.goto(people[2])
    expect(page.get_by_text("the newest")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(100)
    page.reload()
    expect(page.get_by_text("the newest")).not_to_be_in_viewport()
