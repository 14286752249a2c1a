"""Folding a message while nobody of the team is here: refusals first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AuditEntry
from chat.actions.posts import delete_post, edit_post
from chat.enums import Folding
from chat.models import Byline, Post, Thread, ThreadEvent
from chat.presenters import render_post
from chat.selectors import posts
from community.enums import Role
from community.errors import MayNot, NotHere
from core import clock
from core.registries import holdings
from core.registries.holdings import Apart, Owner
from moderation.actions import decisions, folds
from moderation.enums import Act, CaseState, OffHours, Reason
from moderation.errors import Incomplete
from moderation.models import Case, Fold, GroupCare, Notice, Report
from moderation.selectors import cases
from tests.chat.hiding import block
from tests.chat.saying import alias_key, face, fill, send, sign_as_alias
from tests.chat.test_pages import page
from tests.community.test_strip import MON, shift
from tests.moderation.folding import fold, is_folded
from tests.moderation.judging import claim, decide, judge, report, ruling
from tests.people import Cast, Person, add, make_person, make_thread

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
NIGHT, EVENING = MONDAY + dt.timedelta(hours=3), MONDAY + dt.timedelta(hours=19)
LINE = "Folded until the team has looked: someone asked for that."


@pytest.fixture(autouse=True)
def night() -> Iterator[None]:
    with clock.held_at(NIGHT):
        yield


@pytest.fixture
def post(cast: Cast) -> Post:
    """Alice writes; bob is no newcomer; mona is here on Monday evenings."""
    thread = make_thread(cast.harbour)
    shift(cast.mona.member(cast.harbour), MON, "18:00", "22:00")
    fill(cast.bob, thread, ["One", "Two"])
    return send(cast.alice, thread, "Calm Otter works at the bakery.")


@pytest.fixture
def pia(cast: Cast, post: Post) -> Person:
    """A peer leader whose role has power, and who is no newcomer."""
    pia = make_person(name="pia", strong=True)
    add(pia, cast.harbour, handle="Kind Ember", role=Role.PEER_LEADER)
    fill(pia, post.thread, ["Hello", "Again"])
    return pia


def url(post: Post) -> str:
    return reverse("moderation:fold", args=[post.thread.group.public_id, "post", post.public_id])


def press(person: Person, post: Post, why: str = "about_me") -> int:
    return person.client.post(url(post), {"why": why}).status_code


def own_page(person: Person, post: Post) -> str:
    where = [post.thread.group.public_id, post.thread.public_id, post.public_id]
    return str(person.client.get(reverse("chat:post", args=where)).content.decode())


def note(person: Person, notice: Notice) -> str:
    at = f"/g/{notice.group.public_id}/notes/{notice.public_id}/"
    return str(person.client.get(at).content.decode())


def nothing_happened() -> bool:
    return not (Fold.objects.exists() or Case.objects.exists() or Notice.objects.exists())


# --- refusals ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "ned", "muted", "lena", "newcomer"])
def test_whoever_may_not_finds_nothing(cast: Cast, post: Post, who: str) -> None:
    """Outsiders, who is kept out, who may not write, who only reads or is new: as for what is not there."""
    person = None if who == "nobody" else cast.weak if who == "newcomer" else getattr(cast, who)
    if who == "muted":  # with as many messages as it takes
        persona = cast.muted.here(cast.harbour).persona
        byline = Byline.objects.create(thread=post.thread, persona=persona)
        Post.objects.filter(text__in=["One", "Two"]).update(byline=byline)
    client = person.client if person else cast.nobody
    for answer in (client.get(url(post)), client.post(url(post), {"why": "about_me"})):
        assert answer.status_code == 404 or "/sign-in/" in answer["Location"]
    if who in {"muted", "lena", "newcomer"}:
        assert person and url(post) not in own_page(person, post)
        with pytest.raises(NotHere):
            fold(person, post)
    assert not is_folded(post) and nothing_happened()


def test_nobody_folds_their_own_under_either_name(cast: Cast, post: Post) -> None:
    sign_as_alias(cast.bob, post.thread)
    for key in (b"", alias_key(cast.bob, post.thread)):
        own = send(cast.bob, post.thread, key_for_alias=key)
        assert press(cast.bob, own) == 404 and url(own) not in own_page(cast.bob, own)
    assert nothing_happened()


def test_whoever_does_not_see_the_writer_or_is_silent_in_the_talk_folds_nothing(
    cast: Cast, post: Post
) -> None:
    decide(cast.mona, report(cast.alice, Post.objects.get(text="Two")).case, Act.MUTE, scope="thread")
    assert press(cast.bob, post) == 404
    block(cast.alice, cast.weak, cast.harbour)
    assert press(cast.weak, post) == 404
    assert not is_folded(post) and not Fold.objects.exists()


def test_while_somebody_is_here_nobody_folds(cast: Cast, post: Post, pia: Person) -> None:
    with clock.held_at(EVENING):
        for person in (cast.bob, pia):
            assert url(post) not in own_page(person, post)
            assert press(person, post) == 403
            with pytest.raises(MayNot, match="is on duty now"):
                fold(person, post)
        words = cast.bob.client.get(url(post)).content.decode()
        assert "Someone from the team is on duty now." in words and "This is about me" not in words
    assert nothing_happened()


def test_only_peer_leaders_with_a_second_factor_fold_for_others(cast: Cast, post: Post, pia: Person) -> None:
    weak = cast.weak.member(cast.harbour)
    weak.role = Role.PEER_LEADER
    weak.save()
    fill(cast.weak, post.thread, ["Three", "Four"])
    for person in (cast.bob, cast.weak, cast.mona):
        assert press(person, post, "unkind") in {404, 422}
        with pytest.raises(NotHere):
            fold(person, post, about_me=False, reason=Reason.UNKIND)
    assert press(pia, post, "worried") == 422
    with pytest.raises(NotHere):  # a worry is care, and hides nobody's words
        fold(pia, post, about_me=False, reason=Reason.WORRIED)
    assert nothing_happened()
    assert press(pia, post, "unkind") == 302 and is_folded(post)


def test_one_open_fold_each_and_one_for_each_text(cast: Cast, post: Post, pia: Person) -> None:
    other = send(cast.alice, post.thread, "And at the harbour.")
    fold(cast.bob, post)
    with pytest.raises(MayNot, match="one at a time"):
        fold(cast.bob, other)
    assert press(cast.bob, other) == 403 and "one at a time" in own_page(cast.bob, other)
    with pytest.raises(NotHere):  # it is folded
        fold(pia, post, about_me=False)
    assert Fold.objects.count() == 1 and not is_folded(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fold.objects.create(key=cast.bob.keyed("fold", cast.harbour.public_id), case=report(pia, other).case)


def test_reports_fold_nothing_however_many(cast: Cast, post: Post, pia: Person) -> None:
    for person in (cast.bob, cast.lena, cast.muted, cast.weak, cast.lead, pia):
        report(person, post, reason=Reason.GIVES_AWAY)
    assert not is_folded(post) and not Fold.objects.exists()


# --- what it does -----------------------------------------------------------------------------------------------
def test_one_press_folds_it_for_all_and_one_opens_it(cast: Cast, post: Post) -> None:
    assert "This is about me" in own_page(cast.bob, post)
    before = ThreadEvent.objects.count()
    assert "This is about me: fold it" in cast.bob.client.get(url(post)).content.decode()
    assert press(cast.bob, post) == 302
    for person in (cast.alice, cast.bob, cast.lena, cast.mona):
        words = page(person, post.thread)
        assert LINE in words and "Calm Otter works at the bakery." in words
    assert ThreadEvent.objects.count() == before + 1  # open pages get it anew
    fragment = render_post(posts.anywhere(public_id=post.public_id), language="en")
    assert '<details class="fold folded">' in fragment and " open" not in fragment
    assert press(cast.bob, post) == 302  # pressed twice: to where it stands
    assert Fold.objects.count() == Report.objects.count() == 1


def test_the_team_has_it_first_and_is_not_told_who(cast: Cast, post: Post, pia: Person) -> None:
    early = send(cast.alice, post.thread, "You are all lazy.")
    report(pia, early, reason=Reason.BAD_ADVICE)
    fold(pia, post, about_me=False, reason=Reason.SPAM)
    first = cases.waiting(judge=judge(cast.mona, cast.harbour))[0]
    assert first.subject_id == post.public_id and first.reason == Reason.SPAM
    words = cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/{first.public_id}/").content.decode()
    assert "Someone folded it while nobody of you was here." in words
    assert "Kind Ember" not in words and "about them" not in words


def test_it_joins_what_is_reported_already_and_no_worry(cast: Cast, post: Post) -> None:
    worry = report(cast.bob, post, reason=Reason.WORRIED).case
    known = report(cast.weak, post).case
    made = fold(cast.bob, post)
    assert made.case_id == known.pk != worry.pk and Report.objects.filter(case=known).count() == 2
    assert Case.objects.get(pk=known.pk).reason == Reason.GIVES_AWAY
    decide(cast.lead, worry, Act.NOTHING)
    assert is_folded(post)  # that one is about care


def test_its_writer_is_told_and_never_by_whom(cast: Cast, post: Post) -> None:
    fold(cast.bob, post)
    told = Notice.objects.get().message
    assert "it is folded" in told and "Calm Otter" not in told
    assert "Someone asked us to look at a message of yours." in note(cast.alice, Notice.objects.get())
    assert "Your message is folded until the team has looked." in own_page(cast.alice, post)
    assert "folded until the team has looked. Nobody" not in own_page(cast.bob, post)


def test_the_record_says_that_and_as_what(cast: Cast, post: Post, pia: Person) -> None:
    fold(cast.bob, post)
    fold(pia, send(cast.alice, post.thread, "You are lazy."), about_me=False, reason=Reason.UNKIND)
    roles = AuditEntry.objects.filter(act="fold").order_by("seq").values_list("actor_role", flat=True)
    assert list(roles) == ["member", "peer leader"]


def test_no_row_says_whose_it_is(cast: Cast, post: Post) -> None:
    made = fold(cast.bob, post)
    assert {field.name for field in Fold._meta.concrete_fields} == {
        "id", "key", "case", "until", "barred_until",
    }  # fmt: skip
    assert bytes(made.key) == cast.bob.keyed("fold", cast.harbour.public_id)
    assert made.until == NIGHT + dt.timedelta(hours=72)


def test_a_one_thread_name_folds_and_is_folded(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.bob, thread)
    for _ in range(2):  # under no other name than this: no newcomer either
        own = send(cast.bob, thread, key_for_alias=alias_key(cast.bob, thread))
    guess = send(cast.alice, thread, "Soft Lamp works at the bakery.")
    fold(cast.bob, guess)
    about_guess = Notice.objects.get()
    assert is_folded(guess) and "Someone asked us" in note(cast.alice, about_guess)
    fill(cast.alice, thread, ["One", "Two"])
    fold(cast.alice, own)
    assert is_folded(own) and Notice.objects.count() == 2
    assert "Someone asked us" in note(cast.bob, Notice.objects.exclude(pk=about_guess.pk).get())


def test_the_title_that_a_folded_post_opens_with_is_folded_with_it(cast: Cast, post: Post) -> None:
    thread = make_thread(cast.harbour, title="Calm Otter is the baker")
    opening = send(cast.alice, thread)
    made = fold(cast.bob, opening)
    listed = cast.lena.client.get(f"/g/{cast.harbour.public_id}/").content.decode()
    assert "Calm Otter is the baker" not in listed
    words = page(cast.lena, thread)
    assert words.count("Calm Otter is the baker") == 1 and words.index(LINE) < words.index("is the baker")
    decide(cast.mona, made.case, Act.NOTHING)
    assert Thread.objects.get(pk=thread.pk).title == "Calm Otter is the baker"


# --- what ends it -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", [Act.NOTHING, Act.NOTE, Act.HIDE, Act.ASK_EDIT, Act.MUTE])
def test_a_decision_ends_it_for_these_words(cast: Cast, post: Post, pia: Person, act: Act) -> None:
    made = fold(cast.bob, post)
    decide(cast.mona, made.case, act)
    assert not is_folded(post) and not Fold.objects.exists()
    assert Notice.objects.filter(message=folds.OPENED).exists() is (act in {Act.NOTHING, Act.NOTE})
    assert AuditEntry.objects.get(act__startswith="decision").kept.payload.count('"fold":"ended"') == 1
    with pytest.raises(NotHere):  # nobody folds what the team has looked at
        fold(pia, post, about_me=False)
    if act in {Act.NOTHING, Act.ASK_EDIT}:
        edit_post(face=face(cast.alice, post.thread), post=post, text="Calm Otter is at the mill.")
        fold(pia, post, about_me=False)  # other words
        assert is_folded(post)


def test_what_was_looked_at_without_a_fold_is_not_folded_either_and_nobody_hears(
    cast: Cast, post: Post
) -> None:
    case, before = report(cast.weak, post).case, ThreadEvent.objects.count()
    decide(cast.mona, case, Act.NOTHING)
    assert press(cast.bob, post) == 404 and ThreadEvent.objects.count() == before


def test_what_should_not_have_been_folded_bars_for_a_month(cast: Cast, post: Post) -> None:
    made, other = fold(cast.bob, post), send(cast.alice, post.thread, "More")
    held = claim(cast.mona, made.case)
    given = {"judge": judge(cast.mona, cast.harbour), "case": held, "fence": held.fence}
    with pytest.raises(Incomplete):
        decisions.decide(**given, ruling=ruling(Act.HIDE, unfounded=True))
    to = f"/g/{cast.harbour.public_id}/team/{held.public_id}/"
    assert "It should not have been folded." in cast.mona.client.get(to).content.decode()
    sent = {"fence": held.fence, "act": "nothing", "unfounded": "on"}
    assert cast.mona.client.post(f"{to}decide/", sent).status_code == 302
    assert not is_folded(post) and '"fold":"unfounded"' in _said("decision nothing")
    with pytest.raises(MayNot, match="You can fold again from 30 December"):
        fold(cast.bob, other)
    with clock.held_at(NIGHT + dt.timedelta(days=30)):
        folds.end_due()
        fold(cast.bob, send(cast.alice, post.thread, "Once more"))


def test_a_decision_that_is_undone_bars_nobody(cast: Cast, post: Post) -> None:
    other = send(cast.alice, post.thread, "More")
    decision = decide(cast.mona, fold(cast.bob, post).case, Act.NOTHING, unfounded=True)
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=decision, because="I read it too fast.")
    assert not Fold.objects.exists() and not is_folded(post)
    fold(cast.bob, other)


def test_after_three_days_it_opens_by_itself_and_can_still_be_judged(cast: Cast, post: Post) -> None:
    made = fold(cast.bob, post)
    with clock.held_at(NIGHT + dt.timedelta(hours=71)):
        folds.end_due()
        assert is_folded(post)
    with clock.held_at(NIGHT + dt.timedelta(hours=72)):
        folds.end_due()
        folds.end_due()
        assert not is_folded(post) and AuditEntry.objects.filter(act="fold over").count() == 1
        assert Notice.objects.filter(message=folds.OPENED).count() == 1
        decide(cast.mona, made.case, Act.NOTHING, unfounded=True)
        assert Notice.objects.filter(message=folds.OPENED).count() == 1
        with pytest.raises(MayNot):
            fold(cast.bob, send(cast.alice, post.thread, "More"))


def test_other_words_are_folded_anew_while_nobody_has_looked(cast: Cast, post: Post, pia: Person) -> None:
    first = fold(cast.bob, post)
    with clock.held_at(NIGHT + dt.timedelta(hours=74)):
        folds.end_due()
        Post.objects.filter(pk=post.pk).update(posted_on=clock.today())
        edit_post(face=face(cast.alice, post.thread), post=post, text="Calm Otter is at the mill.")
        again = fold(pia, post, about_me=False)
        assert is_folded(post) and again.case_id == first.case_id and Fold.objects.count() == 1


def test_its_writer_changes_it_or_takes_it_away_meanwhile(cast: Cast, post: Post) -> None:
    made = fold(cast.bob, post)
    edit_post(face=face(cast.alice, post.thread), post=post, text="I take that back.")
    assert is_folded(post)
    delete_post(face=face(cast.alice, post.thread), post=post)
    assert LINE not in page(cast.lena, post.thread)
    decide(cast.mona, made.case, Act.NOTHING)
    assert Post.objects.get(pk=post.pk).folding == Folding.LOOKED_AT
    assert Case.objects.get().state == CaseState.DECIDED


# --- what is held of a person -------------------------------------------------------------------------------------
def test_a_copy_has_it_and_it_goes_with_the_account_alone(cast: Cast, post: Post) -> None:
    fold(cast.bob, post)
    held = next(one for one in holdings.holdings() if one.model is Fold)
    owner = Owner(group=cast.harbour.public_id, tag=cast.bob.tag(cast.harbour), key=cast.bob.keyed)
    assert [row["you folded a message, until"] for row in held.export(owner)] == [Fold.objects.get().until]
    assert isinstance(held.erase, Apart) and held.erase.final and not holdings.goes(held)
    (ref,) = held.erase.refs(owner)
    held.erase.erase(ref)
    assert is_folded(post) and not list(held.erase.refs(owner))  # it is nobody's now
    Fold.objects.update(until=None, barred_until=clock.today() + folds.BARRED)
    held.erase.erase(ref)
    assert not Fold.objects.exists()


def test_groups_that_change_nothing_for_newcomers_fold_as_well(cast: Cast, post: Post) -> None:
    GroupCare.objects.create(group=cast.harbour, off_hours=OffHours.SAME, first_messages=3)
    assert press(cast.bob, post) == 404  # two messages: a newcomer here
    send(cast.bob, post.thread, "Three")
    assert press(cast.bob, post) == 302


def _said(act: str) -> str:
    return str(AuditEntry.objects.get(act=act).kept.payload)
