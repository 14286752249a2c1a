"""Publishing a post: refusals first."""

from __future__ import annotations

import pytest

from chat.actions import bylines as signing
from chat.actions.posts import publish_post
from chat.enums import EventKind
from chat.errors import NeedsName, NeedsPromise, Refused
from chat.models import Alias, Byline, Post, Thread, ThreadEvent
from community.errors import MayNot, NotHere
from community.models import Group, Member, Standing
from core.registries import screening
from tests.chat.saying import alias_key, fresh, send, sign_as_alias
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_outsiders_and_the_barred_have_no_place_to_publish_from(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for person in (cast.olga, cast.barred, cast.ned):
        with pytest.raises(NotHere):
            send(person, thread)
    assert not Post.objects.exists()


def test_a_place_in_one_group_publishes_nothing_in_another(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with pytest.raises(NotHere):
        publish_post(here=cast.ned.here(cast.meadow), thread=thread, text="Hi", client_id=fresh())
    assert Thread.objects.get(pk=thread.pk).last_seq == 0


def test_the_muted_are_told_why(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with pytest.raises(MayNot, match="limit is set for you"):
        send(cast.muted, thread)


def test_standing_is_read_again_inside_the_transaction(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    before = cast.alice.here(cast.harbour)
    tag = cast.alice.tag(cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=tag, may_post=False)
    with pytest.raises(MayNot):
        publish_post(here=before, thread=thread, text="Hi", client_id=fresh())
    Standing.objects.filter(owner_tag=tag).update(may_read=False)
    with pytest.raises(NotHere):
        publish_post(here=before, thread=thread, text="Hi", client_id=fresh())
    Standing.objects.filter(owner_tag=tag).delete()
    Member.objects.filter(owner_tag=tag).delete()
    with pytest.raises(NotHere):
        publish_post(here=before, thread=thread, text="Hi", client_id=fresh())


def test_somebody_without_a_persona_is_asked_for_one(cast: Cast) -> None:
    with pytest.raises(NeedsName):
        send(cast.lena, make_thread(cast.harbour))


def test_a_changed_charter_is_accepted_first(cast: Cast) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    with pytest.raises(NeedsPromise):
        send(cast.alice, make_thread(cast.harbour))


@pytest.mark.parametrize("text", ["", "   \n\t", "\u202e", "x" * 8_001])
def test_text_that_cannot_stand_is_refused_in_words(cast: Cast, text: str) -> None:
    thread = make_thread(cast.harbour)
    with pytest.raises(Refused) as refused:
        send(cast.alice, thread, text)
    assert refused.value.reasons and not Post.objects.exists()
    assert text not in str(refused.value) or not text


def test_a_refusing_screen_keeps_the_text_back(cast: Cast, monkeypatch) -> None:
    def look(draft: screening.Draft) -> list[str]:
        return ["That is a phone number."] if "555" in draft.text else []

    monkeypatch.setattr(screening, "_refusing", [look])
    thread = make_thread(cast.harbour)
    with pytest.raises(Refused) as refused:
        send(cast.alice, thread, "call 555")
    assert refused.value.reasons == ["That is a phone number."]
    assert send(cast.alice, thread, "no number").seq == 1


def test_a_refusal_leaves_no_gap(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for person in (cast.muted, cast.lena):
        with pytest.raises((MayNot, NeedsName)):
            send(person, thread)
    assert send(cast.alice, thread).seq == 1


def test_a_post_its_event_and_its_thread(cast: Cast, django_capture_on_commit_callbacks) -> None:
    thread = make_thread(cast.harbour)
    with django_capture_on_commit_callbacks() as rings:
        post = send(cast.alice, thread, "Hello **you**")
    assert (post.seq, post.text, post.html) == (1, "Hello **you**", "<p>Hello <strong>you</strong></p>\n")
    event = ThreadEvent.objects.get()
    assert (event.seq, event.kind, event.ref) == (1, EventKind.POST_PUBLISHED, post.public_id)
    assert len(rings) == 1
    assert post.byline.persona.handle == "Grey Heron"
    thread.refresh_from_db()
    assert (thread.last_seq, thread.activity, thread.is_answered) == (1, 1, False)


def test_a_repeat_returns_the_first_post_and_takes_no_number(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    client_id = fresh()
    first, new = publish_post(
        here=cast.alice.here(cast.harbour), thread=thread, text="Once", client_id=client_id
    )
    again, still_new = publish_post(
        here=cast.alice.here(cast.harbour), thread=thread, text="Once", client_id=client_id
    )
    assert (new, still_new, again.pk) == (True, False, first.pk)
    assert send(cast.alice, thread).seq == 2
    assert ThreadEvent.objects.count() == 2


def test_the_same_client_id_of_somebody_else_is_their_own(cast: Cast) -> None:
    thread, client_id = make_thread(cast.harbour), fresh()
    assert send(cast.alice, thread, client_id=client_id).pk != send(cast.bob, thread, client_id=client_id).pk


def test_a_repeat_is_answered_even_when_writing_has_stopped_since(cast: Cast) -> None:
    thread, client_id = make_thread(cast.harbour), fresh()
    first = send(cast.alice, thread, client_id=client_id)
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False)
    assert send(cast.alice, thread, client_id=client_id).pk == first.pk


def test_one_byline_a_thread_and_another_thread_another(cast: Cast) -> None:
    one, two = make_thread(cast.harbour), make_thread(cast.harbour)
    assert send(cast.alice, one).byline_id == send(cast.alice, one).byline_id
    assert send(cast.alice, two).byline_id != Byline.objects.get(thread=one).pk


def test_an_answer_comes_from_another_byline_than_the_openers(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    send(cast.alice, thread)
    assert not Thread.objects.get(pk=thread.pk).is_answered
    send(cast.bob, thread)
    assert Thread.objects.get(pk=thread.pk).is_answered


def test_activity_orders_the_threads_of_a_group(cast: Cast) -> None:
    one, two = make_thread(cast.harbour), make_thread(cast.harbour)
    for thread in (one, two, one):
        send(cast.alice, thread)
    ordered = Thread.objects.order_by("-activity").values_list("pk", "activity")
    assert list(ordered) == [(one.pk, 3), (two.pk, 2)]


def test_an_alias_signs_in_one_thread_and_holds_its_owner_only_sealed(cast: Cast) -> None:
    thread, tag = make_thread(cast.harbour), cast.alice.tag(cast.harbour)
    key = alias_key(cast.alice, thread)
    with pytest.raises(NeedsName):
        send(cast.alice, thread, key_for_alias=key)
    sign_as_alias(cast.alice, thread)
    post = send(cast.alice, thread, key_for_alias=key)
    again = send(cast.alice, thread, key_for_alias=key)
    assert post.byline_id == again.byline_id and post.byline.persona is None
    alias = Alias.objects.get()
    assert tag not in bytes(alias.sealed_owner_tag) and signing.owner_tag_of(alias=alias) == tag
    assert send(cast.alice, thread).byline_id != post.byline_id


def test_a_mute_reaches_the_alias(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.muted, thread)
    with pytest.raises(MayNot):
        send(cast.muted, thread, key_for_alias=alias_key(cast.muted, thread))
