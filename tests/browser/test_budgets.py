"""What a first visit costs, as the browser counts it: bytes on the line, requests, hosts and cookies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
KB = 1024
SCRIPTS_OF_A_TALK = 6


@dataclass
class Visit:
    """What came over the line while a page was open."""

    kinds: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    headers: dict[str, int] = field(default_factory=dict)

    def bytes(self, kind: str = "") -> int:
        return sum(size for key, size in self.sizes.items() if not kind or self.kinds.get(key) == kind)

    def script_bytes(self) -> int:
        """Packed JavaScript, without the headers it came with."""
        scripts = [key for key in self.sizes if self.kinds.get(key) == "Script"]
        return sum(self.sizes[key] - self.headers[key] for key in scripts)

    @property
    def requests(self) -> int:
        return len(self.sizes)

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.urls.values() if not url.startswith("data:")}

    def __str__(self) -> str:
        lines = [f"{size:7} {self.kinds.get(key)} {self.urls[key]}" for key, size in self.sizes.items()]
        return "\n".join([f"{self.bytes()} bytes, {self.requests} requests", *lines])


@contextmanager
def watched(page: Page) -> Iterator[Visit]:
    """Count what a page loads, with an empty cache."""
    visit, line = Visit(), page.context.new_cdp_session(page)

    def sent(event: dict) -> None:
        if not event["request"]["url"].startswith("data:"):
            visit.urls[event["requestId"]] = event["request"]["url"]
            visit.kinds[event["requestId"]] = event.get("type", "")

    def done(event: dict) -> None:
        if event["requestId"] in visit.urls:
            visit.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def began(event: dict) -> None:
        visit.headers[event["requestId"]] = int(event["response"]["encodedDataLength"])

    line.on("Network.requestWillBeSent", sent)
    line.on("Network.responseReceived", began)
    line.on("Network.loadingFinished", done)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    yield visit
    line.detach()


def visit(page: Page, path: str) -> Visit:
    """Open a page as on a first visit, and wait until nothing more comes."""
    with watched(page) as seen:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(150)  # the last "loading finished" may trail
    return seen


@pytest.fixture(scope="module")
def group(embedded_site: Site) -> str:
    """The address of an open group."""
    made = embedded_site.run("group", "Small pages", "--visibility", "open")
    return made.split("/g/")[1].split("/")[0]


@pytest.fixture
def context(browser: Browser, embedded_site: Site) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=embedded_site.origins[0])
    yield made
    made.close()


def assert_small(seen: Visit, *, total: int, requests: int, scripts: int) -> None:
    assert seen.bytes() <= total * KB, seen
    assert seen.requests <= requests, seen
    assert seen.script_bytes() <= scripts * KB, seen


@pytest.mark.parametrize(
    "path", ["/", "/sign-up/", "/sign-in/", "/groups/", "/help/", "/safety/", "/g/GROUP/about/"]
)
def test_a_page_for_strangers_is_small(context: BrowserContext, group: str, path: str) -> None:
    """15 KB and six requests are enough for every page one meets first; none comes from somewhere else."""
    page = context.new_page()
    seen = visit(page, path.replace("GROUP", group))
    assert_small(seen, total=15, requests=6, scripts=2)
    assert seen.hosts == {urlsplit(page.url).netloc}


def test_the_steps_of_signing_up_and_joining_are_small(context: BrowserContext, group: str) -> None:
    """Every page on the way in, each as if it were the first."""
    page = context.new_page()
    go.sign_up(page)
    for path in ("/home/", f"/g/{group}/join/", f"/g/{group}/about/"):
        assert_small(visit(page, path), total=15, requests=6, scripts=2)


def test_a_talk_of_25_messages_is_small(context: BrowserContext, group: str, embedded_site: Site) -> None:
    """40 KB and twelve requests, one of them for the face of the only writer."""
    page = context.new_page()
    go.sign_up(page)
    go.join(page, "Small pages")
    go.choose_name(page)
    talk = go.start_talk(page, title="A full page", text="The first of many.")
    embedded_site.script(FILL)
    page.goto("about:blank")
    seen = visit(page, talk + "?newest=1")
    assert go.messages(page).count() == 25
    assert_small(seen, total=40, requests=12, scripts=SCRIPTS_OF_A_TALK)
    assert seen.hosts == {urlsplit(page.url).netloc}


def test_who_can_see_what_is_small(context: BrowserContext, group: str) -> None:
    """40 KB and eight requests, with the library that draws the look again at each change."""
    page = context.new_page()
    go.sign_up(page)
    go.join(page, "Small pages")
    go.choose_name(page)
    page.goto("about:blank")
    seen = visit(page, f"/g/{group}/who/")
    assert_small(seen, total=40, requests=8, scripts=18)
    assert "htmx" in str(seen)


# The 24 others are written by the same face through the same action as the first.
FILL = """
import uuid
from chat.actions.posts import publish_post
from chat.models import Post, Thread
from community.selectors import here as places
thread = Thread.objects.get(title="A full page")
first = Post.objects.select_related("byline__persona__member").get(thread=thread)
place = places.find(owner_tag=bytes(first.byline.persona.member.owner_tag), strong=False)
words = "It was a long week, and I did not know whom to tell. Thank you for being here, all of you. "
for number in range(24):
    publish_post(here=place, thread=thread, text=f"{number}. {words * 3}", client_id=str(uuid.uuid4()))
"""


@pytest.mark.parametrize("path", ["/", "/help/", "/groups/", "/safety/", "/about-kith/", "/g/GROUP/about/"])
def test_looking_around_sets_no_cookie(context: BrowserContext, group: str, path: str) -> None:
    """Nothing is kept on the device of somebody who only looks."""
    page = context.new_page()
    page.goto(path.replace("GROUP", group))
    assert context.cookies() == []


@pytest.mark.parametrize("path", ["/sign-up/", "/sign-in/", "/way-back/"])
def test_forms_set_only_what_protects_them(context: BrowserContext, path: str) -> None:
    """A form may set the cookie against forged forms; there is no session before somebody signs in."""
    page = context.new_page()
    page.goto(path)
    assert {cookie["name"] for cookie in context.cookies()} <= {"form"}


def test_no_page_of_a_member_asks_another_host(context: BrowserContext, group: str) -> None:
    """From signing up to writing, every request goes to the site itself."""
    page, asked = context.new_page(), set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    go.sign_up(page)
    go.join(page, "Small pages")
    page.goto(f"/g/{group}/name/")
    assert asked - {""} == {urlsplit(page.url).netloc}
