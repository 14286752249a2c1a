"""Quick exit: on top wherever one scrolls, blank at once, and nothing left to go back to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
BLANK_WITHIN = 300  # milliseconds
DEPTHS = [0, 0.25, 0.5, 0.75, 1]
IS_ON_TOP = """() => {
  const exit = document.getElementById("exit"), box = exit.getBoundingClientRect();
  const points = [[.1, .5], [.5, .1], [.5, .5], [.5, .9], [.9, .5]];
  return points.every(([x, y]) => exit.contains(
    document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)));
}"""


@pytest.fixture(scope="module")
def member(browser: Browser, embedded_site: Site) -> tuple[go.SignIn, list[str]]:
    """Somebody with a talk in a group, and the addresses of the pages they know."""
    embedded_site.run("group", "Way out", "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    who = go.sign_up(page)
    go.join(page, "Way out")
    group = page.url
    go.choose_name(page)
    talk = go.start_talk(page, title="Long", text="\n\n".join(["A line."] * 60))
    page.context.close()
    return who, ["/home/", "/groups/", "/account/", group, group + "name/", group + "promise/", talk]


def fresh(browser: Browser, site: Site, **options: object) -> Page:
    return browser.new_context(base_url=site.origins[0], **options).new_page()


@pytest.mark.parametrize("size", [(320, 480), (1280, 720)], ids=["phone", "desktop"])
def test_is_the_top_element_at_every_depth(browser: Browser, embedded_site: Site, member, size) -> None:
    """Nothing covers the button, wherever one is on the page."""
    who, pages = member
    page = fresh(browser, embedded_site, viewport={"width": size[0], "height": size[1]})
    public = ["/", "/safety/", "/cover-your-tracks/", "/about-kith/", "/help/", "/sign-up/", "/way-back/"]
    for path in public:
        _assert_on_top(page, path)
    go.sign_in(page, who)
    for path in pages:
        _assert_on_top(page, path)


def _assert_on_top(page: Page, path: str) -> None:
    page.goto(path)
    for depth in DEPTHS:
        page.evaluate("depth => scrollTo(0, depth * document.documentElement.scrollHeight)", depth)
        assert page.evaluate(IS_ON_TOP), f"{path} at {depth:.0%}"


@pytest.mark.parametrize("how", ["click", "shift"])
def test_blank_at_once_and_signed_out(browser: Browser, embedded_site: Site, member, how: str) -> None:
    """The page is blank in time, what comes is plain, Back shows nothing of it, and the session is over."""
    who, pages = member
    page = fresh(browser, embedded_site)
    go.sign_in(page, who)
    page.goto(pages[-1])
    expect(page.get_by_text("A line.").first).to_be_visible()
    assert _milliseconds_to_blank(page, embedded_site, how) < BLANK_WITHIN
    page.wait_for_url(embedded_site.exit_to)
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert _seen(page, "A line.") == _seen(page, "Way out") == 0
        expect(page.locator("body")).to_be_visible()  # once it is known that the session is over
        assert _seen(page, "A line.") == _seen(page, "Way out") == 0
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_page_that_was_on_its_way_when_the_session_ended_does_not_show(
    browser: Browser, embedded_site: Site, member
) -> None:
    page = fresh(browser, embedded_site)
    go.sign_in(page, member[0])
    late = page.content()
    page.get_by_role("link", name="Quick exit").click()
    page.wait_for_url(embedded_site.exit_to)
    page.wait_for_timeout(500)  # the session is over, and the answer cleared what this browser kept
    page.route("**/home/", lambda route: route.fulfill(body=late, content_type="text/html"), times=1)
    page.goto("/home/")
    assert "Way out" in late and _seen(page, "Way out") == 0
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/")
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "exit"]
    expect(page.locator("body")).to_be_visible()


@pytest.mark.parametrize("name", ["any_exit", "exit"])
def test_cookies_that_others_set_end_nothing(
    browser: Browser, embedded_site: Site, member, name: str
) -> None:
    """A name that ends alike, or one that cannot be taken away here, as of another site under the same domain."""
    page = fresh(browser, embedded_site)
    go.sign_in(page, member[0])
    told: list[str] = []
    page.on("request", lambda sent: told.append(sent.url) if sent.url.endswith("/leave/") else None)
    cookie = {"name": name, "value": "1", "domain": "localhost", "path": "/home"}
    page.context.add_cookies([cookie])
    page.goto("/home/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your groups")
    page.reload(wait_until="networkidle")
    assert not told and page.get_by_text("Way out").count()


def two_tabs(browser: Browser, site: Site, member) -> tuple[Page, Page]:
    """Somebody with a talk open in the second."""
    who, pages = member
    page = fresh(browser, site)
    go.sign_in(page, who)
    other = page.context.new_page()
    other.goto(pages[-1])
    expect(other.get_by_text("A line.").first).to_be_visible()
    return page, other


def test_what_is_open_in_other_tabs_goes_too(browser: Browser, embedded_site: Site, member) -> None:
    """One press, and no tab of this browser shows this place any more."""
    page, other = two_tabs(browser, embedded_site, member)
    page.get_by_role("link", name="Quick exit").click()
    for tab in (page, other):
        tab.wait_for_url(embedded_site.exit_to)
        tab.go_back()
        tab.wait_for_load_state()
        assert _seen(tab, "A line.") == 0


def test_signing_out_empties_what_is_open_in_other_tabs(
    browser: Browser, embedded_site: Site, member
) -> None:
    page, other = two_tabs(browser, embedded_site, member)
    page.goto("/sign-out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(other.get_by_text("A line.")).to_have_count(0)
    other.wait_for_url("/")
    for _ in range(2):
        other.go_back()
        other.wait_for_load_state()
        assert _seen(other, "A line.") == 0


def test_deleting_the_account_empties_what_is_open_in_other_tabs(
    browser: Browser, embedded_site: Site
) -> None:
    page = fresh(browser, embedded_site)
    who = go.sign_up(page)
    other = page.context.new_page()
    other.goto("/home/")
    page.goto("/account/delete/sure/")
    page.get_by_label("Your passphrase").fill(who.passphrase)
    go.press(page, "Yes, delete my account")
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    expect(other.get_by_text("Your groups")).to_have_count(0)
    other.wait_for_url("/")
    page.wait_for_timeout(1500)  # as long as it takes the others to leave, and more
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()


def test_an_exit_without_a_line_is_made_good_before_anything_shows(
    browser: Browser, embedded_site: Site, member
) -> None:
    """The line is away when somebody leaves. Once it is back, what shows first knows nobody; no mark stays."""
    who, pages = member
    page = fresh(browser, embedded_site)
    go.sign_in(page, who)
    page.goto(pages[-1])
    page.route("**/leave/", lambda route: route.abort())  # the beacon is lost, and so is the next try
    page.get_by_role("link", name="Quick exit").click()
    page.wait_for_url(embedded_site.exit_to)
    page.goto(pages[-1], wait_until="load")
    for _ in range(2):
        assert page.locator("body").is_hidden()
        page.reload()
    page.unroute("**/leave/")
    expect(page.locator("body")).to_be_visible()
    assert page.get_by_text("A line.").count() == page.get_by_text("Way out").count() == 0
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def _seen(page: Page, words: str) -> int:
    """How many times the words show. A page that came before the session ended is hidden until it has."""
    return page.get_by_text(words).filter(visible=True).count()


def _milliseconds_to_blank(page: Page, site: Site, how: str) -> float:
    """Measured in the page: from the click or the third Shift to a document that shows nothing."""
    held: list[Route] = []
    blank: list[float] = []

    def hold(route: Route) -> None:  # a page that goes away may take with it what it said last
        if blank:
            route.continue_()
        else:
            held.append(route)

    page.route(site.exit_to, hold)
    page.evaluate("""how => {
      let from = 0;
      addEventListener(how === "click" ? "click" : "keyup", () => { from = performance.now(); }, true);
      new MutationObserver(() => {
        if (getComputedStyle(document.body).display === "none") console.log(`blank ${performance.now() - from}`);
      }).observe(document.documentElement, { attributes: true });
    }""", how)  # fmt: skip
    with page.expect_console_message(lambda said: said.text.startswith("blank ")) as said:
        if how == "click":
            page.get_by_role("link", name="Quick exit").click(no_wait_after=True)
        else:
            for _ in range(3):
                page.keyboard.press("Shift")
    blank.append(float(said.value.text.split()[1]))
    for route in held:
        route.continue_()
    return blank[0]


def test_capitals_never_leave(browser: Browser, embedded_site: Site) -> None:
    """Shift as part of typing is no exit."""
    page = fresh(browser, embedded_site)
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").focus()
    for letter in "ABCDE":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.get_by_label("Sign-in name")).to_have_value("ABCDE")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_without_javascript_the_link_does_it(browser: Browser, embedded_site: Site, member) -> None:
    """The same link ends the session on the server, and leads to the plain page."""
    who, _ = member
    page = fresh(browser, embedded_site, java_script_enabled=False)
    go.sign_in(page, who)
    page.get_by_role("link", name="Quick exit").click()
    page.wait_for_url(embedded_site.exit_to)
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
