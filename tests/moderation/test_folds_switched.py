"""A group says who can fold while nobody of the team is here: its lead switches either way off, on the record."""

from __future__ import annotations

import json

import pytest

from audit.models import AuditEntry
from chat.models import Post
from community.errors import NotHere
from community.models import Member
from moderation.actions import care
from moderation.enums import Reason
from moderation.models import GroupCare
from tests.moderation.folding import fold, is_folded
from tests.moderation.test_folds import night, nothing_happened, own_page, pia, post, press, url
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
__all__ = ["night", "pia", "post"]


def choose(cast: Cast, *, by_leaders: bool, about_me: bool) -> None:
    care.folds(here=cast.lead.here(cast.harbour), by_leaders=by_leaders, about_me=about_me)


@pytest.mark.parametrize("who", ["olga", "barred", "alice", "weak", "ned", "mona", "pia"])
def test_only_a_lead_switches(cast: Cast, pia: Person, who: str) -> None:
    person = pia if who == "pia" else cast.people[who]
    answer = person.client.post(f"/g/{cast.harbour.public_id}/care/", {"folds": "1"})
    assert answer.status_code == (403 if who == "mona" else 404)
    if Member.objects.filter(owner_tag=person.tag(cast.harbour)).exists() and who != "barred":
        with pytest.raises(NotHere):
            care.folds(here=person.here(cast.harbour), by_leaders=False, about_me=False)
    assert not GroupCare.objects.exists() and not AuditEntry.objects.exists()


def test_a_lead_does_and_the_record_has_it(cast: Cast) -> None:
    page = f"/g/{cast.harbour.public_id}/care/"
    assert cast.lead.client.get(page).content.decode().count(" checked") >= 2
    assert cast.lead.client.post(page, {"folds": "1", "about_me": "on"}).status_code == 302
    now = GroupCare.objects.get()
    assert not now.leaders_fold and now.about_me_folds
    entry = AuditEntry.objects.get(act="folds", actor_role="group lead")
    assert json.loads(entry.kept.payload) == {"by peer leaders": False, "about me": True}
    assert "Peer leaders cannot fold here." in cast.mona.client.get(page).content.decode()


def test_without_about_me_only_peer_leaders_fold(cast: Cast, post: Post, pia: Person) -> None:
    choose(cast, by_leaders=True, about_me=False)
    assert url(post) not in own_page(cast.bob, post) and press(cast.bob, post) == 404
    for person in (cast.bob, pia):
        with pytest.raises(NotHere):
            fold(person, post)
    page = pia.client.get(url(post)).content.decode()
    assert "This is about me" not in page and "As a peer leader" in page
    assert press(pia, post) == 422 and nothing_happened()
    assert press(pia, post, "unkind") == 302 and is_folded(post)


def test_without_peer_leaders_only_whom_it_is_about_folds(cast: Cast, post: Post, pia: Person) -> None:
    choose(cast, by_leaders=False, about_me=True)
    with pytest.raises(NotHere):
        fold(pia, post, about_me=False, reason=Reason.UNKIND)
    assert press(pia, post, "unkind") == 422 and nothing_happened()
    assert press(cast.bob, post) == 302 and is_folded(post)


def test_with_neither_there_is_no_door_and_what_is_folded_stays(cast: Cast, post: Post, pia: Person) -> None:
    fold(cast.bob, post)
    choose(cast, by_leaders=False, about_me=False)
    other = Post.objects.get(text="One")
    assert url(other) not in own_page(pia, other) and press(pia, other) == 404
    assert is_folded(post)
