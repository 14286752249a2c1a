"""Make the README's pictures again, from the demo in a fresh folder: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers  # noqa: E402
from tests.browser import conftest, sites  # noqa: E402

GROUP, TALK, JOINED = "Living with bipolar", "How do you spot the climb before others do?", "New parents"
PHONE, DESKTOP = {"width": 390, "height": 800}, {"width": 1100, "height": 800}
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
        for called, take in {"landing": landing, "thread": thread, "name": name}.items():
            side_by_side(browser, called, take(browser, site.origins[0]))
        browser.close()


def open_page(browser: Browser, origin: str, size: dict[str, int], *, member: bool) -> Page:
    page = browser.new_context(base_url=origin, viewport=size, color_scheme="light").new_page()
    if member:
        page.goto("/demo/")
        page.get_by_role("button", name="Look around as a member").click()
        page.wait_for_url("**/home/")
    return page


def landing(browser: Browser, origin: str) -> list[bytes]:
    """The first page on a phone, help on a desktop."""
    phone = open_page(browser, origin, PHONE, member=False)
    phone.goto("/")
    desktop = open_page(browser, origin, DESKTOP, member=False)
    desktop.goto("/help/?region=gb")
    return [phone.screenshot(), desktop.screenshot()]


def thread(browser: Browser, origin: str) -> list[bytes]:
    """A talk with a message of one's own in it."""
    shots = []
    for size in (PHONE, DESKTOP):
        page = open_page(browser, origin, size, member=True)
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
        page = open_page(browser, origin, size, member=True)
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


if __name__ == "__main__":
    main()
