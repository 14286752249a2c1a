"""What is left of a person in cases when they leave and delete, or close their account: each row goes by itself."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import partial

import pytest

from chat.enums import PostState
from chat.models import Post, Thread
from community.actions import deleting, due, erasing, personas
from community.models import DueAct, Standing
from core import clock
from core.registries.holdings import Owner
from moderation import parties
from moderation.actions import appeals, decisions
from moderation.actions.appeals import Answer
from moderation.enums import Act, Outcome
from moderation.models import Appeal, Case, Notice, Report, Strike
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.judging import claim, decide, decided, judge, report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
HOURS = dt.timedelta(hours=1)


def owner(cast: Cast) -> Owner:
    return Owner(group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed)


def leave(cast: Cast) -> None:
    """Alice leaves harbour and deletes what she wrote, at once."""
    key_of = partial(cast.alice.keyed, "leaving")
    deleting.leave_and_delete(owner=owner(cast), key_of=key_of, at_once=True)


def close(cast: Cast) -> None:
    """Alice closes her account: this is the part in harbour."""
    begin = clock.now() + 96 * HOURS
    erasing.plan(
        owner(cast),
        tag=owner(cast).tag,
        key_of=lambda ref: cast.alice.keyed("closing", ref),
        moments=itertools.chain([begin], (begin + number * HOURS for number in itertools.count(1))),
        final=True,
    )


def next_moment() -> None:
    """Do what is due first."""
    first = DueAct.objects.order_by("due_at")[0].due_at
    assert first
    with clock.held_at(first):
        due.do_due()


def all_due() -> None:
    while DueAct.objects.exists():
        next_moment()


@pytest.fixture(params=[leave, close])
def go(request: pytest.FixtureRequest):
    return request.param


def said_once(alice: Person, thread: Thread, text: str) -> Post:
    sign_as_alias(alice, thread)
    return send(alice, thread, text, key_for_alias=alias_key(alice, thread))


def once(cast: Cast, thread: Thread) -> Post:
    return said_once(cast.alice, thread, "Under a one-thread name")


def test_copies_and_notes_go(cast: Cast, thread: Thread, go) -> None:
    for post in (send(cast.alice, thread, "My town is Xanadu"), once(cast, thread)):
        decide(cast.mona, report(cast.bob, post).case, Act.HIDE)
    theirs = decide(cast.mona, report(cast.alice, send(cast.bob, thread, "By bob")).case, Act.HIDE)
    go(cast)
    all_due()
    left = Case.objects.exclude(text="", context=[])
    assert list(left) == [theirs.case] and list(Notice.objects.exclude(message="")) == [theirs.notice]


def test_what_is_still_to_be_decided_loses_its_copy_then(cast: Cast, thread: Thread, go) -> None:
    case = report(cast.bob, send(cast.alice, thread, "My town is Xanadu")).case
    go(cast)
    all_due()
    case.refresh_from_db()
    assert "Xanadu" in case.text
    decide(cast.mona, case, Act.NOTHING)
    case.refresh_from_db()
    assert (case.text, case.context) == ("", [])


def test_nothing_of_a_one_thread_name_goes_with_a_name(cast: Cast, thread: Thread, go) -> None:
    """Each moment takes the rows of one face alone, and one case, note or report."""
    for post in (send(cast.alice, thread, "As Grey Heron"), once(cast, thread)):
        decide(cast.mona, report(cast.bob, post).case, Act.HIDE)
    for text in ("one", "two"):
        report(cast.alice, send(cast.bob, thread, text), note=text)
    before = there()
    go(cast)
    while DueAct.objects.exists():
        next_moment()
        now = there()
        assert len(before - now) <= 1, before - now
        before = now


def there() -> set[str]:
    """What is there of people, as one word for each row."""
    posts = Post.objects.exclude(state=PostState.DELETED).values_list("public_id", flat=True)
    return {
        *posts,
        *(f"copy {pk}" for pk in Case.objects.exclude(text="").values_list("pk", flat=True)),
        *(f"note {pk}" for pk in Notice.objects.exclude(message="").values_list("pk", flat=True)),
        *(f"report {pk}" for pk in Report.objects.exclude(note="").values_list("pk", flat=True)),
        *(f"earlier {pk}" for pk in Strike.objects.values_list("pk", flat=True)),
    }


def test_earlier_problems_bind_through_leaving_and_go_with_the_account(cast: Cast, thread: Thread) -> None:
    decision = decide(cast.mona, report(cast.bob, send(cast.alice, thread)).case, Act.HIDE)
    leave(cast)
    all_due()
    assert Strike.objects.exists()
    close(cast)
    all_due()
    assert not Strike.objects.exists()
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="We misread it.")


# --- what comes while it waits --------------------------------------------------------------------------------------
def held_of_alice() -> str:
    """All that cases and appeals hold of words."""
    cases = Case.objects.values_list("text", "context")
    return str(list(cases)) + str(list(Appeal.objects.values_list("words", flat=True)))


def first_moment() -> dt.datetime:
    first = DueAct.objects.order_by("due_at")[0].due_at
    assert first
    return first


@pytest.mark.parametrize("signs", [send, said_once])
@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_reported_while_it_waits_is_forgotten_too(
    cast: Cast, thread: Thread, go, signs, is_open: bool
) -> None:
    """Also in a second case about the same message."""
    post = signs(cast.alice, thread, "My town is Xanadu")
    go(cast)
    decide(cast.mona, report(cast.bob, post).case, Act.NOTHING)
    second = report(cast.lena, post).case
    if not is_open:
        decide(cast.mona, second, Act.HIDE)
    all_due()
    if is_open:
        assert "Xanadu" in Case.objects.get(pk=second.pk).text
        decide(cast.mona, second, Act.NOTHING)
    assert "Xanadu" not in held_of_alice()


def test_what_a_name_wrote_that_is_only_put_down_stays_with_the_team(cast: Cast, thread: Thread) -> None:
    case = report(cast.bob, send(cast.alice, thread, "My town is Xanadu")).case
    key = cast.alice.keyed("due", "away")
    personas.stop_using_name(here=cast.alice.here(cast.harbour), remove_under=key)
    all_due()
    decide(cast.mona, case, Act.NOTHING)
    assert "Xanadu" in held_of_alice()


@pytest.mark.parametrize("is_late", [False, True])
def test_what_is_said_for_another_look_while_it_waits_is_forgotten_too(
    cast: Cast, thread: Thread, is_late: bool
) -> None:
    """Asking stays possible all the time, also after the words are gone."""
    made = decided(cast, thread, Act.BAN, text="My town is Xanadu")
    leave(cast)
    if is_late:
        all_due()
    assert made.notice
    tag = cast.alice.tag(cast.harbour)
    asked = appeals.appeal(notice=made.notice, owner_tag=tag, words="I live in Xanadu, sorry")
    all_due()
    held = claim(cast.lead, asked.case)
    answer = Answer(outcome=Outcome.KEEP, words="It stays.")
    appeals.resolve(judge=judge(cast.lead, cast.harbour), appeal=asked, fence=held.fence, answer=answer)
    assert "Xanadu" not in held_of_alice()
    assert Standing.objects.filter(owner_tag=tag).exists(), "the ban binds through leaving"


# --- decided when nobody is there any more --------------------------------------------------------------------------
def written_about_alice(cast: Cast) -> tuple[int, int, int]:
    tag = cast.alice.tag(cast.harbour)
    told = {
        one.pk
        for one in Notice.objects.all()
        if one.message or bytes(one.key) == parties.key_of(ref=one.public_id, owner_tag=tag)
    }
    return Standing.objects.filter(owner_tag=tag).count(), Strike.objects.count(), len(told)


@pytest.mark.parametrize("act", [Act.BAN, Act.NOTE])
def test_a_decision_about_an_account_that_is_gone_says_nothing_of_anybody(
    cast: Cast, thread: Thread, act: Act
) -> None:
    post = send(cast.alice, thread, "My town is Xanadu")
    case = report(cast.bob, post).case
    close(cast)
    all_due()
    made = decide(cast.mona, case, act)
    assert written_about_alice(cast) == (0, 0, 0)
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=made, because="We misread it.")
    assert written_about_alice(cast) == (0, 0, 0)


def test_what_is_decided_in_the_last_day_goes_as_well(cast: Cast, thread: Thread) -> None:
    """A message of theirs is still there when their name has gone already, and is reported."""
    posts = [send(cast.alice, thread, "By name"), said_once(cast.alice, thread, "Once")]
    close(cast)
    with clock.held_at(first_moment()):
        due.do_due()
        left = [post for post in posts if Post.objects.get(pk=post.pk).text]
        assert left == posts[1:]
        made = decide(cast.mona, report(cast.bob, left[0]).case, Act.MUTE)
    assert written_about_alice(cast) == (1, 1, 1)
    all_due()
    assert written_about_alice(cast) == (0, 0, 0)
    assert bytes(Case.objects.get(pk=made.case_id).author_key) != bytes(made.author_key)


def test_a_ban_still_binds_who_merely_left(cast: Cast, thread: Thread) -> None:
    case = report(cast.bob, send(cast.alice, thread, "My town is Xanadu")).case
    leave(cast)
    all_due()
    decide(cast.mona, case, Act.BAN)
    assert Standing.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).exists()
