"""Quoting somebody: only who said that they may be asked, by asking, twice in 30 days; and a no, or a yes taken back,
holds at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.actions.posts import edit_post
from chat.models import Post, Thread
from community.enums import Reach, Visibility
from community.errors import MayNot, NotHere
from community.models import Announcement, Group
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from research.actions import departing, quotes
from research.enums import Item, QuoteAnswer, Scope, StudyRole
from research.models import QuoteAsk, Study
from research.selectors import quotes as reading
from research.selectors.quotes import Quote
from tests.chat.saying import face, send
from tests.people import Cast, Person, make_person
from tests.research.consenting import ALL, open_study, part, say
from tests.research.watchers import SAID, Field, desk_of, from_today, in_the_field, said_by, works_on
from tests.scenes import same

pytestmark = pytest.mark.django_db
WORDS, OTHERS, USE = "The nights are long", "They find nights hard", "In a report for the board."
FORM = {"passage": WORDS, "use": USE, "rewording": OTHERS}


@pytest.fixture
@same
def field(cast: Cast) -> Field:
    return in_the_field(cast)


@pytest.fixture
def post(cast: Cast, field: Field) -> Post:
    return said_by(cast.alice, field)


def ask(field: Field, post: Post, **more: str) -> QuoteAsk:
    given = {**FORM, **more}
    here = field.rosa.here(post.thread.group)
    quotes.ask(here=here, pid=post.public_id, key_of=field.rosa.keyed, **given)
    return QuoteAsk.objects.latest("asked_on", "pk")


def answer(field: Field, ask: QuoteAsk, said: QuoteAnswer, *, who: str = "alice") -> None:
    quotes.answer(
        group=field.cast.harbour, sid=field.sid, qid=ask.public_id, answer=said,
        key_of=getattr(field.cast, who).keyed,
    )  # fmt: skip


def seen(field: Field) -> Quote:
    (one,) = reading.of_study(desk=field.desk)
    return one


def own_url(field: Field, ask: QuoteAsk) -> str:
    return reverse("research:quote", args=[field.cast.harbour.public_id, field.sid, ask.public_id])


def ask_url(post: Post) -> str:
    return reverse("research:quote_ask", args=[post.thread.group.public_id, post.public_id])


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "items", [set(), {Item.POSTS}, {Item.SURVEYS, Item.POSTS, Item.ACTIVITY}, {Item.QUOTES}]
)
def test_only_who_said_that_they_may_be_asked(field: Field, items: set[Item]) -> None:
    """And whose messages the study reads at all."""
    cast = field.cast
    if items:
        say(cast.alice, cast.harbour, field.study, dict.fromkeys(items, True))
        from_today(cast.alice, field)
    post = said_by(cast.alice, field, yes=False)
    with pytest.raises(MayNot):
        ask(field, post)
    page = field.rosa.client.get(ask_url(post)).content.decode()
    assert "You cannot ask to quote this message" in page and "<textarea" not in page
    assert field.rosa.client.post(ask_url(post), FORM).status_code == 422
    assert not QuoteAsk.objects.exists()


def test_who_took_that_back_is_not_asked_and_not_quoted(field: Field, post: Post) -> None:
    found = ask(field, post)
    answer(field, found, QuoteAnswer.VERBATIM)
    assert seen(field).quote == WORDS
    say(field.cast.alice, field.cast.harbour, field.study, dict.fromkeys(set(ALL) - {Item.QUOTES}, True))
    assert seen(field).quote == ""
    with pytest.raises(MayNot):
        ask(field, post, passage="until the birds begin")
    with pytest.raises(MayNot):
        answer(field, found, QuoteAnswer.REWORDED)
    answer(field, found, QuoteAnswer.NO)


@pytest.mark.parametrize("who", ["alice", "bob", "mona", "lead", "olga", "nobody"])
def test_nobody_else_asks(field: Field, post: Post, who: str) -> None:
    client = field.cast.nobody if who == "nobody" else getattr(field.cast, who).client
    desk = reverse("research:quotes", args=[field.sid])
    assert (
        client.get(ask_url(post)).status_code == 404 and client.post(ask_url(post), FORM).status_code == 404
    )
    assert client.get(desk).status_code == 404
    assert not QuoteAsk.objects.exists()


def test_an_analyst_reads_no_quotes(field: Field, post: Post) -> None:
    ask(field, post)
    ana = make_person(name="ana", strong=True)
    works_on(ana, field.study, role=StudyRole.ANALYST)
    assert ana.client.get(reverse("research:quotes", args=[field.sid])).status_code == 404
    with pytest.raises(NotHere):
        reading.of_study(desk=desk_of(ana, field.study))


@pytest.mark.parametrize("stops", [{"is_paused": True}, {"state": "closed"}])
def test_nobody_is_asked_while_the_study_stands_still(
    field: Field, post: Post, stops: dict[str, object]
) -> None:
    Study.objects.update(**stops)
    with pytest.raises(NotHere):
        ask(field, post)


def test_nor_about_a_talk_that_is_not_open_today(field: Field, post: Post) -> None:
    Thread.objects.update(watched_on=None)
    with pytest.raises(NotHere):
        ask(field, post)


def test_the_words_have_to_stand_there(field: Field, post: Post) -> None:
    with pytest.raises(MayNot, match="not in the message"):
        ask(field, post, passage="The days are long")
    answer = field.rosa.client.post(ask_url(post), {**FORM, "passage": "The days are long"})
    assert answer.status_code == 422 and OTHERS in answer.content.decode()  # nothing typed is lost


def test_twice_in_30_days_whichever_study_asks(
    field: Field, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(field, post)
    other = open_study(field.cast.harbour, field_notes=True)
    works_on(field.rosa, other)
    second = Field(cast=field.cast, study=other, rosa=field.rosa)
    say(field.cast.alice, field.cast.harbour, other)
    from_today(field.cast.alice, second)
    second.sit()
    second.enter(post.thread)
    ask(second, post)
    with pytest.raises(MayNot, match="twice"):
        ask(second, post, passage="until the birds begin")
    bob = said_by(field.cast.bob, second)
    ask(second, bob)  # the limit is each person's own
    QuoteAsk.objects.update(asked_on=clock.today() - dt.timedelta(days=30))
    ask(second, post, passage="until the birds begin")


def test_an_answer_stays(field: Field, post: Post) -> None:
    answer(field, ask(field, post), QuoteAnswer.NO)
    with pytest.raises(MayNot, match="before"):
        ask(field, post)


@pytest.mark.parametrize("who", ["bob", "lena", "mona", "lead", "olga", "nobody", "rosa"])
def test_nobody_else_answers_or_sees_that_somebody_was_asked(field: Field, post: Post, who: str) -> None:
    found = ask(field, post)
    say(field.cast.bob, field.cast.harbour, field.study)
    client = {"nobody": field.cast.nobody, "rosa": field.rosa.client}.get(who) or getattr(
        field.cast, who
    ).client
    for form in ({"no": "1"}, {"verbatim": "1"}):
        assert client.get(own_url(field, found)).status_code == 404
        assert client.post(own_url(field, found), form).status_code == 404
    found.refresh_from_db()
    assert found.answer == QuoteAnswer.WAITING


# --- answering ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "quote"), [("verbatim", WORDS), ("reworded", OTHERS), ("no", ""), (None, "")]
)
def test_what_may_be_quoted_is_what_was_answered(
    field: Field, post: Post, said: str | None, quote: str
) -> None:
    found = ask(field, post)
    url = own_url(field, found)
    page = field.cast.alice.client.get(url).content.decode()
    assert WORDS in page and OTHERS in page and USE in page
    if said:
        assert field.cast.alice.client.post(url, {said: "1"}).status_code == 302
    assert seen(field).quote == quote
    desk = field.rosa.client.get(reverse("research:quotes", args=[field.sid])).content.decode()
    shown = quote or (WORDS if said is None else "")  # what waits shows what was asked for
    assert (f"{shown}</blockquote>" in desk) is bool(shown)
    assert ("You asked for these words" in desk) is (said is None)
    assert "Grey Heron" not in desk


def test_without_other_words_there_is_no_yes_to_them(field: Field, post: Post) -> None:
    found = ask(field, post, rewording="")
    assert 'name="reworded"' not in field.cast.alice.client.get(own_url(field, found)).content.decode()
    with pytest.raises(NotHere):
        answer(field, found, QuoteAnswer.REWORDED)


def test_a_yes_can_be_taken_back_until_it_went_out(field: Field, post: Post) -> None:
    found = ask(field, post)
    answer(field, found, QuoteAnswer.VERBATIM)
    assert field.cast.alice.client.post(own_url(field, found), {"taken_back": "1"}).status_code == 302
    assert seen(field).quote == ""
    answer(field, found, QuoteAnswer.VERBATIM)
    QuoteAsk.objects.update(released_on=clock.today())
    with pytest.raises(MayNot, match="gone out"):
        answer(field, found, QuoteAnswer.TAKEN_BACK)
    assert field.cast.alice.client.post(own_url(field, found), {"taken_back": "1"}).status_code == 409


def test_who_may_not_write_can_still_say_no(field: Field) -> None:
    cast = field.cast
    post = said_by(cast.bob, field)
    found = ask(field, post)
    from community.models import Standing

    Standing.objects.create(
        group=cast.harbour, owner_tag=cast.bob.tag(cast.harbour), may_read=False, may_post=False
    )
    assert cast.bob.client.post(own_url(field, found), {"no": "1"}).status_code == 302
    found.refresh_from_db()
    assert found.answer == QuoteAnswer.NO


def test_a_message_that_was_changed_is_not_quoted(field: Field, post: Post) -> None:
    found = ask(field, post)
    answer(field, found, QuoteAnswer.VERBATIM)
    edit_post(face=face(field.cast.alice, post.thread), post=post, text=SAID.replace("nights", "days"))
    assert seen(field).quote == ""
    with pytest.raises(MayNot):
        answer(field, found, QuoteAnswer.VERBATIM)


@pytest.mark.parametrize("scope", list(Scope))
def test_leaving_the_study_ends_every_quote(field: Field, post: Post, scope: Scope) -> None:
    answer(field, ask(field, post), QuoteAnswer.VERBATIM)
    departing.leave(group=field.cast.harbour, sid=field.sid, scope=scope, key_of=field.cast.alice.keyed)
    assert not any(one.quote for one in reading.of_study(desk=field.desk))


# --- who is told, and who can find it -------------------------------------------------------------------------------
CARD = "A study asks to quote you"


def pages(who: Person, group: Group) -> list[bytes]:
    urls = (reverse("chat:home"), reverse("chat:group", args=[group.public_id]))
    return [who.client.get(url).content for url in urls]


def test_its_writer_alone_is_told_on_pages_of_their_own(field: Field, post: Post) -> None:
    cast = field.cast
    mine = reverse("research:mine", args=[cast.harbour.public_id, field.sid])
    for who in (cast.bob, cast.lena, cast.mona, cast.lead):
        pages(who, cast.harbour)
    before = {name: pages(getattr(cast, name), cast.harbour) for name in ("bob", "lena", "mona", "lead")}
    found = ask(field, post)
    for name, was in before.items():
        assert pages(getattr(cast, name), cast.harbour) == was
    for page in [*pages(cast.alice, cast.harbour), cast.alice.client.get(mine).content]:
        assert own_url(field, found) in page.decode()
    assert all(CARD not in page.decode() for page in pages(cast.alice, cast.meadow)[1:])
    answer(field, found, QuoteAnswer.NO)
    assert not any(CARD in page.decode() for page in pages(cast.alice, cast.harbour))


def test_a_pause_shows_no_card(field: Field, post: Post) -> None:
    ask(field, post)
    Study.objects.update(is_paused=True)
    assert not any(CARD in page.decode() for page in pages(field.cast.alice, field.cast.harbour))


def test_no_query_more_until_somebody_is_asked(field: Field, post: Post) -> None:
    url = reverse("chat:group", args=[field.cast.harbour.public_id])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert field.cast.lena.client.get(url).status_code == 200
        return len(queries)

    cost()
    before = cost()
    found = ask(field, post)
    assert cost() == before + 1
    answer(field, found, QuoteAnswer.NO)
    assert cost() == before


def test_who_could_find_the_words(field: Field, post: Post) -> None:
    cast = field.cast
    group = cast.harbour
    told = reading.who_finds(post=post, words=WORDS)
    assert "Everyone in this group" in told[0] and "no page" in told[-1] and len(told) == 2
    group.visibility = Visibility.OPEN
    group.save()
    ends = clock.today() + dt.timedelta(days=9)
    Announcement.objects.create(
        group=cast.meadow, title="News", text="Somebody said: the NIGHTS\n are long.", html="", ends_on=ends,
        reach=Reach.MEMBERS,
    )  # fmt: skip
    fresh = Post.objects.select_related("thread__group").get(pk=post.pk)
    told = reading.who_finds(post=fresh, words=WORDS)
    assert "signs up" in told[1] and "no page" in told[2]
    Announcement.objects.update(reach=Reach.LINK)
    assert "a page for people outside" in reading.who_finds(post=fresh, words=WORDS)[2]
    past = clock.today() - dt.timedelta(days=1)
    Announcement.objects.update(published_on=past - dt.timedelta(days=1), ends_on=past)
    assert "no page" in reading.who_finds(post=fresh, words=WORDS)[2]


def test_checking_asks_nobody(field: Field, post: Post) -> None:
    answer = field.rosa.client.post(ask_url(post), {**FORM, "check": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Everyone in this group" in page and USE in page
    assert not QuoteAsk.objects.exists()
    assert field.rosa.client.post(ask_url(post), FORM).status_code == 302
    assert QuoteAsk.objects.count() == 1


def test_what_it_is_for_is_sealed_and_its_writer_can_have_it(field: Field, post: Post) -> None:
    found = ask(field, post)
    assert b"report" not in bytes(found.sealed) and b"nights" not in bytes(found.sealed)
    alice, group = field.cast.alice, field.cast.harbour
    owner = Owner(group=group.public_id, tag=alice.tag(group), key=alice.keyed)
    (held,) = [one for one in holdings.holdings() if one.model is QuoteAsk]
    (row,) = held.export(owner)
    assert row["your words"] == WORDS and row["what it is for"] == USE


def test_one_does_not_ask_oneself(field: Field) -> None:
    thread = Thread.objects.create(group=field.cast.harbour, title="Own", ask="advice_welcome")
    field.enter(thread)
    own = send(field.rosa, thread, SAID)
    page = reverse("chat:post", args=[field.cast.harbour.public_id, thread.public_id, own.public_id])
    assert ask_url(own) not in field.rosa.client.get(page).content.decode()
    with pytest.raises(MayNot):
        ask(field, own)
    assert part(field.rosa, field.cast.harbour, field.study).source is None
