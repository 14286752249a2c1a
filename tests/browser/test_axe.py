"""Every page, to axe: signed out, as a member, as the team; with errors; light and dark, narrow and wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import rotation
from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => {
  const rules = { "target-size": { enabled: true } };
  const found = await axe.run({ runOnly: tags, rules, resultTypes: ["violations"] });
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`));
}"""
WIDER_TEXT = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
STAYS = "document.querySelectorAll('.jump').forEach(one => { one.style.position = 'static' })"
FITS = "document.documentElement.scrollWidth <= innerWidth"
WIDTHS, THEMES = (320, 1280), ("light", "dark")
GROUP = "Quiet harbour"

STRANGER = [
    "/", "/safety/", "/safety/model/", "/cover-your-tracks/", "/about-kith/", "/help/", "/help/?region=gb", "/groups/",
    "/trade-offs/", "/trade-offs/times/", "/trade-offs/who-is-here/", "/join/", "/g/GROUP/about/", "/g/GROUP/join/",
    "/sign-up/", "/sign-up/name/", "/sign-in/", "/way-back/", "/no-such-page/", "LINK", "/now/", "/now/?region=gb",
]  # fmt: skip
MEMBER = [
    "/home/", "/groups/", "/join/", "/g/GROUP/", "/g/GROUP/about/", "/g/GROUP/new/", "/g/GROUP/promise/",
    "/g/GROUP/name/", "/g/GROUP/name/picture/", "/g/GROUP/name/about/", "/g/GROUP/name/change/",
    "/g/GROUP/name/stop/", "/g/GROUP/name/checked/", "/g/GROUP/hidden/", "/g/GROUP/who/",
    "/g/GROUP/who/one-thread-name/", "CARD", "/g/GROUP/health/",
    "/g/GROUP/rota/", "/g/GROUP/leave/", "/g/GROUP/names/", "/g/GROUP/inbox/", "TALK", "POST", "POSTedit/",
    "POSTdelete/", "POSTabout/", "/g/GROUP/library/", "/g/GROUP/library/suggest/", "/g/GROUP/appointment/",
    "/g/GROUP/promise/asked/", "SAID",
    "/g/OTHER/join/", "/g/CLOSED/join/", "/g/CLOSED/ask/?promise=1", "/account/", "/account/again/",
    "/account/discreet/", "/account/break/", "/account/reminder/", "/stop/none/",
    "/account/passphrase/", "/account/sessions/", "/account/words/", "/account/words/new/",
    "/account/second-step/", "/account/second-step/passkey/", "/account/second-step/codes/",
    "/account/second-step/remove/", "/sign-out/", "/operator/", "/operator/code/",
    "/g/GROUP/reports/", "/g/GROUP/notes/", "/now/", "/g/GROUP/now/",
    "/yours/", "/g/GROUP/copy/", "/g/GROUP/leave/delete/", "/account/delete/", "/account/delete/sure/",
]  # fmt: skip
TEAM = [
    "/g/GROUP/", "/g/GROUP/about/", "/g/GROUP/promise/", "/g/GROUP/promise/change/", "/g/GROUP/requests/",
    "/g/GROUP/names/change/",
    "/g/GROUP/invitations/", "/g/GROUP/roles/", "/g/GROUP/rota/", "/g/GROUP/off-duty/", "/g/GROUP/leave/",
    "POSTabout/", "/g/GROUP/advice/", "/g/GROUP/announcements/new/", "/g/GROUP/library/",
    "/g/GROUP/checked/", "/g/GROUP/health/", "TALK", "TALKstatement/", "TALKstatement/say/",
    "SAID", "SAIDanswer/", "SUGGESTED",
    "/g/GROUP/team/", "/g/GROUP/team/automatic/", "/g/GROUP/team/automatic/phrases/", "/g/GROUP/team/automatic/worry/",
    "POSThide/", "REPORT", "FOLD", "/account/second-step/", "/account/second-step/remove/", "/operator/",
]  # fmt: skip
SAID = """
from chat.models import Statement, Thread
from community.models import Announcement, Badge, Persona, Resource
from core import clock
face = Persona.objects.get(group__public_id="GROUP")
said = {"title": "Plain letters", "text": "x", "html": "<p>x</p>", "for_whom": "A clinic"}
it = Announcement.objects.create(group=face.group, reach="link", behind="10", answer_html="<p>Yes.</p>",
    answered_on=clock.today(), ends_on=clock.today(), **said)
Statement.objects.create(thread=Thread.objects.get(group=face.group), **said)
for worn in (True, False):
    Badge.objects.create(member=face.member, role="nurse" if worn else "volunteer", proof="word", organisation="Aid",
        pay="unpaid", checked_month=clock.this_month(), expires_on=clock.today(), is_worn=worn)
print(it.public_id, Resource.objects.create(group=face.group, key=b"x", title="A leaflet").public_id)
"""  # what takes five people and a night, two of a team, or a member who suggests

