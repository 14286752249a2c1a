"""A researcher in a group is seen: refusals first, then what everyone can read of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEntry
from chat.actions import later
from chat.actions.bylines import Signature
from chat.models import Post, Thread
from chat.policies import Act, may
from chat.selectors import posts, threads
from chat.selectors.later import keys_for
from community.actions import personas
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Member, Persona
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from research.actions import presence
from research.enums import Agreement, StudyRole, StudyState
from research.models import Colleague, Presence, Seat, Study, StudyGroup
from tests.chat.saying import alias_key, face, fresh, send
from tests.people import Cast, Person, add, make_person, make_thread
from tests.research.consenting import open_study
from tests.research.watchers import Field, in_the_field, works_on

pytestmark = pytest.mark.django_db
LINE = "A researcher from"


@pytest.fixture
def talk(cast: Cast) -> Thread:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "A word for the group.")
    return Thread.objects.get(pk=thread.pk)


def page_of(thread: Thread) -> str:
    return reverse("chat:thread", args=[thread.group.public_id, thread.public_id])


def addresses(thread: Thread) -> list[str]:
    """Every way to what was said in a thread."""
    where = [thread.group.public_id, thread.public_id]
    post = Post.objects.filter(thread=thread).order_by("seq")[0].public_id
    return [
        reverse("chat:thread", args=where), reverse("chat:events", args=where) + "?after=0",
        reverse("chat:post", args=[*where, post]), reverse("chat:about", args=[*where, post]),
        reverse("chat:hide_writer", args=[*where, post]),
        reverse("moderation:report", args=[thread.group.public_id, "post", post]),
    ]  # fmt: skip


def reads_nothing(person: Person, thread: Thread) -> None:
    for url in addresses(thread):
        answer = person.client.get(url)
        assert answer.status_code in {302, 404}, url
        assert b"A word for the group." not in answer.content
    looks = face(person, thread)
    assert not posts.visible_to(looks).exists()
    assert not any(may(Act.READ_POST, face=looks, post=post) for post in posts.to_show())
    with pytest.raises(NotHere):
        threads.find(here=looks.here, tid=thread.public_id)
    assert not Presence.objects.filter(thread=thread).exists()


# --- refusals -------------------------------------------------------------------------------------------------------
def test_without_a_seat_no_talk_opens(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast, sits=False)
    reads_nothing(field.rosa, talk)
    answer = field.rosa.client.get(page_of(talk))
    assert answer.headers["Location"] == field.url("research:seat")


def test_without_a_second_factor_no_talk_opens(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast)
    weak = make_person(name="weak-rosa")
    add(weak, cast.harbour, handle="Pale Lamp", role=Role.RESEARCHER)
    works_on(weak, field.study)
    Seat.objects.create(study=field.study, member=weak.member(cast.harbour))
    reads_nothing(weak, talk)


def _paused(field: Field) -> None:
    Study.objects.update(is_paused=True)


def _over(field: Field) -> None:
    Study.objects.update(state=StudyState.CLOSED)


def _taken_back(field: Field) -> None:
    StudyGroup.objects.update(state=Agreement.ENDED)


def _off_the_team(field: Field) -> None:
    Colleague.objects.all().delete()


def _counts_only(field: Field) -> None:
    Colleague.objects.update(role=StudyRole.ANALYST)


def _nameless(field: Field) -> None:
    Persona.objects.filter(member__role=Role.RESEARCHER).update(is_current=False)


ENDS = [_paused, _over, _taken_back, _off_the_team, _counts_only, _nameless]


@pytest.mark.parametrize("end", ENDS, ids=lambda one: one.__name__)
def test_when_the_study_may_not_watch_no_talk_opens(
    cast: Cast, talk: Thread, end: Callable[[Field], None]
) -> None:
    field = in_the_field(cast)
    end(field)
    reads_nothing(field.rosa, talk)


def test_a_study_that_did_not_say_that_it_watches_has_no_seat(cast: Cast) -> None:
    field = in_the_field(cast, sits=False, field_notes=False)
    with pytest.raises(NotHere):
        field.sit()
    assert "No study of yours" in field.rosa.client.get(field.url("research:seat")).content.decode()


@pytest.mark.parametrize(
    "who", ["alice", "lena", "muted", "mona", "weak", "lead", "olga", "barred", "ned", "nobody"]
)
def test_only_a_researcher_gets_the_page(cast: Cast, who: str) -> None:
    """Also somebody who works on the study: without the role nobody sits."""
    field = in_the_field(cast, sits=False)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    if who != "nobody":
        works_on(getattr(cast, who), field.study)
    assert client.get(field.url("research:seat")).status_code == 404
    assert client.post(field.url("research:seat"), {"sit": "1", "sid": field.sid}).status_code == 404
    assert not Seat.objects.exists()


def test_nobody_sits_for_a_study_of_others_or_elsewhere(cast: Cast) -> None:
    field = in_the_field(cast, sits=False)
    other = open_study(cast.harbour, field_notes=True)
    away = open_study(cast.meadow, field_notes=True)
    works_on(field.rosa, away)
    for sid in (other.public_id, away.public_id):
        with pytest.raises(NotHere):
            presence.sit(here=field.rosa.here(cast.harbour), sid=sid, key_of=field.rosa.keyed)
        assert field.rosa.client.post(field.url("research:seat"), {"sit": "1", "sid": sid}).status_code == 422


def test_a_researcher_has_no_one_thread_name(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast)
    field.enter(talk)
    with pytest.raises(MayNot):
        send(field.rosa, talk, "Quietly", key_for_alias=alias_key(field.rosa, talk))
    page = field.rosa.client.get(page_of(talk)).content.decode()
    assert "a one-thread name: for" not in page and "Send as Wide Lantern" in page
    assert "a one-thread name: for" in cast.bob.client.get(page_of(talk)).content.decode()


def test_a_researcher_does_not_write_a_little_later(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast)
    here, rosa = field.rosa.here(cast.harbour), field.rosa
    given = {"text": "Later", "client_id": fresh(), "signature": Signature(alias_key=alias_key(rosa, talk))}
    hours = dt.timedelta(hours=3)
    with pytest.raises(MayNot):
        later.publish_later(
            here=here,
            thread=talk,
            keys=keys_for(key_of=rosa.keyed, tid=talk.public_id),
            window=hours,
            **given,
        )  # type: ignore[arg-type]
    form = {"title": "Later", "ask": "advice_welcome", "text": "Later", "when": "3", "face": "name"}
    answer = rosa.client.post(reverse("chat:thread_new", args=[cast.harbour.public_id]), form)
    assert answer.status_code == 403 and not Thread.objects.filter(title="Later").exists()
    assert 'name="when"' not in rosa.client.get(page_of(talk)).content.decode()
    assert 'name="when"' in cast.bob.client.get(page_of(talk)).content.decode()


def test_a_researcher_keeps_their_name(cast: Cast) -> None:
    field = in_the_field(cast)
    here = field.rosa.here(cast.harbour)
    with pytest.raises(MayNot):
        personas.take_another_name(here=here, handle="Calm Sea", avatar="loops-1", details_go_along=False)
    with pytest.raises(MayNot):
        personas.stop_using_name(here=here)
    url = reverse("community:name_stop", args=[cast.harbour.public_id])
    assert field.rosa.client.post(url, {}).status_code == 422


# --- what everyone sees ---------------------------------------------------------------------------------------------
def test_the_badge_is_on_every_post_and_on_the_card(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast)
    field.enter(talk)
    send(field.rosa, talk, "I am new here.")
    page = cast.bob.client.get(page_of(talk)).content.decode()
    assert page.count('<span class="badge">researcher</span>') == 1
    name = Persona.objects.get(handle="Wide Lantern")
    card = cast.bob.client.get(reverse("community:card", args=[cast.harbour.public_id, name.public_id]))
    assert '<span class="badge">researcher</span>' in card.content.decode()


def test_it_is_told_before_it_is_read(cast: Cast, talk: Thread) -> None:
    """The first look writes the log and the line; everyone sees the same line, the researcher too."""
    field = in_the_field(cast)
    before = cast.lena.client.get(page_of(talk)).content.decode()
    assert LINE not in before
    answer = field.rosa.client.get(page_of(talk))
    assert answer.status_code == 200 and "A word for the group." in answer.content.decode()
    row = Presence.objects.get()
    assert (row.thread, row.study, row.on_day) == (talk, field.study, clock.today())
    for who in (cast.lena, cast.alice, cast.muted, cast.mona, field.rosa):
        page = who.client.get(page_of(talk)).content.decode()
        assert page.count(LINE) == 1 and "plain_title text" in page


def test_a_look_that_cannot_be_told_is_none(
    cast: Cast, talk: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = in_the_field(cast)

    def breaks(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("research.actions.presence.watching.say", breaks)
    with pytest.raises(RuntimeError):
        field.rosa.client.get(page_of(talk))
    assert not Presence.objects.exists()


def test_each_day_is_told_anew(cast: Cast, talk: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for a page that stays open: what it asks for is told."""
    field = in_the_field(cast)
    field.rosa.client.get(page_of(talk))
    field.rosa.client.get(page_of(talk))
    assert Presence.objects.count() == 1
    tomorrow = clock.today() + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    assert LINE not in cast.bob.client.get(page_of(talk)).content.decode()
    with pytest.raises(NotHere):
        threads.find(here=field.rosa.here(cast.harbour), tid=talk.public_id)
    events = reverse("chat:events", args=[cast.harbour.public_id, talk.public_id]) + "?after=0"
    assert field.rosa.client.get(events).status_code == 200
    assert Presence.objects.count() == 2
    assert LINE in cast.bob.client.get(page_of(talk)).content.decode()


