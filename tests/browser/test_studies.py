"""Every page of a study, to axe: for its team, for a group's lead, and for a member; with errors, narrow and wide."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import look_over

pytestmark = pytest.mark.browser
GROUP = "Studied harbour"
CODE = """
from research.actions import codes
from research.enums import StudyRole
print(codes._make(study=None, role=StudyRole.LEAD))
"""
FILL = """
from community.models import Group
from research.models import Study, StudyGroup
from tests.research.studies import in_pairs, settings_for
groups = list(Group.objects.filter(name__startswith="Studied").order_by("name"))
draft = settings_for(*groups, **in_pairs(*groups), field_notes=True, rooms=True)
draft["waves"][0]["instruments"] += [["ucla3", "1"], ["brought", "1"], ["phq8", "1"]]
Study.objects.update(draft=draft)
"""
TEAM = ["", "check/", *(f"set-up/{page}/" for page in ("why", "law", "where", "asked", "versions", "harm")),
        "versions/", "papers/", "groups/", "numbers/", "harm/", "people/"]  # fmt: skip


@pytest.fixture(scope="module")
def team(browser: Browser, embedded_site: Site) -> Iterator[Page]:
    """A group's lead with a second step who also began a study, and whose settings are whole."""
    printed = embedded_site.run("group", f"{GROUP} A", "--visibility", "open")
    embedded_site.run("group", f"{GROUP} B", "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.lead_with_a_second_step(page, str(re.search(r"lead: (\w+)", printed)[1]))  # type: ignore[index]
    page.goto("/research/code/")
    page.get_by_label("One-time code").fill(embedded_site.script(CODE).strip())
    page.get_by_label("What to call you").fill("Dr Ruth Example")
    go.press(page, "Use this code")
    page.get_by_role("heading", name="A study without a name yet").wait_for()
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def study(team: Page) -> str:
    """The address of the study that was begun."""
    return "/research/" + team.url.split("/research/")[1].split("/")[0] + "/"


def test_no_page_of_a_study_has_a_fault(team: Page, study: str, embedded_site: Site) -> None:
    """Empty, whole, and fixed; what asks, what runs, and what a member reads."""
    faults = list[str]()

    def look(*addresses: str) -> None:
        for address in addresses:
            answer = team.goto(address)
            assert answer and answer.status == 200, address
            faults.extend(f"{address} {fault}" for fault in look_over(team))

    look(study, study + "papers/", study + "check/", "/research/", "/research/code/")
    embedded_site.script(FILL)
    look(*(study + page for page in TEAM))
    team.get_by_label("Analyst").check()
    go.press(team, "Make a code")
    team.get_by_role("heading", name="Here is the code").wait_for()
    faults.extend(f"a code: {fault}" for fault in look_over(team))
    team.goto(study + "check/")
    go.press(team, "The board said yes to this")
    team.get_by_role("heading", name="This becomes version 1").wait_for()
    faults.extend(f"what becomes fixed: {fault}" for fault in look_over(team))
    go.press(team, "Fix it as version 1")
    team.goto(study + "groups/")
    go.press(team, re.compile("^Ask"))
    groups = team.context.new_page()
    groups.goto("/home/")
    asked = str(groups.get_by_role("link", name=f"{GROUP} A").first.get_attribute("href"))
    group = asked.split("studies/", maxsplit=1)[0]
    look(study, study + "groups/", study + "versions/", group + "studies/asked/")
    look(group + "studies/asked/" + study.split("/")[2] + "/")
    embedded_site.script(
        "from research.models import StudyGroup, Study\n"
        "from core import clock\n"
        "StudyGroup.objects.update(state='agreed', answered_on=clock.today())\n"
        "Study.objects.update(state='inviting', opened_on=clock.today())"
    )
    look(study, group + "studies/", group + "studies/" + study.split("/")[2] + "/", group + "about/")
    team.goto(study + "harm/")
    team.get_by_label("When was it?").fill("2026-01-02")
    team.get_by_label("Serious", exact=True).check()
    team.get_by_label("Perhaps", exact=True).check()
    team.get_by_label("What happened?").fill("Somebody could not sleep.")
    go.press(team, "Note it")
    look(study + "harm/", study, group + "studies/" + study.split("/")[2] + "/")
    assert not faults, "\n".join(faults)


def test_no_page_of_a_study_with_errors_has_a_fault(team: Page, study: str) -> None:
    """What is sent with a fault comes back with what to do."""
    faults = list[str]()
    for page, field, words in (
        ("set-up/why/", "Title in plain words", "x" * 90),
        ("set-up/where/", "How many people do you hope for in each group?", "-1"),
        ("set-up/harm/", "Stop at more than this many: people who left the study", "-1"),
    ):  # fmt: skip
        team.goto(study + page)
        team.get_by_label(field, exact=True).fill(words)
        with team.expect_response(lambda answer: answer.request.method == "POST") as answered:
            go.press(team, "Save and stay")
        team.wait_for_load_state()
        assert answered.value.status == 422, page
        faults += [f"{page} with errors: {fault}" for fault in look_over(team)]
    assert not faults, "\n".join(faults)
