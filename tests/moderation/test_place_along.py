"""The place that somebody picks for whom to call goes along with them, in the address alone."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from community.presenters.services import COOKIE
from moderation.actions import worries
from moderation.models import Case
from tests.moderation.console import text_of
from tests.moderation.judging import claim, judge
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
ENGLAND = "region=gb-eng"
CALL = 'class="call" href="tel:999"'


@pytest.fixture(autouse=True)
def _places() -> None:
    for name in ("regions", "services"):
        call_command("services", "import", str(settings.BASE_DIR / f"community/data/{name}.csv"), verbosity=0)


def page(person: Person, url: str) -> str:
    return text_of(person.client.get(url))


def links_to(path: str, shown: str) -> list[str]:
    """What follows the path in the links that lead there."""
    return re.findall(rf'href="{re.escape(path)}([^"]*)"', shown)


def test_nothing_is_in_an_address_that_was_not_picked(cast: Cast) -> None:
    cast.alice.client.cookies[COOKIE] = "gb-eng"  # kept on the device: it need not be in addresses
    for url in ("/now/", "/help/"):
        assert "region=gb" not in "".join(links_to("/now/", page(cast.alice, url)))
    inside = reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    assert links_to(inside, page(cast.alice, "/now/")) == [""]


@pytest.mark.parametrize(("who", "door"), [("alice", "g"), ("barred", "limits")])
def test_it_goes_along_to_the_team_and_back(cast: Cast, who: str, door: str) -> None:
    person = cast.people[who]
    inside = reverse("moderation:now_in", args=[door, cast.harbour.public_id])
    assert links_to(inside, page(person, f"/now/?{ENGLAND}")) == [f"?{ENGLAND}"]
    shown = page(person, f"{inside}?{ENGLAND}")
    assert CALL in shown and f"?{ENGLAND}" in links_to("/now/", shown)
    sent = person.client.post(f"{inside}?{ENGLAND}", {"message": "I am not safe"})
    shown = page(person, sent.url)
    assert ENGLAND in sent.url and CALL in shown
    assert f"?{ENGLAND}" in links_to("/now/", shown) and f"?{ENGLAND}" in links_to(inside, shown)


def test_and_through_the_note_that_answers(cast: Cast) -> None:
    case = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    held = claim(cast.mona, case)
    worries.write(judge=judge(cast.mona, case.group), case=held, fence=held.fence, words="How are you now?")
    inside = reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    shown = page(cast.alice, f"{inside}?{ENGLAND}")
    note = re.search(r'href="(/g/[^"]+/notes/[^"]+)"', shown)
    assert note and note[1].endswith(f"?{ENGLAND}")
    assert links_to(inside, page(cast.alice, note[1])) == [f"?{ENGLAND}#tell"]
    assert links_to("/now/", page(cast.alice, f"/help/?{ENGLAND}")) == [f"?{ENGLAND}"]


def test_a_stranger_has_it_after_signing_in(cast: Cast) -> None:
    shown = text_of(cast.nobody.get(f"/now/?{ENGLAND}"))
    assert 'href="/sign-in/?next=/now/%3Fregion%3Dgb-eng"' in shown


def test_it_is_kept_nowhere(cast: Cast) -> None:
    inside = reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    cast.alice.client.get(f"/now/?{ENGLAND}")
    answer = cast.alice.client.post(f"{inside}?{ENGLAND}", {"message": "I am not safe"})
    assert COOKIE not in answer.cookies and COOKIE not in cast.alice.client.cookies
    case = Case.objects.get()
    assert "gb" not in f"{case.text}{case.context}{dict(cast.alice.client.session)}"


def test_what_is_typed_into_the_address_breaks_out_of_nothing(cast: Cast) -> None:
    for url in ("/now/", reverse("moderation:now_in", args=["g", cast.harbour.public_id]), "/help/"):
        shown = text_of(cast.alice.client.get(url, {"region": '"><script>x</script>&told=words'}))
        assert "<script>x" not in shown and "&told=words" not in shown
