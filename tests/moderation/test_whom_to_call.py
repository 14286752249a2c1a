"""Whom to call is said in the same words wherever somebody may be in danger, with somebody to talk to where a place is
kept."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from chat.models import Thread
from community.models import Region
from community.presenters.services import COOKIE
from core import keyring
from moderation.actions import worries as calling
from moderation.enums import Act
from moderation.presenters import worries
from moderation.selectors import worries as reading
from tests.architecture import house
from tests.chat.saying import send
from tests.moderation.console import text_of
from tests.moderation.judging import decide
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
IN_A_NOTE = "Call your emergency number: 999 in the UK, 112 in Europe, 911 in the US."
PLACES = {"999": " in the UK,", "112": " in Europe,", "911": " in the US."}
TO_PRESS = [
    f'<span class="whole"><a class="tap" href="tel:{number}">{number}{place[:-1]}</a>{place[-1]}</span>'
    for number, place in PLACES.items()
]
NUMBERS = "Call your emergency number: " + " ".join(TO_PRESS)
DARK = "I want to kill myself tonight"


def boxes(cast: Cast, thread: Thread) -> dict[str, str]:
    """What somebody in danger, or who worries, is shown."""
    gid = cast.harbour.public_id
    said = reverse("chat:post_send", args=[gid, thread.public_id])
    box = cast.alice.client.post(said, {"text": DARK}, headers={"accept": "application/json"}).json()["care"]
    report = reverse("moderation:report", args=[gid, "post", send(cast.alice, thread).public_id])
    talk = text_of(cast.bob.client.get(f"/g/{gid}/t/{thread.public_id}/"))
    return {
        "box": box,
        "receipt": text_of(cast.bob.client.post(report, {"reason": "worried", "then": "send"})),
        "offline in a talk": talk.split('<template id="words">')[1].split("</template>")[0],
        "offline": text_of(cast.bob.client.get("/now/")).split('<template id="away">')[1],
    }


def test_everywhere_the_same_numbers(cast: Cast, thread: Thread) -> None:
    pages = boxes(cast, thread) | {url: text_of(cast.nobody.get(url)) for url in ("/", "/help/", "/now/")}
    assert [name for name, page in pages.items() if NUMBERS not in page] == []
    note = worries.with_help("Are you safe?")
    assert IN_A_NOTE in note and "<" not in note


def test_the_numbers_stand_in_one_place() -> None:
    said = [name for name, source in house.templates().items() if "999" in source or " 112" in source]
    assert said == ["components/emergency.html"]
    assert not any(char.isdigit() for part in worries.WHERE_HELP_IS for char in part)


def test_the_boxes_name_somebody_to_talk_to_where_a_place_is_kept(cast: Cast, thread: Thread) -> None:
    for name in ("regions", "services"):
        call_command("services", "import", str(settings.BASE_DIR / f"community/data/{name}.csv"), verbosity=0)
    for person in (cast.alice, cast.bob):
        person.client.cookies[COOKIE] = "gb"
    for name, page in boxes(cast, thread).items():
        assert 'href="tel:999"' in page and 'href="tel:116123"' in page and NUMBERS not in page, name
    for code in Region.objects.values_list("code", flat=True):
        request = RequestFactory(headers={"cookie": f"{COOKIE}={code}"}).get("/")
        said = Template("{% load help_now %}{% help_now %}").render(Context({"request": request}))
        assert said.count('dir="auto"') >= 2, code  # the number for danger, and somebody to talk to


@pytest.mark.parametrize("page", ["leave_group", "leave_and_delete"])
def test_who_leaves_with_a_call_for_help_open_is_told_alone(
    cast: Cast, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "You asked the team here for help. That is still open."

    def warned(person: Person) -> bool:
        answer = person.client.get(reverse(f"community:{page}", args=[cast.harbour.public_id]))
        assert answer.status_code == 200
        return said in text_of(answer)

    assert not warned(cast.alice)
    case = calling.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    assert warned(cast.alice) and not warned(cast.bob) and not warned(cast.mona)
    with monkeypatch.context() as away:
        away.setattr(reading, "has_asked", Mock(side_effect=keyring.RingAway))
        assert not warned(cast.alice)
    decide(cast.mona, case, Act.NOTHING)
    assert not warned(cast.alice)
