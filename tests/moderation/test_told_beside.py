"""Whoever comes from a talk tells the team more beside what they wrote there, and reads that it is so. What they wrote
under two names, or asked without one, stays apart."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from chat.models import Thread
from moderation import policies
from moderation.actions import worries
from moderation.enums import Act, Reason
from moderation.errors import Unanswered
from moderation.models import Case, Notice, Worry
from moderation.presenters import worries as cards
from moderation.selectors import worries as reading
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, decide, judge
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
DARK = "I want to kill myself"
UNDER_NAME = "The team reads it with what you wrote in that talk, so under your name there."


def now_url(cast: Cast, talk: str = "") -> str:
    url = reverse("moderation:now_in", args=["g", cast.harbour.public_id])
    return f"{url}?talk={talk}" if talk else url


def raised(person: Person, thread: Thread, *, once: bool = False) -> Case:
    key = alias_key(person, thread) if once else b""
    post = send(person, thread, DARK, key_for_alias=key)
    return Case.objects.get(subject_id=post.public_id)


def wrote(cast: Cast, case: Case) -> None:
    held = claim(cast.mona, case)
    worries.write(judge=judge(cast.mona, case.group), case=held, fence=held.fence, words="How are you now?")


def tell(cast: Cast, talk: str, words: str = "It is worse.") -> None:
    assert cast.alice.client.post(now_url(cast, talk), {"message": words}).status_code == 302


def state(cast: Cast) -> str:
    standing = reading.standing(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour))
    return cards.card(group=cast.harbour, standing=standing).state


# --- what stays apart ----------------------------------------------------------------------------------------
def test_what_was_written_under_two_names_in_a_talk_is_not_told_beside_either(
    cast: Cast, thread: Thread
) -> None:
    raised(cast.alice, thread)
    sign_as_alias(cast.alice, thread, handle="Soft Lamp")
    raised(cast.alice, thread, once=True)
    assert UNDER_NAME not in text_of(cast.alice.client.get(now_url(cast, thread.public_id)))
    tell(cast, thread.public_id)
    call = Case.objects.get(reason=Reason.NEEDS_HELP)
    assert call.text == "It is worse." and not any(
        one.is_told_more for one in Case.objects.exclude(pk=call.pk)
    )


def test_nor_beside_what_stands_in_another_talk_or_is_somebody_elses(cast: Cast, thread: Thread) -> None:
    theirs, elsewhere = make_thread(cast.harbour), make_thread(cast.harbour)
    raised(cast.alice, thread)
    raised(cast.bob, theirs)
    for talk in (elsewhere.public_id, theirs.public_id, "", "x" * 300):
        assert UNDER_NAME not in text_of(cast.alice.client.get(now_url(cast, talk)))
        tell(cast, talk)
    assert Case.objects.filter(reason=Reason.NEEDS_HELP).count() == 1
    assert not any(one.is_told_more for one in Case.objects.exclude(reason=Reason.NEEDS_HELP))


def test_no_form_carries_the_talk_of_which_its_page_says_nothing(cast: Cast, thread: Thread) -> None:
    page = text_of(cast.alice.client.get(now_url(cast, thread.public_id)))
    nameless = f"{now_url(cast)}?back={thread.public_id}"
    assert f'action="{nameless}"' in page and "Tell them without a name" not in page
    raised(cast.alice, thread)
    page = text_of(cast.alice.client.get(now_url(cast, thread.public_id)))
    assert UNDER_NAME in page and f'href="{nameless}#tell">Tell them without a name' in page
    assert f'action="{now_url(cast, thread.public_id)}"' in page
    assert cast.alice.client.post(nameless, {"message": "It is worse."}).status_code == 302
    assert not any(one.is_told_more for one in Case.objects.exclude(reason=Reason.NEEDS_HELP))


def test_nobody_loses_anything_by_what_they_told(cast: Cast, thread: Thread) -> None:
    case = raised(cast.alice, thread)
    assert policies.may("restrict", judge(cast.mona, cast.harbour), case)
    tell(cast, thread.public_id)
    case.refresh_from_db()
    assert not policies.may("restrict", judge(cast.mona, cast.harbour), case)
    desk = Desk(cast.mona, case)
    desk.take()
    assert "Out of the group" not in desk.page()


# --- what is told beside -------------------------------------------------------------------------------------
def test_more_words_from_a_talk_stand_beside_the_first_with_what_the_team_wrote(
    cast: Cast, thread: Thread
) -> None:
    case = raised(cast.alice, thread)
    Worry.objects.update(in_danger=True)
    wrote(cast, case)
    talk = text_of(cast.alice.client.get(f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"))
    more = f'href="{now_url(cast, thread.public_id)}">'
    assert f"{more}Read what the team wrote, or tell them more</a>" in talk
    url = reverse("chat:post_send", args=[cast.harbour.public_id, thread.public_id])
    sent = cast.bob.client.post(url, {"text": DARK}, headers={"accept": "application/json"}).json()["care"]
    assert f"{more}See if the team wrote, or tell them more</a>" in sent
    Case.objects.exclude(pk=case.pk).delete()
    tell(cast, thread.public_id)
    assert Case.objects.count() == 1 and Worry.objects.get().more == 1
    assert state(cast) == "The team wrote to you. You wrote more; they have not answered that yet."
    assert "It is worse." in text_of(cast.alice.client.get(now_url(cast)))
    page = Desk(cast.mona, case).page()
    for words in ("In danger now", "They wrote again", DARK, "What they told the team", "It is worse.",
                  "New since the team wrote", "How are you now?"):  # fmt: skip
        assert words in page, words
    assert page.count("It is worse.") == 1 and page.count(DARK) == 1


def test_an_answer_to_a_note_stands_beside_what_the_note_was_about(cast: Cast, thread: Thread) -> None:
    case = raised(cast.alice, thread)
    wrote(cast, case)
    note = reverse("moderation:notice", args=["g", cast.harbour.public_id, Notice.objects.get().public_id])
    (url,) = re.findall(r'href="([^"]+)">Answer the team', text_of(cast.alice.client.get(note)))
    assert unescape(url) == f"{now_url(cast, thread.public_id)}#tell"
    (url,) = re.findall(
        r'href="([^"]+)">Answer the team', text_of(cast.alice.client.get(note, {"region": "ie"}))
    )
    assert unescape(url) == f"{now_url(cast)}?region=ie&talk={thread.public_id}#tell"


def test_last_words_that_were_told_beside_are_not_closed_unseen(cast: Cast, thread: Thread) -> None:
    case = raised(cast.alice, thread)
    Worry.objects.update(in_danger=True)
    with pytest.raises(Unanswered) as first:
        decide(cast.mona, case, Act.NOTHING)
    tell(cast, thread.public_id)
    with pytest.raises(Unanswered):
        decide(cast.mona, case, Act.NOTHING, seen=first.value.mark)


def test_what_was_told_beside_is_counted_as_asking_and_goes_with_the_copy(cast: Cast, thread: Thread) -> None:
    whose = {"group": cast.harbour, "owner_tag": cast.alice.tag(cast.harbour)}
    case = raised(cast.alice, thread)
    assert not reading.has_asked(**whose)
    tell(cast, thread.public_id)
    assert reading.has_asked(**whose) and reading.words_of(**whose) == "It is worse."
    wrote(cast, case)
    decide(cast.mona, case, Act.NOTHING)
    case.refresh_from_db()
    assert [line["text"] for line in case.context] == [DARK, "It is worse."]


def test_what_was_told_without_a_name_is_said_to_wait(cast: Cast, thread: Thread) -> None:
    wrote(cast, raised(cast.alice, thread))
    tell(cast, "")
    assert state(cast) == "The team wrote to you. They have not answered all that you told them yet."


# --- no name to show -----------------------------------------------------------------------------------------
def test_no_name_is_offered_where_there_is_none(cast: Cast) -> None:
    tell(cast, "")
    page = Desk(cast.mona, Case.objects.get()).page()
    assert "Show the name" not in page and "gives no name, so there is none to show" in page
