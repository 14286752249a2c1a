"""The database goes while somebody writes: their words stay, and trying again sends them once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

GROUP, TALK = "Through trouble", "Is anyone up?"
WORDS = "written while the rows were gone"

pytestmark = pytest.mark.browser


@contextmanager
def _database_gone(site: Site) -> Iterator[None]:
    """Its file is not where it was; a folder is in the way of making a new one."""
    file = Path(site.environment["KITH_VAR"]) / "kith.sqlite3"
    aside = file.with_name("aside")
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


def test_not_sent_then_sent_once(browser: Browser, embedded_site: Site) -> None:
    embedded_site.run("group", GROUP, "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, GROUP)
    go.choose_name(page)
    go.start_talk(page, title=TALK, text="hello")
    with _database_gone(embedded_site):
        go.send(page, WORDS)
        last = go.messages(page).last
        expect(last).to_contain_text(WORDS)
        expect(last).to_contain_text("Not sent. We can't save anything just now. Please wait a minute.")
        go.press(page, "Try again")
        expect(last).to_contain_text("Not sent.")
    go.press(page, "Try again")
    expect(page.locator("[data-state]")).to_have_count(0)  # the answer has come
    code = f"from chat.models import Post; print(Post.objects.filter(text='{WORDS}').count())"
    assert embedded_site.script(code).strip() == "1"
    page.reload()
    expect(page.get_by_text(WORDS)).to_have_count(1)
