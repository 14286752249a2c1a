"""What nobody could look at first, whoever is checked first does not say: a line about oneself, a name, own words."""

from __future__ import annotations

import pytest

from community.actions import disclosures, personas, standing
from community.actions.standing import Effect
from community.enums import Audience
from community.errors import MayNot
from community.models import Persona
from community.selectors.disclosures import Detail
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def checked(cast: Cast) -> None:
    effect = Effect(is_checked_first=True)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=effect)


def test_the_line_about_oneself_is_refused_in_plain_words(cast: Cast) -> None:
    url = f"/g/{cast.harbour.public_id}/name/about/"
    page = cast.alice.client.post(url, {"about": "Ask me on 0171 555 0101"})
    assert page.status_code == 422 and "nobody could check this" in page.content.decode()
    assert cast.alice.here(cast.harbour).persona.about == ""
    assert cast.bob.client.post(url, {"about": "I like boats"}).status_code == 302


def test_a_line_is_taken_away_all_the_same(cast: Cast) -> None:
    Persona.objects.filter(handle="Grey Heron").update(about="Hello")
    personas.change_about(here=cast.alice.here(cast.harbour), about="")
    assert Persona.objects.get(handle="Grey Heron").about == ""


def test_another_name_is_refused(cast: Cast) -> None:
    with pytest.raises(MayNot):
        personas.take_another_name(
            here=cast.alice.here(cast.harbour), handle="New Leaf", avatar="", details_go_along=False
        )
    assert Persona.objects.get(handle="Grey Heron").is_current


def test_own_words_in_details_are_refused(cast: Cast) -> None:
    details = [Detail(kind="about", level="exact", path="Ask me on 0171./", audience=Audience.GROUP)]
    with pytest.raises(MayNot):
        disclosures.show(here=cast.alice.here(cast.harbour), details=details)
