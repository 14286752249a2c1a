"""One yes taken back by itself, on one's own page of a study: what goes with it, and that nothing else moves."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from community.models import Standing
from core import clock
from research.actions import consent, documents
from research.enums import Answer, Item, TaskState
from research.models import ConsentEvent, OnceName, Participant, Source, Study, WaveTask
from research.presenters import taking_back
from research.selectors.consent import Own
from tests.architecture import reading
from tests.people import Cast, Person
from tests.research.consenting import ALL, open_study, part, say, settings
from tests.research.questions import asking
from tests.research.test_consent_pages import url

pytestmark = pytest.mark.django_db
EVERY = dict.fromkeys([*ALL, Item.LINK], True)


def press(who: Person, cast: Cast, study: Study | str, item: str) -> HttpResponse:
    answer: HttpResponse = who.client.post(url(cast, "take_back", study), {"item": item})
    return answer


def yes_of(own: Own) -> set[str]:
    return {item for item in own.said if own.says_yes(item)}


# --- refusals -------------------------------------------------------------------------------------------------------
def test_only_who_takes_part_takes_anything_back(cast: Cast) -> None:
    """A study that is not there, one that is not for them, and one in which they never were: the same answer."""
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    say(cast.lena, cast.harbour, study, {})  # no to everything
    before = ConsentEvent.objects.count()
    answers = [press(who, cast, study, "posts") for who in (cast.bob, cast.lena, cast.ned, cast.olga)]
    answers += [
        press(cast.alice, cast, "nosuchstudy123", "posts"),
        press(cast.alice, cast, study, "nonsense"),
    ]
    assert [one.status_code for one in answers] == [404] * 6
    assert len({one.content for one in answers}) == 1
    cast.alice.client.post(url(cast, "leave", study), {"scope": "stop"})
    left = ConsentEvent.objects.count()
    assert press(cast.alice, cast, study, "posts").status_code == 404 and ConsentEvent.objects.count() == left
    assert left > before and cast.alice.client.get(url(cast, "take_back", study)).status_code == 405


# --- each by itself -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("item", list(Item))
def test_one_goes_and_the_others_stay_to_the_letter(cast: Cast, item: Item) -> None:
    study = asking(cast.harbour)
    before = say(cast.alice, cast.harbour, study, EVERY)
    assert press(cast.alice, cast, study, item).status_code == 302
    own = part(cast.alice, cast.harbour, study)
    gone = {item, Item.LINK} if item == Item.SURVEYS else {item}
    assert yes_of(own) == yes_of(before) - gone and own.takes_part
    assert {own.said[one].answer for one in gone} == {Answer.WITHDRAWN}
    assert all(own.said[one] == before.said[one] for one in before.said if one not in gone)
    assert WaveTask.objects.filter(state=TaskState.CANCELLED).exists() == (item == Item.SURVEYS)
    assert Source.objects.filter(participant=None).exists() == (Item.LINK in gone)
    page = cast.alice.client.get(url(cast, "mine", study)).content.decode()
    assert page.count("No longer:") == len(gone) and f'value="{item}"' not in page
    events = ConsentEvent.objects.count()
    press(cast.alice, cast, study, item)  # pressed twice
    assert ConsentEvent.objects.count() == events


def test_putting_both_together_goes_with_the_last_of_what_is_put_together(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(
        cast.alice,
        cast.harbour,
        study,
        {Item.SURVEYS: True, Item.ACTIVITY: True, Item.POSTS: True, Item.LINK: True},
    )
    for item, left in ((Item.ACTIVITY, {"surveys", "posts", "link"}), (Item.POSTS, {"surveys"})):
        press(cast.alice, cast, study, item)
        assert yes_of(part(cast.alice, cast.harbour, study)) == left
    assert Source.objects.get().participant is None


def test_messages_end_on_a_day_by_lot_and_answers_today(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent.secrets, "randbelow", lambda most: most - 1)
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study, EVERY)
    for item in (Item.POSTS, Item.SURVEYS):
        press(cast.alice, cast, study, item)
    said = part(cast.alice, cast.harbour, study).said
    assert (clock.today() - said["posts"].on_day).days == consent.DAYS_BY_LOT - 1
    assert said["surveys"].on_day == said["link"].on_day == clock.today()


def test_one_thread_names_go_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(
        consent.once, "take_back_own", lambda *, own, **_rest: taken.append(own.study.public_id)
    )
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study, EVERY)
    press(cast.alice, cast, study, Item.POSTS)
    assert not taken and not OnceName.objects.exists()
    press(cast.alice, cast, study, Item.ALIAS_POSTS)
    assert taken == [study.public_id]


@pytest.mark.parametrize("why", ["paused", "over", "kept out", "group said no"])
def test_nothing_keeps_anybody_from_it(cast: Cast, why: str) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study, EVERY)
    if why == "paused":
        Study.objects.update(is_paused=True)
    elif why == "over":
        Study.objects.update(state="closed", closed_on=clock.today())
    elif why == "kept out":
        Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_read=False)
    else:
        study.hosts.update(state="ended")
    assert press(cast.alice, cast, study, Item.POSTS).status_code == 302
    assert Item.POSTS not in yes_of(part(cast.alice, cast.harbour, study))


def test_it_says_yes_to_no_later_words(cast: Cast) -> None:
    """Whoever takes one back did not read a newer document: the others rest on the one that they read."""
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study, EVERY)
    documents.publish(study=study, settings=settings(cast.harbour, thanks="A mug."), is_material=False)
    press(cast.alice, cast, study, Item.POSTS)
    said = part(cast.alice, cast.harbour, study).said
    assert {said[one].document.version for one in ("surveys", "quotes", "alias_posts")} == {1}


# --- what is said before the press ------------------------------------------------------------------------------------
def test_each_yes_has_its_own_line_and_nothing_else_has(cast: Cast) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study, {Item.SURVEYS: True, Item.POSTS: True, Item.QUOTES: True})
    page = cast.alice.client.get(url(cast, "mine", study)).content.decode()
    offered = {item for item in Item if f'name="item" value="{item}"' in page}
    assert offered == yes_of(own) and page.count("Take this yes back") == 3
    assert "nothing to ask about for a quote" in page and "goes with it" not in page
    cast.alice.client.post(url(cast, "leave", study), {"scope": "stop"})
    assert "Take this yes back" not in cast.alice.client.get(url(cast, "mine", study)).content.decode()


def test_what_is_said_of_one_thread_names_is_so(cast: Cast) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study, EVERY)
    said = [
        taking_back.preview(own, Item.ALIAS_POSTS, once_names=n, once_seen=seen, has_begun=True)[0]
        for n, seen in ((0, True), (1, False), (1, True))
    ]
    assert [
        "get nothing" in said[0],
        "Nobody of the team has seen" in said[1],
        "not just yours" in said[2],
    ] == [True] * 3


def test_the_lines_are_easy(cast: Cast) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study, EVERY)
    lines = [
        line for item in Item for n, seen in ((0, False), (1, False), (1, True))
        for line in taking_back.preview(own, item, once_names=n, once_seen=seen, has_begun=True)
    ]  # fmt: skip
    assert len(set(lines)) > len(Item) and reading.measure(sorted(set(lines))).grade <= 5
    assert Participant.objects.count() == 1
