"""The pages of files, to axe: empty, waiting, refused, being read, with errors, fetched; and a member's own page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import look_over
from tests.browser.test_field import faults_at, signed_in

pytestmark = pytest.mark.browser
LOOKS = 80
MAKE = """
import json
from types import SimpleNamespace
from django.conf import settings
from tests.people import add, make_group, make_people
from tests.research.filing import SAID, filing, writes
group = make_group(name="filed harbour")
people = make_people({"filed-a": False, "filed-b": False})
for nth, one in enumerate(people.values()):
    add(one, group, handle=f"Filed Heron {nth}")
made = filing(SimpleNamespace(harbour=group), size=6, outside=["The archive"])
writes(people["filed-a"], made, SAID, "Ring me on zero / two / zero / seven / nine / four / six / zero / nine.")
writes(people["filed-b"], made, "I hear you.")
cookies = {name: person.client.cookies[settings.SESSION_COOKIE_NAME].value
           for name, person in {**made.people, **people}.items()}
print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, **cookies, "gid": group.public_id, "sid": made.sid}))
"""


@pytest.fixture(scope="module")
def made(embedded_site: Site) -> dict[str, str]:
    return dict(json.loads(embedded_site.script(MAKE).strip().splitlines()[-1]))


@pytest.fixture
def team(browser: Browser, embedded_site: Site, made: dict[str, str]) -> Iterator[dict[str, Page]]:
    pages = {who: signed_in(browser, embedded_site, made, who) for who in ("ruth", "remy", "ana", "filed-a")}
    yield pages
    for page in pages.values():
        page.context.close()


def test_a_file_from_asking_to_fetching(team: dict[str, Page], made: dict[str, str]) -> None:
    """Two people press through it, a program in between; every page on the way has no fault."""
    ruth, files = team["ruth"], f"/research/{made['sid']}/files/"
    faults = faults_at(ruth, files)
    go.press(ruth, "Ask for it")  # answers alone
    ruth.get_by_role("heading", name="Study-team file").wait_for()
    faults += look_over(ruth)
    ruth.goto(files)
    ruth.get_by_label("Someone outside, by name: made less exact").check()
    go.press(ruth, "Ask for it")
    ruth.get_by_text("Say who gets it").first.wait_for()
    faults += look_over(ruth)
    ruth.get_by_label("The study's own team").check()
    ruth.get_by_label("Messages", exact=True).check()
    go.press(ruth, "Ask for it")
    ruth.get_by_text("Messages are to be read first").wait_for()
    address = ruth.url
    assert not ruth.get_by_role("button", name="Have it checked").count()  # reading comes first
    faults += look_over(ruth)
    faults += faults_at(ruth, address + "read/")
    go.press(ruth, "Keep this")
    ruth.get_by_text("Tick that you read them all.").wait_for()
    faults += look_over(ruth)
    ruth.get_by_label("I read every message on this page").check()
    go.press(ruth, "Keep this")
    ruth.get_by_role("heading", name="Study-team file").wait_for()
    _made(ruth, "Have it checked")
    ruth.get_by_text("as in a phone number").wait_for()
    faults += look_over(ruth)
    ruth.goto(address + "read/")
    left_in = ruth.get_by_role("listitem").filter(has_text="Ring me")
    left_in.get_by_text("Take something out").click()
    left_in.get_by_label("Words to take out, one lot to a line").fill(
        "zero / two / zero / seven / nine / four / six / zero / nine"
    )
    ruth.get_by_label("I read every message on this page").check()
    go.press(ruth, "Keep this")
    ruth.get_by_role("heading", name="Study-team file").wait_for()
    _made(ruth, "Have it checked")
    ruth.get_by_text("You cannot do both").wait_for()
    faults += _let_go(team, made, address)
    assert not faults, "\n".join(faults)


def _made(page: Page, button: str) -> None:
    """Press for something that is made beside the page, and look again until it is."""
    go.press(page, button)
    again = page.get_by_role("link", name="Look again")
    page.get_by_role("heading", name="Study-team file").wait_for()
    for _ in range(LOOKS):
        if not again.count():
            return
        page.wait_for_timeout(500)
        again.click()
        page.wait_for_load_state()
    raise AssertionError(f"{button}: it was never made")


def _let_go(team: dict[str, Page], made: dict[str, str], address: str) -> list[str]:
    """The second person looks at it, lets it go and fetches it; an analyst and a member see what they see."""
    remy, own = team["remy"], f"/g/{made['gid']}/studies/{made['sid']}/"
    faults = faults_at(remy, address, address + "read/")
    remy.goto(address)
    remy.get_by_label("I looked at").check()
    _made(remy, "Let it go")
    remy.get_by_role("button", name="Fetch the file").wait_for()
    faults += look_over(remy)
    _made(remy, "Fetch the file")
    save = remy.get_by_role("button", name="Save the file")
    save.wait_for()
    faults += look_over(remy)
    with remy.expect_download() as got:
        save.click()
    assert got.value.suggested_filename == "study-file-team.zip"
    faults += faults_at(team["ana"], f"/research/{made['sid']}/files/", address)
    faults += faults_at(team["filed-a"], own, own + "mine/")
    assert re.search("Files that you are in", team["filed-a"].content())
    return faults
