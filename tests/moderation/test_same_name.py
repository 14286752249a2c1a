"""Worries about several messages of one name: each has its own page, which says that the others wait. What somebody
wrote under another name never stands beside it."""

from __future__ import annotations

import pytest

from chat.models import Thread
from moderation.actions import looks, worries
from moderation.enums import Act, Reason
from moderation.models import Case
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.console import Desk
from tests.moderation.judging import decide, judge, report
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
WORRIED = Reason.WORRIED


def worry(
    cast: Cast, thread: Thread, person: Person, *, once: bool = False, reason: Reason = WORRIED
) -> Case:
    """Bob worries about something that somebody wrote, under their one-thread name or the one they have here."""
    key = alias_key(person, thread) if once else b""
    return report(cast.bob, send(person, thread, "It is bad.", key_for_alias=key), reason=reason).case


def beside(person: Person, case: Case) -> set[int]:
    now = Case.objects.get(pk=case.pk)
    return {one.pk for one in looks.of_the_same_name(judge=judge(person, case.group), case=now)}


def test_what_one_wrote_under_another_name_stands_beside_nothing(cast: Cast, thread: Thread) -> None:
    """Not even where both are called the same."""
    made = [worry(cast, thread, cast.alice)]
    for handle, place in (("Grey Heron", make_thread(cast.harbour)), ("Soft Lamp", thread)):
        sign_as_alias(cast.alice, place, handle=handle)
        made.append(worry(cast, place, cast.alice, once=True))
    elsewhere = make_thread(cast.harbour)
    sign_as_alias(cast.alice, elsewhere, handle="Soft Lamp")
    made.append(worry(cast, elsewhere, cast.alice, once=True))
    made.append(worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad."))
    for case in made:
        assert beside(cast.mona, case) == set()
        assert "about this name" not in Desk(cast.mona, case).page()


def test_nor_does_what_is_about_somebody_else_about_the_rules_or_closed(cast: Cast, thread: Thread) -> None:
    case = worry(cast, thread, cast.alice)
    worry(cast, thread, cast.lead)
    for reason in (Reason.WORRIED_MENTIONED, Reason.UNKIND):
        assert beside(cast.mona, worry(cast, thread, cast.alice, reason=reason)) == set()
    closed = worry(cast, thread, cast.alice)
    decide(cast.mona, closed, Act.NOTHING)
    assert beside(cast.mona, case) == beside(cast.mona, closed) == set()


def test_a_moderator_reads_nothing_of_worries_about_themselves(cast: Cast, thread: Thread) -> None:
    case = worry(cast, thread, cast.mona)
    worry(cast, thread, cast.mona)
    assert len(beside(cast.lead, case)) == 1
    assert cast.mona.client.get(Desk(cast.mona, case).base).status_code == 404


def test_five_worries_about_one_name_say_so_on_each_page(cast: Cast, thread: Thread) -> None:
    made = [worry(cast, at, cast.alice) for at in [*[thread] * 4, make_thread(cast.harbour)]]
    for case in made:
        assert beside(cast.mona, case) == {one.pk for one in made} - {case.pk}
    page = Desk(cast.mona, made[0]).page()
    assert "4 more worries about this name wait." in page
    assert all(f'href="{Desk(cast.mona, one).base}"' in page for one in made[1:])


def test_one_thread_name_is_one_in_its_talk(cast: Cast, thread: Thread) -> None:
    sign_as_alias(cast.alice, thread)
    first, second = (worry(cast, thread, cast.alice, once=True) for _ in range(2))
    assert beside(cast.mona, first) == {second.pk}
    assert "One more worry about this name waits." in Desk(cast.mona, first).page()
