"""What a group says together: who words it, that nobody can tell who stands behind it, and what is answered."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from audit.models import AuditEntry, AuditPayload
from chat.actions import statements as actions
from chat.models import Signing, Statement, Thread
from community.actions import announcements
from community.enums import Reach
from community.errors import MayNot, NotHere
from community.models import Announcement
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from tests.people import Cast, Person, add, make_people, make_thread

pytestmark = pytest.mark.django_db
WORDS = {"title": "Plain letters", "for_whom": "The harbour clinic", "text": "Write to us in *plain* words."}


def url(thread: Thread, name: str) -> str:
    return reverse(f"chat:{name}", args=[thread.group.public_id, thread.public_id])


def talk(cast: Cast) -> Thread:
    """A talk in which a lead put up a wording."""
    thread = make_thread(cast.harbour)
    actions.write(here=cast.lead.here(cast.harbour), thread=thread, **WORDS)
    return thread


def sign(who: Person, thread: Thread, *, version: int = 1, stands: bool = True) -> None:
    actions.sign(here=who.here(thread.group), thread=thread, version=version, stands=stands, key_of=who.keyed)


def crowd(cast: Cast, many: int) -> list[Person]:
    people = list(make_people({f"p{n}": False for n in range(many)}).values())
    for person in people:
        add(person, cast.harbour)
    return people


def midnight() -> None:
    """The count of the next night."""
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        actions.count_agreed()


def say(cast: Cast, thread: Thread, reach: Reach = Reach.LINK) -> Announcement:
    ends_on = clock.today() + dt.timedelta(days=30)
    return actions.publish(here=cast.lead.here(cast.harbour), thread=thread, reach=reach, ends_on=ends_on)


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "lena", "muted", "barred", "weak", "mona", "ned", "olga", "nobody"])
def test_only_a_lead_words_it_and_says_it(cast: Cast, who: str) -> None:
    thread = talk(cast)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    ends = (clock.today() + dt.timedelta(days=9)).isoformat()
    for name, form in (
        ("statement", WORDS | {"text": "Other words."}),
        ("statement", {"drop": "1"}),
        ("statement_say", {"reach": "link", "ends_on": ends}),
    ):
        assert client.get(url(thread, name)).status_code == 404
        assert client.post(url(thread, name), form).status_code == 404
    assert Statement.objects.get().version == 1 and not Announcement.objects.exists()


@pytest.mark.parametrize("who", ["alice", "mona", "weak"])
def test_no_action_lets_others_word_it(cast: Cast, who: str) -> None:
    thread, here = talk(cast), getattr(cast, who).here(cast.harbour)
    ends_on = clock.today() + dt.timedelta(days=9)
    for act in (
        lambda: actions.write(here=here, thread=thread, **WORDS),
        lambda: actions.drop(here=here, thread=thread),
        lambda: actions.publish(here=here, thread=thread, reach=Reach.LINK, ends_on=ends_on),
    ):
        with pytest.raises(NotHere):
            act()


@pytest.mark.parametrize("who", ["muted", "barred", "ned", "olga", "nobody"])
def test_who_may_not_write_here_does_not_stand_behind_it(cast: Cast, who: str) -> None:
    thread = talk(cast)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    answer = client.post(url(thread, "statement_sign"), {"stands": "1", "version": "1"})
    assert answer.status_code == 404
    assert not Signing.objects.exists()


def test_a_talk_of_another_group_is_not_there(cast: Cast) -> None:
    thread = talk(cast)
    for act in (
        lambda: actions.sign(
            here=cast.ned.here(cast.meadow), thread=thread, version=1, stands=True, key_of=cast.ned.keyed
        ),
        lambda: actions.sign(
            here=cast.alice.here(cast.meadow), thread=thread, version=1, stands=True, key_of=cast.alice.keyed
        ),
    ):
        with pytest.raises(NotHere):
            act()


def test_where_there_is_none_nobody_signs(cast: Cast) -> None:
    with pytest.raises(NotHere):
        sign(cast.alice, make_thread(cast.harbour))


def test_words_that_changed_meanwhile_are_read_first(cast: Cast) -> None:
    thread = talk(cast)
    sign(cast.bob, thread)
    actions.write(here=cast.lead.here(cast.harbour), thread=thread, **WORDS | {"text": "Other words."})
    assert not Signing.objects.exists(), "who agreed did not agree to these"
    with pytest.raises(MayNot, match="changed just now"):
        sign(cast.alice, thread, version=1)
    page = cast.alice.client.post(
        url(thread, "statement_sign"), {"stands": "1", "version": "1"}, follow=True
    ).content.decode()
    assert "The words changed just now" in page and not Signing.objects.exists()


def test_under_five_it_is_not_said(cast: Cast) -> None:
    thread = talk(cast)
    for person in crowd(cast, 4):
        sign(person, thread)
    midnight()
    with pytest.raises(MayNot, match="Fewer than 5"):
        say(cast, thread)
    form = {"reach": "link", "ends_on": (clock.today() + dt.timedelta(days=9)).isoformat()}
    assert cast.lead.client.post(url(thread, "statement_say"), form).status_code == 422


def test_a_statement_names_nobody_here(cast: Cast) -> None:
    """It is made to be read outside: whoever agreed would have to be asked afresh."""
    thread = make_thread(cast.harbour)
    for words in ({"text": "Ask Grey Heron."}, {"title": "What Grey Heron says"}, {"for_whom": "Grey Heron"}):
        for press in ({}, {"as_it_is": "1"}):
            page = cast.lead.client.post(url(thread, "statement"), WORDS | words | press)
            assert page.status_code == 422 and "it names someone here" in page.content.decode()
    assert not Statement.objects.exists()


def test_a_name_that_somebody_took_since_is_not_said_outside(cast: Cast) -> None:
    thread = talk(cast)
    for person in crowd(cast, 5):
        sign(person, thread)
    midnight()
    Statement.objects.update(text="Ask Grey Heron.")
    form = {"reach": "link", "ends_on": clock.today().isoformat(), "as_it_is": "1"}
    assert cast.lead.client.post(url(thread, "statement_say"), form).status_code == 422
    assert not Announcement.objects.exists() and Statement.objects.exists()


def test_a_number_in_it_is_looked_at_once_at_each_step(cast: Cast) -> None:
    thread, words = make_thread(cast.harbour), WORDS | {"text": "Ring 07700 900123."}
    first = cast.lead.client.post(url(thread, "statement"), words)
    assert first.status_code == 409 and not Statement.objects.exists()
    assert "“07700 900123”" in first.content.decode() and "Put it up as it is" in first.content.decode()
    assert cast.lead.client.post(url(thread, "statement"), words | {"as_it_is": "1"}).status_code == 302
    for person in crowd(cast, 5):
        sign(person, thread)
    midnight()
    form = {"reach": "link", "ends_on": clock.today().isoformat()}
    page = cast.lead.client.post(url(thread, "statement_say"), form)
    assert page.status_code == 409 and f'href="{url(thread, "statement")}"' in page.content.decode()
    assert not Announcement.objects.exists()
    assert cast.lead.client.post(url(thread, "statement_say"), form | {"as_it_is": "1"}).status_code == 302


# --- nobody can tell who --------------------------------------------------------------------------------------------
def test_a_press_moves_nothing_that_anybody_sees_until_midnight(cast: Cast) -> None:
    thread = talk(cast)
    people = crowd(cast, 5)
    for person in people[:4]:
        sign(person, thread)
    midnight()
    before = cast.bob.client.get(url(thread, "thread")).content
    sign(people[4], thread)
    now = cast.bob.client.get(url(thread, "thread")).content
    assert _card(before) == _card(now) and b"Fewer than 5 people" in now
    midnight()
    actions.count_agreed()
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        actions.count_agreed()
    assert b"5 people or more" in cast.bob.client.get(url(thread, "thread")).content


def _card(page: bytes) -> bytes:
    """The statement as the page shows it, without the token of its form."""
    card = re.search(rb'<section class="card.*?</section>', page, re.S)
    assert card
    return re.sub(rb'<input type="hidden" name="csrf[^>]*>', b"", card[0])


def test_nothing_stored_says_who(cast: Cast) -> None:
    thread = talk(cast)
    sign(cast.bob, thread)
    row = Signing.objects.get()
    assert {field.name for field in Signing._meta.get_fields()} == {"id", "statement", "key"}
    assert bytes(row.key) == cast.bob.keyed("statement", thread.public_id)
    assert not AuditEntry.objects.exclude(act="statement worded").exists()
    assert "Plain letters" not in "".join(AuditPayload.objects.values_list("payload", flat=True))


def test_once_each_and_taken_back(cast: Cast) -> None:
    thread = talk(cast)
    press = {"stands": "1", "version": "1"}
    for _ in range(2):
        page = cast.bob.client.post(url(thread, "statement_sign"), press, follow=True).content.decode()
    assert "You stand behind it." in page and Signing.objects.count() == 1
    assert "You stand behind it." not in cast.alice.client.get(url(thread, "thread")).content.decode()
    page = cast.bob.client.post(url(thread, "statement_sign"), {"version": "1"}, follow=True).content.decode()
    assert "I stand behind this" in page and not Signing.objects.exists()


def test_who_erases_their_things_stands_behind_nothing(cast: Cast) -> None:
    thread, held = talk(cast), next(one for one in holdings.holdings() if one.model is Signing)
    sign(cast.bob, thread)
    sign(cast.alice, thread)
    owner = Owner(group=cast.harbour.public_id, tag=cast.bob.tag(cast.harbour), key=cast.bob.keyed)
    assert list(held.export(owner)) == [
        {"joint statement": "Plain letters", "you said": "I stand behind this"}
    ]
    held.erase(owner)
    assert bytes(Signing.objects.get().key) == cast.alice.keyed("statement", thread.public_id)


# --- saying it, and the answer --------------------------------------------------------------------------------------
def test_it_is_worded_in_a_talk_and_said_to_anyone_with_the_link(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    assert "Write a joint statement here" in cast.lead.client.get(url(thread, "thread")).content.decode()
    assert cast.lead.client.post(url(thread, "statement"), WORDS | {"for_whom": ""}).status_code == 422
    assert cast.lead.client.post(url(thread, "statement"), WORDS).status_code == 302
    for person in crowd(cast, 11):
        sign(person, thread)
    midnight()
    form = {"reach": "link", "ends_on": (clock.today() + dt.timedelta(days=9)).isoformat()}
    assert cast.lead.client.post(url(thread, "statement_say"), form).status_code == 302
    assert not Statement.objects.exists() and not Signing.objects.exists()
    said = Announcement.objects.get()
    page = cast.nobody.get(reverse("community:public_announcement", args=[said.public_id])).content.decode()
    assert "To: The harbour clinic" in page and "10 people or more in this group" in page
    assert "<em>plain</em>" in page and "None yet." in page and "Put their answer" not in page
    assert AuditEntry.objects.latest("seq").act == "said together"


def test_what_was_answered_stands_beneath(cast: Cast) -> None:
    thread = talk(cast)
    for person in crowd(cast, 5):
        sign(person, thread)
    midnight()
    said = say(cast, thread)
    there = reverse("community:their_answer", args=[cast.harbour.public_id, said.public_id])
    form = {"text": "We *will*.", "answered_on": clock.today().isoformat()}
    for who in ("alice", "lena", "muted", "barred", "weak", "mona", "ned", "olga"):
        assert getattr(cast, who).client.get(there).status_code == 404
        assert getattr(cast, who).client.post(there, form).status_code == 404
    assert cast.lead.client.post(there, {"text": "", "answered_on": ""}).status_code == 422
    named = form | {"text": "Thank Grey Heron for us.", "as_it_is": "1"}
    assert cast.lead.client.post(there, named).status_code == 422
    number = form | {"text": "Ring 07700 900123."}
    assert cast.lead.client.post(there, number).status_code == 409
    early = (clock.today() - dt.timedelta(days=1)).isoformat()
    assert cast.lead.client.post(there, form | {"answered_on": early}).status_code == 422
    assert cast.lead.client.post(there, form).status_code == 302
    page = cast.nobody.get(reverse("community:public_announcement", args=[said.public_id])).content.decode()
    assert "We <em>will</em>." in page and "None yet." not in page


def test_an_announcement_that_nobody_signed_has_no_answer(cast: Cast) -> None:
    ends_on = clock.today() + dt.timedelta(days=9)
    lead = cast.lead.here(cast.harbour)
    said = announcements.publish(here=lead, title="A", text="B", reach=Reach.LINK, ends_on=ends_on)
    there = reverse("community:their_answer", args=[cast.harbour.public_id, said.public_id])
    assert cast.lead.client.get(there).status_code == 404
    with pytest.raises(NotHere):
        announcements.answer(here=lead, nid=said.public_id, text="C", answered_on=clock.today())
    page = cast.nobody.get(reverse("community:public_announcement", args=[said.public_id])).content.decode()
    assert "The answer" not in page


def test_it_is_left(cast: Cast) -> None:
    thread = talk(cast)
    sign(cast.bob, thread)
    cast.lead.client.post(url(thread, "statement"), {"drop": "1"})
    assert not Statement.objects.exists() and not Signing.objects.exists()
