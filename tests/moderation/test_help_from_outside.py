"""Whoever a limit keeps out and who asked a team for help finds its answer as a member does: on the first pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Account
from community.models import Standing
from core import clock
from moderation.actions import worries
from moderation.models import Case
from tests.moderation.console import text_of
from tests.moderation.judging import claim, judge
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
HOME, LIMITS = "/home/", "/limits/"
HELP = "Help for you, and what the team says"
NOTE = "The team wrote you a note"


def link(cast: Cast) -> str:
    return reverse("moderation:now_in", args=["limits", cast.harbour.public_id])


def asked(cast: Cast, person: Person) -> Case:
    person.client.post(link(cast), {"message": "I cannot keep safe"})
    return Case.objects.get()


def answered(cast: Cast, case: Case) -> None:
    held = claim(cast.mona, case)
    worries.write(judge=judge(cast.mona, case.group), case=held, fence=held.fence, words="How are you now?")


def page(person: Person, url: str) -> str:
    answer = person.client.get(url)
    assert answer.status_code == 200
    return text_of(answer)


def on_a_break(person: Person) -> None:
    end = clock.today() + dt.timedelta(days=3)
    assert person.client.post("/account/break/", {"until": str(end)}).status_code == 302
    assert "You are taking a break" in page(person, HOME)


def test_no_one_else_is_told(cast: Cast) -> None:
    answered(cast, asked(cast, cast.barred))
    for person in (cast.alice, cast.bob, cast.mona, cast.olga):
        assert link(cast) not in page(person, HOME)
    tag = cast.alice.tag(cast.meadow)
    Standing.objects.create(group=cast.meadow, owner_tag=tag, may_read=False, may_post=False)
    assert HELP not in page(cast.alice, LIMITS) and NOTE not in page(cast.alice, LIMITS)


def test_who_did_not_ask_is_told_nothing(cast: Cast) -> None:
    for url in (HOME, LIMITS):
        assert HELP not in page(cast.barred, url) and NOTE not in page(cast.barred, url)


@pytest.mark.parametrize("url", [HOME, LIMITS])
def test_whoever_is_kept_out_finds_the_answer(cast: Cast, url: str) -> None:
    case = asked(cast, cast.barred)
    assert HELP in page(cast.barred, url) and NOTE not in page(cast.barred, url)
    answered(cast, case)
    said = page(cast.barred, url)
    assert HELP in said and NOTE in said and f'href="{link(cast)}"' in said
    assert f"/limits/{cast.harbour.public_id}/notes/" in said
    assert "The team wrote to you." in page(cast.barred, link(cast))


def test_also_during_a_break(cast: Cast) -> None:
    case = asked(cast, cast.barred)
    on_a_break(cast.barred)
    answered(cast, case)
    said = page(cast.barred, HOME)
    assert HELP in said and NOTE in said and f'href="{link(cast)}"' in said


def test_also_where_a_limit_keeps_out_of_the_whole_site(cast: Cast) -> None:
    tag = cast.alice.tag(cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=tag, may_read=False, may_post=False, site_wide=True)
    answered(cast, asked(cast, cast.alice))
    assert HELP in page(cast.alice, LIMITS) and f'href="{link(cast)}"' in page(cast.alice, LIMITS)


def test_the_discreet_pages_do_not_name_the_group(cast: Cast) -> None:
    case = asked(cast, cast.barred)
    Account.objects.filter(pk=cast.barred.account.pk).update(discreet=True)
    answered(cast, case)
    assert "harbour" not in page(cast.barred, LIMITS) and HELP in page(cast.barred, LIMITS)
    assert "harbour" not in page(cast.barred, HOME) and HELP in page(cast.barred, HOME)
    on_a_break(cast.barred)
    assert "harbour" not in page(cast.barred, HOME) and HELP in page(cast.barred, HOME)
