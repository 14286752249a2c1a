"""Reporting from a message, and what a reporter learns: who may not, the steps, the receipt, the outcome."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from chat.actions import hiding
from chat.actions.posts import delete_post
from chat.enums import PostState
from chat.models import Mute, Post, Thread
from community.enums import TEAM, Role
from community.models import Group, Member
from core import clock
from moderation.actions import care, decisions, reports
from moderation.enums import REPORTED, Act, Reason
from moderation.models import Case, Decision, GroupCare, Report
from moderation.selectors import cases
from tests.chat.hiding import block, mute
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.moderation.judging import claim, decide, judge, report
from tests.moderation.own_pages import own, read, report_url, send_report, without_tokens, words
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast: Cast, thread: Thread) -> Post:
    return send(cast.alice, thread, "You are lazy.")


def page_of(post: Post) -> str:
    return reverse("chat:post", args=[post.thread.group.public_id, post.thread.public_id, post.public_id])


# --- who may not ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "ned"])
def test_from_outside_a_message_is_not_there_to_report(cast: Cast, post: Post, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    missing = report_url(post).replace(cast.harbour.public_id, "nosuchgroup999")
    for ask in (client.get, lambda url: client.post(url, {"reason": "unkind", "then": "send"})):
        there, away = ask(report_url(post)), ask(missing)
        assert there.status_code == away.status_code == 404
        assert without_tokens(there.content) == without_tokens(away.content)
    assert not Case.objects.exists()


def unseen(cast: Cast, post: Post, how: str) -> Person:
    """Make a message one that somebody does not see, or may not report. Returns who."""
    if how == "blocked":
        block(cast.alice, cast.bob, cast.harbour)
    elif how == "hidden by them":
        mute(cast.bob, post)
    elif how == "gone":
        delete_post(face=face(cast.alice, post.thread), post=post)
    elif how != "own":
        hiding._move(post, hiding.HERE, state=PostState(how))
    return cast.alice if how == "own" else cast.bob


@pytest.mark.parametrize("how", ["blocked", "hidden by them", "gone", "hidden", "removed", "asked", "own"])
def test_what_one_does_not_see_is_like_what_is_not_there(cast: Cast, post: Post, how: str) -> None:
    who = unseen(cast, post, how)
    missing = report_url(post).replace(post.public_id, "nosuchpost")
    for ask in (who.client.get, lambda url: who.client.post(url, {"reason": "spam", "then": "send"})):
        there, away = ask(report_url(post)), ask(missing)
        assert there.status_code == away.status_code == 404
        assert without_tokens(there.content) == without_tokens(away.content)
    assert not Case.objects.exists() and not Report.objects.exists()


def test_an_alias_does_not_report_itself(cast: Cast, thread: Thread) -> None:
    sign_as_alias(cast.alice, thread)
    made = send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    assert cast.alice.client.get(report_url(made)).status_code == 404
    assert cast.bob.client.get(report_url(made)).status_code == 200


def test_nothing_of_another_kind_or_group_can_be_reported(cast: Cast, post: Post) -> None:
    for url in (
        report_url(post).replace("/post/", "/member/"),
        report_url(post).replace(cast.harbour.public_id, cast.meadow.public_id),
    ):
        assert cast.alice.client.get(url).status_code == cast.bob.client.get(url).status_code == 404


@pytest.mark.parametrize("who", ["bob", "lena", "muted", "mona"])
def test_whoever_reads_may_report(cast: Cast, post: Post, who: str) -> None:
    person = cast.people[who]
    assert report_url(post) in person.client.get(page_of(post)).content.decode()
    assert send_report(person, post).status_code == 200
    assert Report.objects.get().reason == Reason.UNKIND
    assert report_url(post) not in cast.alice.client.get(page_of(post)).content.decode()


# --- three steps ---------------------------------------------------------------------------------------------------
def test_three_steps_and_a_receipt(cast: Cast, post: Post) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(response_hours=3)
    first = read(cast.bob, report_url(post))
    places = [first.index(str(reason.label)) for reason in REPORTED]
    assert places == sorted(places) and REPORTED[0] == Reason.WORRIED
    second = send_report(cast.bob, post, then="")
    assert "Is there more we should know?" in words(second)
    third = words(send_report(cast.bob, post, then="check", note="Twice now."))
    assert "They will not know it was you" in third and "The team of this group reads it" in third
    assert "it looks within 3 hours" in third and "Hide this person for me" in third
    assert not Report.objects.exists()
    sent = words(send_report(cast.bob, post, note="Twice now."))
    assert "Thank you. We have it." in sent
    made = Report.objects.get()
    assert (made.note, made.reason) == ("Twice now.", Reason.UNKIND)
    again = read(cast.bob, report_url(post))
    assert "Thank you. We have it." in again and Report.objects.count() == 1
    assert "Twice now." in read(cast.bob, own("reports", cast.harbour))


def test_whoever_worries_is_two_presses_from_a_message_to_the_team(cast: Cast, post: Post) -> None:
    """One says who it is about, the other sends: nothing is asked in between, and help is there on the way."""
    url = f"{report_url(post)}?worry=1"
    assert f'href="{url}"' in cast.bob.client.get(page_of(post)).content.decode()
    assert f'href="{url}"' not in cast.alice.client.get(page_of(post)).content.decode()
    asked = cast.bob.client.get(url)
    shown = words(asked)
    assert asked.status_code == 200 and "2 of 2" in shown and "112" in shown and "Tell the team" in shown
    assert (
        'value="worried"' in asked.content.decode() and 'name="then" value="send"' in asked.content.decode()
    )
    assert "They will not know it was you" in shown and not Report.objects.exists()
    sent = words(send_report(cast.bob, post, reason="worried"))
    assert "What you can do" in sent and "It does no harm to ask." in sent
    assert Report.objects.get().reason == Reason.WORRIED
    assert "What you can do" not in words(send_report(cast.mona, post, reason="spam"))


def test_whoever_worries_reads_that_nobody_may_see_it_before_the_team_comes(cast: Cast, post: Post) -> None:
    for reason, says in (("worried", True), ("spam", False)):
        shown = words(send_report(cast.bob, post, reason=reason, then="check"))
        assert ("nobody from the team sees it before they come" in shown) is says
        assert ("Is all of the team part of it?" in shown) is not says


def test_who_looks_after_a_group_alone_reads_that_their_report_goes_outside(cast: Cast, post: Post) -> None:
    """Of their worries they take care themselves; nobody else is told another thing."""
    rest = Member.objects.filter(group=cast.harbour, role__in=TEAM)
    rest.exclude(owner_tag=cast.lead.tag(cast.harbour)).update(role=Role.MEMBER)
    outside, team = "You look after this group alone. So ", "The team of this group reads it"
    shown = words(send_report(cast.lead, post, reason="worried", then="check"))
    assert "It goes to the team of this group." in shown and outside not in shown
    for person, reason, then, told in (
        (cast.bob, "spam", "check", team),
        (cast.lead, "unkind", "check", outside),
        (cast.lead, "unkind", "send", outside),
    ):
        shown = words(send_report(person, post, reason=reason, then=then))
        assert told in shown and (team in shown) == ("Is all of the team" in shown) == (told == team)
    assert "So who runs this place reads it, from outside the group." in shown
    care.name_outside_person(here=cast.lead.here(cast.harbour), name="Sam at the partner")
    assert "So Sam at the partner reads it" in read(cast.lead, report_url(post))
    assert cases.waiting(judge=judge(cast.lead, cast.harbour)) == []
    assert cases.is_outside(Case.objects.get())


@pytest.mark.parametrize("then", ["", "check", "send"])
def test_a_worry_shows_help_at_once(cast: Cast, post: Post, then: str) -> None:
    shown = send_report(cast.bob, post, reason="worried", then=then)
    assert "112" in words(shown) and reverse("community:services") in shown.content.decode()
    other = send_report(cast.lena, post, reason="spam", then=then)
    assert "112" not in words(other)


def test_whoever_is_given_away_reads_what_they_can_do_until_somebody_looks(cast: Cast, post: Post) -> None:
    shown = send_report(cast.lena, post, reason="gives_away")
    for name in ("community:name", "community:leave_group"):
        assert reverse(name, args=[cast.harbour.public_id]) in shown.content.decode()
    assert "take another name" not in words(send_report(cast.bob, post, reason="spam"))


def test_it_says_who_looks_where_all_of_the_team_is_part_of_it(cast: Cast, post: Post) -> None:
    assert "Then who runs this place looks instead." in words(send_report(cast.bob, post, then="check"))


def test_what_was_written_survives_what_was_wrong(cast: Cast, post: Post) -> None:
    long = "It was like this. " * 40
    for then in ("check", "send"):
        refused = send_report(cast.bob, post, then=then, note=long)
        assert refused.status_code == 422 and long.strip() in words(refused)
    back = send_report(cast.bob, post, then="reason", note="Kept.").content.decode()
    assert 'name="note" value="Kept."' in back
    nothing = cast.bob.client.post(report_url(post), {"then": "send", "note": "Kept."})
    assert nothing.status_code == 200 and 'name="note" value="Kept."' in nothing.content.decode()
    assert not Report.objects.exists()


def test_a_flood_is_refused_kindly_and_keeps_the_note(cast: Cast, thread: Thread) -> None:
    for number in range(10):
        assert send_report(cast.bob, send(cast.alice, thread, f"{number}")).status_code == 200
    late = send_report(cast.bob, send(cast.alice, thread, "One more"), note="Please look.")
    assert late.status_code == 429 and int(late["Retry-After"]) > 0
    assert "Thank you for looking out" in words(late) and "Please look." in late.content.decode()
    assert Report.objects.count() == 10
    assert send_report(cast.lena, send(cast.alice, thread)).status_code == 200


def test_many_reporters_are_one_case_and_hide_nothing(cast: Cast, post: Post) -> None:
    for who in (cast.bob, cast.lena, cast.muted, cast.mona, cast.lead, cast.people["weak"]):
        assert send_report(who, post).status_code == 200
    assert Case.objects.count() == 1 and Report.objects.count() == 6
    post.refresh_from_db()
    assert post.state == PostState.SHOWN


def test_hiding_the_writer_with_the_report(cast: Cast, post: Post) -> None:
    sent = send_report(cast.bob, post, hide="on")
    assert "You no longer see what they write" in words(sent)
    assert Mute.objects.filter(key=cast.bob.keyed("mutes", cast.harbour.public_id)).exists()
    assert cast.bob.client.get(page_of(post)).status_code == 404
    pressed_twice = send_report(cast.bob, post, hide="on")
    assert pressed_twice.status_code == 200 and Report.objects.count() == 1


def test_the_truth_about_who_reads_it(cast: Cast, post: Post) -> None:
    def told() -> str:
        return words(send_report(cast.bob, post, then="check"))

    assert "The team looks in, but has no set hours." in told()
    GroupCare.objects.create(group=cast.harbour, outside_person="Dr Fern")
    assert "Then Dr Fern looks instead." in told()
    cast.harbour.members.update(role="member")
    assert "This group has no team. Dr Fern reads it." in told()
    GroupCare.objects.update(outside_person="")
    assert "may take long" in told()


# --- what became of it ---------------------------------------------------------------------------------------------
def test_each_sees_their_own_reports_alone(cast: Cast, post: Post) -> None:
    report(cast.bob, post, note="From bob")
    report(cast.lena, post, note="From lena")
    for who, theirs, others in ((cast.bob, "From bob", "From lena"), (cast.lena, "From lena", "From bob")):
        shown = read(who, own("reports", cast.harbour))
        assert theirs in shown and others not in shown
    for person in (cast.alice, cast.mona, cast.muted):
        shown = read(person, own("reports", cast.harbour))
        assert "You have reported nothing here" in shown
    for client in (cast.nobody, cast.olga.client, cast.ned.client, cast.barred.client):
        assert client.get(own("reports", cast.harbour)).status_code == 404


def test_the_writer_learns_nothing_of_who_reported(cast: Cast, post: Post) -> None:
    decision = decide(cast.mona, report(cast.bob, post, note="From bob").case, Act.HIDE)
    assert decision.notice is not None
    for url in (own("notices", cast.harbour), own("notice", cast.harbour, decision.notice.public_id)):
        shown = read(cast.alice, url)
        assert "bob" not in shown and "Calm Otter" not in shown and "report" not in shown.lower()


@pytest.mark.parametrize("act", [act for act in Act if act != Act.NOTHING])
def test_the_reporter_learns_that_something_was_done_and_not_what(cast: Cast, post: Post, act: Act) -> None:
    made = report(cast.bob, post)
    url = own("reports", cast.harbour)
    assert "We have it Someone has looked (not yet)" in read(cast.bob, url).replace(" (done)", "")
    who = cast.lead if act == Act.SUSPEND else cast.mona
    claim(who, made.case)
    assert "Someone has looked (done)" in read(cast.bob, url)
    decide(who, made.case, act)
    shown = read(cast.bob, url)
    assert "It is decided (done)" in shown and "We acted" in shown
    assert str(act.label) not in shown and "7 days" not in shown and "Grey Heron" not in shown
    for other in set(Act) - {act, Act.NOTHING}:
        assert str(other.label) not in shown


def test_every_act_reads_the_same_to_the_reporter(cast: Cast, thread: Thread) -> None:
    pages = set()
    acts = set(Act) - {Act.NOTHING, Act.SUSPEND, Act.BAN, Act.MUTE}
    for act, made in [(act, send(cast.alice, thread)) for act in acts]:
        decide(cast.mona, report(cast.bob, made).case, act)
        found = reports.mine.of(group=cast.harbour, key_of=cast.bob.keyed)
        pages |= {(one.acted, one.is_taken, one.looked_twice) for one in found}
    assert pages == {(True, True, False)}


def test_not_acted_and_acted_and_taken_back(cast: Cast, thread: Thread) -> None:
    url = own("reports", cast.harbour)
    decide(cast.mona, report(cast.bob, send(cast.alice, thread)).case, Act.NOTHING)
    assert "it fits the group promise" in read(cast.bob, url)
    decision = decide(cast.mona, report(cast.lena, send(cast.alice, thread)).case, Act.HIDE)
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="Misread by us.")
    assert "We look at it once more." in read(cast.lena, url)
    decide(cast.mona, decision.case, Act.NOTHING)
    shown = read(cast.lena, url)
    assert "We looked twice" in shown and "Misread" not in shown
    decide(cast.mona, report(cast.muted, send(cast.alice, thread), reason=Reason.WORRIED).case, Act.NOTE)
    assert "took care of it" in read(cast.muted, url)


def test_a_question_and_its_answer(cast: Cast, post: Post) -> None:
    made, url = report(cast.bob, post), own("reports", cast.harbour)
    reports.ask(
        judge=judge(cast.mona, cast.harbour), case=made.case, report=made, question="What came before?"
    )
    shown = cast.bob.client.get(url).content.decode()
    mark = shown.split('name="mark" value="')[1].split('"')[0]
    assert made.case.public_id not in shown and bytes(made.key).hex()[:12] not in shown
    assert cast.lena.client.post(url, {"mark": mark, "note": "Not mine"}).status_code == 404
    empty = cast.bob.client.post(url, {"mark": mark, "note": " "})
    assert empty.status_code == 422 and "Write something first." in words(empty)
    assert cast.bob.client.post(url, {"mark": mark, "note": "They were angry."}).status_code == 302
    made.refresh_from_db()
    assert made.answer == "They were angry."
    assert cast.bob.client.post(url, {"mark": mark, "note": "And more."}).status_code == 404


def test_an_answer_that_comes_too_late_is_kept_on_the_page(
    cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, url = report(cast.bob, post), own("reports", cast.harbour)
    reports.ask(
        judge=judge(cast.mona, cast.harbour), case=made.case, report=made, question="What came before?"
    )
    mark = cast.bob.client.get(url).content.decode().split('name="mark" value="')[1].split('"')[0]
    answer = reports.answer

    def decided_meanwhile(**given: object) -> None:
        decide(cast.mona, made.case, Act.NOTHING)
        answer(**given)  # type: ignore[arg-type]  # what the case asks for

    monkeypatch.setattr(reports, "answer", decided_meanwhile)
    late = cast.bob.client.post(url, {"mark": mark, "note": "They were angry."})
    assert late.status_code == 409 and "The team has decided meanwhile" in words(late)
    assert "They were angry." in words(late)


def test_a_second_report_after_a_decision_is_a_new_one(cast: Cast, post: Post) -> None:
    decide(cast.mona, report(cast.bob, post).case, Act.NOTHING)
    with clock.held_at(clock.now() + dt.timedelta(hours=2)):
        assert "What is it about?" in read(cast.bob, report_url(post))
        assert send_report(cast.bob, post).status_code == 200
    assert Case.objects.count() == 2 and Decision.objects.count() == 1
