"""The pages of a researcher in a group, and of whoever is asked to be quoted, to axe: with errors, narrow and wide."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import look_over

pytestmark = pytest.mark.browser
ANEW = """
from accounts.models import Account
for one in Account.objects.filter(username__endswith="-otter-1234"):  # the same people, of another file's
    Account.objects.filter(pk=one.pk).update(username=f"before-{one.pk}")
"""
MAKE = (
    ANEW
    + """
import json
from django.conf import settings
from research.actions import notes, quotes
from research.actions.notes import Words
from research.enums import NoteKind
from research.models import FieldNote, QuoteAsk
from tests.people import make_cast
from tests.research.consenting import open_study
from tests.research.watchers import in_the_field, said_by, works_on
cast = make_cast()
field = in_the_field(cast)
post, other = said_by(cast.alice, field), said_by(cast.bob, field, yes=False)
here, keys = field.rosa.here(cast.harbour), field.rosa.keyed
words = Words(text="Nights come up again. Nobody hurries.", codes=["nights", "pace"])
notes.note_on(here=here, pid=post.public_id, passage="The nights are long", key_of=keys,
              kind=NoteKind.OBSERVATIONAL, words=words)
notes.revise(desk=field.desk, nid=FieldNote.objects.get().public_id, words=Words(text="Nights come up again."))
quotes.ask(here=here, pid=post.public_id, passage="until the birds begin", use="In a report for the board.",
           rewording="until it gets light", key_of=keys)
works_on(field.rosa, open_study(cast.harbour, field_notes=True))
cookies = {name: person.client.cookies[settings.SESSION_COOKIE_NAME].value
           for name, person in {"rosa": field.rosa, "alice": cast.alice}.items()}
print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, **cookies, "gid": cast.harbour.public_id, "sid": field.sid,
                  "tid": post.thread.public_id, "pid": post.public_id, "other": other.public_id,
                  "nid": FieldNote.objects.get().public_id, "qid": QuoteAsk.objects.get().public_id}))
"""
)


@pytest.fixture(scope="module")
def made(embedded_site: Site) -> dict[str, str]:
    return dict(json.loads(embedded_site.script(MAKE).strip().splitlines()[-1]))


def signed_in(browser: Browser, site: Site, made: dict[str, str], who: str) -> Page:
    context = browser.new_context(base_url=site.origins[0])
    context.add_cookies([{"name": made["cookie"], "value": made[who], "url": site.origins[0]}])
    return context.new_page()


@pytest.fixture
def rosa(browser: Browser, embedded_site: Site, made: dict[str, str]) -> Iterator[Page]:
    page = signed_in(browser, embedded_site, made, "rosa")
    yield page
    page.context.close()


@pytest.fixture
def alice(browser: Browser, embedded_site: Site, made: dict[str, str]) -> Iterator[Page]:
    page = signed_in(browser, embedded_site, made, "alice")
    yield page
    page.context.close()


def faults_at(page: Page, *addresses: str, status: int = 200) -> list[str]:
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer and answer.status == status, address
        found += [f"{address} {fault}" for fault in look_over(page)]
    return found


def test_the_pages_of_a_researcher_have_no_fault(rosa: Page, made: dict[str, str]) -> None:
    group, desk = f"/g/{made['gid']}/", f"/research/{made['sid']}/"
    here, talk = group + "studies/here/", f"{group}t/{made['tid']}/"
    found = faults_at(
        rosa, here, talk, f"{talk}p/{made['pid']}/", f"{here}note/{made['pid']}/", f"{here}note/{made['other']}/",
        f"{here}quote/{made['pid']}/", f"{here}quote/{made['other']}/", desk + "notes/", desk + "notes/?code=pace",
        desk + "notes/new/", f"{desk}notes/{made['nid']}/", desk + "quotes/",
    )  # fmt: skip
    for address, button in ((f"{here}note/{made['pid']}/", "Note it"), (desk + "notes/new/", "Note it"),
                            (f"{here}quote/{made['pid']}/", "Ask"), (here, "Say so, and read")):  # fmt: skip
        rosa.goto(address)
        with rosa.expect_response(lambda answer: answer.request.method == "POST") as answered:
            rosa.get_by_role("button", name=button, exact=True).click()
        rosa.wait_for_load_state()
        assert answered.value.status == 422, address
        found += [f"{address} with errors: {fault}" for fault in look_over(rosa)]
    assert not found, "\n".join(found)


def test_the_pages_of_members_have_no_fault(alice: Page, made: dict[str, str]) -> None:
    group = f"/g/{made['gid']}/"
    mine = f"{group}studies/{made['sid']}/"
    found = faults_at(
        alice, "/home/", group, group + "studies/", f"{group}t/{made['tid']}/", mine + "mine/",
        f"{mine}quotes/{made['qid']}/",
    )  # fmt: skip
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [320, 390, 1024])
def test_yes_and_no_to_a_study_are_the_same_size(alice: Page, made: dict[str, str], width: int) -> None:
    alice.set_viewport_size({"width": width, "height": 800})
    alice.goto(f"/g/{made['gid']}/studies/{made['sid']}/yes/")
    go.press(alice, "Carry on")
    for answer in alice.locator('input[type="radio"][value="yes"]').all():
        answer.check()
    go.press(alice, "Carry on")
    alice.get_by_label("Nothing. All stays as it is.").check()
    alice.get_by_label("Yes, at any time.").check()
    go.press(alice, "Carry on")
    yes, no = (
        alice.get_by_role("button", name=name).bounding_box()
        for name in ("Say yes to what I chose", "Say no to all of it")
    )
    assert yes and no
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    assert width > 400 or yes["x"] == no["x"]  # on a phone one above the other, as wide as the page


@pytest.mark.parametrize("runs_scripts", [True, False])
def test_back_between_the_pages_of_a_yes_loses_and_sends_nothing(
    browser: Browser, embedded_site: Site, made: dict[str, str], runs_scripts: bool
) -> None:
    """The browser's own: no page asks whether to send it once more, also after one that was sent with gaps."""
    context = browser.new_context(base_url=embedded_site.origins[0], java_script_enabled=runs_scripts)
    context.add_cookies([{"name": made["cookie"], "value": made["alice"], "url": embedded_site.origins[0]}])
    page = context.new_page()
    page.goto(f"/g/{made['gid']}/studies/{made['sid']}/")
    mine = page.goto(f"/g/{made['gid']}/studies/{made['sid']}/yes/")
    assert mine and mine.status == 200
    go.press(page, "Carry on")
    chosen = page.locator('input[type="radio"][value="yes"]')
    for one in chosen.all():
        one.check()
    go.press(page, "Carry on")
    go.press(page, "Carry on")  # neither question is answered
    assert page.locator("#errors").is_visible()
    page.get_by_label("Nothing. All stays as it is.").check()
    page.get_by_label("Yes, at any time.").check()
    go.press(page, "Carry on")
    heads = []
    for _step in range(4):
        page.wait_for_load_state()
        answer = page.go_back()
        assert answer and answer.request.method == "GET"
        heads.append(page.get_by_role("heading", level=1).inner_text())
    assert heads == ["Is it clear?", "Is it clear?", "What is all right with you?", heads[3]]
    page.go_forward()
    assert chosen.count() and page.get_by_role("heading", level=1).inner_text() == heads[2]
    context.close()
