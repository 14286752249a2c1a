"""Roles that a team checks: refusals first, then two people, then one alone, then who shows what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AuditEntry
from chat.actions.bylines import Signature
from chat.models import Post
from community.actions import badges as actions
from community.actions import due, personas, roles
from community.actions.badges import Claim
from community.enums import Pay, Proof, Role
from community.errors import MayNot, NotHere
from community.models import Badge, Member
from community.presenters.badges import role_words
from community.selectors import badges
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, Person, add, make_people, make_thread

pytestmark = pytest.mark.django_db
NURSE = Claim(role="nurse", proof=Proof.REGISTER)
VOLUNTEER = Claim(role="volunteer", proof=Proof.WORD, organisation="Harbour Aid", pay=Pay.UNPAID)


def propose(who: Person, cast: Cast, *, handle: str = "Calm Otter", claim: Claim = NURSE) -> Badge:
    return actions.propose(here=who.here(cast.harbour), handle=handle, claim=claim, key_of=who.keyed)


def confirm(who: Person, cast: Cast, badge: Badge) -> None:
    actions.confirm(here=who.here(cast.harbour), bid=badge.public_id, key_of=who.keyed)


def given(cast: Cast, **more: object) -> Badge:
    """Bob was checked by two, and shows it."""
    badge = propose(cast.lead, cast, **more)  # type: ignore[arg-type]
    confirm(cast.mona, cast, badge)
    bob = cast.bob.here(cast.harbour)
    actions.wear(here=bob, bid=badge.public_id, is_worn=True, shows_organisation=False)
    return Badge.objects.get()


def url(cast: Cast, name: str, *parts: str) -> str:
    return reverse(f"community:{name}", args=[cast.harbour.public_id, *parts])


def page(who: Person, cast: Cast, name: str = "checked") -> str:
    return who.client.get(url(cast, name)).content.decode()


def waits(who: Person, cast: Cast) -> int:
    return badges.how_many_wait(who.here(cast.harbour), key_of=who.keyed)


def alone(cast: Cast) -> None:
    """Nobody but the lead looks after harbour."""
    Member.objects.filter(group=cast.harbour, role=Role.MODERATOR).update(role=Role.MEMBER)


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "bob", "lena", "muted", "barred", "weak", "ned", "olga", "nobody"])
def test_only_the_team_checks(cast: Cast, who: str) -> None:
    badge = propose(cast.lead, cast)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    form = {"handle": "Grey Heron", "role": "nurse", "proof": "register"}
    assert client.get(url(cast, "checked")).status_code == 404
    assert client.post(url(cast, "checked"), form).status_code == 404
    for press in ({"confirm": "1"}, {}):
        assert client.post(url(cast, "checked_one", badge.public_id), press).status_code == 404
    badge.refresh_from_db()
    assert badge.checked_month is None and Badge.objects.count() == 1


@pytest.mark.parametrize("who", ["alice", "weak", "lena"])
def test_no_action_lets_others_check(cast: Cast, who: str) -> None:
    badge, person = propose(cast.lead, cast), getattr(cast, who)
    for act in (
        lambda: propose(person, cast, handle="Dim Comet"),
        lambda: confirm(person, cast, badge),
        lambda: actions.take_away(here=person.here(cast.harbour), bid=badge.public_id),
    ):
        with pytest.raises(NotHere):
            act()


def test_another_groups_badge_is_not_there(cast: Cast) -> None:
    badge = propose(cast.lead, cast)
    with pytest.raises(NotHere):
        actions.take_away(here=cast.ned.here(cast.meadow), bid=badge.public_id)
    with pytest.raises(NotHere):
        actions.confirm(here=cast.ned.here(cast.meadow), bid=badge.public_id, key_of=cast.ned.keyed)


def test_nobody_checks_themselves(cast: Cast) -> None:
    with pytest.raises(MayNot, match="Nobody checks themselves"):
        propose(cast.mona, cast, handle="Clear Brook")
    badge = propose(cast.lead, cast, handle="Clear Brook")
    with pytest.raises(NotHere):
        confirm(cast.mona, cast, badge)
    assert badge.public_id not in page(cast.mona, cast)
    assert waits(cast.mona, cast) == 0


def test_whoever_proposed_it_does_not_confirm_it(cast: Cast) -> None:
    badge = propose(cast.lead, cast)
    with pytest.raises(MayNot, match="Somebody else"):
        confirm(cast.lead, cast, badge)
    assert "It does not hold yet" in page(cast.lead, cast) and "I looked" not in page(cast.lead, cast)
    assert waits(cast.lead, cast) == 0 and waits(cast.mona, cast) == 1


def test_the_tab_counts_what_one_can_confirm_and_leads_to_it(cast: Cast) -> None:
    """For whoever proposed it there is nothing to do: a number would lead to a page on which nothing waits."""
    propose(cast.lead, cast)
    mine, theirs = (page(who, cast, "promise") for who in (cast.lead, cast.mona))
    assert "Roles</a>" in mine and f'href="{url(cast, "roles")}"' in mine
    assert "Roles (1)</a>" in theirs and f'href="{url(cast, "checked")}"' in theirs
    assert f'href="{url(cast, "roles")}"' in page(cast.mona, cast)


def test_a_lead_does_not_pick_who_confirms(cast: Cast) -> None:
    badge = propose(cast.lead, cast)
    roles.give_role(here=cast.lead.here(cast.harbour), handle="Grey Heron", role=Role.MODERATOR)
    cast.alice.strong = True
    with pytest.raises(MayNot, match="joined the team after"):
        confirm(cast.alice, cast, badge)
    assert waits(cast.alice, cast) == 0
    confirm(cast.mona, cast, badge)


def test_what_was_confirmed_once_is_not_confirmed_again(cast: Cast) -> None:
    badge = given(cast)
    with pytest.raises(NotHere):
        confirm(cast.mona, cast, badge)


def test_nobody_wears_what_does_not_hold_or_is_not_theirs(cast: Cast) -> None:
    badge = propose(cast.lead, cast)
    for who in (cast.bob, cast.alice):
        with pytest.raises(NotHere):
            actions.wear(
                here=who.here(cast.harbour), bid=badge.public_id, is_worn=True, shows_organisation=True
            )
    confirm(cast.mona, cast, badge)
    with pytest.raises(NotHere):
        actions.give_up(here=cast.alice.here(cast.harbour), bid=badge.public_id)
    answer = cast.alice.client.post(url(cast, "own_checked"), {"badge": badge.public_id, "is_worn": "on"})
    assert answer.status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Badge.objects.update(checked_month=None)


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_ones_own_page_is_for_members(cast: Cast, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.get(url(cast, "own_checked")).status_code == 404


def test_a_form_with_gaps_says_what_is_missing(cast: Cast) -> None:
    form = {"handle": "Calm Otter", "role": "", "proof": "register", "organisation": "Harbour Aid"}
    answer = cast.lead.client.post(url(cast, "checked"), form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say what they are" in text and "Say whether the partner pays them" in text
    assert not Badge.objects.exists()


# --- by two ---------------------------------------------------------------------------------------------------------
def test_two_people_check_and_its_holder_shows_it(cast: Cast) -> None:
    form = {"handle": "Calm Otter", "role": "nurse", "proof": "register"}
    assert cast.lead.client.post(url(cast, "checked"), form).status_code == 302
    badge = Badge.objects.get()
    send(cast.bob, make_thread(cast.harbour))
    post = Post.objects.get()
    thread = reverse("chat:thread", args=[cast.harbour.public_id, post.thread.public_id])
    assert "checked: nurse" not in cast.alice.client.get(thread).content.decode()
    assert "I looked too: it is right" in page(cast.mona, cast)
    cast.mona.client.post(url(cast, "checked_one", badge.public_id), {"confirm": "1"})
    assert "checked: nurse" not in cast.alice.client.get(thread).content.decode()
    assert "Two people from the team looked" in page(cast.bob, cast, "own_checked")
    cast.bob.client.post(url(cast, "own_checked"), {"badge": badge.public_id, "is_worn": "on"})
    month = f"checked: nurse, {clock.this_month():%Y-%m}"
    assert month in cast.alice.client.get(thread).content.decode()
    card = cast.alice.client.get(url(cast, "card", post.byline.persona.public_id)).content.decode()
    assert "An entry in the public register of this job. Two people from the team looked" in card
    badge.refresh_from_db()
    assert badge.expires_on == clock.today() + dt.timedelta(days=365)
    acts = list(AuditEntry.objects.order_by("seq").values_list("act", "actor_role"))
    assert acts == [("badge proposed", "moderation team"), ("badge given", "moderation team")]


def test_it_ends_by_itself_and_is_dropped(cast: Cast) -> None:
    badge = given(cast)
    assert cast.bob.here(cast.harbour).checked_as == "nurse"
    with clock.held_at(clock.now() + dt.timedelta(days=366)):
        assert not badges.worn().exists() and not cast.bob.here(cast.harbour).checked_as
        actions.drop_ended()
    assert not Badge.objects.filter(pk=badge.pk).exists()


def test_a_proposal_that_nobody_looks_at_goes(cast: Cast) -> None:
    propose(cast.lead, cast)
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        actions.drop_ended()
        assert Badge.objects.exists()
    with clock.held_at(clock.now() + dt.timedelta(days=31)):
        actions.drop_ended()
        assert not Badge.objects.exists()


@pytest.mark.parametrize("who", ["mona", "lead", "bob"])
def test_it_is_taken_away_at_once_and_that_is_on_the_record(cast: Cast, who: str) -> None:
    badge = given(cast)
    if who == "bob":
        cast.bob.client.post(url(cast, "own_checked"), {"badge": badge.public_id, "give_up": "1"})
    else:
        cast.people[who].client.post(url(cast, "checked_one", badge.public_id))
    assert not Badge.objects.exists()
    last = AuditEntry.objects.latest("seq")
    assert (last.act, last.ref) == ("badge taken away", badge.public_id)


def test_a_second_check_takes_the_place_of_the_first(cast: Cast) -> None:
    first = given(cast)
    second = propose(cast.mona, cast)
    confirm(cast.lead, cast, second)
    assert not Badge.objects.filter(pk=first.pk).exists()
    assert Badge.objects.get().is_worn


@pytest.mark.parametrize(
    "role",
    ["moderator", "Mod", "group lead", "nurse and mod", "team", "peer-leader", "ADMIN", "M0derator", "researcher",
     "trained volunteer of many years and moderator", "nurse/lead"],
)  # fmt: skip
def test_nobody_is_checked_as_what_kith_itself_gives(cast: Cast, role: str) -> None:
    """“checked: moderator” would look like a role of the team."""
    form = {"handle": "Grey Heron", "role": role, "proof": "register"}
    answer = cast.lead.client.post(url(cast, "checked"), form)
    said = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_role"' in said
    assert "That sounds like a role in this group&#x27;s team." in said
    with pytest.raises(MayNot, match="sounds like a role"):
        propose(cast.lead, cast, claim=Claim(role=role, proof=Proof.WORD))
    assert not Badge.objects.exists()


@pytest.mark.parametrize(
    "role", ["nurse", "doctor", "support worker", "midwife", "modern therapist", "Teammate"]
)
def test_what_somebody_is_elsewhere_is_checked(cast: Cast, role: str) -> None:
    assert propose(cast.lead, cast, claim=Claim(role=role, proof=Proof.REGISTER)).role == role


# --- by one ---------------------------------------------------------------------------------------------------------
def test_one_person_alone_decides_for_two_weeks(cast: Cast) -> None:
    alone(cast)
    badge = propose(cast.lead, cast)
    assert badge.expires_on == clock.today() + dt.timedelta(days=14) and not badge.by_two
    assert "Someone looks again by" in page(cast.bob, cast, "own_checked")
    assert waits(cast.lead, cast) == 1
    with clock.held_at(clock.now() + dt.timedelta(days=10)):
        confirm(cast.lead, cast, badge)
        badge.refresh_from_db()
        assert badge.expires_on == clock.today() + dt.timedelta(days=14)
    with clock.held_at(clock.now() + dt.timedelta(days=25)):
        assert not badges.own(here=cast.bob.here(cast.harbour))
    payloads = AuditEntry.objects.filter(act="badge given").values_list("kept__payload", flat=True)
    assert all('"alone":true' in said for said in payloads) and len(payloads) == 2


def test_who_comes_into_the_team_is_the_second_for_what_comes_then(cast: Cast) -> None:
    alone(cast)
    before = propose(cast.lead, cast, handle="Grey Heron")
    roles.give_role(here=cast.lead.here(cast.harbour), handle="Clear Brook", role=Role.MODERATOR)
    confirm(cast.lead, cast, before)  # nobody else was there when it was proposed
    badge = propose(cast.lead, cast)
    assert badge.expires_on is None
    confirm(cast.mona, cast, badge)
    assert [one.by_two for one in Badge.objects.order_by("proposed_at")] == [False, True]


def test_where_the_only_other_is_its_holder_one_decides(cast: Cast) -> None:
    Member.objects.filter(personas__handle="Slow Cloud").update(role=Role.MEMBER)
    assert propose(cast.lead, cast, handle="Clear Brook").expires_on is not None


# --- who shows what -------------------------------------------------------------------------------------------------
def test_for_whom_is_shown_by_choice_or_where_five_show_the_same(cast: Cast) -> None:
    given(cast, claim=VOLUNTEER)
    bob = cast.bob.here(cast.harbour)
    assert role_words(badges.worn().get()) == "volunteer"
    bid = Badge.objects.get().public_id
    actions.wear(here=bob, bid=bid, is_worn=True, shows_organisation=True)
    assert role_words(badges.worn().get()) == "volunteer for Harbour Aid, unpaid"
    actions.wear(here=bob, bid=bid, is_worn=True, shows_organisation=False)
    more = make_people(dict.fromkeys(("p", "q", "r", "s"), False))
    members = [add(one, cast.harbour, handle=f"Quiet {name}") for name, one in more.items()]
    old = Badge.objects.get()
    for number, member in enumerate(members, start=2):
        assert role_words(badges.worn().first()) == "volunteer", number
        Badge.objects.create(
            member=member, role="volunteer", proof=Proof.WORD, organisation="Harbour Aid", pay=Pay.UNPAID,
            checked_month=old.checked_month, expires_on=old.expires_on, is_worn=True,
        )  # fmt: skip
    assert role_words(badges.worn().first()) == "volunteer for Harbour Aid, unpaid"


def test_the_next_name_starts_without_it(cast: Cast) -> None:
    badge = given(cast)
    personas.stop_using_name(here=cast.bob.here(cast.harbour))
    now = Badge.objects.get()
    assert not now.is_worn and now.public_id == badge.public_id
    assert now.pk != badge.pk, "the ledger names what was shown"


def test_speaking_for_oneself(cast: Cast) -> None:
    given(cast)
    thread = make_thread(cast.harbour)
    form = {"text": "As myself: I cry too.", "for_self": "on", "named": "Calm Otter"}
    where = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    assert "Speaking for myself" in cast.bob.client.get(where).content.decode()
    assert "Speaking for myself" not in cast.alice.client.get(where).content.decode()
    cast.bob.client.post(reverse("chat:post_send", args=[cast.harbour.public_id, thread.public_id]), form)
    shown = cast.alice.client.get(where).content.decode()
    assert "speaking for myself" in shown and "checked: nurse" not in shown
    send(cast.bob, thread, "And as a nurse.")
    shown = cast.alice.client.get(where).content.decode()
    assert "speaking for myself" in shown and "checked: nurse" in shown


def test_what_appears_later_is_signed_as_it_was_meant(cast: Cast) -> None:
    given(cast)
    thread = make_thread(cast.harbour)
    form = {"text": "I cry too.", "for_self": "on", "named": "Calm Otter", "when": "72"}
    cast.bob.client.post(reverse("chat:post_send", args=[cast.harbour.public_id, thread.public_id]), form)
    assert not Post.objects.exists()
    with clock.held_at(clock.now() + dt.timedelta(days=4)):
        due.do_due()
    assert Post.objects.get().for_self


def test_without_a_badge_or_under_a_one_thread_name_nothing_is_noted(cast: Cast) -> None:
    given(cast)
    thread, own = make_thread(cast.harbour), Signature(for_self=True)
    sign_as_alias(cast.bob, thread)
    once = Signature(alias_key=alias_key(cast.bob, thread), as_alias=True, for_self=True)
    assert not send(cast.alice, thread, signature=own).for_self
    assert not send(cast.bob, thread, signature=once).for_self
    assert send(cast.bob, thread, signature=own).for_self


def test_a_copy_holds_it_and_an_erasure_unties_who_proposed(cast: Cast) -> None:
    badge, gid = propose(cast.lead, cast), cast.harbour.public_id
    held = next(one for one in holdings.holdings() if one.model is Badge)
    lead, bob = (
        Owner(group=gid, tag=who.tag(cast.harbour), key=lambda *parts, who=who: who.keyed(*parts))
        for who in (cast.lead, cast.bob)
    )
    assert [list(row) for row in held.export(lead)] == [["you said that somebody was checked as", "on"]]
    assert not list(held.export(bob))
    held.erase(lead)
    badge.refresh_from_db()
    assert not badges.is_own_proposal(badge=badge, key_of=cast.lead.keyed)