# The second message is folded, and nobody counts as a newcomer, so that the lead could fold the first.
FOLD = """
from chat.models import Post
from moderation.models import GroupCare
post = Post.objects.select_related("thread").get(text="I am.", thread__group__public_id="GROUP")
Post.objects.filter(pk=post.pk).update(folding="folded")
GroupCare.objects.create(group_id=post.thread.group_id, first_messages=0)
"""


@dataclass
class World:
    """Browsers of people in their places, and what stands for the capitals in an address."""

    stranger: BrowserContext
    member: BrowserContext
    team: BrowserContext
    places: dict[str, str]

    def address(self, path: str) -> str:
        for word, value in self.places.items():
            path = path.replace(word, value)
        return path


@pytest.fixture(scope="module")
def world(browser: Browser, embedded_site: Site) -> Iterator[World]:
    """A member with a talk, and a group lead who signed in with a second step and looks after the site."""
    made = {
        word: embedded_site.run("group", f"{GROUP} {word}", "--visibility", kind)
        for word, kind in (("GROUP", "open"), ("OTHER", "open"), ("CLOSED", "closed"))
    }
    places = {word: printed.split("/g/")[1].split("/")[0] for word, printed in made.items()}
    code = re.search(r"lead: (\w+)", made["GROUP"])[1]
    stranger, member, team = (browser.new_context(base_url=embedded_site.origins[0]) for _ in range(3))
    page = member.new_page()
    go.sign_up(page)
    go.join(page, f"{GROUP} GROUP")
    go.choose_name(page)
    places["TALK"] = "/g/" + go.start_talk(page, title="Tea", text="Who is awake?").split("/g/")[1]
    places["POST"] = str(go.messages(page).first.get_by_role("link", name="Change").get_attribute("href"))
    places["REPORT"] = re.sub(r"/t/\w+/p/", "/report/post/", places["POST"])
    places["CARD"] = str(
        go.messages(page).first.get_by_role("heading").get_by_role("link").get_attribute("href")
    )
    go.send(page, "I am.")
    page.locator("[data-posts] > [data-seq]").nth(1).wait_for()
    said, suggested = embedded_site.script(SAID.replace("GROUP", places["GROUP"])).split()
    places["SAID"] = f"/g/{places['GROUP']}/announcements/{said}/"
    places["SUGGESTED"] = f"/g/{places['GROUP']}/library/{suggested}/"
    places["LINK"] = places["SAID"].replace(f"/g/{places['GROUP']}/announcements", "/n")
    embedded_site.script(FOLD.replace("GROUP", places["GROUP"]))
    places["FOLD"] = places["REPORT"].replace("/report/", "/fold/")
    go.lead_with_a_second_step(team.new_page(), code)
    yield World(stranger, member, team, places)
    for context in (stranger, member, team):
        context.close()


