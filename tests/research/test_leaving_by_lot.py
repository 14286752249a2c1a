"""What a team's pages tell of a writer who leaves: nothing before the day by lot, and nothing goes out from the moment
itself. For a message whose writer said no, nothing, or left, every refusal is the same."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from unittest import mock

import pytest
from django.urls import reverse

from chat.models import Post
from community.errors import MayNot, NotHere
from core import clock
from research.actions import departing, notes, quotes
from research.actions.notes import Unfit, Words
from research.enums import ExportTier, Item, NoteKind, Part, QuoteAnswer, Scope
from research.files import gather
from research.files.recipe import Recipe
from research.models import Anchor, ExportSubject, QuoteAsk, Recall, Source, Study
from research.selectors import notes as reading_notes
from research.selectors import passages, usable
from research.selectors import quotes as reading
from tests.people import Cast
from tests.research.consenting import ALL, say
from tests.research.watchers import SAID, Field, from_today, in_the_field, said_by
from tests.scenes import same

pytestmark = pytest.mark.django_db
LOT = 4
LEFT = LOT + 1  # days: the first is tomorrow
WORDS, MORE = "The nights are long", "until the birds begin"
WAYS = [Scope.STOP, Scope.EXCLUDE, Scope.DELETE]


@pytest.fixture(autouse=True)
def lot() -> Iterator[object]:
    with mock.patch("research.actions.departing.secrets.randbelow", return_value=LOT) as drawn:
        yield drawn


@pytest.fixture
@same
def field(cast: Cast) -> Field:
    return in_the_field(cast)


def leave(field: Field, scope: Scope) -> None:
    departing.leave(group=field.cast.harbour, sid=field.sid, scope=scope, key_of=field.cast.alice.keyed)


def ask(field: Field, post: Post, passage: str = WORDS) -> None:
    quotes.ask(
        here=field.rosa.here(field.cast.harbour), pid=post.public_id, passage=passage, use="In a report.",
        rewording="They find nights hard", key_of=field.rosa.keyed,
    )  # fmt: skip


def note(field: Field, post: Post, passage: str = WORDS) -> None:
    notes.note_on(
        here=field.rosa.here(field.cast.harbour), pid=post.public_id, passage=passage, key_of=field.rosa.keyed,
        kind=NoteKind.OBSERVATIONAL, words=Words(text="People speak of nights.", codes=[]),
    )  # fmt: skip


def urls(field: Field, post: Post) -> list[str]:
    return [field.url(name, post.public_id) for name in ("research:note_on", "research:quote_ask")]


FORMS = [
    {"passage": WORDS, "kind": "observational", "text": "People speak of nights.", "codes": ""},
    {"passage": WORDS, "use": "In a report.", "rewording": ""},
]


def answers(field: Field, post: Post) -> list[tuple[int, str]]:
    """What a researcher meets who wants to do something with a message, with its own address and what every page draws
    anew taken out."""
    client, found = field.rosa.client, []
    for url, form in zip(urls(field, post), FORMS, strict=True):
        for page in (
            client.get(url),
            client.post(url, form),
            client.post(url, {}),
            client.post(url, form | {"check": "1"}),
        ):
            text = page.content.decode()
            for sign in (post.public_id, post.thread.public_id):
                text = text.replace(sign, "~")
            found.append(
                (page.status_code, re.sub(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", text))
            )
    return found


def pages(field: Field) -> list[bytes]:
    """The team's pages of quotes and of notes."""
    names = ("research:quotes", "research:notes")
    return [field.rosa.client.get(reverse(name, args=[field.sid])).content for name in names]


def days_later(days: int) -> object:
    return clock.held_at(clock.now() + dt.timedelta(days=days))


# --- refusals: a message says nothing of its writer -------------------------------------------------------------------
def test_whoever_did_not_say_yes_to_it_is_refused_alike(field: Field) -> None:
    """Never asked, said no, takes part without that, left: the same words, status and size."""
    cast = field.cast
    say(cast.bob, cast.harbour, field.study, {})
    say(cast.mona, cast.harbour, field.study, {Item.SURVEYS: True})
    say(cast.alice, cast.harbour, field.study)
    from_today(cast.alice, field)
    left = said_by(cast.alice, field, yes=False)
    posts = [said_by(who, field, yes=False) for who in (cast.lead, cast.bob, cast.mona)]
    leave(field, Scope.DELETE)
    with days_later(LEFT):
        for post in [*posts, left]:
            field.enter(post.thread)
        first, *others = [answers(field, post) for post in [*posts, left]]
    assert first[0][0] == 200 and first[1][0] == 422 and "You cannot" in first[0][1]
    for other in others:
        assert other == first
    assert not QuoteAsk.objects.exists() and not Anchor.objects.exists()
    assert not re.search("takes? part|part of this study|said? (yes|no)|their messages", first[0][1].lower())


