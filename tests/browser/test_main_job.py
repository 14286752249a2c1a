"""The main job in two browsers: sign up, join, and talk both ways, live, over a line that drops and a reload."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

GROUP, TALK = "Side by side", "How was the night?"
OPENING = "It is me again."
LIVE = "New messages appear here by themselves."
OFFLINE = "You are offline. What you write is kept while this page is open."
DRAFT_KEPT = "Your words from before are still here."

pytestmark = pytest.mark.browser
on_every_site = pytest.mark.parametrize(
    "which",
    ["embedded_site", pytest.param("real_site", marks=[pytest.mark.postgres, pytest.mark.redis])],
)


@on_every_site
def test_two_people_talk(browser: Browser, request: pytest.FixtureRequest, which: str) -> None:
    """Each sees the other's words without loading the page again; in the end all see the same, once, in order."""
    site: Site = request.getfixturevalue(which)
    site.run("group", GROUP, "--visibility", "open")
    anna, ben = (browser.new_context(base_url=origin).new_page() for origin in site.origins)
    for page in (anna, ben):
        go.sign_up(page)
        go.join(page, GROUP)
        go.choose_name(page)
    talk = go.start_talk(anna, title=TALK, text=OPENING)
    ben.reload()
    go.open_talk(ben, TALK)
    for page in (anna, ben):
        expect(page.get_by_text(LIVE)).to_be_visible()

    _talk(anna, ben, "first", rounds=6)
    _annas_line_drops(site, anna, ben)
    _bens_line_drops_unnoticed(site, anna, ben)
    _ben_loads_again_while_writing(ben)
    _talk(anna, ben, "then", rounds=11)
    _all_agree(site, anna, ben, talk)


def _talk(anna: Page, ben: Page, part: str, *, rounds: int) -> None:
    for number in range(rounds):
        for writer, reader, name in ((anna, ben, "Anna"), (ben, anna, "Ben")):
            go.send(writer, f"{part} {number} by {name}")
            expect(go.messages(reader).last).to_contain_text(f"{part} {number} by {name}")
            expect(go.messages(writer).last).to_contain_text(f"{part} {number} by {name}")


def _annas_line_drops(site: Site, anna: Page, ben: Page) -> None:
    """The device knows that it is offline. What she sends waits; what Ben says meanwhile comes when she is back."""
    anna.context.set_offline(True)
    site.fronts[0].cut()
    expect(anna.get_by_text(OFFLINE)).to_be_visible()
    go.send(anna, "written while offline")
    expect(go.messages(anna).last).to_contain_text("Not sent.")
    for number in range(2):
        go.send(ben, f"meanwhile {number}")
        expect(go.messages(ben).last).to_contain_text(f"meanwhile {number}")
    expect(go.messages(ben).last).to_contain_text(
        "Change or take away"
    )  # it has arrived: hers comes after it
    site.fronts[0].mend()
    anna.context.set_offline(False)
    expect(anna.get_by_text("meanwhile 1")).to_be_visible()
    expect(go.messages(ben).last).to_contain_text("written while offline")  # it went out by itself
    expect(anna.get_by_role("button", name="Try again")).to_have_count(0)


def _bens_line_drops_unnoticed(site: Site, anna: Page, ben: Page) -> None:
    """Every connection of Ben's is cut, and his browser is told nothing. It comes back by itself."""
    site.fronts[1].cut()
    for number in range(2):
        go.send(anna, f"into the silence {number}")
        expect(go.messages(anna).last).to_contain_text(f"into the silence {number}")
    expect(ben.get_by_text("into the silence")).to_have_count(0)
    site.fronts[1].mend()
    expect(go.messages(ben).last).to_contain_text("into the silence 1", timeout=30_000)


def _ben_loads_again_while_writing(ben: Page) -> None:
    """A draft outlives a reload, and is sent as it was."""
    go.box(ben).fill("half a thought")
    ben.reload()
    expect(go.box(ben)).to_have_value("half a thought")
    expect(ben.get_by_text(DRAFT_KEPT)).to_be_visible()
    expect(ben.get_by_text(LIVE)).to_be_visible()
    go.press(ben, "Send as")
    expect(go.messages(ben).last).to_contain_text("half a thought")
    expect(go.messages(ben).last).to_contain_text("Change or take away")  # stored, so Anna's next comes after


def _all_agree(site: Site, anna: Page, ben: Page, talk: str) -> None:
    rows = json.loads(site.script(ROWS))
    stored = [text for _, text in rows]
    assert [seq for seq, _ in rows] == sorted({seq for seq, _ in rows})
    assert len(set(stored)) == len(stored) == 41  # the opening, and twenty each
    assert go.read_texts(anna) == stored  # never loaded again since the first message
    on_bens_page = go.read_texts(ben)
    assert len(on_bens_page) >= 25
    assert on_bens_page == stored[-len(on_bens_page) :]
    for page in (anna, ben):
        assert go.read_all(page, "/g/" + talk.split("/g/")[1]) == stored


ROWS = f"""
import json
from chat.models import Post
rows = Post.objects.filter(thread__title={TALK!r}).order_by("seq").values_list("seq", "text")
print(json.dumps(list(rows)))
"""
