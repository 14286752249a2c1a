"""What is left of a person in cases when they leave and delete, or close their account: each row goes by itself."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import partial

import pytest

from chat.enums import PostState
from chat.models import Post, Thread
from community.actions import deleting, due, erasing
from community.models import DueAct
from core import clock
from core.registries.holdings import Owner
from moderation.actions import decisions
from moderation.enums import Act
from moderation.models import Case, Notice, Report, Strike
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.judging import decide, judge, report
from tests.people import Cast

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


def once(cast: Cast, thread: Thread) -> Post:
    sign_as_alias(cast.alice, thread)
    return send(cast.alice, thread, "Under a one-thread name", key_for_alias=alias_key(cast.alice, thread))


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
