"""A private list for an appointment: nobody else opens it, and it joins nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from community.models import OwnList
from community.selectors import own_lists
from core.registries import holdings
from core.registries.holdings import Owner
from core.sealing import SealBroken
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
WORDS = {"first": "I cannot sleep.", "questions": "Why the tablets?"}


def url(group) -> str:
    return reverse("community:appointment", args=[group.public_id])


def keys(person: Person, group) -> own_lists.Keys:
    return own_lists.keys_for(key_of=person.keyed, gid=group.public_id)


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_whoever_is_not_here_keeps_no_list_here(cast: Cast, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    for answer in (client.get(url(cast.harbour)), client.post(url(cast.harbour), WORDS)):
        assert answer.status_code == 404 or "/sign-in/" in answer["Location"]
    assert not OwnList.objects.exists()


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "mona"])
def test_everybody_here_has_one_that_nobody_else_sees(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    assert person.client.post(url(cast.harbour), WORDS).status_code == 302
    assert "I cannot sleep." in person.client.get(url(cast.harbour)).content.decode()
    for other in {"alice", "lead", "mona", "bob"} - {who}:
        assert "I cannot sleep." not in getattr(cast, other).client.get(url(cast.harbour)).content.decode()


def test_a_list_of_one_group_is_not_in_another(cast: Cast) -> None:
    cast.alice.client.post(url(cast.harbour), WORDS)
    assert "I cannot sleep." not in cast.alice.client.get(url(cast.meadow)).content.decode()
    cast.alice.client.post(url(cast.meadow), {"first": "Other."})
    assert OwnList.objects.count() == 2


def test_a_row_names_nobody_and_opens_for_nobody_else(cast: Cast) -> None:
    cast.alice.client.post(url(cast.harbour), WORDS)
    cast.bob.client.post(url(cast.harbour), {"wish": "x"})
    assert {field.name for field in OwnList._meta.concrete_fields} == {"id", "key", "sealed"}
    hers = OwnList.objects.get(key=keys(cast.alice, cast.harbour).row)
    assert b"sleep" not in bytes(hers.sealed)
    assert len({len(bytes(row.sealed)) for row in OwnList.objects.all()}) == 1
    stolen = own_lists.Keys(row=bytes(hers.key), seal=keys(cast.bob, cast.harbour).seal)
    with pytest.raises(SealBroken):
        own_lists.read(keys=stolen)


def test_shown_to_print_nothing_is_kept(cast: Cast) -> None:
    answer = cast.alice.client.post(url(cast.harbour), WORDS | {"show": "1"})
    assert answer.status_code == 200 and 'id="list" tabindex="-1" autofocus>For my' in answer.content.decode()
    assert not OwnList.objects.exists()


def test_on_paper_there_is_no_word_of_the_group(cast: Cast) -> None:
    page = cast.alice.client.get(url(cast.harbour)).content.decode()
    head, strip = page.index('class="group-name"'), page.index('class="strip')
    assert page.rindex('<div class="no-print">', 0, head) > page.index('class="group-head"')
    assert page.rindex('<div class="no-print">', head, strip) > head


def test_an_empty_list_is_none_and_a_button_takes_it_away(cast: Cast) -> None:
    for last in ({"first": " "}, WORDS | {"away": "1"}):
        cast.alice.client.post(url(cast.harbour), WORDS)
        assert OwnList.objects.exists()
        cast.alice.client.post(url(cast.harbour), last)
        assert not OwnList.objects.exists()
    assert cast.alice.client.post(url(cast.harbour), {"first": "x" * 701}).status_code == 422


def test_the_longest_list_fits(cast: Cast) -> None:
    long = dict.fromkeys(("first", "changed", "questions", "wish"), "\U0001f600" * 700)
    assert cast.alice.client.post(url(cast.harbour), long).status_code == 302
    assert own_lists.read(keys=keys(cast.alice, cast.harbour))["wish"] == "\U0001f600" * 700


def test_it_is_in_ones_copy_and_goes_with_the_rest(cast: Cast) -> None:
    cast.alice.client.post(url(cast.harbour), WORDS)
    cast.alice.client.post(url(cast.meadow), WORDS)
    cast.bob.client.post(url(cast.harbour), WORDS)
    held = next(one for one in holdings.holdings() if one.model is OwnList)
    owner = Owner(group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed)
    assert list(held.export(owner)) == [
        {"What I want to say first": "I cannot sleep.", "What I want to ask": "Why the tablets?"}
    ]
    assert callable(held.erase)
    held.erase(owner)
    assert OwnList.objects.count() == 2
