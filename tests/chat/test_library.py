"""What a group keeps to read: refusals first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from chat.models import Thread
from community.actions import library
from community.actions.library import Words
from community.errors import NotHere
from community.models import Badge, Resource
from community.selectors import library as reading
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
WORDS = {"title": "The blue leaflet", "note": "Short and kind.", "link": "https://health.example/blue"}


def url(cast: Cast, name: str, *more: str) -> str:
    return reverse(f"chat:{name}", args=[cast.harbour.public_id, *more])


def suggest(person: Person, cast: Cast, **words: str) -> Resource:
    return library.suggest(
        here=person.here(cast.harbour), words=Words(**(WORDS | words)), key_of=person.keyed
    )


def shelve(person: Person, cast: Cast, found: Resource, *, days: int = 30) -> None:
    library.shelve(here=person.here(cast.harbour), rid=found.public_id, words=Words(**WORDS), days=days)


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_whoever_is_not_here_finds_no_library(cast: Cast, who: str) -> None:
    found = suggest(cast.bob, cast)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    for page in (url(cast, "library"), url(cast, "suggest"), url(cast, "resource", found.public_id)):
        for answer in (client.get(page), client.post(page, WORDS | {"days": "30"})):
            assert answer.status_code in (404, 405) or "/sign-in/" in answer["Location"]
    assert Resource.objects.count() == 1 and not Resource.objects.get().is_shelved


def test_who_may_not_write_suggests_nothing(cast: Cast) -> None:
    assert cast.muted.client.post(url(cast, "suggest"), WORDS).status_code == 404
    with pytest.raises(NotHere):
        suggest(cast.muted, cast)
    assert not Resource.objects.exists()


@pytest.mark.parametrize("who", ["alice", "lena", "weak", "ned"])
def test_the_team_alone_fills_the_shelf(cast: Cast, who: str) -> None:
    found = suggest(cast.bob, cast)
    person = getattr(cast, who)
    for given in ({"away": "1"}, WORDS | {"days": "30"}):
        assert person.client.post(url(cast, "resource", found.public_id), given).status_code == 404
    assert Resource.objects.count() == 1 and not Resource.objects.get().is_shelved


def test_a_team_of_another_group_does_not_reach_it(cast: Cast) -> None:
    found = suggest(cast.bob, cast)
    other = reverse("chat:resource", args=[cast.meadow.public_id, found.public_id])
    assert cast.ned.client.post(other, {"away": "1"}).status_code == 404
    assert Resource.objects.exists()


def test_a_suggestion_is_seen_by_the_team_and_whoever_made_it(cast: Cast) -> None:
    assert cast.bob.client.post(url(cast, "suggest"), WORDS).status_code == 302
    sees = {
        name: "The blue leaflet" in getattr(cast, name).client.get(url(cast, "library")).content.decode()
        for name in ("alice", "bob", "lena", "weak", "mona")
    }
    assert sees == {"alice": False, "bob": True, "lena": False, "weak": False, "mona": True}
    columns = {field.name for field in Resource._meta.concrete_fields}
    assert columns.isdisjoint({"member", "persona", "byline"})


def test_the_shelf_says_who_looked_and_until_when(cast: Cast) -> None:
    found = suggest(cast.bob, cast)
    given = WORDS | {"days": "30"}
    assert cast.mona.client.post(url(cast, "resource", found.public_id), given).status_code == 302
    html = cast.lena.client.get(url(cast, "library")).content.decode()
    assert "Looked at by: moderator, today." in html and "Good until" in html and "Clear Brook" not in html
    assert 'rel="noopener noreferrer nofollow"' in html and "Read it at health.example" in html
    ends = clock.today() + dt.timedelta(days=9)
    Badge.objects.create(
        member=cast.lead.member(cast.harbour), role="nurse", checked_month=clock.this_month(), expires_on=ends
    )
    shelve(cast.lead, cast, found)
    assert "Looked at by: checked: nurse" in cast.lena.client.get(url(cast, "library")).content.decode()
    acts = AuditEntry.objects.values_list("act", "actor_role", "ref")
    assert set(acts) == {("library kept", "moderation team", found.public_id)}


def test_what_is_stale_says_so(cast: Cast) -> None:
    with clock.held_at(clock.now() - dt.timedelta(days=31)):
        shelve(cast.mona, cast, suggest(cast.bob, cast))
    html = cast.lena.client.get(url(cast, "library")).content.decode()
    assert "May be out of date" in html and "Good until" not in html


@pytest.mark.parametrize(
    "link",
    ["http://health.example/", "javascript:alert(1)", "https://a@b.example/", "https://localhost/leave/"],
)
def test_an_address_that_is_not_what_it_seems_is_refused(cast: Cast, link: str) -> None:
    assert cast.bob.client.post(url(cast, "suggest"), WORDS | {"link": link}).status_code == 422
    assert not Resource.objects.exists()


def test_erasing_takes_what_waits_and_unties_what_is_on_the_shelf(cast: Cast) -> None:
    shelve(cast.mona, cast, suggest(cast.bob, cast))
    suggest(cast.bob, cast, title="Another")
    suggest(cast.alice, cast, title="Hers")
    owner = Owner(group=cast.harbour.public_id, tag=cast.bob.tag(cast.harbour), key=cast.bob.keyed)
    held = next(one for one in holdings.holdings() if one.model is Resource)
    assert sorted(str(row["what"]) for row in held.export(owner)) == ["Another", "The blue leaflet"]
    assert isinstance(held.erase, holdings.Apart)
    for ref in held.erase.refs(owner):
        held.erase.erase(ref)
    assert list(held.export(owner)) == []
    assert sorted(Resource.objects.values_list("title", flat=True)) == ["Hers", "The blue leaflet"]


# --- talks that are kept at the top ---------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "weak", "muted", "barred", "ned"])
def test_others_keep_no_talk_at_the_top(cast: Cast, who: str) -> None:
    thread = make_thread(cast.harbour)
    assert (
        getattr(cast, who).client.post(url(cast, "pin", thread.public_id), {"pinned": "1"}).status_code == 404
    )
    assert not Thread.objects.get().is_pinned


def test_a_talk_at_the_top_is_in_the_library_and_there_are_five(cast: Cast) -> None:
    threads = [make_thread(cast.harbour, title=f"Talk {n}") for n in range(6)]
    for thread in threads:
        cast.mona.client.post(url(cast, "pin", thread.public_id), {"pinned": "1"})
    assert Thread.objects.filter(is_pinned=True).count() == 5
    html = cast.lena.client.get(url(cast, "library")).content.decode()
    assert "Talk 4" in html and "Talk 5" not in html
    cast.mona.client.post(url(cast, "pin", threads[0].public_id))
    assert "Talk 0" not in cast.lena.client.get(url(cast, "library")).content.decode()
    assert AuditEntry.objects.filter(act="talk pinned").count() == 5
    assert AuditEntry.objects.filter(act="talk taken down").count() == 1


@pytest.mark.parametrize("title", ["\u2060", "\u0958" * 120])
def test_letters_that_are_none_or_two_are_refused_in_words(cast: Cast, title: str) -> None:
    answer = cast.bob.client.post(url(cast, "suggest"), WORDS | {"title": title})
    assert answer.status_code == 422 and not Resource.objects.exists()


# --- suggestions that are not taken ---------------------------------------------------------------------------------
WHY = {"away": "1", "answer": "It sells something."}


def test_what_is_not_taken_is_answered_to_whoever_suggested_it_alone(cast: Cast) -> None:
    found = suggest(cast.bob, cast)
    page = url(cast, "resource", found.public_id)
    assert "Or do not take it" in cast.mona.client.get(page).content.decode()
    assert cast.mona.client.post(page, {"away": "1"}).status_code == 422, "with no word of why"
    assert cast.mona.client.post(page, {"away": "1", "answer": "x" * 401}).status_code == 422
    assert Resource.objects.get().answered_on is None
    assert cast.mona.client.post(page, WHY).status_code == 302
    said = {
        name: "It sells something." in getattr(cast, name).client.get(url(cast, "library")).content.decode()
        for name in ("alice", "bob", "lena", "weak", "mona", "lead")
    }
    assert said == dict.fromkeys(said, False) | {"bob": True}
    assert "The blue leaflet" not in cast.mona.client.get(url(cast, "library")).content.decode()
    assert cast.mona.client.get(page).status_code == 404, "it is settled"
    assert reading.how_many_wait(cast.mona.here(cast.harbour)) == 0


def test_the_answer_goes_after_a_month(cast: Cast) -> None:
    found = suggest(cast.bob, cast)
    library.take_away(here=cast.mona.here(cast.harbour), rid=found.public_id, answer="No.")
    for days, there in ((30, True), (31, False)):
        with clock.held_at(clock.now() + dt.timedelta(days=days)):
            library.drop_answered()
        assert Resource.objects.exists() is there


def test_what_was_on_the_shelf_goes_without_a_word(cast: Cast) -> None:
    found = suggest(cast.bob, cast)
    shelve(cast.mona, cast, found)
    page = url(cast, "resource", found.public_id)
    assert "Or do not take it" not in cast.mona.client.get(page).content.decode()
    assert cast.mona.client.post(page, {"away": "1"}).status_code == 302
    assert not Resource.objects.exists()
