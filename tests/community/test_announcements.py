"""What a group says, to whom, and until when: refusals first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from community.actions import announcements
from community.enums import Reach
from community.errors import MayNot, NotHere
from community.models import Announcement, Group
from community.selectors.announcements import is_announced
from core import clock
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


def say(person: Person, group: Group, reach: Reach = Reach.MEMBERS) -> Announcement:
    return announcements.publish(
        here=person.here(group), title="Vaccines on Thursday", text="At the *clinic*.", reach=reach,
        ends_on=clock.today() + WEEK,
    )  # fmt: skip


def given(reach: Reach = Reach.MEMBERS, days: int = 7) -> dict[str, str]:
    ends = clock.today() + dt.timedelta(days=days)
    return {"title": "Vaccines", "text": "Thursday.", "reach": str(reach), "ends_on": ends.isoformat()}


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "barred", "weak", "mona", "ned", "olga"])
def test_only_a_lead_speaks_for_the_group(cast: Cast, who: str) -> None:
    client, there = getattr(cast, who).client, say(cast.lead, cast.harbour)
    new = reverse("community:announce", args=[cast.harbour.public_id])
    one = reverse("community:announcement", args=[cast.harbour.public_id, there.public_id])
    assert client.post(new, given()).status_code in (302, 404)
    assert client.post(one).status_code in (302, 404)
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize("reach", [Reach.LINK, Reach.PRINT])
def test_what_is_read_outside_names_nobody_here(cast: Cast, reach: Reach) -> None:
    new = reverse("community:announce", args=[cast.harbour.public_id])
    for text in ("Call Grey Heron on 07700 900123.", "ask grey\nheron", "Old Anchor left"):
        for press in ({}, {"as_it_is": "1"}):
            page = cast.lead.client.post(new, given(reach) | {"text": text} | press)
            assert page.status_code == 422 and "it names someone here" in page.content.decode()
        with pytest.raises(MayNot, match="names someone here"):
            announcements.publish(
                here=cast.lead.here(cast.harbour), title="A", text=text, reach=reach, ends_on=clock.today()
            )
    title = given(reach) | {"title": "Grey Heron speaks", "as_it_is": "1"}
    assert cast.lead.client.post(new, title).status_code == 422
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("reach", "text", "shown"),
    [
        (Reach.LINK, "Ring us on 07700 900123.", "“07700 900123”"),
        (Reach.MEMBERS, "Write to jo@example.com.", "“jo@example.com”"),
        (Reach.MEMBERS, "Grey Heron brings tea.", "“Grey Heron”"),
    ],
)
def test_a_number_is_looked_at_once_and_may_be_a_services(
    cast: Cast, reach: Reach, text: str, shown: str
) -> None:
    new, data = reverse("community:announce", args=[cast.harbour.public_id]), given(reach) | {"text": text}
    first = cast.lead.client.post(new, data)
    page = first.content.decode()
    assert first.status_code == 409 and "Not up yet. Look at this once." in page
    assert shown in page and f"{text}</textarea>" in page and "Put it up as it is" in page
    assert not Announcement.objects.exists()
    assert cast.lead.client.post(new, data | {"as_it_is": "1"}).status_code == 302
    assert Announcement.objects.get().text == text


@pytest.mark.parametrize("reach", [Reach.MEMBERS, Reach.PRINT])
def test_what_is_for_members_has_no_page_for_others(cast: Cast, reach: Reach) -> None:
    there = say(cast.lead, cast.harbour, reach)
    inside = reverse("community:announcement", args=[cast.harbour.public_id, there.public_id])
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client, cast.lead.client):
        assert client.get(reverse("community:public_announcement", args=[there.public_id])).status_code == 404
    for client in (cast.olga.client, cast.barred.client, cast.ned.client):
        assert client.get(inside).status_code == 404
    assert "<em>clinic</em>" in cast.lena.client.get(inside).content.decode()


def test_of_another_group_there_is_nothing(cast: Cast) -> None:
    there = say(cast.lead, cast.harbour)
    other = reverse("community:announcement", args=[cast.meadow.public_id, there.public_id])
    assert cast.ned.client.get(other).status_code == 404
    assert cast.ned.client.post(other).status_code == 404
    assert Announcement.objects.exists()


def test_after_its_end_a_link_answers_like_one_that_never_was(cast: Cast, django_assert_num_queries) -> None:
    there = say(cast.lead, cast.harbour, Reach.LINK)
    link = reverse("community:public_announcement", args=[there.public_id])
    page = cast.nobody.get(link)
    assert "Vaccines on Thursday" in page.content.decode()
    assert not page.cookies and "no-store" in page.headers["Cache-Control"]
    assert page.headers["Cache-Control"].count("max-age") <= 1
    never = reverse("community:public_announcement", args=["never-was-there"])
    with clock.held_at(clock.now() + WEEK + dt.timedelta(days=1)):
        answers = []
        for address in (link, never):
            with django_assert_num_queries(1):
                answers.append(Client().get(address))
        ended, unknown = answers
        assert ended.status_code == unknown.status_code == 404
        assert ended.content == unknown.content and dict(ended.headers) == dict(unknown.headers)
        announcements.drop_ended()
    assert not Announcement.objects.exists()


def test_taken_back_it_is_gone_at_once(cast: Cast) -> None:
    there = say(cast.lead, cast.harbour, Reach.LINK)
    one = reverse("community:announcement", args=[cast.harbour.public_id, there.public_id])
    assert cast.lead.client.post(one).status_code == 302
    assert (
        cast.nobody.get(reverse("community:public_announcement", args=[there.public_id])).status_code == 404
    )
    assert not is_announced(Group.objects.get(pk=cast.harbour.pk))
    acts = AuditEntry.objects.filter(chain__scope=cast.harbour.public_id).order_by("seq")
    assert list(acts.values_list("act", flat=True)) == ["announced", "announcement ended"]


def test_a_hidden_group_has_no_page_for_others(cast: Cast) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(visibility="hidden")
    with pytest.raises(MayNot):
        say(cast.lead, cast.harbour, Reach.LINK)
    Group.objects.filter(pk=cast.harbour.pk).update(visibility="closed")
    there = say(cast.lead, cast.harbour, Reach.LINK)
    Group.objects.filter(pk=cast.harbour.pk).update(visibility="hidden")
    assert (
        cast.nobody.get(reverse("community:public_announcement", args=[there.public_id])).status_code == 404
    )


def test_it_ends_within_a_year_and_not_before_today(cast: Cast) -> None:
    new = reverse("community:announce", args=[cast.harbour.public_id])
    for days in (-1, 400):
        assert cast.lead.client.post(new, given(days=days)).status_code == 422
    assert cast.lead.client.post(new, {}).status_code == 422
    assert not Announcement.objects.exists()
    assert cast.lead.client.post(new, given(days=0)).status_code == 302


def test_whoever_is_no_lead_any_more_says_nothing(cast: Cast) -> None:
    here = cast.lead.here(cast.harbour)
    here.member.__class__.objects.filter(pk=here.member.pk).update(role="member")
    with pytest.raises(NotHere):
        announcements.publish(
            here=here, title="A", text="B", reach=Reach.MEMBERS, ends_on=clock.today() + WEEK
        )


def test_the_page_of_the_group_says_that_there_is_something(cast: Cast) -> None:
    page = reverse("chat:group", args=[cast.harbour.public_id])
    assert "something to tell you" not in cast.lena.client.get(page).content.decode()
    there = say(cast.lead, cast.harbour, Reach.LINK)
    assert "something to tell you" in cast.lena.client.get(page).content.decode()
    library = cast.lena.client.get(reverse("chat:library", args=[cast.harbour.public_id])).content.decode()
    assert "Vaccines on Thursday" in library and "Broad Field" not in library
    inside = reverse("community:announcement", args=[cast.harbour.public_id, there.public_id])
    assert reverse("community:public_announcement", args=[there.public_id]) in (
        cast.lena.client.get(inside).content.decode()
    )
    columns = {field.name for field in Announcement._meta.concrete_fields}
    assert columns.isdisjoint({"member", "persona", "key"})
