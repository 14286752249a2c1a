"""Nobody gets round the others with labels: each of these was done once."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest

from audit.models import AuditEntry
from chat.actions import labels
from chat.enums import LabelKind
from chat.models import Label, Post
from chat.selectors import labels as reading
from community.actions.standing import Effect, limit
from community.enums import Role
from community.errors import MayNot
from community.models import Badge
from core import clock
from tests.chat.hiding import block
from tests.chat.saying import face, send
from tests.chat.test_labels import REVIEWED, WORDS, give, promote
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast: Cast) -> Post:
    return send(cast.alice, make_thread(cast.harbour), WORDS)


def test_whose_words_are_looked_at_first_puts_none_on_a_label(cast: Cast, post: Post) -> None:
    promote(cast, "bob", Role.PEER_LEADER).strong = True
    limit(group=cast.harbour, owner_tag=cast.bob.tag(cast.harbour), effect=Effect(is_checked_first=True))
    told = labels.Draft(kind=LabelKind.EXPERIENCE, days=90, source="You are all lazy")
    with pytest.raises(MayNot):
        give(cast.bob, post, told)


def test_who_gave_a_label_does_not_take_away_what_is_said_against_it(cast: Cast, post: Post) -> None:
    label = give(cast.mona, post)
    labels.dispute(
        face=face(cast.bob, post.thread),
        post=post,
        lid=label.public_id,
        text="It is known",
        key_of=cast.bob.keyed,
    )
    for who, is_refused in ((cast.mona, True), (cast.lead, False)):
        with pytest.raises(MayNot) if is_refused else nullcontext():
            labels.take_away(face=face(who, post.thread), post=post, lid=label.public_id, key_of=who.keyed)
    assert not Label.objects.exists()


def test_only_a_checked_role_says_again_that_it_reviewed_something(cast: Cast, post: Post) -> None:
    cast.bob.strong = True
    until = clock.today() + dt.timedelta(days=100)
    Badge.objects.create(
        member=cast.bob.member(cast.harbour),
        role="clinician",
        checked_month=dt.date(2026, 11, 1),
        expires_on=until,
    )
    label = give(cast.bob, post, REVIEWED)
    with pytest.raises(MayNot):
        labels.renew(
            face=face(cast.mona, post.thread),
            post=post,
            lid=label.public_id,
            days=365,
            key_of=cast.mona.keyed,
        )


def test_a_source_that_was_found_is_on_record_in_place_of_the_question(cast: Cast, post: Post) -> None:
    give(cast.mona, post)
    give(cast.mona, post, labels.Draft(kind=LabelKind.SOURCED, days=90, link="https://health.example/"))
    acts = list(AuditEntry.objects.order_by("seq").values_list("act", flat=True))
    assert acts == ["advice note added", "advice note added", "advice note taken away"]


def test_who_is_blocked_finds_neither_the_title_nor_the_number(cast: Cast, post: Post) -> None:
    promote(cast, "bob", Role.PEER_LEADER).strong = True
    give(cast.mona, post)
    other = send(cast.lead, post.thread, "Warm milk helps.")
    give(cast.mona, other)
    block(cast.alice, cast.bob, cast.harbour)
    here = cast.bob.here(cast.harbour)
    found = reading.waiting(here=here, key_of=cast.bob.keyed)
    assert [label.post.thread.title for label, _ in found.sources] == [""]
    assert reading.how_many_wait(here) == 1
