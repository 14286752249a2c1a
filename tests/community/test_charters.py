"""The group promise: versions, what changed, agreeing, and who may change it."""

from __future__ import annotations

import pytest

from community.actions import charters as actions
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Charter, Group, Member
from community.selectors import charters
from community.starter import CharterText, RuleText
from tests.people import Cast

TEXT = CharterText(
    purpose="To talk.",
    who_can_see="People in the group.",
    third_party_privacy="No names of others.",
    what_it_is_not=["Not a crisis service."],
    rules=[
        RuleText(code="kind", text="Be kind and patient."),
        RuleText(code="contacts", text="No phone numbers."),
    ],
)


def _publish(cast: Cast, base: int = 1) -> Charter:
    return actions.publish_charter(here=cast.lead.here(cast.harbour), text=TEXT, base_version=base)


def _form(**changes: str) -> dict[str, str]:
    return {
        "base_version": "1", "purpose": "To talk.", "what_it_is_not": "Not a crisis service.\n\nNot advice.",
        "who_can_see": "Members.", "third_party_privacy": "No names.", "easy_read": "",
        "form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "2", "form-MIN_NUM_FORMS": "1", "form-MAX_NUM_FORMS": "12",
        "form-0-code": "kind", "form-0-text": "Be very kind.", "form-0-example": "", "form-0-consequence": "",
        "form-1-code": "privacy", "form-1-text": "Be privacy.", "form-1-DELETE": "on",
        "form-2-code": "", "form-2-text": "No phone numbers.", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["alice", "muted", "barred", "weak", "mona", "ned", "olga"])
def test_only_the_lead_changes_the_promise(cast: Cast, who: str) -> None:
    page = f"/g/{cast.harbour.public_id}/promise/change/"
    client = getattr(cast, who).client
    assert client.get(page).status_code == 404
    assert client.post(page, _form()).status_code == 404
    assert Charter.objects.filter(group=cast.harbour).count() == 1


@pytest.mark.parametrize("page", ["promise/", "promise/change/"])
def test_strangers_read_the_promise_on_the_front_page_only(cast: Cast, page: str) -> None:
    for client in (cast.nobody, cast.olga.client, cast.barred.client):
        assert client.get(f"/g/{cast.harbour.public_id}/{page}").status_code == 404
        assert client.post(f"/g/{cast.harbour.public_id}/promise/accept/", {"version": 1}).status_code == 404


def test_a_lead_who_lost_the_role_meanwhile_changes_nothing(cast: Cast) -> None:
    here = cast.lead.here(cast.harbour)
    Member.objects.filter(pk=here.member.pk).update(role=Role.MEMBER)
    with pytest.raises(NotHere):
        actions.publish_charter(here=here, text=TEXT, base_version=1)
    assert Charter.objects.filter(group=cast.harbour).count() == 1


def test_a_moderator_may_not_through_the_action_either(cast: Cast) -> None:
    with pytest.raises(NotHere):
        actions.publish_charter(here=cast.mona.here(cast.harbour), text=TEXT, base_version=1)


def test_a_change_is_a_new_version_and_the_old_one_stays(cast: Cast) -> None:
    page = f"/g/{cast.harbour.public_id}/promise/change/"
    assert "Be kind." in cast.lead.client.get(page).content.decode()
    assert cast.lead.client.post(page, _form()).status_code == 302
    cast.harbour.refresh_from_db()
    assert cast.harbour.charter_version == 2
    new, old = charters.current(group=cast.harbour), charters.at(group=cast.harbour, version=1)
    assert [rule.text for rule in new.rules_in_order] == ["Be very kind.", "No phone numbers."]
    assert new.rules_in_order[0].code == "kind"
    assert new.what_it_is_not == ["Not a crisis service.", "Not advice."]
    assert [rule.text for rule in old.rules_in_order] == ["Be kind.", "Be privacy."]


