"""Notes from the team to one person, and another look: theirs alone, complete, and open while they are limited."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.models import Post, Thread
from community.models import Charter, Group, Member
from core import clock, ids, keyring
from moderation.actions import appeals, claims, decisions
from moderation.actions.appeals import Answer
from moderation.enums import Act, Outcome
from moderation.models import Appeal, Decision, Notice
from moderation.selectors import cases
from tests.chat.saying import send
from tests.moderation.judging import FACTS, claim, decide, decided, judge, report, ruling
from tests.moderation.own_pages import limit_url, notice_of, own, read, words
from tests.people import Cast, Person, sign_in

pytestmark = pytest.mark.django_db
RESTRICTS = [act for act in Act if act not in {Act.NOTHING, Act.NOTE}]
OUT = {Act.BAN, Act.SUSPEND}


def note_url(decision: Decision, *, name: str = "notice") -> str:
    door = "limits" if decision.act in OUT else "g"
    return own(name, decision.case.group, notice_of(decision).public_id, door=door)


# --- who may not ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", [Act.HIDE, Act.MUTE, Act.BAN])
def test_a_note_is_for_one_person(cast: Cast, thread: Thread, act: Act) -> None:
    decision = decided(cast, thread, act)
    for door, name in itertools.product(("g", "limits"), ("notice", "appeal")):
        url = own(name, cast.harbour, notice_of(decision).public_id, door=door)
        for client in [cast.nobody, *(p.client for who, p in cast.people.items() if who != "alice")]:
            assert client.get(url).status_code == 404
            assert client.post(url, {"text": "x"}).status_code in {404, 405}
    for who in ("bob", "lena", "muted", "mona", "lead"):
        shown = read(cast.people[who], own("notices", cast.harbour))
        assert "There is nothing here" in shown and "Note of" not in shown
    assert not Appeal.objects.exists()


def test_a_note_opens_in_its_own_group_alone(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    assert cast.alice.client.get(own("notice", cast.meadow, notice_of(decision).public_id)).status_code == 404
    assert "There is nothing here" in read(cast.alice, own("notices", cast.meadow))


def test_no_page_of_one_person_ever_shows_anothers(cast: Cast, thread: Thread) -> None:
    """Everybody writes, is reported and gets a note; each reads everything that is theirs, and nothing else."""
    people = [cast.alice, cast.bob, cast.mona]
    for number, (writer, reporter) in enumerate(zip(people, [cast.bob, cast.alice, cast.alice], strict=True)):
        made = report(reporter, send(writer, thread, f"text-{number}"), note=f"note-{number}")
        decide(cast.lead, made.case, Act.HIDE, message=f"message-{number}")
    written: list[set[str]] = [{"note-1", "note-2"}, {"note-0"}, set()]
    for number, person in enumerate(people):
        shown = read(person, own("reports", cast.harbour)) + read(person, own("notices", cast.harbour))
        for notice in Notice.objects.all():
            answer = person.client.get(own("notice", cast.harbour, notice.public_id))
            shown += words(answer) if answer.status_code == 200 else ""
        theirs = {f"text-{number}", f"message-{number}"} | written[number]
        everything = {f"{kind}-{n}" for kind in ("text", "note", "message") for n in range(3)}
        assert {word for word in everything if word in shown} == theirs


@pytest.mark.parametrize("act", [Act.HIDE, Act.REMOVE, Act.ASK_EDIT, Act.HEADS_UP])
def test_the_team_changes_nobodys_words_and_both_pages_say_so(cast: Cast, thread: Thread, act: Act) -> None:
    decision = decided(cast, thread, act)
    post = Post.objects.get(public_id=decision.case.subject_id)
    assert post.text == "You are lazy."
    note = read(cast.alice, own("notices", cast.harbour))
    assert "took it away or put a heads-up over it" in note and "changed it" not in note
    assert "They cannot change your words: only you can." in read(cast.nobody, "/safety/")


# --- what it says --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", RESTRICTS)
def test_a_note_says_all_there_is_to_know(cast: Cast, thread: Thread, act: Act) -> None:
    decision = decided(cast, thread, act, text="You are lazy.")
    shown = read(cast.alice, note_url(decision))
    assert "You are lazy." in shown and "Be kind." in shown and "version 1" in shown and FACTS in shown
    assert "This was unkind. Please look again." in shown and "No program took part" in shown
    assert str(decision.get_scope_display()) in shown and "Ask for another look" in shown
    if decision.days:
        end = decision.decided_on + dt.timedelta(days=decision.days + 1)  # at an hour drawn at random
        assert f"{end.day} {end:%B %Y}" in shown
    for name in ("Clear Brook", "Calm Otter", "mona", "bob"):
        assert name not in shown


def test_a_note_cites_the_promise_as_it_was(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    newer = Charter.objects.get(group=cast.harbour)
    newer.pk, newer.version = None, 2
    newer._state.adding = True
    newer.save(force_insert=True)
    newer.rules.create(code="kind", position=0, text="Something new.")
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    shown = read(cast.alice, note_url(decision))
    assert "Be kind." in shown and "version 1" in shown and "Something new." not in shown


def test_a_program_that_took_part_is_named(cast: Cast, thread: Thread) -> None:
    assert "A program had marked" in read(
        cast.alice, note_url(decided(cast, thread, Act.HIDE, by_machine=True))
    )


def test_a_private_note_asks_for_nothing(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.NOTE, message="We hope you are well.")
    shown = read(cast.alice, note_url(decision))
    assert "We hope you are well." in shown
    assert "another look" not in shown and "promise" not in shown
    assert cast.alice.client.get(note_url(decision, name="appeal")).status_code == 404


def test_what_was_taken_back_says_so(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="We misread it.")
    shown = read(cast.alice, note_url(decision))
    assert "This no longer holds" in shown and "Ask for another look" not in shown
    assert "We looked again" in read(cast.alice, note_of_undoing(cast))


def note_of_undoing(cast: Cast) -> str:
    return own("notice", cast.harbour, Notice.objects.get(decision=None).public_id)


# --- quietly -------------------------------------------------------------------------------------------------------
def test_news_is_for_its_person_alone_and_gone_once_read(cast: Cast, thread: Thread) -> None:
    group_page = reverse("chat:group", args=[cast.harbour.public_id])
    inbox = reverse("chat:inbox", args=[cast.harbour.public_id])
    decision = decided(cast, thread, Act.NOTE)
    before = {who: read(cast.people[who], group_page) for who in ("bob", "lena", "mona")}
    assert "The team wrote you a note" in read(cast.alice, group_page)
    assert "The team wrote you a note" in read(cast.alice, inbox)
    assert not [who for who, shown in before.items() if "wrote you" in shown]
    assert " new" in read(cast.alice, own("notices", cast.harbour))
    read(cast.alice, note_url(decision))
    for url in (group_page, inbox):
        assert "The team wrote you" not in read(cast.alice, url)
    assert {who: read(cast.people[who], group_page) for who in before} == before


def test_a_question_is_told_on_the_group_page(cast: Cast, thread: Thread) -> None:
    from moderation.actions import reports

    group_page = reverse("chat:group", args=[cast.harbour.public_id])
    made = report(cast.bob, send(cast.alice, thread))
    reports.ask(
        judge=judge(cast.mona, cast.harbour), case=made.case, report=made, question="What came before?"
    )
    assert "is a question" in read(cast.bob, group_page)
    assert "is a question" not in read(cast.alice, group_page) + read(cast.lena, group_page)
    reports.answer(report=made, words="Nothing.")
    assert "is a question" not in read(cast.bob, group_page)


def test_the_home_page_says_that_something_waits_and_not_what(cast: Cast, thread: Thread) -> None:
    told = "Something here is for you."
    decision = decided(cast, thread, Act.HIDE)
    who = {name: cast.people[name] for name in ("alice", "bob", "lena", "mona", "ned")}
    homes = {name: read(person, "/home/") for name, person in who.items()}
    assert [name for name, shown in homes.items() if told in shown] == ["alice", "bob"]
    assert homes["alice"].count(told) == 1, "in one of her two groups"
    for shown in (homes["alice"], homes["bob"]):
        assert not [word for word in ("note", "report", "wrote") if word in shown.lower()]
    read(cast.alice, note_url(decision))
    assert told not in read(cast.alice, "/home/")


def test_what_became_of_a_report_is_news_until_it_was_read(cast: Cast, thread: Thread) -> None:
    group_page, told = reverse("chat:group", args=[cast.harbour.public_id]), "news about what you reported"
    decision = decided(cast, thread, Act.HIDE)
    assert told in read(cast.bob, group_page)
    assert told not in read(cast.alice, group_page) + read(cast.lena, group_page)
    read(cast.bob, own("reports", cast.harbour))
    assert told not in read(cast.bob, group_page) and "is for you" not in read(cast.bob, "/home/")
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="It was kindly meant.")
    assert told in read(cast.bob, group_page), "it is looked at once more"


# --- edit and send again -------------------------------------------------------------------------------------------
def test_what_one_is_asked_to_change_can_be_changed_days_later(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.ASK_EDIT)
    post = Post.objects.get(public_id=decision.case.subject_id)
    Post.objects.filter(pk=post.pk).update(posted_on=clock.today() - dt.timedelta(days=9))
    edit = reverse("chat:post_edit", args=[cast.harbour.public_id, thread.public_id, post.public_id])
    assert edit in cast.alice.client.get(note_url(decision)).content.decode()
    assert cast.alice.client.post(edit, {"text": "I am sorry."}).status_code == 302
    post.refresh_from_db()
    assert (post.text, post.state) == ("I am sorry.", "shown")
    assert edit not in cast.alice.client.get(note_url(decision)).content.decode()
    assert cast.alice.client.post(edit, {"text": "Once more."}).status_code == 403


# --- another look --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", RESTRICTS)
@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.UNDO])
def test_another_look(cast: Cast, thread: Thread, act: Act, outcome: Outcome) -> None:
    decision = decided(cast, thread, act)
    url = note_url(decision, name="appeal")
    assert "Is there anything we should know?" in read(cast.alice, url)
    empty = cast.alice.client.post(url, {"text": " "})
    assert empty.status_code == 422 and not Appeal.objects.exists()
    assert cast.alice.client.post(url, {"text": "It was a joke between us."}).status_code == 302
    waits = read(cast.alice, url)
    by = Appeal.objects.get().case.since.date() + dt.timedelta(days=7)
    assert f"by {by.day} {by:%B}" in waits and "It was a joke between us." in waits
    assert cast.alice.client.post(url, {"text": "Again"}).status_code == 200 and Appeal.objects.count() == 1
    other = cast.mona if act == Act.SUSPEND else cast.lead  # whoever did not decide
    resolve(cast, other, Appeal.objects.get(), outcome)
    if outcome == Outcome.UNDO:
        url = url.replace("/limits/", "/g/")
    shown = read(cast.alice, url)
    assert "We looked again." in shown or "We looked again, and took it back" in shown
    assert "We read all of it." in shown and "Broad Field" not in shown and "same person" not in shown


def resolve(cast: Cast, by: Person, appeal: Appeal, outcome: Outcome, **more: object) -> None:
    who = judge(by, cast.harbour)
    held = claims.claim(judge=who, case=cases.find(judge=who, public_id=appeal.case.public_id))
    answer = Answer(outcome=outcome, words="We read all of it.", **more)  # type: ignore[arg-type]  # what the case asks for
    appeals.resolve(judge=who, appeal=appeal, fence=held.fence, answer=answer)


def test_a_milder_decision_comes_with_a_note_of_its_own(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.BAN)
    url = note_url(decision, name="appeal")
    cast.alice.client.post(url, {"text": "It was a joke."})
    resolve(cast, cast.lead, Appeal.objects.get(), Outcome.CHANGE, instead=ruling(Act.HEADS_UP))
    assert cast.alice.client.get(url).status_code == 404, "nobody is kept out any more"
    shown = read(cast.alice, url.replace("/limits/", "/g/"))
    assert "changed it" in shown
    told = read(cast.alice, own("notices", cast.harbour))
    assert all(f"Note {n} of" in told for n in (1, 2, 3)), "the ban's, the milder one's, and the answer"
    assert not Notice.objects.filter(message__contains="as it was before").exists()


def test_a_team_of_one_says_so(cast: Cast, thread: Thread) -> None:
    Member.objects.filter(role__in=["moderator", "lead"]).exclude(
        owner_tag=cast.mona.tag(cast.harbour)
    ).update(role="member")
    decision = decided(cast, thread, Act.HIDE)
    url = note_url(decision, name="appeal")
    cast.alice.client.post(url, {"text": "It was a joke."})
    resolve(cast, cast.mona, Appeal.objects.get(), Outcome.KEEP)
    assert "The same person looked twice" in read(cast.alice, url)


def test_half_a_year_and_no_longer(cast: Cast, thread: Thread) -> None:
    decision = decided(cast, thread, Act.HIDE)
    url = note_url(decision, name="appeal")
    with clock.held_at(clock.now() + dt.timedelta(days=183)):
        sign_in(cast.alice.client, cast.alice.account, cast.alice.secret, strong=False)
        assert cast.alice.client.get(url).status_code == 200
    with clock.held_at(clock.now() + dt.timedelta(days=184)):
        sign_in(cast.alice.client, cast.alice.account, cast.alice.secret, strong=False)
        assert cast.alice.client.get(url).status_code == 404
        assert cast.alice.client.post(url, {"text": "Late"}).status_code == 404
        assert "too long ago" in read(cast.alice, note_url(decision))


def test_a_claim_tells_nothing_to_the_person(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread))
    claim(cast.mona, made.case)
    assert "There is nothing here" in read(cast.alice, own("notices", cast.harbour))
    assert cast.alice.client.get(limit_url(cast.harbour)).status_code == 404


# --- what it costs -------------------------------------------------------------------------------------------------
def test_many_notes_of_others_cost_no_more(cast: Cast, thread: Thread) -> None:
    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast.alice.client.get(url).status_code == 200
        return len(queries)

    decided(cast, thread, Act.NOTE)
    urls = [
        reverse("chat:group", args=[cast.harbour.public_id]),
        own("notices", cast.harbour),
        own("reports", cast.harbour),
    ]
    few = [cost(url) for url in urls]
    Notice.objects.bulk_create(
        Notice(group=cast.harbour, key=ids.new_secret(), message="For somebody else") for _ in range(300)
    )
    assert [cost(url) for url in urls] == few


def test_the_group_page_is_there_without_the_key_ring(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(cast, thread, Act.NOTE)

    def away() -> bytes:
        raise keyring.RingAway

    monkeypatch.setattr(keyring, "lasting_key", away)
    shown = read(cast.alice, reverse("chat:group", args=[cast.harbour.public_id]))
    assert "All talks" in shown and "wrote you" not in shown
