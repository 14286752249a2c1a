"""What people are told about the advice in a message: refusals first."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from chat.actions import hiding, labels
from chat.actions.posts import delete_post, edit_post
from chat.enums import EventKind, LabelKind
from chat.models import Dispute, Label, Post, ThreadEvent
from chat.presenters import render_post
from chat.selectors import labels as reading
from chat.selectors import posts
from community.enums import Role
from community.errors import MayNot
from community.models import Badge, Member
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from tests.chat.hiding import block, looking
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
WORDS = "My cousin swears by it."
NEEDS = labels.Draft(kind=LabelKind.NEEDS_SOURCE, days=90)
GUIDANCE = labels.Draft(
    kind=LabelKind.GUIDANCE, days=90, source="The leaflet", link="https://health.example/insulin"
)
REVIEWED = labels.Draft(kind=LabelKind.REVIEWED, days=90)


@pytest.fixture
def post(cast: Cast) -> Post:
    return send(cast.alice, make_thread(cast.harbour), WORDS)


def give(person: Person, post: Post, draft: labels.Draft = NEEDS) -> Label:
    return labels.add(face=face(person, post.thread), post=post, draft=draft, key_of=person.keyed)


def url(name: str, post: Post, *more: str) -> str:
    return reverse(
        f"chat:{name}", args=[post.thread.group.public_id, post.thread.public_id, post.public_id, *more]
    )


def shown(post: Post) -> str:
    return render_post(posts.to_show().get(pk=post.pk), language="en")


def promote(cast: Cast, name: str, role: Role) -> Person:
    person: Person = getattr(cast, name)
    Member.objects.filter(pk=person.member(cast.harbour).pk).update(role=role)
    return person


def nurse(cast: Cast, name: str, *, days: int = 30) -> Person:
    person: Person = getattr(cast, name)
    ends = clock.today() + dt.timedelta(days=days)
    Badge.objects.create(
        member=person.member(cast.harbour), role="nurse", checked_month=clock.this_month(), expires_on=ends
    )
    return person


@pytest.mark.parametrize("who", ["bob", "lena", "muted", "weak", "alice"])
def test_who_has_no_role_adds_nothing(cast: Cast, post: Post, who: str) -> None:
    with pytest.raises(MayNot):
        give(getattr(cast, who), post)
    assert getattr(cast, who).client.post(url("about", post), {"kind": "needs_source"}).status_code == 404
    assert not Label.objects.exists() and Post.objects.get().about == []


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_whoever_is_not_here_finds_nothing(cast: Cast, post: Post, who: str) -> None:
    label = give(cast.mona, post)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    tries = [
        client.get(url("about", post)),
        client.post(url("about", post), {"kind": "corrected", "days": "90"}),
        client.post(url("label", post, label.public_id), {"text": "Wrong."}),
        client.post(url("label", post, label.public_id), {"away": "1"}),
        client.get(reverse("chat:advice", args=[cast.harbour.public_id])),
    ]
    assert {one.status_code for one in tries} <= {302, 404}
    assert all("/sign-in/" in one["Location"] for one in tries if one.status_code == 302)
    assert Label.objects.count() == 1 and not Dispute.objects.exists()


def test_whoever_does_not_see_the_writer_does_not_see_the_note(cast: Cast, post: Post) -> None:
    give(cast.mona, post)
    assert cast.bob.client.get(url("about", post)).status_code == 200
    block(cast.alice, cast.bob, cast.harbour)
    assert cast.bob.client.get(url("about", post)).status_code == 404


def test_nobody_adds_to_their_own_words_under_either_name(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.mona, thread)
    for key in (b"", alias_key(cast.mona, thread)):
        own = send(cast.mona, thread, key_for_alias=key)
        with pytest.raises(MayNot):
            give(cast.mona, own)


def test_what_the_team_writes_gets_notes_like_any(cast: Cast) -> None:
    own = send(cast.mona, make_thread(cast.harbour))
    give(cast.lead, own, GUIDANCE)
    assert "Does not match guidance" in shown(own)


def test_a_peer_leader_says_nothing_against_words(cast: Cast, post: Post) -> None:
    leader = promote(cast, "mona", Role.PEER_LEADER)
    give(leader, post)
    with pytest.raises(MayNot):
        give(leader, post, GUIDANCE)
    with pytest.raises(MayNot):
        give(leader, post, REVIEWED)


def test_only_a_checked_role_that_holds_still_reviews(cast: Cast, post: Post) -> None:
    with pytest.raises(MayNot):
        give(cast.mona, post, REVIEWED)
    with pytest.raises(MayNot):
        give(nurse(cast, "bob"), post, REVIEWED)  # no second step
    with pytest.raises(MayNot):
        give(nurse(cast, "mona", days=-1), post, REVIEWED)
    give(nurse(cast, "lead"), post, REVIEWED)
    assert "Reviewed" in shown(post) and "checked: nurse" in shown(post)


def test_guidance_comes_with_a_page_to_read(cast: Cast, post: Post) -> None:
    for link in (
        "",
        "http://health.example/",
        "javascript:alert(1)",
        "https://a@b.example/",
        "https://localhost/leave/",
        "https://h\u0435alth.example/",
    ):
        given = {"kind": "guidance", "source": "", "link": link, "days": "90"}
        assert cast.mona.client.post(url("about", post), given).status_code == 422, link
    assert not Label.objects.exists()


def test_a_note_is_told_once_and_shown_to_all_with_role_and_never_a_name(cast: Cast, post: Post) -> None:
    given = {"kind": "guidance", "source": "The leaflet", "link": "https://health.example/x", "days": "90"}
    assert cast.mona.client.post(url("about", post), given).status_code == 302
    kinds = list(ThreadEvent.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [EventKind.POST_PUBLISHED, EventKind.POST_CHANGED]
    for html in (shown(post), cast.bob.client.get(url("about", post)).content.decode()):
        assert "Does not match guidance" in html and "moderator, today" in html
        assert 'href="https://health.example/x" rel="noopener noreferrer nofollow"' in html
        assert "Clear Brook" not in html
    talk = reverse("chat:thread", args=[cast.harbour.public_id, post.thread.public_id])
    assert "Does not match guidance" in cast.lena.client.get(talk).content.decode()


@pytest.mark.parametrize(
    ("kind", "first"), [("guidance", True), ("needs_source", True), ("experience", False)]
)
def test_what_is_not_right_stands_before_the_words(cast: Cast, post: Post, kind: str, *, first: bool) -> None:
    given = {"kind": kind, "source": "", "link": "https://health.example/x", "days": "90"}
    assert cast.mona.client.post(url("about", post), given).status_code == 302
    html = shown(post)
    assert html.count('class="about') == 1
    assert (html.index('class="about') < html.index('class="post-text"')) is first


def test_there_is_one_of_each_kind(cast: Cast, post: Post) -> None:
    give(cast.mona, post)
    with pytest.raises(MayNot):
        give(cast.lead, post)
    give(cast.lead, post, GUIDANCE)
    assert [one["kind"] for one in Post.objects.get().about] == ["needs_source", "guidance"]


def test_a_source_that_is_given_answers_the_question(cast: Cast, post: Post) -> None:
    give(cast.mona, post)
    give(cast.lead, post, labels.Draft(kind=LabelKind.SOURCED, days=90, link="https://health.example/"))
    assert [one["kind"] for one in Post.objects.get().about] == ["sourced"]


def test_a_leaflet_without_a_page_is_a_source(cast: Cast, post: Post) -> None:
    page = cast.mona.client.get(url("about", post)).content.decode()
    assert "A note that says “Does not match guidance” needs one" in page
    given = {"kind": "sourced", "source": " ", "link": "", "days": "90"}
    nothing = cast.mona.client.post(url("about", post), given)
    assert nothing.status_code == 422 and not Label.objects.exists()
    assert "Say where this comes from: a page, a leaflet or a book." in nothing.content.decode()
    leaflet = given | {"source": "The clinic's blue leaflet"}
    assert cast.mona.client.post(url("about", post), leaflet).status_code == 302
    seen = cast.bob.client.get(url("about", post)).content.decode()
    assert "Source given" in seen and "blue leaflet" in seen


def test_changed_words_keep_no_praise_that_was_for_others(cast: Cast, post: Post) -> None:
    give(nurse(cast, "lead"), post, REVIEWED)
    give(cast.mona, post, GUIDANCE)
    edit_post(face=face(cast.alice, post.thread), post=post, text="Skip it all.")
    assert "Reviewed" not in shown(post)
    assert "from before the message was changed" in shown(post)
    assert reading.how_many_wait(cast.lead.here(cast.harbour)) == 1
    labels.renew(
        face=face(cast.lead, post.thread), post=post, lid=Label.objects.get().public_id, days=30,
        key_of=cast.lead.keyed,
    )  # fmt: skip
    assert "from before" not in shown(post)


def test_what_is_taken_away_takes_its_notes_along(cast: Cast, post: Post) -> None:
    label = give(cast.mona, post)
    complain(cast.bob, post, label)
    delete_post(face=face(cast.alice, post.thread), post=post)
    assert not Label.objects.exists() and not Dispute.objects.exists() and Post.objects.get().about == []
    with pytest.raises(MayNot):
        complain(cast.lena, post, label)


def test_what_is_kept_back_shows_no_note_and_waits_for_nobody(cast: Cast, post: Post) -> None:
    give(cast.mona, post)
    hiding.hide(post=post)
    assert "Needs a source" not in shown(post)
    assert reading.how_many_wait(cast.lead.here(cast.harbour)) == 0


# --- saying that a note is not right --------------------------------------------------------------------------------
def complain(person: Person, post: Post, label: Label, text: str = "The leaflet is old.") -> None:
    labels.dispute(
        face=looking(person, post.thread), post=post, lid=label.public_id, text=text, key_of=person.keyed
    )


def answer(person: Person, post: Post, label: Label) -> None:
    labels.answer(
        face=face(person, post.thread), post=post, lid=label.public_id, text="It is from May.",
        key_of=person.keyed,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["alice", "bob", "lena", "muted"])
def test_writer_and_members_say_that_a_note_is_not_right(cast: Cast, post: Post, who: str) -> None:
    label = give(cast.mona, post)
    person = getattr(cast, who)
    assert person.client.post(url("label", post, label.public_id), {"text": "Old."}).status_code == 302
    complain(person, post, label, "Again")  # once each
    said = Dispute.objects.get()
    assert said.text == "Old." and said.by_writer == (who == "alice")
    assert {field.name for field in Dispute._meta.concrete_fields}.isdisjoint({"member", "persona", "byline"})
    assert "someone says this is not right" in shown(post)
    assert "Old." not in cast.lead.client.get(url("post", post)).content.decode()


def test_the_team_alone_reads_what_was_said_against_a_note(cast: Cast, post: Post) -> None:
    label = give(cast.mona, post)
    complain(cast.bob, post, label)
    sees = {
        name: "The leaflet is old." in getattr(cast, name).client.get(url("about", post)).content.decode()
        for name in ("alice", "bob", "lena", "weak", "mona", "lead")
    }
    assert sees == {"alice": False, "bob": True, "lena": False, "weak": False, "mona": True, "lead": True}


def test_whoever_gave_a_note_leaves_the_answer_to_somebody_else(cast: Cast, post: Post) -> None:
    label = give(cast.mona, post)
    complain(cast.bob, post, label)
    for who in ("mona", "weak", "bob"):
        with pytest.raises(MayNot):
            answer(getattr(cast, who), post, label)
    answer(cast.lead, post, label)
    assert "someone says" not in shown(post)
    assert "It is from May." in cast.bob.client.get(url("about", post)).content.decode()
    assert "It is from May." not in cast.alice.client.get(url("about", post)).content.decode()


def test_a_team_of_one_answers_itself_and_the_record_says_so(cast: Cast, post: Post) -> None:
    for name in ("lead", "weak"):
        promote(cast, name, Role.MEMBER)
    label = give(cast.mona, post)
    complain(cast.bob, post, label)
    answer(cast.mona, post, label)
    entries = AuditEntry.objects.filter(chain__scope=cast.harbour.public_id).order_by("seq")
    said = list(entries.values_list("act", "actor_role", "ref"))
    assert said == [
        ("advice note added", "moderation team", label.public_id),
        ("advice note disputed", "member", label.public_id),
        ("advice note kept", "moderation team", label.public_id),
    ]
    assert '"alone":true' in entries.last().kept.payload.replace(" ", "")  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["bob", "alice", "weak"])
def test_others_take_no_note_away(cast: Cast, post: Post, who: str) -> None:
    label = give(cast.mona, post)
    person = getattr(cast, who)
    for button in ("away", "renew", "stays"):
        given = {button: "1", "days": "30", "text": "Stays."}
        assert person.client.post(url("label", post, label.public_id), given).status_code == 403
    assert Label.objects.count() == 1


def test_the_team_takes_a_note_away_also_that_of_a_nurse(cast: Cast, post: Post) -> None:
    review, needs = give(nurse(cast, "lead"), post, REVIEWED), give(cast.mona, post)
    for label in (review, needs):
        assert cast.mona.client.post(url("label", post, label.public_id), {"away": "1"}).status_code == 302
    assert not Label.objects.exists() and Post.objects.get().about == []


# --- what waits -----------------------------------------------------------------------------------------------------
def test_what_needs_a_source_waits_with_its_true_age(cast: Cast, post: Post) -> None:
    page = reverse("chat:advice", args=[cast.harbour.public_id])
    assert "Nothing needs a source" in cast.mona.client.get(page).content.decode()
    with clock.held_at(clock.now() - dt.timedelta(days=12)):
        give(cast.mona, post)
    give(cast.mona, send(cast.bob, post.thread))
    html = cast.lead.client.get(page).content.decode()
    assert "1 is late. The oldest has waited 12 days." in html and "within 7 days" in html
    assert "Asked for 12 days ago" in cast.bob.client.get(url("about", post)).content.decode()
    for who in ("alice", "weak", "ned"):
        assert getattr(cast, who).client.get(page).status_code == 404
    promote(cast, "mona", Role.PEER_LEADER)
    assert "1 is late" in cast.mona.client.get(page).content.decode()


def test_a_note_whose_time_is_over_says_so_and_waits(cast: Cast, post: Post) -> None:
    with clock.held_at(clock.now() - dt.timedelta(days=91)):
        give(cast.mona, post, GUIDANCE)
    assert "out of date since yesterday" in shown(post)
    assert [
        one.kind for one in reading.waiting(here=cast.lead.here(cast.harbour), key_of=cast.lead.keyed).others
    ] == [LabelKind.GUIDANCE]
    promote(cast, "lead", Role.PEER_LEADER)
    assert reading.how_many_wait(cast.lead.here(cast.harbour)) == 0


# --- whose they are -------------------------------------------------------------------------------------------------
def owner(person: Person, cast: Cast) -> Owner:
    return Owner(group=cast.harbour.public_id, tag=person.tag(cast.harbour), key=person.keyed)


def held(model: type, person: Person, cast: Cast) -> list[dict[str, object]]:
    found = next(one for one in holdings.holdings() if one.model is model)
    return [dict(row) for row in found.export(owner(person, cast))]


def test_a_copy_of_ones_own_has_the_notes(cast: Cast, post: Post) -> None:
    label = give(cast.mona, post, GUIDANCE)
    complain(cast.bob, post, label)
    assert "Does not match guidance (moderator" in str(held(Post, cast.alice, cast)[0]["about this advice"])
    assert held(Label, cast.mona, cast)[0]["about the advice"] == "Does not match guidance"
    assert held(Label, cast.lead, cast) == []
    assert held(Dispute, cast.bob, cast)[0]["you said"] == "The leaflet is old."
    assert held(Dispute, cast.alice, cast) == []


def test_what_is_erased_unties_and_shows_nothing(cast: Cast, post: Post) -> None:
    label = give(cast.mona, post, GUIDANCE)
    complain(cast.bob, post, label)
    before, events = shown(post), ThreadEvent.objects.count()
    for model, person in ((Label, cast.mona), (Dispute, cast.bob)):
        holding = next(one for one in holdings.holdings() if one.model is model)
        if isinstance(holding.erase, holdings.Apart):
            for ref in holding.erase.refs(owner(person, cast)):
                holding.erase.erase(ref)
        else:
            holding.erase(owner(person, cast))
        assert held(model, person, cast) == []
    assert Dispute.objects.get().text == ""
    assert (shown(post), ThreadEvent.objects.count()) == (before, events)


def test_what_waits_reads_as_one_line_that_wraps(cast: Cast, post: Post) -> None:
    """A press is laid out as a row of its parts: more than one of them would stand as columns beside each other."""
    give(cast.mona, post)
    page = cast.mona.client.get(reverse("chat:advice", args=[cast.harbour.public_id])).content.decode()
    row = page.split(f'href="{url("about", post)}">')[1].split("</a>")[0]
    assert re.fullmatch(r"<span>Needs a source · <bdi>[^<]+</bdi> · 0 days</span>\s*", row)
