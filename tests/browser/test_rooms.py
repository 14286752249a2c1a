"""The room of a study to axe, in both colours, narrow and wide: the door, the room, one's own words, and errors."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.sites import Site
from tests.browser.test_axe import look_over
from tests.browser.test_field import ANEW

pytestmark = pytest.mark.browser
MAKE = (
    ANEW
    + """
import json
from django.conf import settings
from tests.people import make_cast
from tests.research.in_rooms import ONCE, with_room
cast = make_cast()
one = with_room(cast, comes_in=False)
one.come_in(cast.lena)
one.say(one.field.rosa, "How was it to answer?")
one.say(cast.lena, "I skipped two, and nobody minded.", once=ONCE)
cookies = {name: person.client.cookies[settings.SESSION_COOKIE_NAME].value
           for name, person in {"rosa": one.field.rosa, "alice": cast.alice}.items()}
print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, **cookies, "room": one.url(),
                  "seat": f"/g/{cast.harbour.public_id}/studies/here/"}))
"""
)


@pytest.fixture(scope="module")
def made(embedded_site: Site) -> dict[str, str]:
    return dict(json.loads(embedded_site.script(MAKE).strip().splitlines()[-1]))


@pytest.fixture
def alice(browser: Browser, embedded_site: Site, made: dict[str, str]) -> Iterator[Page]:
    context = browser.new_context(base_url=embedded_site.origins[0])
    context.add_cookies([{"name": made["cookie"], "value": made["alice"], "url": embedded_site.origins[0]}])
    yield context.new_page()
    context.close()


def test_somebody_goes_in_writes_changes_and_takes_it_away(alice: Page, made: dict[str, str]) -> None:
    """Each page on the way is looked over, and all of it works as forms do."""
    alice.goto(made["room"])
    found = [f"door: {fault}" for fault in look_over(alice)]
    alice.get_by_role("button", name="Go in").click()
    alice.get_by_text("I skipped two, and nobody minded.").wait_for()
    found += [f"room: {fault}" for fault in look_over(alice)]
    alice.get_by_role("button", name="Send", exact=True).click()
    alice.get_by_text("Write something first.").first.wait_for()
    found += [f"with an error: {fault}" for fault in look_over(alice)]
    alice.get_by_label("Your message").fill("Write to me at grey@heron.example")
    alice.get_by_role("button", name="Send", exact=True).click()
    alice.get_by_text("Not sent yet. Look at this once.").wait_for()
    found += [f"with advice: {fault}" for fault in look_over(alice)]
    alice.get_by_label("Your message").fill("Same here.")
    alice.get_by_role("button", name="Send", exact=True).click()
    alice.get_by_role("link", name="Change or take away").click()
    found += [f"own words: {fault}" for fault in look_over(alice)]
    alice.get_by_role("link", name="Change it").click()
    found += [f"change: {fault}" for fault in look_over(alice)]
    alice.get_by_label("Your message").fill("Same here, often.")
    alice.get_by_role("button", name="Save the change").click()
    alice.get_by_text("Same here, often.").wait_for()
    alice.get_by_role("link", name="Change or take away").click()
    alice.get_by_role("link", name="Take it away").click()
    found += [f"away: {fault}" for fault in look_over(alice)]
    alice.get_by_role("button", name="Take it away").click()
    alice.get_by_text("Taken away by its writer").wait_for()
    assert not found, "\n".join(found)