def test_faults_are_found(world: World) -> None:
    """A picture without words, a tiny button and something wide are each seen."""
    page = world.stranger.new_page()
    page.goto("/safety/")
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
      "<img src='/a/x.svg'><button>a</button><input><hr width=900>")""")
    found = "\n".join(look_over(page))
    assert "image-alt" in found
    assert "label" in found
    assert "wider than 320" in found


@pytest.mark.parametrize("who", ["stranger", "member", "team"])
def test_no_page_has_a_fault(world: World, who: str) -> None:
    """Zero violations in light and dark, on a phone and on a desktop; nothing wider than a phone."""
    page: Page = getattr(world, who).new_page()
    faults = []
    for path in {"stranger": STRANGER, "member": MEMBER, "team": TEAM}[who]:
        page.goto(world.address(path))
        faults += [f"{path} {fault}" for fault in look_over(page)]
    assert not faults, "\n".join(faults)


def test_the_way_out_and_back_has_no_fault(browser: Browser, embedded_site: Site, world: World) -> None:
    """Leaving with everything, its receipt and its undo; then the account, its receipt and its undo."""
    context = browser.new_context(base_url=embedded_site.origins[0])
    page, faults = context.new_page(), []
    who = go.sign_up(page)
    go.join(page, f"{GROUP} OTHER")
    page.goto(world.address("/g/OTHER/leave/delete/"))
    go.press(page, "Leave and delete")
    page.get_by_role("heading", name="You have left").wait_for()
    faults += [f"left: {fault}" for fault in look_over(page)]
    page.goto("/yours/")
    faults += [f"to undo: {fault}" for fault in look_over(page)]
    go.press(page, re.compile("^Undo"))
    page.goto("/account/delete/sure/")
    page.get_by_label("Your passphrase").fill(who.passphrase)
    go.press(page, "Yes, delete my account")
    page.get_by_role("heading", name="Your account is closed").wait_for()
    faults += [f"closed: {fault}" for fault in look_over(page)]
    page.goto("/sign-in/")
    page.locator("[name=name]").fill(who.name)
    page.locator("[name=passphrase]").fill(who.passphrase)
    go.press(page, "Sign in")
    page.get_by_role("heading", name="You closed this account").wait_for()
    faults += [f"closing: {fault}" for fault in look_over(page)]
    go.press(page, "Undo: keep my account")
    page.get_by_role("heading", name="Settings").wait_for()
    context.close()
    assert not faults, "\n".join(faults)


def look_over(page: Page) -> list[str]:
    """What axe finds in each width and theme, the two crossed every other day, and whether wide-set text still fits a
    phone."""
    faults = []
    themes = {WIDTHS[at]: THEMES if rotation.FULL else (THEMES[(at + rotation.TODAY) % 2],) for at in (0, 1)}
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("scrollTo(0, 0)")  # what the bar covers while one scrolls is no fault
        page.evaluate(STAYS)  # nor is what the button covers that floats over a talk
        for theme in themes[width]:
            page.emulate_media(color_scheme=theme)
            faults += [f"{width} {theme} {fault}" for fault in page.evaluate(RUN, RULES)]
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }",
                  WIDER_TEXT)  # fmt: skip
    if not page.evaluate(FITS):
        faults.append("wider than 320 with wide-set text")
    return faults


ERRORS_OF_STRANGERS = [("/sign-up/", "Carry on"), ("/sign-in/", "Sign in"), ("/way-back/", "Let me back in")]
ERRORS_OF_MEMBERS = [
    ("/g/OTHER/join/", "Join this group"), ("/join/", "Carry on"), ("/g/GROUP/new/", re.compile("^Send as")),
    ("POSTedit/", "Save the change"), ("/account/passphrase/", "Change it"), ("/account/again/", "Carry on"),
    ("/g/CLOSED/ask/?promise=1", "Send"),
]  # fmt: skip
ERRORS_OF_TEAMS = [
    ("/g/GROUP/promise/change/", "Publish"), ("/g/GROUP/roles/", "Save"), ("/g/GROUP/rota/", "Add this shift"),
    ("/g/GROUP/checked/", "Save"), ("TALKstatement/", "Show it in the talk"),
    ("TALKstatement/say/", "Put it up"), ("SAIDanswer/", "Put it up"),
]  # fmt: skip


@pytest.mark.parametrize("who", ["stranger", "member", "team"])
def test_no_page_with_errors_has_a_fault(world: World, who: str) -> None:
    """Forms sent empty come back with what to do, and nothing for axe to find."""
    page: Page = getattr(world, who).new_page()
    forms = {"stranger": ERRORS_OF_STRANGERS, "member": ERRORS_OF_MEMBERS, "team": ERRORS_OF_TEAMS}
    faults = []
    for path, button in forms[who]:
        page.goto(world.address(path))
        for box in page.get_by_role("main").get_by_role("textbox").all():
            box.fill("") if box.is_editable() else None
        with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            go.press(page, button)
        page.wait_for_load_state()
        assert answered.value.status == 422, path
        assert page.title().startswith("Error: "), path
        faults += [f"{path} with errors: {fault}" for fault in look_over(page)]
    assert not faults, "\n".join(faults)


def test_the_composer_has_no_fault_whatever_is_chosen(world: World) -> None:
    """All choices open, another one-thread name drawn, and something that waits: for a message and for a talk."""
    page, faults = world.member.new_page(), []
    for path in ("TALK", "/g/GROUP/new/"):
        page.goto(world.address(path))
        if path != "TALK":
            page.get_by_label("What do you want to talk about?").fill("Later")
            page.get_by_label("Just listening").check()
        go.box(page).fill("Not yet.")
        page.get_by_text("How this will appear").click()
        page.get_by_role("radio", name=re.compile("one-thread name")).check()
        page.get_by_label("When it appears").select_option(label="A little later: within 3 days")
        page.get_by_label("Take it away by itself").select_option("30")
        faults += [f"{path} choices: {fault}" for fault in look_over(page)]
        go.press(page, "Another one-thread name")
        faults += [f"{path} another name: {fault}" for fault in look_over(page)]
        go.press(page, re.compile("a little later$"))
        page.get_by_role("heading", name="Waiting to appear").wait_for()
        faults += [f"{path} waiting: {fault}" for fault in look_over(page)]
    assert not faults, "\n".join(faults)
