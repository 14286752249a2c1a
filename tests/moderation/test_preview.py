"""What somebody will read, shown before it is sent: it is the note itself."""

from __future__ import annotations

import re

import pytest

from chat.models import Thread
from moderation.acts import NOTE_BEGINS
from moderation.enums import Act
from moderation.models import Appeal, Case, Decision, Notice
from moderation.selectors import notices
from tests.chat.saying import send
from tests.moderation.console import MESSAGE, Desk, text_of
from tests.moderation.judging import FACTS, decided, report
from tests.moderation.test_looking_again import appeal_to
from tests.people import Cast

pytestmark = pytest.mark.django_db
MORE = {"heads_up": "hospital"}


def note_in(page: str) -> str:
    """The note on a page, without where its links lead."""
    found = re.search(r'<p class="soft">\d+ \w+ \d{4}</p>.*?Get help now</a></p>', page, re.DOTALL)
    assert found, page
    return " ".join(re.sub(r' href="[^"]*"', "", found[0]).split())


@pytest.fixture
def case(cast: Cast, thread: Thread) -> Case:
    return report(cast.bob, send(cast.alice, thread, "You are lazy.")).case


@pytest.mark.parametrize("act", [act for act in Act if act != Act.NOTHING])
def test_the_preview_is_the_note(cast: Cast, case: Case, act: Act) -> None:
    desk = Desk(cast.lead, case)
    fence = desk.take()
    shown = text_of(desk.decide(fence, act, step="preview", days="5", **MORE))
    assert (
        MESSAGE in note_in(shown) and "href" not in re.findall(r"<article.*?</article>", shown, re.DOTALL)[0]
    )
    assert not Notice.objects.exists()
    assert desk.decide(fence, act, days="5", **MORE).status_code == 302
    (note,) = notices.of(group=case.group, owner_tag=cast.alice.tag(case.group))
    door = "limits" if act in {Act.BAN, Act.SUSPEND} else "g"
    read = cast.alice.client.get(f"/{door}/{case.group.public_id}/notes/{note.public_id}/")
    assert note_in(text_of(read)) == note_in(shown)


def test_the_preview_opens_nothing_that_was_not_asked_for(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread, "Calm Otter, ring 07700 900123.")).case
    desk = Desk(cast.mona, made)
    shown = text_of(desk.decide(desk.take(), step="preview"))
    assert "Calm Otter" not in shown and "900123" not in shown
    assert "They see their own words whole." in shown


def answer_in(page: str) -> str:
    """The answer on a page."""
    found = re.search(r'<div class="note good">.*?</blockquote>', page, re.DOTALL)
    assert found, page
    return " ".join(found[0].split())


@pytest.mark.parametrize("outcome", ["keep", "undo", "change"])
def test_the_preview_of_an_answer_is_the_answer(cast: Cast, thread: Thread, outcome: str) -> None:
    first = decided(cast, thread, Act.BAN)
    desk, before = Desk(cast.lead, appeal_to(cast, first)), Notice.objects.count()
    given = {
        "fence": desk.take(),
        "outcome": outcome,
        "text": "We read it twice.",
        "rule": "kind",
        "facts": FACTS,
    }
    given |= {"act": "slow"} if outcome == "change" else {}
    shown = text_of(desk.post("answer", **given, step=""))
    assert "Nothing is sent yet." in shown and "href" not in "".join(
        re.findall(r"<article.*?</article>", shown, re.S)
    )
    assert Notice.objects.count() == before and not Appeal.objects.get().outcome
    back = text_of(desk.post("answer", **given, step="edit"))
    assert "We read it twice." in back and re.search(rf'value="{outcome}"[^>]* checked', back)
    assert not Appeal.objects.get().outcome
    assert desk.post("answer", **given).status_code == 302
    assert first.notice
    door = "limits" if outcome == "keep" else "g"
    read = text_of(
        cast.alice.client.get(f"/{door}/{cast.harbour.public_id}/notes/{first.notice.public_id}/again/")
    )
    assert answer_in(read) == answer_in(shown)
    if outcome == "change":
        instead = Decision.objects.exclude(pk=first.pk).get().notice
        assert instead
        note = cast.alice.client.get(f"/g/{cast.harbour.public_id}/notes/{instead.public_id}/")
        assert note_in(text_of(note)) == note_in(shown)


def test_what_an_answer_lacks_is_said_before_it_is_shown(cast: Cast, thread: Thread) -> None:
    desk = Desk(cast.lead, appeal_to(cast, decided(cast, thread, Act.HIDE)))
    given = {
        "fence": desk.take(),
        "outcome": "change",
        "text": "Milder.",
        "rule": "kind",
        "facts": "",
        "step": "",
    }
    lacking = desk.post("answer", **given, act="heads_up", heads_up="hospital")
    assert lacking.status_code == 422 and "Milder." in text_of(lacking)


@pytest.mark.parametrize("words", ["", NOTE_BEGINS, f"  {NOTE_BEGINS}\n"])
def test_a_note_that_is_only_its_beginning_is_not_sent(cast: Cast, case: Case, words: str) -> None:
    desk = Desk(cast.lead, case)
    fence = desk.take()
    first = desk.decide(fence, Act.NOTE, step="preview", message="", suggested="")
    assert first.status_code == 200 and text_of(first).count("only the beginning") == 0
    refused = desk.decide(fence, Act.NOTE, message=words, suggested=NOTE_BEGINS)
    shown = text_of(refused)
    assert refused.status_code == 422 and "This is only the beginning. Write what" in shown
    assert f"{NOTE_BEGINS}</textarea>" in shown and 'name="step" value="decide"' in shown
    assert not Notice.objects.exists() and not Decision.objects.exists()
    assert desk.decide(fence, Act.NOTE, message=f"{NOTE_BEGINS} Be kind.").status_code == 302
    assert Notice.objects.get().message.endswith("something: Be kind.")


def test_another_look_does_not_change_a_decision_into_a_note(cast: Cast, thread: Thread) -> None:
    """Its answer is one, and the note would be a beginning without an end."""
    desk = Desk(cast.lead, appeal_to(cast, decided(cast, thread, Act.HIDE)))
    given = {"fence": desk.take(), "outcome": "change", "text": "Milder.", "rule": "kind", "facts": FACTS}
    assert 'value="note"' not in desk.page() and desk.post("answer", **given, act="note").status_code == 422
    assert desk.post("answer", **given, act="nothing").status_code == 302
