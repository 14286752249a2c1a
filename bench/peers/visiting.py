"""What a browser with nothing kept loads to show a thread: every file from the site, each compressed alike."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

import brotli

from bench.peers.forum import Forum
from bench.rivals import Failed

WORDS = (
    "text/",
    "javascript",
    "json",
    "svg",
    "xml",
    "font/ttf",
    "font/otf",
)  # the rest is compressed as it is


@dataclass(frozen=True, kw_only=True)
class Visit:
    """How many files, and bytes, compressed; and how many of the bytes are scripts."""

    files: int
    size: int
    scripts: int


def first_visit(forum: Forum) -> Visit:
    """Open the thread in a fresh Chromium, signed in. Raises Failed where there is no browser."""
    from playwright.sync_api import Error, sync_playwright

    from tests.servers import CHROMIUM

    if not CHROMIUM:
        raise Failed("no Chromium on this machine")
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            try:
                return _look(browser, forum)
            finally:
                browser.close()
    except Error as error:
        raise Failed(str(error)[:200]) from None


def _look(browser: Any, forum: Forum) -> Visit:
    site = f"http://127.0.0.1:{forum.port}"
    context = browser.new_context()
    pairs = [pair.strip().split("=", 1) for pair in forum.people[1 % len(forum.people)].split(";")]
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in pairs])
    page, loaded = context.new_page(), {}

    def keep(response: Any) -> None:
        if response.url.startswith(site) and response.status == 200:
            kind = response.headers.get("content-type", "")
            loaded[response.url] = (kind, response)

    page.on("response", keep)
    page.goto(site + forum.pages, wait_until="load", timeout=60_000)
    page.wait_for_timeout(1500)  # what scripts load afterwards
    sizes = {
        url: (kind, compressed(response.body(), kind)) for url, (kind, response) in list(loaded.items())
    }  # scripts may go on asking meanwhile
    return Visit(
        files=len(sizes),
        size=sum(size for _, size in sizes.values()),
        scripts=sum(size for kind, size in sizes.values() if "javascript" in kind),
    )


def compressed(body: bytes, kind: str) -> int:
    """How many bytes go over the network at best: pages made for one reader by gzip, files that stay by brotli."""
    if not any(word in kind for word in WORDS):
        return len(body)
    if "text/html" in kind or "json" in kind:
        return len(gzip.compress(body, 6))
    return min(len(body), len(brotli.compress(body, quality=11)))