@pytest.mark.parametrize("scope", WAYS)
def test_nothing_changes_on_the_teams_pages_before_the_day_by_lot(field: Field, scope: Scope) -> None:
    post, other = (said_by(field.cast.alice, field, yes=first) for first in (True, False))
    ask(field, post)
    ask(field, other, MORE)
    first = QuoteAsk.objects.get(post=post)
    quotes.answer(
        group=field.cast.harbour, sid=field.sid, qid=first.public_id, answer=QuoteAnswer.VERBATIM,
        key_of=field.cast.alice.keyed,
    )  # fmt: skip
    note(field, post)
    before = pages(field)
    forms = [field.rosa.client.get(url).content.decode().partition("<form")[0] for url in urls(field, post)]
    leave(field, scope)
    departing.let_show()
    assert pages(field) == before
    assert [
        field.rosa.client.get(url).content.decode().partition("<form")[0] for url in urls(field, post)
    ] == forms
    with days_later(LEFT - 1):
        departing.let_show()
        assert pages(field) == before
    with days_later(LEFT):
        now = pages(field)  # also before the duty has run
        assert now != before
        departing.let_show()
        assert pages(field) == now
        kept = 0 if scope != Scope.STOP else 2
        assert QuoteAsk.objects.count() == kept and Anchor.objects.count() == (1 if kept else 0)
        assert WORDS + "</blockquote>" not in now[0].decode()


@pytest.mark.parametrize("scope", WAYS)
def test_nothing_goes_out_from_the_moment_of_leaving(field: Field, scope: Scope) -> None:
    cast = field.cast
    post = said_by(cast.alice, field)
    ask(field, post)
    asked = QuoteAsk.objects.get()
    answer = {"group": cast.harbour, "sid": field.sid, "qid": asked.public_id, "key_of": cast.alice.keyed}
    quotes.answer(answer=QuoteAnswer.VERBATIM, **answer)
    assert [one.quote for one in reading.of_study(desk=field.desk)] == [WORDS]
    leave(field, scope)
    (one,) = reading.of_study(desk=field.desk)
    assert one.quote == "" and not one.is_open
    found = gather.Gathered.__new__(gather.Gathered)
    found.study, found.quotes, found.trace = field.study, [], []
    found.recipe = Recipe(
        tier=ExportTier.T0, last_round=0, messages=False, activity=False, quotes=True, until=clock.today(),
        latest=clock.today(),
    )  # fmt: skip
    gather._quotes(found)
    assert found.quotes == []
    with pytest.raises((MayNot, NotHere)):
        quotes.answer(answer=QuoteAnswer.REWORDED, **answer)
    if scope != Scope.STOP:
        assert usable.source_of(study=field.study, post=post) is None
        assert passages.words(asked, study=field.study) == ""
        assert not list(usable.messages(study=field.study)) and not list(
            usable.messages(study=field.study, item=Item.ACTIVITY)
        )


@pytest.mark.parametrize("scope", WAYS)
def test_what_is_asked_or_noted_before_that_day_reaches_nobody_and_goes_on_it(
    field: Field, scope: Scope
) -> None:
    cast = field.cast
    post = said_by(cast.alice, field)
    leave(field, scope)
    ask(field, post)
    note(field, post)
    with pytest.raises(MayNot, match="before"):
        ask(field, post)
    ask(field, post, MORE)
    with pytest.raises(MayNot, match="twice"):
        ask(field, post, "I walk around")
    for url in (reverse("chat:home"), field.url("chat:group"), field.url("research:mine", field.sid)):
        assert "/quotes/" not in cast.alice.client.get(url, follow=True).content.decode()
    assert not any(one.quote for one in reading.of_study(desk=field.desk))
    with days_later(LEFT):
        departing.let_show()
        assert scope == Scope.STOP or not (QuoteAsk.objects.exists() or Anchor.objects.exists())
        field.enter(post.thread)
        with pytest.raises(MayNot):
            ask(field, post, "I walk around")
        if scope != Scope.STOP:
            with pytest.raises(MayNot):
                note(field, post)


