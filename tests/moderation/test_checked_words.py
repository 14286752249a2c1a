"""What nobody could look at first, whoever is checked first does not say: a line about oneself, a name, own words."""

from __future__ import annotations

import pytest

from community.actions import disclosures, personas, standing
from community.actions.standing import Effect
from community.enums import Audience
from community.errors import MayNot
from community.models import Persona
from community.selectors.disclosures import Detail
from moderation.enums import Checking, Kind, Step
from moderation.models import GroupCare, Switch
from tests.community.test_persona_life import SEED
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


RING = "Ring 0171 555 0101"
OFFERED = {"handle": "New Leaf", "avatar": SEED}


def _looks_first(cast: Cast, **how: str) -> None:
    """Bob's group: no limit is set for him."""
    if "step" in how:
        Switch.objects.create(group=cast.harbour, is_on=True, of_messages=1, found=0, **how)
    else:
        GroupCare.objects.create(group=cast.harbour, **how)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"checking": Checking.ALL}, RING),
        ({"kind": Kind.CONTACT, "step": Step.HOLD}, RING),
        ({"kind": Kind.PHRASES, "step": Step.HOLD, "phrases": "cheap pills"}, "Cheap pills, ask me"),
        ({"kind": Kind.LINKS, "step": Step.HOLD}, "See https://boats.example"),
    ],
)
def test_what_would_wait_in_a_message_is_not_said_in_a_line_about_oneself(
    cast: Cast, how: dict[str, str], words: str
) -> None:
    url = f"/g/{cast.harbour.public_id}/name/about/"
    as_it_is = {"about": words, "as_it_is": "save:"}
    assert cast.bob.client.post(url, as_it_is).status_code == 302, "before"
    Persona.objects.update(about="")
    _looks_first(cast, **how)
    page = cast.bob.client.post(url, {"about": words})
    assert page.status_code == 422 and "nobody could look here" in page.content.decode()
    assert words.split(maxsplit=1)[0] in page.content.decode(), "what was typed is there"
    with pytest.raises(MayNot):
        personas.create_persona(here=cast.lena.here(cast.harbour), **OFFERED, about=words)
    with pytest.raises(MayNot):
        personas.take_another_name(
            here=cast.bob.here(cast.harbour), **OFFERED, about=words, details_go_along=False
        )
    assert Persona.objects.get(handle="Calm Otter").about == ""
    assert cast.bob.client.post(url, {"about": "I like boats"}).status_code == 302


def test_nor_in_a_name(cast: Cast) -> None:
    _looks_first(cast, kind=Kind.PHRASES, step=Step.HOLD, phrases="cheap pills")
    own = OFFERED | {"handle": "Cheap Pills"}
    with pytest.raises(MayNot):
        personas.create_persona(here=cast.lena.here(cast.harbour), **own)
    with pytest.raises(MayNot):
        personas.take_another_name(here=cast.bob.here(cast.harbour), **own, details_go_along=False)
    assert not Persona.objects.filter(handle="Cheap Pills").exists()


def test_what_only_comes_on_the_list_of_the_team_stays_possible(cast: Cast) -> None:
    _looks_first(cast, kind=Kind.CONTACT, step=Step.FLAG)
    personas.change_about(here=cast.bob.here(cast.harbour), about=RING)
    assert Persona.objects.get(handle="Calm Otter").about == RING


def test_own_words_in_details_are_refused(cast: Cast) -> None:
    details = [Detail(kind="about", level="exact", path="Ask me on 0171./", audience=Audience.GROUP)]
    with pytest.raises(MayNot):
        disclosures.show(here=cast.alice.here(cast.harbour), details=details)
