"""With the content policy switched off, no script of the corpora runs in Chromium: the text itself is harmless."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests import rotation
from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.hostile import corpora

pytestmark = pytest.mark.browser

FILL = """
import json, pathlib
from chat.models import Byline, Post, Thread
from community.models import Group, Member, Persona
from core import ids, text
group = Group.objects.get(name="Odd words")
lines = json.loads(pathlib.Path({path!r}).read_text())
member = Member.objects.create(group=group, owner_tag=ids.new_secret(), accepted_version=group.charter_version)
persona = Persona.objects.create(
    member=member, group=group, handle=lines[-1][:40], handle_key="odd", avatar_svg="<svg/>")
for number, line in enumerate(lines[:60]):
    Thread.objects.create(group=group, title=text.tidy(line)[:120] or "none", ask="advice_welcome", activity=-number)
thread = Thread.objects.create(group=group, title="All of them", ask="advice_welcome", activity=5, last_seq=len(lines))
byline = Byline.objects.create(thread=thread, persona=persona)
Post.objects.bulk_create(
    Post(thread=thread, byline=byline, seq=seq, text=text.tidy(line), html=text.to_html(text.tidy(line)))
    for seq, line in enumerate(lines, 1))
print(group.public_id, thread.public_id, len(lines))
"""
WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran.push(name);
"""


def test_no_script_runs_without_the_policy(browser: Browser, embedded_site: Site, tmp_path) -> None:
    lines = [line for line in corpora.breaking() if "\x00" not in line and not _is_lone(line)]
    lines += [*corpora.scripts()[:: 1 if rotation.FULL else 6], "<img src=x onerror=alert(1)>"]
    path = tmp_path / "lines.json"
    path.write_text(json.dumps(lines))
    embedded_site.run("group", "Odd words", "--visibility", "open")
    gid, tid, count = embedded_site.script(FILL.format(path=str(path))).split()

    context = browser.new_context(base_url=embedded_site.origins[0], bypass_csp=True)
    context.add_init_script(WATCH)
    page, strange = context.new_page(), []
    page.on("dialog", lambda dialog: (strange.append(dialog.message), dialog.dismiss()))
    home = embedded_site.origins[0]
    page.on("request", lambda r: None if r.url.startswith((home, "data:")) else strange.append(r.url))
    go.sign_up(page)
    go.join(page, "Odd words")
    seen, before = 0, int(count) + 1
    while before > 1:
        page.goto(f"/g/{gid}/t/{tid}/?before={before}")
        first = page.locator("[data-post]").first
        seen += page.locator("[data-post]").count()
        before = int(first.get_attribute("data-seq") or 0)
        assert page.evaluate("window.ran") == []
    assert seen == int(count)
    for number in (1, 2, 3):
        page.goto(f"/g/{gid}/?page={number}")
        assert page.evaluate("window.ran") == []
    assert strange == []

    page.set_content("<img src=x onerror=alert(1)>")  # the control: here a script would have run
    page.wait_for_function("window.ran.length > 0")
    context.close()


def _is_lone(text: str) -> bool:
    return any(0xD800 <= ord(char) <= 0xDFFF for char in text)
