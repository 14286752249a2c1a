"""Answering a study's questions: without JavaScript, and every page of it to axe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import look_over

pytestmark = pytest.mark.browser
GROUP = "Quiet harbour of questions"

# Somebody's keys are made over the secret that their own session carries: so this opens it with their cookie.
STUDY = """
from importlib import import_module
from django.conf import settings
from accounts import keys
from community.models import Group
from core import sealing
from research.enums import Item
from research.models import Colleague, Tally
from research.release.suppress import protect
from research.selectors import desks
from tests.research import questions
from community.selectors import here as places
session = import_module(settings.SESSION_ENGINE).SessionStore(session_key="COOKIE")
class Who:
    secret = keys.carried(session)
    keyed = staticmethod(lambda kind, ref: sealing.tag(key=Who.secret, parts=(kind, ref)))
    here = staticmethod(lambda group: places.find(
        owner_tag=sealing.tag(key=Who.secret, parts=("member", group.public_id)), strong=True))
group = Group.objects.get(public_id="GID")
arms = [{"code": code, "title": code, "policy": {}, "weight": 1} for code in "AB"]
rounds = [questions.WAVES[0] | {"instruments": [["gad7", "1"], ["ons4", "1"], ["brought", "1"]]}, questions.WAVES[1]]
study = questions.asking(group, rounds=rounds, arms=arms)
questions.joined(Who, group, study)
a, b = study.arms.order_by("code")
questions.crowd(study, group, size=12, arm=a)
questions.crowd(study, group, size=3, arm=b)
sid = study.public_id
table = {("A", "low"): 30, ("A", "high"): 40, ("B", "low"): 20, ("B", "high"): 4}
first, shown = study.waves.get(number=1), [[*cell, n] for cell, n in protect(table).shown.items()]
for measure in ("score:ons4", "change:gad7", "wrote", "labelled"):
    Tally.objects.create(study=study, wave=first, measure=measure, shown=shown)
Colleague.objects.create(study=study, key=Who.keyed(desks.KIND, sid), role="analyst", label="Ana")
print(sid)
"""


@pytest.fixture(scope="module")
def taking_part(browser: Browser, embedded_site: Site) -> Iterator[tuple[BrowserContext, str, str]]:
    """A group's lead who takes part in a study there and counts for it: their browser, the group's id, the study's."""
    made = embedded_site.run("group", GROUP, "--visibility", "open")
    gid, code = made.split("/g/")[1].split("/")[0], re.search(r"lead: (\w+)", made)[1]
    context = browser.new_context(base_url=embedded_site.origins[0])
    go.lead_with_a_second_step(context.new_page(), code)
    (cookie,) = (one["value"] for one in context.cookies() if one["name"] == "kith")
    sid = embedded_site.script(STUDY.replace("COOKIE", cookie).replace("GID", gid)).strip()
    yield context, gid, sid
    context.close()


def test_no_page_of_it_has_a_fault(taking_part: tuple[BrowserContext, str, str]) -> None:
    """Each kind of page, with errors and without, and what stands on other pages."""
    context, gid, sid = taking_part
    page, base, faults = context.new_page(), f"/g/{gid}/studies/{sid}/questions/", list[str]()
    for path in ("/home/", f"/g/{gid}/", *(f"{base}1/?page={nth}" for nth in range(1, 8)), f"{base}2/",
                 f"/research/{sid}/progress/", f"/research/{sid}/figures/",
                 f"/g/{gid}/studies/{sid}/figures/"):  # fmt: skip
        assert page.goto(path).status == 200, path
        faults += [f"{path} {fault}" for fault in look_over(page)]
    page.goto(f"{base}1/?page=6")
    page.get_by_role("textbox").fill("x" * 2001)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        go.press(page, "Carry on")
    page.wait_for_load_state()
    assert answered.value.status == 422 and page.title().startswith("Error: ")
    faults += [f"with errors: {fault}" for fault in look_over(page)]
    assert not faults, "\n".join(faults)


def test_a_whole_round_without_javascript(
    browser: Browser, embedded_site: Site, taking_part: tuple[BrowserContext, str, str]
) -> None:
    context, _gid, sid = taking_part
    without = browser.new_context(
        base_url=embedded_site.origins[0], java_script_enabled=False, storage_state=context.storage_state()
    )
    page = without.new_page()
    page.goto("/home/")
    go.follow(page, re.compile("^Questions 1, open until"))
    page.get_by_role("group", name="Trouble relaxing").get_by_label("Several days").check()
    go.press(page, "Carry on")
    page.get_by_role("heading", name="Some questions").wait_for()
    go.press(page, "Back")
    assert page.get_by_role("group", name="Trouble relaxing").get_by_label("Several days").is_checked()
    go.press(page, "Carry on")
    go.press(page, "Carry on")
    page.get_by_role("heading", name="Take a moment").wait_for()
    go.follow(page, "Carry on")
    page.get_by_label("Overall, how happy did you feel yesterday?").select_option(label="7")
    go.press(page, "Carry on")
    go.press(page, "Carry on")
    page.get_by_label(re.compile("^Is there anything else")).fill("A friend.")
    go.press(page, "Carry on")
    go.press(page, "I am done")
    page.get_by_role("heading", name="Thank you").wait_for()
    page.goto("/home/")
    assert page.get_by_text("Questions are waiting").count() == 0
    kept = embedded_site.script(
        "from research.models import Response\n"
        "print(sorted(Response.objects.exclude(value=None).values_list('item', 'value')),"
        f"Response.objects.filter(task__participant__study__public_id='{sid}').count())"
    )
    assert kept.strip() == "[('happy', 7), ('relaxing', 1)] 18"
    without.close()