@pytest.mark.parametrize("scope", WAYS)
def test_what_they_had_not_allowed_stays_refused(field: Field, scope: Scope) -> None:
    """Leaving opens nothing: neither days before a yes, nor asking whom nobody might ask."""
    cast = field.cast
    say(cast.alice, cast.harbour, field.study, dict.fromkeys(set(ALL) - {Item.QUOTES}, True))
    post = said_by(cast.alice, field, yes=False)
    source = Source.objects.get()
    Source.objects.update(since=clock.today() + dt.timedelta(days=1))
    before = answers(field, post)
    leave(field, scope)
    assert answers(field, post) == before and before[0][0] == 200
    assert source.part == Part.IN


# --- what is deleted at once ------------------------------------------------------------------------------------------
def test_from_the_moment_of_deletion_no_row_names_the_member(field: Field) -> None:
    cast = field.cast
    post = said_by(cast.alice, field)
    own = Source.objects.get()
    ask(field, post)
    leave(field, Scope.DELETE)
    left = Source.objects.get()
    assert left.part == Part.GONE and left.member is None and left.participant is None
    assert bytes(left.key) != bytes(own.key) and left.pid == own.pid
    assert Recall.objects.get(pid=own.pid).since == left.goes_on == clock.today() + dt.timedelta(days=LEFT)
    assert not ExportSubject.objects.filter(source=left).exists()
    with days_later(LEFT):
        departing.let_show()
        assert not Source.objects.exists()


def test_whoever_comes_back_is_somebody_new_beside_it(field: Field) -> None:
    cast = field.cast
    post = said_by(cast.alice, field)
    ask(field, post)
    for _turn in range(2):
        leave(field, Scope.DELETE)
        say(cast.alice, cast.harbour, field.study)
    assert Source.objects.filter(part=Part.GONE).count() == 2
    assert Source.objects.filter(part=Part.IN, member=cast.alice.member(cast.harbour)).count() == 1
    with days_later(LEFT):
        departing.let_show()
    assert Source.objects.get().part == Part.IN and not QuoteAsk.objects.exists()


def test_a_number_stays_one_that_no_note_may_hold(field: Field) -> None:
    said_by(field.cast.alice, field)
    pid = Source.objects.get().pid
    leave(field, Scope.DELETE)
    given = {"desk": field.desk, "gid": field.cast.harbour.public_id, "kind": NoteKind.REFLEXIVE}
    with pytest.raises(Unfit):
        notes.write(words=Words(text=f"Person {pid} again.", codes=[]), **given)


def test_leaving_while_it_does_not_show_yet_takes_a_new_day(field: Field) -> None:
    post = said_by(field.cast.alice, field)
    ask(field, post)
    before = pages(field)
    leave(field, Scope.STOP)
    with days_later(2):
        leave(field, Scope.DELETE)
        assert pages(field) == before
    with days_later(LEFT + 1):
        assert pages(field) == before
    with days_later(LEFT + 2):
        assert pages(field) != before


def test_having_all_deleted_on_the_day_on_which_it_shows_brings_nothing_back(field: Field) -> None:
    """The duty has not run yet that day."""
    post = said_by(field.cast.alice, field)
    ask(field, post)
    note(field, post)
    leave(field, Scope.EXCLUDE)
    with days_later(LEFT):
        before = pages(field)
        leave(field, Scope.DELETE)
        assert pages(field) == before


@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE])
def test_whoever_left_before_their_messages_began_can_have_all_deleted(field: Field, scope: Scope) -> None:
    say(field.cast.alice, field.cast.harbour, field.study)
    leave(field, scope)
    with days_later(LEFT):
        departing.let_show()
        leave(field, Scope.DELETE)
        assert Source.objects.get().part == Part.GONE


@pytest.mark.parametrize("scope", WAYS)
def test_a_message_that_is_changed_meanwhile_says_nothing(field: Field, scope: Scope) -> None:
    post = said_by(field.cast.alice, field)
    note(field, post)
    ask(field, post)
    leave(field, scope)
    Post.objects.filter(pk=post.pk).update(text=SAID.replace("nights", "days"))
    (seen,) = reading_notes.written(desk=field.desk)
    assert [one.words for one in seen.about] == [""]
    assert all(one.seen_words == "" for one in reading.of_study(desk=field.desk))


def test_after_the_end_of_a_study_nothing_more_is_noted(field: Field) -> None:
    post = said_by(field.cast.alice, field)
    leave(field, Scope.DELETE)
    Study.objects.update(closed_on=clock.today())
    with pytest.raises((MayNot, NotHere)):
        note(field, post)
