"""What the team may do, and undo: each act with what it needs, and words that are true of it."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from unittest.mock import Mock

import pytest

from audit.models import AuditEntry
from chat.models import Post, Thread
from community.errors import NotHere
from community.models import Group, OffDuty
from core import clock, keyring
from moderation.actions import appeals, forgetting
from moderation.enums import Act, CaseState, Reason
from moderation.models import Case, Decision, Notice, Report
from moderation.selectors import cases
from tests.chat.hiding import mute
from tests.chat.saying import send
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import decide, report
from tests.people import Cast

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def desk(cast: Cast, thread: Thread) -> Desk:
    return Desk(cast.mona, report(cast.bob, send(cast.alice, thread, "You are lazy.")).case)


def test_what_is_undone_waits_again_and_says_so(cast: Cast, desk: Desk) -> None:
    Case.objects.update(since=NOON)
    with clock.held_at(NOON):
        before = desk.take()
        desk.decide(before)
    theirs = Desk(cast.lead, desk.case)
    with clock.held_at(NOON + dt.timedelta(days=3)):
        theirs.post("undo", because="We misread it.")
        listed = text_of(cast.mona.client.get(desk.list))
        assert f'data-case="{desk.case.public_id}"' in listed and "A decision was undone" in listed
        assert "waiting for about 3 days" in listed, "whoever reported it has waited on"
        page = desk.page()
        assert "We misread it." in page and "Take this" in page and "Undo this" not in page
        after = desk.take()
        assert int(after) > int(before) and desk.decide(before).status_code == 409
        assert desk.decide(after, act="nothing").status_code == 302
    assert list(Decision.objects.order_by("fence").values_list("act", "undone_on")) == [
        ("hide", dt.date(2026, 6, 4)), ("nothing", None),
    ]  # fmt: skip


def test_undone_waits_in_one_place_only(cast: Cast, desk: Desk, thread: Thread) -> None:
    desk.decide(desk.take())
    appeals.appeal(
        notice=Notice.objects.get(), owner_tag=cast.alice.tag(cast.harbour), words="It was a joke."
    )
    desk.post("undo", because="We misread it.")
    assert Case.objects.get(pk=desk.case.pk).state == CaseState.DECIDED
    post = send(cast.alice, thread, "Twice reported.")
    first = Desk(cast.mona, report(cast.bob, post).case)
    first.decide(first.take(), act="nothing")
    report(cast.muted, post)
    first.post("undo", because="We misread it.")
    assert Case.objects.get(pk=first.case.pk).state == CaseState.DECIDED


def test_whoever_may_look_at_a_note_again_reads_it_and_nobody_else_does(cast: Cast, desk: Desk) -> None:
    """Without its words nobody can tell whether it is right. A name in it is as far out of sight as in the message."""
    said = "Grey Heron, we know that it was a long day."
    desk.decide(desk.take(), act="note", message=said)
    hers = Desk(cast.lead, desk.case)
    assert "it was a long day." in hers.page() and "Grey Heron, we" not in hers.page()
    assert said in text_of(hers.post("look", what="contacts"))
    for other in (cast.bob, cast.alice, cast.ned):
        assert other.client.get(desk.base).status_code == 404
    hers.post("undo", because="We misread it.")
    assert "it was a long day." in desk.page(), "it may have been read: nobody writes it twice"
    forgetting.forget_notice(str(Notice.objects.get().pk))
    assert "a long day" not in desk.page() and "What the note said" not in desk.page()


def test_the_words_of_a_note_come_once_where_it_was_care(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "I am tired.")
    desk = Desk(cast.mona, report(cast.bob, post, reason=Reason.WORRIED).case)
    desk.decide(desk.take(), act="note", message="Be well.")
    page = desk.page()
    assert page.count("Be well.") == 1 and "What the team wrote to them" in page


@pytest.mark.parametrize(
    ("act", "says"),
    [("hide", "They are told, and all is as it was."), ("note", "The note stays with them"),
     ("nothing", "Nobody is told, because nothing was done.")],
)  # fmt: skip
def test_undoing_says_what_is_true_of_the_act(desk: Desk, act: str, says: str) -> None:
    desk.decide(desk.take(), act=act)
    assert says.replace("They are told, and all is as it was", "The person is told") in desk.page()
    desk.post("undo", because="We misread it.")
    page = desk.page()
    assert f"Undone. {says}" in page and page.count("They are told") == (act == "hide")


def test_only_a_lead_puts_somebody_out_of_the_site(cast: Cast, desk: Desk) -> None:
    fence = desk.take()
    assert 'value="suspend"' not in desk.page()
    for step in ("preview", "decide"):
        assert desk.decide(fence, act="suspend", step=step).status_code == 422
    with pytest.raises(NotHere):
        decide(cast.mona, desk.case, Act.SUSPEND)
    desk.post("give-back")
    lead = Desk(cast.lead, desk.case)
    fence = lead.take()
    assert 'value="suspend"' in lead.page()
    shown = text_of(lead.decide(fence, act="suspend", step="preview"))
    assert "This reaches every group on this site." in shown
    assert "Someone else of the team is asked now if it is right." in shown
    ban = text_of(lead.decide(fence, act="ban", step="preview"))
    assert (
        "This reaches every group" not in ban
        and "Someone is asked to look at it again within 14 days." in ban
    )
    assert "looks at it again" not in text_of(lead.decide(fence, act="mute", step="preview"))
    assert lead.decide(fence, act="suspend").status_code == 302
    undo = f'action="{desk.base}undo/"'
    assert undo in desk.page(), "who is asked may say no"
    assert desk.post("still-right").status_code == 302
    assert undo not in desk.page() and undo in lead.page()
    assert desk.post("undo", because="It was too hard.").status_code == 404
    assert lead.post("undo", because="It was too hard.").status_code == 302


def test_each_field_stands_with_the_act_that_needs_it(desk: Desk) -> None:
    fence = desk.take()
    page = desk.page()
    shut = page.index("<details><summary>Set a limit for the person")
    after = page.index("</details>", shut)
    for name in ('value="mute"', 'value="ban"', 'name="days"', 'name="reach"'):
        assert shut < page.index(name) < after, name
    for name in ('value="remove"', 'name="heads_up"'):
        assert page.index(name) < shut, name
    skipped = re.findall(r'<label for="(\w+)">[^<]+<span class="soft">\(you can', page)
    assert skipped == ["id_days"] and page.count("(you can skip this)") == 1
    again = text_of(desk.decide(fence, act="ban", days="400"))
    assert "<details open><summary>Set a limit for the person" in again


def test_a_worry_offers_care_first_and_tells_no_earlier_problem(cast: Cast, thread: Thread) -> None:
    decide(cast.mona, report(cast.bob, send(cast.alice, thread, "You are lazy.")).case, Act.HIDE)
    made = report(cast.bob, send(cast.alice, thread, "I cannot go on."), reason=Reason.WORRIED).case
    desk = Desk(cast.mona, made)
    assert "Earlier problems" not in text_of(cast.mona.client.get(desk.list))
    desk.take()
    page = desk.page()
    assert "arlier problem" not in page and "Be kind. <span" not in page
    shut = page.index("<details><summary>Something else is needed")
    before, behind = re.findall(r'name="act" value="(\w+)"', page[:shut]), page[shut:]
    assert before == ["nothing", "note", "heads_up"]
    assert 'value="ask_edit"' in behind and 'value="ban"' in behind


def test_another_look_is_late_by_its_own_promise(cast: Cast, desk: Desk) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(response_hours=3)
    with clock.held_at(NOON):
        decide(cast.mona, desk.case, Act.HIDE)
        asked = appeals.appeal(
            notice=Notice.objects.get(), owner_tag=cast.alice.tag(cast.harbour), words="It was a joke."
        )
    theirs = Desk(cast.lead, asked.case)
    with clock.held_at(NOON + dt.timedelta(days=2)):
        page = theirs.page()
        assert "waiting for about 2 days, we promise 7 days" in page and "Longer than we promise" not in page
    with clock.held_at(NOON + dt.timedelta(days=8)):
        assert "Longer than we promise" in theirs.page()


def test_the_team_gets_from_a_case_to_the_talk_knowing_that_it_is_on_the_record(
    cast: Cast, desk: Desk
) -> None:
    page = desk.page()
    assert (
        "See it in the talk" in page and "You see names there, of others too. It goes on the record." in page
    )
    assert "?around=" not in page, "no way leads past it"
    acts = AuditEntry.objects.filter(act="look at names in a talk")
    assert not acts.exists()
    sent = desk.post("look", what="talk")
    assert acts.count() == 1 and "?around=" in sent["Location"]
    assert "You are lazy." in text_of(cast.mona.client.get(sent["Location"]))
    for who in (cast.bob, cast.ned, cast.alice):
        assert Desk(who, desk.case).post("look", what="talk").status_code == 404
    assert acts.count() == 1


def test_from_advice_that_could_hurt_the_team_gets_to_the_notes_about_it(cast: Cast, thread: Thread) -> None:
    def reported(reason: Reason, words: str) -> Desk:
        return Desk(cast.mona, report(cast.bob, send(cast.alice, thread, words), reason=reason).case)

    words, acts = "Add a note about the advice", AuditEntry.objects.filter(act="look at a name")
    unkind, bad = reported(Reason.UNKIND, "You are lazy."), reported(Reason.BAD_ADVICE, "Double the dose.")
    assert words not in unkind.page() and unkind.post("look", what="advice").status_code == 404
    assert words in bad.page() and f"/{bad.case.subject_id}/about/" not in bad.page(), (
        "no way leads past the record"
    )
    assert not acts.exists()
    for who in (cast.bob, cast.ned, cast.alice, cast.lena):
        assert Desk(who, bad.case).post("look", what="advice").status_code == 404
    assert not acts.exists()
    sent = bad.post("look", what="advice")
    assert acts.count() == 1
    page = text_of(cast.mona.client.get(sent["Location"]))
    assert "Double the dose." in page and "Needs a source" in page and "Does not match guidance" in page
    report(cast.lena, Post.objects.get(public_id=unkind.case.subject_id), reason=Reason.BAD_ADVICE)
    assert words in unkind.page(), "one of those who reported it says so"
    bad.decide(bad.take())
    assert words not in bad.page(), "nobody reads it any more"


def test_whom_one_mutes_is_not_told_by_a_way_that_is_missing(cast: Cast, thread: Thread) -> None:
    post = send(cast.alice, thread, "Double the dose.")
    bad = report(cast.bob, post, reason=Reason.BAD_ADVICE).case
    mute(cast.mona, post)
    assert "Add a note about the advice" in Desk(cast.mona, bad).page()


def test_a_question_does_not_wait_for_an_answer_that_cannot_come(cast: Cast, desk: Desk) -> None:
    desk.post("ask", report=Report.objects.get().pk, question="What came before?")
    assert "No answer yet." in desk.page()
    desk.decide(desk.take())
    page = desk.page()
    assert "No answer yet." not in page and "It was decided before they answered." in page


def test_what_a_change_needs_is_not_behind_a_line(cast: Cast, desk: Desk) -> None:
    decide(cast.mona, desk.case, Act.BAN)
    tag = cast.alice.tag(cast.harbour)
    asked = appeals.appeal(notice=Notice.objects.get(), owner_tag=tag, words="It was a joke.")
    theirs = Desk(cast.lead, asked.case)
    theirs.take()
    page = theirs.page()
    form = page[page.index("data-ruling") : page.index("You see what they will read")]
    assert 'class="for-change"' in form and "<details" not in form and form.count("you can skip") == 1


def test_who_goes_off_duty_gives_back_what_they_have_and_reads_so(
    cast: Cast, thread: Thread, desk: Desk
) -> None:
    page = f"/g/{cast.harbour.public_id}/off-duty/"
    other = Desk(cast.lead, report(cast.bob, send(cast.alice, thread, "Lazy again.")).case)
    assert "still have" not in text_of(cast.mona.client.get(page))
    fence = desk.take()
    other.take()
    shown = unescape(text_of(cast.mona.client.get(page)))
    assert "You have 1 thing to look at. Once you press “I'm off duty”, it is given back by itself." in shown
    for who, choice in ((cast.alice, "week"), (cast.mona, "never")):
        who.client.post(page, {"choice": choice})
        assert Case.objects.get(pk=desk.case.pk).holder, "not theirs to give, or not gone"
    gone = cast.mona.client.post(page, {"choice": "week"}, follow=True)
    assert "You are off duty. Rest well. What you had is given back." in unescape(text_of(gone))
    assert Case.objects.get(pk=desk.case.pk).holder is None and Case.objects.get(pk=other.case.pk).holder
    assert desk.post("keep", fence=fence).status_code == 409
    assert Desk(cast.lead, desk.case).post("take").status_code == 302
    again = cast.mona.client.post(page, {"choice": "week"}, follow=True)
    assert "given back" not in text_of(again), "there was nothing"


def test_who_goes_off_duty_without_the_keys_is_off_duty(
    cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take()
    monkeypatch.setattr(cases, "held_by", Mock(side_effect=keyring.RingAway))
    answer = cast.mona.client.post(f"/g/{cast.harbour.public_id}/off-duty/", {"choice": "week"})
    assert answer.status_code == 302 and OffDuty.objects.exists()