def test_the_page_of_studies_counts_days_and_talks(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast)
    url = reverse("research:studies", args=[cast.harbour.public_id])
    assert "Not here this week." in cast.lena.client.get(url).content.decode()
    other = make_thread(cast.harbour, title="Another")
    for days, thread in ((0, talk), (0, other), (2, talk), (9, talk)):
        Presence.objects.create(
            study=field.study,
            group=cast.harbour,
            thread=thread,
            on_day=clock.today() - dt.timedelta(days=days),
        )
    page = cast.lena.client.get(url).content.decode()
    assert (
        "Here on 2 days this week." in page and "Read 2 talks." in page and "3 days since it began." in page
    )
    assert "Wide Lantern" in page
    meadow = reverse("research:studies", args=[cast.meadow.public_id])
    assert "Wide Lantern" not in cast.alice.client.get(meadow).content.decode()


def test_pages_cost_no_query_more(cast: Cast, talk: Thread) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast.bob.client.get(page_of(talk)).status_code == 200
        return len(queries)

    cost()
    before = cost()
    field = in_the_field(cast)
    assert cost() == before
    field.enter(talk)
    assert cost() == before


# --- the seat -------------------------------------------------------------------------------------------------------
def test_sitting_down_and_standing_up_are_on_the_record(cast: Cast, talk: Thread) -> None:
    field = in_the_field(cast, sits=False)
    assert field.rosa.client.post(field.url("research:seat"), {"sit": "1"}).status_code == 422
    assert (
        field.rosa.client.post(field.url("research:seat"), {"sit": "1", "sid": field.sid}).status_code == 302
    )
    assert Seat.objects.get().member == field.rosa.member(cast.harbour)
    _paused(field)
    assert field.rosa.client.post(field.url("research:seat"), {"stand_up": "1"}).status_code == 302
    acts = list(
        AuditEntry.objects.filter(chain__scope=field.sid).order_by("seq").values_list("act", flat=True)
    )
    assert acts == ["researcher sat down", "researcher stood up"]
    Study.objects.update(is_paused=False)
    reads_nothing(field.rosa, talk)


