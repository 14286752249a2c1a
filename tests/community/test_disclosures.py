"""Showing details and taking them back: refused where it must be, one row a kind, noted for restores."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import override_settings

from community.actions import disclosures as actions
from community.actions import due
from community.enums import Audience, Eyes
from community.errors import MayNot, NotHere
from community.models import Disclosure, DueAct
from community.policies import Outside
from community.selectors import disclosures
from community.selectors.disclosures import Detail, Viewer
from community.selectors.names import Policy
from core import clock, ledger
from core.registries import holdings
from core.registries.holdings import Owner
from tests.people import Cast, Person, add, make_person

BIPOLAR = Detail(kind="diagnosis", level="condition", audience=Audience.GROUP, path="mood/bipolar/")
MOOD = Detail(kind="diagnosis", level="family", audience=Audience.GROUP, path="mood/")
NURSE = Detail(kind="profession", level="job", audience=Audience.MODERATORS, path="health/nurse/")
LATER = dt.timedelta(days=7)


def _show(cast: Cast, *details: Detail) -> bool:
    return actions.show(here=cast.alice.here(cast.harbour), details=details)


def _seen_by(cast: Cast, viewer: Person) -> list[str]:
    found = disclosures.shown(Viewer.at(viewer.here(cast.harbour)), cast.alice.member(cast.harbour))
    return [one.path for one in found.details]


def _ledger_lines() -> int:
    return sum(line.endswith(" disclosure") for line in ledger._read())


# --- who may ------------------------------------------------------------------------------------------------------
def test_who_is_not_inside_shows_nothing(cast: Cast) -> None:
    with pytest.raises(NotHere):
        actions.show(here=Outside(group=cast.harbour, signed_in=True), details=[BIPOLAR])  # type: ignore[arg-type]


def test_who_has_no_name_here_shows_nothing(cast: Cast) -> None:
    with pytest.raises(MayNot):
        actions.show(here=cast.lena.here(cast.harbour), details=[BIPOLAR])
    assert not actions.show(here=cast.lena.here(cast.harbour), details=[])
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    "unsound",
    [
        Detail(kind="shoe", level="exact", audience=Audience.GROUP, path="44/"),
        Detail(kind="diagnosis", level="family", audience=Audience.GROUP, path="mood/bipolar/"),
        Detail(kind="diagnosis", level="exact", audience=Audience.GROUP, path="mood/flu/"),
        Detail(kind="diagnosis", level="family", audience=Audience.ONLY_ME, path="mood/"),
    ],
)
def test_what_the_catalogue_does_not_have_and_what_is_ones_own_is_not_stored(
    cast: Cast, unsound: Detail
) -> None:
    assert not _show(cast, unsound)
    assert not Disclosure.objects.exists()


def test_what_the_group_does_not_use_is_not_stored_and_not_shown(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(cast, BIPOLAR, NURSE)
    hidden = Policy(fact_kinds={"diagnosis": "hidden"})
    monkeypatch.setattr("community.selectors.names.policy_of", lambda _group: hidden)
    assert _seen_by(cast, cast.mona) == ["health/nurse/"]
    assert _seen_by(cast, cast.alice) == ["health/nurse/"]
    _show(cast, BIPOLAR, NURSE)
    assert [row.kind for row in Disclosure.objects.all()] == ["profession"]


# --- who sees what ------------------------------------------------------------------------------------------------
def test_each_audience_sees_its_own(cast: Cast) -> None:
    _show(cast, BIPOLAR, NURSE)
    both, one = ["mood/bipolar/", "health/nurse/"], ["mood/bipolar/"]
    assert _seen_by(cast, cast.bob) == _seen_by(cast, cast.weak) == _seen_by(cast, cast.lena) == one
    assert _seen_by(cast, cast.mona) == _seen_by(cast, cast.lead) == _seen_by(cast, cast.alice) == both
    harbour, alice = cast.harbour, cast.alice.member(cast.harbour)
    for eyes in (Eyes.MEMBER, Eyes.RESEARCHER, Eyes.OFFLINE):
        assert len(disclosures.shown(Viewer.like(eyes, group=harbour), alice).details) == 1
    assert len(disclosures.shown(Viewer.like(Eyes.MODERATOR, group=harbour), alice).details) == 2
    for outside in (
        Viewer(),
        Viewer.like(Eyes.STRANGER, group=harbour),
        Viewer.at(cast.ned.here(cast.meadow)),
    ):
        nothing = disclosures.shown(outside, alice)
        assert nothing.persona is None and not nothing.details and not nothing.about


def test_nothing_shows_in_another_group(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    plain_fern = disclosures.shown(Viewer.at(cast.ned.here(cast.meadow)), cast.alice.member(cast.meadow))
    assert plain_fern.persona and not plain_fern.details


def test_without_a_name_nothing_is_seen_and_the_next_name_starts_with_nothing(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    cast.alice.member(cast.harbour).personas.update(is_current=False)
    assert _seen_by(cast, cast.bob) == []
    actions.show_nothing(member=cast.alice.member(cast.harbour))
    assert not Disclosure.objects.exists()


def test_a_value_that_left_the_catalogue_is_not_shown(cast: Cast, tmp_path) -> None:
    more = tmp_path / "more.toml"
    more.write_text('[diagnosis.values]\n"mood/sad" = "Winter blues"\n')
    with override_settings(KITH_FACT_KINDS=str(more)):
        _show(cast, Detail(kind="diagnosis", level="condition", audience=Audience.GROUP, path="mood/sad/"))
        assert _seen_by(cast, cast.bob) == ["mood/sad/"]
    assert _seen_by(cast, cast.bob) == []


# --- changing and taking back ---------------------------------------------------------------------------------------
def test_showing_replaces_and_says_whether_it_changed_anything(cast: Cast) -> None:
    assert _show(cast, BIPOLAR, NURSE)
    kept = Disclosure.objects.get(kind="profession").pk
    assert not _show(cast, NURSE, BIPOLAR)
    assert _show(cast, MOOD, NURSE)
    assert Disclosure.objects.get(kind="diagnosis").path == "mood/"
    assert Disclosure.objects.get(kind="profession").pk == kept
    assert _show(cast)
    assert _seen_by(cast, cast.alice) == []


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_stays_away_after_a_restore(cast: Cast) -> None:
    _show(cast, BIPOLAR, NURSE)
    [backup] = Disclosure.objects.filter(kind="diagnosis")
    lines = _ledger_lines()
    _show(cast, MOOD, NURSE)
    assert _ledger_lines() == lines + 1
    Disclosure.objects.filter(kind="diagnosis").delete()
    Disclosure.objects.bulk_create([backup])
    assert ledger.replay() == 1
    assert [row.kind for row in Disclosure.objects.all()] == ["profession"]


def test_it_is_exported_in_words_and_erased_with_what_waits(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    _update_later(cast)
    owner = Owner(group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed)
    [holding] = [one for one in holdings.holdings() if one.model is Disclosure]
    shown = {"what": "Diagnosis", "as": "Bipolar", "seen by": "Everyone in this group"}
    assert next(iter(holding.export(owner))) == shown
    holding.erase(owner)
    assert not Disclosure.objects.exists() and not DueAct.objects.exists()


def test_leaving_takes_it_all_along(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/", {"wish": "leave", "sure": "1"})
    assert not Disclosure.objects.exists()


def test_putting_a_name_down_takes_it_all_along(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/name/stop/")
    assert not Disclosure.objects.exists()


# --- a little later -------------------------------------------------------------------------------------------------
def _key(cast: Cast, gid: str = "") -> bytes:
    return cast.alice.keyed("due", actions.waits_under(gid or cast.harbour.public_id))


def _update_later(cast: Cast, detail: Detail = MOOD) -> None:
    here = cast.alice.here(cast.harbour)
    actions.update_later(here=here, key=_key(cast), detail=detail, due_at=clock.now() + LATER)


def test_a_changed_fact_arrives_later_for_who_may_see_it_then(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    _update_later(
        cast, Detail(kind="diagnosis", level="condition", audience=Audience.GROUP, path="mood/depression/")
    )
    _update_later(cast)
    assert actions.updates_waiting(key=_key(cast)) == {"diagnosis"} and DueAct.objects.count() == 1
    due.do_due()
    assert _seen_by(cast, cast.bob) == ["mood/bipolar/"]
    _show(
        cast, Detail(kind="diagnosis", level="condition", audience=Audience.MODERATORS, path="mood/bipolar/")
    )
    with clock.held_at(clock.now() + LATER * 2):
        due.do_due()
    assert _seen_by(cast, cast.bob) == [] and _seen_by(cast, cast.mona) == ["mood/"]


def test_what_was_taken_back_meanwhile_does_not_come_later(cast: Cast) -> None:
    _show(cast, BIPOLAR)
    _update_later(cast)
    _show(cast)
    with clock.held_at(clock.now() + LATER * 2):
        due.do_due()
    assert not Disclosure.objects.exists() and not DueAct.objects.exists()


def test_it_can_be_stopped_for_one_kind(cast: Cast) -> None:
    _update_later(cast)
    _update_later(cast, NURSE)
    actions.stop_updating(keys=[_key(cast)], kind="diagnosis")
    assert actions.updates_waiting(key=_key(cast)) == {"profession"}
    assert actions.updates_waiting(key=_key(cast, cast.meadow.public_id)) == frozenset()


def test_a_change_comes_at_least_72_hours_after_another_group_saw_one(db: None) -> None:
    for _ in range(50):
        day = clock.today() + dt.timedelta(days=2)
        moment = actions.moment_apart(changed_on=day)
        after = moment - dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
        assert due.APART <= after <= 2 * due.APART


def test_without_a_change_elsewhere_it_comes_within_three_days(db: None) -> None:
    for day in (None, clock.today() - dt.timedelta(days=9)):
        assert clock.now() <= actions.moment_apart(changed_on=day) <= clock.now() + due.APART


def test_a_second_person_in_the_group_is_untouched(cast: Cast) -> None:
    other = make_person(name="other")
    add(other, cast.harbour, handle="Blue Door")
    actions.show(here=other.here(cast.harbour), details=[NURSE])
    _show(cast, BIPOLAR)
    _show(cast)
    assert Disclosure.objects.get().member == other.member(cast.harbour)
