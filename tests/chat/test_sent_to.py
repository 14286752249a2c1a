"""Addresses that are only sent to, opened like a page: refusals first, then the page one step up."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.chat.saying import send
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
IN_A_TALK = ["post_send", "settle", "mark_read"]


def addresses(cast: Cast) -> dict[str, str]:
    """Each of them, with the page it belongs to."""
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    gid, tid = cast.harbour.public_id, thread.public_id
    talk, group = reverse("chat:thread", args=[gid, tid]), reverse("chat:group", args=[gid])
    found = {reverse(f"chat:{name}", args=[gid, tid]): talk for name in IN_A_TALK}
    found[reverse("chat:react", args=[gid, tid, post.public_id])] = f"{talk}p/{post.public_id}/"
    found[reverse("chat:settle_opening", args=[gid])] = f"{group}new/"
    found[reverse("chat:hidden_show", args=[gid])] = f"{group}hidden/"
    return found


@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "ned"])
def test_for_outsiders_they_are_not_there(cast: Cast, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    for address in addresses(cast):
        assert client.get(address).status_code == 404, address


def test_a_talk_that_is_missing_and_one_of_another_group_look_the_same(cast: Cast) -> None:
    other = make_thread(cast.meadow)
    for name in IN_A_TALK:
        missing, hidden = (
            cast.bob.client.get(reverse(f"chat:{name}", args=[cast.harbour.public_id, tid]))
            for tid in ("none", other.public_id)
        )
        assert missing.status_code == hidden.status_code == 404


def test_members_come_to_the_page_they_belong_to(cast: Cast) -> None:
    for address, page in addresses(cast).items():
        for ask in (cast.bob.client.get, cast.bob.client.head):
            answer = ask(address, follow=True)
            assert answer.redirect_chain == [("../", 302)], address
            assert answer.status_code == 200 and answer.request["PATH_INFO"] == page


def test_nothing_else_is_answered(cast: Cast) -> None:
    for address in addresses(cast):
        assert cast.bob.client.put(address).status_code == 405
