"""Make the pictures of the README and of research.md again, from the demo in a fresh folder: `make screenshots`.
`make screenshots ONLY=thread` makes one."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers  # noqa: E402
from tests.browser import conftest, sites  # noqa: E402

GROUP, TALK, JOINED = "Living with bipolar", "How do you spot the climb before others do?", "Type 1 diabetes"
PHONE, DESKTOP = {"width": 390, "height": 800}, {"width": 1100, "height": 800}
Take = Callable[[Browser, str], list[bytes]]
LARGEST = 250_000  # bytes
TO_THE_TOP = "part => scrollTo(0, scrollY + part.getBoundingClientRect().top - 80)"
FRAME = """<!doctype html><style>
body { margin: 0; padding: 28px; display: flex; gap: 28px; background: #D5E3E0; inline-size: max-content; }
img { display: block; block-size: 800px; border-radius: 14px; box-shadow: 0 2px 18px rgb(0 0 0 / .18); }
</style>"""


def main() -> None:
    """Start the demo, take each picture, say how large it is."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sites.embedded(Path(folder), KITH_DEMO="1") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=servers.CHROMIUM, args=conftest.FLAGS)
        for called, take in PICTURES.items():
            if called in (sys.argv[1:] or PICTURES):
                side_by_side(browser, called, take(browser, site.origins[0]))
        browser.close()


def open_page(browser: Browser, origin: str, size: dict[str, int], *, who: str = "") -> Page:
    """A page, through one of the demo's doors: each is used once, since a code is good for one sign-in."""
    more: Any = {"storage_state": _come_in(browser, origin, who)} if who else {}
    return browser.new_context(base_url=origin, viewport=size, color_scheme="light", **more).new_page()


@cache
def _come_in(browser: Browser, origin: str, who: str) -> Any:
    page = browser.new_context(base_url=origin).new_page()
    page.goto("/demo/")
    page.locator(f'form[action^="/demo/{who}/"] button').click()
    page.wait_for_url(lambda url: "/demo/" not in url)
    return page.context.storage_state()


def landing(browser: Browser, origin: str) -> list[bytes]:
    """The first page on a phone, help on a desktop."""
    phone = open_page(browser, origin, PHONE)
    phone.goto("/")
    desktop = open_page(browser, origin, DESKTOP)
    desktop.goto("/help/?region=gb")
    return [phone.screenshot(), desktop.screenshot()]


def thread(browser: Browser, origin: str) -> list[bytes]:
    """A talk with a message of one's own in it."""
    shots = []
    for size in (PHONE, DESKTOP):
        page = open_page(browser, origin, size, who="member")
        page.goto("/home/")
        page.get_by_role("link", name=GROUP).click()
        page.get_by_role("link", name=TALK).click()
        page.get_by_role("article").first.evaluate(TO_THE_TOP)
        page.wait_for_timeout(500)
        shots.append(page.screenshot())
    return shots


def name(browser: Browser, origin: str) -> list[bytes]:
    """Names and pictures on offer to somebody who just joined."""
    shots = []
    for size in (PHONE, DESKTOP):
        page = open_page(browser, origin, size, who="member")
        page.goto("/groups/")
        page.get_by_role("link", name=JOINED).click()
        if page.get_by_role("link", name="Join this group").count():
            page.get_by_role("link", name="Join this group").first.click()
            page.get_by_label("I have read the group promise").check()
            page.get_by_role("button", name="Join this group").click()
        else:
            page.get_by_role("link", name="Go to the talks").click()
        page.get_by_role("link", name="Your name").first.click()
        first = "Who do you want to be here?" if size is PHONE else "Or type your own"
        page.get_by_text(first).first.evaluate(TO_THE_TOP)
        shots.append(page.screenshot())
    return shots


def study(who: str, phone: str, desktop: str, *, focus: str = "h1") -> Take:
    """Two pages of the demo's study: on a phone, on a desktop. `{s}` is the study's address at a desk, `{g}` that in
    Living with bipolar."""

    def take(browser: Browser, origin: str) -> list[bytes]:
        sid = sid_of(open_page(browser, origin, PHONE, who="researcher"))
        shots = []
        for size, address in ((PHONE, phone), (DESKTOP, desktop)):
            page = open_page(browser, origin, size, who=who)
            gid = "" if who == "researcher" else gid_of(page)
            page.goto(address.format(s=f"/research/{sid}", g=f"/g/{gid}/studies", sid=sid))
            page.locator(focus).first.evaluate(TO_THE_TOP)
            page.wait_for_timeout(300)
            shots.append(page.screenshot())
        return shots

    return take


def sid_of(page: Page) -> str:
    """The public id of the study."""
    page.goto("/research/")
    return last_part(page.get_by_role("link", name="Asking quietly"))


def gid_of(page: Page) -> str:
    """The public id of Living with bipolar."""
    page.goto("/home/")
    return last_part(page.get_by_role("link", name=GROUP))


def last_part(link: Locator) -> str:
    return str(link.first.get_attribute("href")).strip("/").split("/")[-1]


def side_by_side(browser: Browser, called: str, shots: list[bytes]) -> None:
    """Phone and desktop in one PNG, put together by the browser itself."""
    with tempfile.TemporaryDirectory() as folder:
        for number, shot in enumerate(shots):
            Path(folder, f"{number}.png").write_bytes(shot)
        images = "".join(f'<img src="{number}.png">' for number in range(len(shots)))
        Path(folder, "frame.html").write_text(FRAME + images)
        page = browser.new_page(viewport={"width": 1800, "height": 860})
        page.goto(Path(folder, "frame.html").as_uri())
        page.wait_for_load_state("networkidle")
        width = page.evaluate("document.body.getBoundingClientRect().width")
        picture = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": 856})
    target = HERE / f"{called}.png"
    target.write_bytes(picture)
    print(f"{target.relative_to(ROOT)}: {len(picture) // 1000} kB")  # noqa: T201
    assert len(picture) <= LARGEST, "too large for a page that people read on a phone"


PICTURES: dict[str, Take] = {
    "landing": landing, "thread": thread, "name": name,
    "set-up": study("researcher", "{s}/set-up/harm/", "{s}/set-up/versions/"),
    "ethics-pack": study("researcher", "{s}/papers/1/", "{s}/papers/1/"),
    "group-answer": study("moderator", "{g}/asked/{sid}/", "{g}/asked/{sid}/"),
    "consent": study("member", "{g}/{sid}/yes/", "{g}/{sid}/"),
    "questions": study("member", "/home/", "{g}/{sid}/questions/2/"),
    "progress": study("researcher", "{s}/progress/", "{s}/progress/", focus="h2 >> nth=1"),
    "trade-offs": study("member", "/trade-offs/", "/trade-offs/one-thread-names/"),
    "files": study("researcher", "{s}/files/", "{s}/files/"),
    "safety-log": study("researcher", "{s}/numbers/", "{s}/harm/"),
    "leaving": study("member", "{g}/{sid}/mine/", "{g}/{sid}/leave/"),
}  # fmt: skip

if __name__ == "__main__":
    main()
