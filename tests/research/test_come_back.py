"""Who had all deleted and says yes again is someone new; who said no, or took a yes back before it began, reads what is
true of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core import clock
from research.actions import consent, departing
from research.enums import Item, Scope
from research.models import Participant, Recall, Source, Study
from research.presenters import taking_back
from research.selectors import leaving
from tests.people import Cast
from tests.research.consenting import open_study, part, say

pytestmark = pytest.mark.django_db


def url(name: str, study: Study, cast: Cast) -> str:
    return reverse(f"research:{name}", args=[cast.harbour.public_id, study.public_id])


def delete_all(cast: Cast, study: Study) -> None:
    departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.DELETE, key_of=cast.alice.keyed)


@pytest.mark.parametrize("joins", [False, True])
def test_who_comes_back_has_numbers_that_no_file_is_to_lose(cast: Cast, *, joins: bool) -> None:
    study = open_study(cast.harbour, cast.meadow, joins=joins)
    before = say(cast.alice, cast.harbour, study)
    assert before.participant and before.source
    old = {before.participant.pid, before.source.pid}
    delete_all(cast, study)
    now = say(cast.alice, cast.harbour, study)
    assert now.participant and now.source
    assert not old & {now.participant.pid, now.source.pid}
    assert set(Recall.objects.values_list("pid", flat=True)) == old
    assert not Recall.objects.filter(pid__in=Participant.objects.values("pid")).exists()
    left = Source.objects.exclude(pk=now.source.pk).values_list("pid", flat=True)
    assert now.source.pid not in left


def test_a_yes_that_had_not_begun_let_nobody_read_anything(cast: Cast) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study)
    assert own.source
    Source.objects.update(since=clock.today() + dt.timedelta(days=3))
    for begun, on in ((False, 0), (True, 8)):
        with clock.held_at(clock.now() + dt.timedelta(days=on)):
            now = part(cast.alice, cast.harbour, study)
            reach = leaving.reach(own=now, key_of=cast.alice.keyed)
            assert (reach.reads_messages, reach.counts_messages) == (begun, begun)
            shown = taking_back.preview(
                now, Item.POSTS, once_names=0, once_seen=False, has_begun=leaving.has_begun(now, Item.POSTS)
            )
            assert ("It had not begun, so nothing of it was used." in shown) is not begun


def test_a_yes_taken_back_the_same_day_is_no_yes_that_was_read(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    Source.objects.update(since=clock.today() + dt.timedelta(days=3))
    consent.take_back(group=cast.harbour, sid=study.public_id, item=Item.POSTS, key_of=cast.alice.keyed)
    with clock.held_at(clock.now() + dt.timedelta(days=9)):
        page = cast.alice.client.get(url("leave", study, cast)).content.decode()
    assert "The team reads no messages of yours." in page and "can use messages you wrote" not in page


def test_who_said_no_can_have_that_deleted_and_reads_so(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study, {})
    assert "Delete that I said no" in cast.alice.client.get(url("mine", study, cast)).content.decode()
    page = cast.alice.client.get(url("leave", study, cast)).content.decode()
    assert "The team never read anything of yours." in page and "which number" not in page
    receipt = cast.alice.client.post(url("leave", study, cast), {"scope": "delete"}).content.decode()
    assert "It is deleted that you said no" in receipt
    assert "Thank you for what you gave" not in receipt and "<code>" not in receipt
    assert not Participant.objects.exists()
    taking = say(cast.bob, cast.harbour, study)
    assert taking.participant
    assert "Delete that I said no" not in cast.bob.client.get(url("mine", study, cast)).content.decode()