@pytest.mark.parametrize(
    "changes", [{"purpose": ""}, {"form-0-text": ""}, {"form-0-DELETE": "on", "form-2-text": ""}]
)
def test_a_promise_with_a_gap_is_not_published(cast: Cast, changes: dict[str, str]) -> None:
    response = cast.lead.client.post(f"/g/{cast.harbour.public_id}/promise/change/", _form(**changes))
    assert response.status_code == 422
    assert Charter.objects.filter(group=cast.harbour).count() == 1


def test_of_two_who_change_it_at_once_the_second_looks_again(cast: Cast) -> None:
    _publish(cast)
    with pytest.raises(MayNot):
        _publish(cast)
    response = cast.lead.client.post(f"/g/{cast.harbour.public_id}/promise/change/", _form())
    assert response.status_code == 409
    assert "Be very kind." in response.content.decode()
    assert Charter.objects.filter(group=cast.harbour).count() == 2
    assert Group.objects.get(pk=cast.harbour.pk).charter_version == 2


def test_a_change_asks_every_member_but_the_one_who_made_it(cast: Cast) -> None:
    _publish(cast)
    assert cast.alice.here(cast.harbour).must_accept_charter
    assert not cast.lead.here(cast.harbour).must_accept_charter
    assert not cast.alice.here(cast.meadow).must_accept_charter


def test_members_see_what_changed_in_words(cast: Cast) -> None:
    _publish(cast)
    page = cast.alice.client.get(f"/g/{cast.harbour.public_id}/promise/").content.decode()
    for said in ("What changed since version 1", "<b>Added:</b> No phone numbers.", "<b>Taken out:</b> Be privacy.",
                 "<b>Changed:</b> Be", "and patient.", "Yes, I will", "?version=1"):  # fmt: skip
        assert said in page
    old = cast.alice.client.get(f"/g/{cast.harbour.public_id}/promise/?version=1").content.decode()
    assert "Be privacy." in old
    assert "Yes, I will" not in old
    assert cast.alice.client.get(f"/g/{cast.harbour.public_id}/promise/?version=9").status_code == 404


def test_agreeing_leads_on_to_where_one_was(cast: Cast) -> None:
    _publish(cast)
    there = f"/g/{cast.harbour.public_id}/new/"
    response = cast.alice.client.post(
        f"/g/{cast.harbour.public_id}/promise/accept/", {"version": "2", "next": there}
    )
    assert response.headers["Location"] == there
    assert not cast.alice.here(cast.harbour).must_accept_charter


@pytest.mark.parametrize("version", ["1", "3", "", "x"])
def test_only_the_version_in_force_is_agreed_to(cast: Cast, version: str) -> None:
    _publish(cast)
    response = cast.alice.client.post(f"/g/{cast.harbour.public_id}/promise/accept/", {"version": version})
    assert response.headers["Location"] == f"/g/{cast.harbour.public_id}/promise/"
    assert cast.alice.here(cast.harbour).must_accept_charter


def test_one_who_may_not_post_may_agree(cast: Cast) -> None:
    _publish(cast)
    cast.muted.client.post(f"/g/{cast.harbour.public_id}/promise/accept/", {"version": "2"})
    assert not cast.muted.here(cast.harbour).must_accept_charter


def test_words_that_stayed_came_and_went() -> None:
    pieces = charters.word_pieces(old="Be kind to all", new="Be very kind to others")
    assert [(piece.mark, piece.text) for piece in pieces] == [
        ("", "Be"), ("in", "very"), ("", "kind to"), ("out", "all"), ("in", "others"),
    ]  # fmt: skip


def test_the_easy_version_has_a_place_of_its_own(cast: Cast) -> None:
    Charter.objects.filter(group=cast.harbour).update(easy_read="Be kind. You can just read.")
    page = cast.nobody.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert 'id="easy"' in page
    assert "Be kind. You can just read." in page