def test_one_seat_at_a_time(cast: Cast) -> None:
    field = in_the_field(cast)
    other = open_study(cast.harbour, field_notes=True)
    works_on(field.rosa, other)
    presence.sit(here=field.rosa.here(cast.harbour), sid=other.public_id, key_of=field.rosa.keyed)
    assert Seat.objects.get().study == other


def test_whoever_lost_the_role_sits_no_more(cast: Cast, talk: Thread) -> None:
    """They are an ordinary member then, and nothing of it is a researcher's."""
    field = in_the_field(cast)
    Member.objects.filter(role=Role.RESEARCHER).update(role=Role.MEMBER)
    assert field.rosa.client.get(page_of(talk)).status_code == 200
    assert not Presence.objects.exists()
    page = cast.lena.client.get(reverse("research:studies", args=[cast.harbour.public_id])).content.decode()
    assert "Wide Lantern" not in page


def test_a_seat_is_handed_out_and_goes_with_its_owner(cast: Cast) -> None:
    field = in_the_field(cast)
    owner = Owner(group=cast.harbour.public_id, tag=field.rosa.tag(cast.harbour), key=field.rosa.keyed)
    (held,) = [one for one in holdings.holdings() if one.model is Seat]
    assert list(held.export(owner)) == [{"you read here for": "plain_title text"}]
    assert callable(held.erase)
    held.erase(owner)
    assert not Seat.objects.exists()


def test_the_page_says_when_nothing_opens(cast: Cast) -> None:
    field = in_the_field(cast)
    url = field.url("research:seat")
    page = field.rosa.client.get(url).content.decode()
    assert "You read here for:" in page and "no talk opens" not in page and 'name="sit"' not in page
    _paused(field)
    assert "no talk opens" in field.rosa.client.get(url).content.decode()


def test_the_page_of_who_watches_blames_no_line(cast: Cast, talk: Thread) -> None:
    """It has no socket, and asks now and then: nothing is slow."""
    field = in_the_field(cast)
    pages = [who.client.get(page_of(talk)).content.decode() for who in (field.rosa, cast.alice)]
    assert ["The line is slow" in page for page in pages] == [False, True]
