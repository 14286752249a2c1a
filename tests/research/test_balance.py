"""Who speaks in a study: how many wrote nothing, and how few wrote half of all; in counts, and never of few."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from django.urls import reverse

from core import clock
from research import measured
from research.actions.tallies import protected
from research.enums import Item, Part
from research.measured import BANDS, Kind, Measure
from research.models import ConsentEvent, Source
from research.release import verify_counts
from research.release.suppress import SUM, Cell, protect, with_sums
from research.selectors import tallies
from tests.people import Cast, make_thread
from tests.research.counted import ARMS, OVER, counted, counted_study, writers, wrote
from tests.research.questions import in_days
from tests.research.studies import Team
from tests.scenes import same

pytestmark = pytest.mark.django_db
WROTE, SPOKE, SHARED = Measure(Kind.WROTE), Measure(Kind.SPOKE), Measure(Kind.SHARED)


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return counted_study(cast.harbour, cast.lead, items=[Item.SURVEYS, Item.ACTIVITY])


def exact(team: Team) -> dict[Measure, dict[Cell, int]]:
    (wave, *_later) = team.study.waves.order_by("number")
    return tallies.tables(study=team.study, waves=[wave])[wave]


def write(team: Team, people: list[Source], *counts: int) -> None:
    """Each of them wrote so many messages, in one talk."""
    thread = make_thread(people[0].member.group)  # type: ignore[union-attr]  # what the test made
    for one, count in zip(people, counts, strict=True):
        for _ in range(count):
            wrote(one, thread)


# --- who is counted -------------------------------------------------------------------------------------------------
def test_nobody_is_silent_who_could_not_have_been_counted(cast: Cast, team: Team) -> None:
    """No yes to it, one taken back, a part that ended or is not to be used, one who came into the time late."""
    there = writers(team.study, cast.harbour, size=5, items=[Item.ACTIVITY])
    writers(team.study, cast.harbour, size=1, items=[])
    Source.objects.filter(pk=there[1].pk).update(part=Part.STOPPED, until=there[1].since)
    Source.objects.filter(pk=there[2].pk).update(part=Part.EXCLUDED)
    document = ConsentEvent.objects.filter(key=there[0].key).get().document
    for one, answers in ((there[0], ["given", "withdrawn"]), (there[3], ["given"])):
        ConsentEvent.objects.filter(key=one.key).delete()
        for nth, answer in enumerate(answers, 2 - len(answers)):  # the first day, and three days later
            with in_days(3 * nth):
                ConsentEvent.objects.create(
                    study=team.study, key=one.key, nth=nth, item=Item.ACTIVITY, answer=answer, document=document,
                    on_day=clock.today(),
                )  # fmt: skip
    assert exact(team)[SPOKE] == {("wrote",): 0, ("silent",): 1}


def test_nobody_is_silent_in_a_time_that_the_study_did_not_last(cast: Cast, team: Team) -> None:
    writers(team.study, cast.harbour, size=12, items=[Item.ACTIVITY])
    assert exact(team)[SPOKE]["silent",] == 12
    team.study.closed_on = Source.objects.all()[0].since
    assert exact(team)[SPOKE]["silent",] == 0


# --- what is counted ------------------------------------------------------------------------------------------------
def reference(messages: list[str]) -> int:
    """The fewest names that together wrote half of all messages."""
    counts = sorted(Counter(messages).values())
    names = said = 0
    while said * 2 < len(messages):
        said += counts.pop()
        names += 1
    return names


def test_who_wrote_half_is_who_a_short_reference_says() -> None:
    lot = random.Random(7)
    for _ in range(100):
        messages = [f"n{int(lot.paretovariate(1))}" for _ in range(lot.randint(1, 300))]
        bands = measured.shared(Counter(messages))
        assert Counter(bands.values())["half"] == reference(messages) and set(bands) == set(messages)


def test_who_speaks_is_counted_as_a_short_reference_counts_it(cast: Cast, team: Team) -> None:
    counts = [9, 6, 3, 3, 2, 1, 1, 1, 0, 0, 0]
    write(team, writers(team.study, cast.harbour, size=len(counts), items=[Item.ACTIVITY]), *counts)
    write(
        team, writers(team.study, cast.meadow, size=3, items=[Item.ACTIVITY]), 50, 1, 0
    )  # a group by itself
    found = exact(team)
    half = reference([str(nth) for nth, n in enumerate(counts) for _ in range(n)]) + 1
    assert found[SHARED] == {("half",): half, ("rest",): 8 + 2 - half}
    assert found[SPOKE] == {("wrote",): 10, ("silent",): 4}


# --- few people -----------------------------------------------------------------------------------------------------
def test_few_who_are_silent_are_not_told_nor_all_from_which_they_would_follow(cast: Cast, team: Team) -> None:
    people = writers(team.study, cast.harbour, size=33, items=[Item.ACTIVITY])
    write(team, people, *[1] * 30, *[0] * 3)
    found = counted(team, after=OVER)[1]
    assert [SUM, SUM, 30] in found[WROTE]
    assert found[SPOKE] == [[SUM, "wrote", 30]]


def test_no_one_by_one_gate_would_keep_them() -> None:
    """The fault: by itself this table shows all, beside another that shows all but three."""
    table = {("A", "wrote"): 30, ("A", "silent"): 3, ("B", "wrote"): 12, ("B", "silent"): 40}
    alone = protect(table).shown
    assert ("A", SUM) in alone and ("A", "silent") not in alone
    writing = {(one, band): 15 for one in "AB" for band in BANDS[Kind.WROTE][:2]}
    writing |= {("A", "few"): 15, ("A", "some"): 15, ("B", "few"): 12, ("B", "some"): 0}
    shown = protected({WROTE: writing, SPOKE: table})[SPOKE]
    assert not {("A", "silent"), ("A", SUM)} & set(shown)


def test_nothing_that_is_hidden_follows_from_what_others_tell() -> None:
    """Random rounds, with who wrote known to everybody: each hidden cell has a range; looked at by circles."""
    lot, told = random.Random(7), 0
    for _ in range(300):
        codes = lot.choice([["A", "B"], ["A", "B", "C"]])
        wrote_so = {(code, band): lot.randint(0, 30) for code in codes for band in BANDS[Kind.WROTE]}
        spoke = {(code, "wrote"): sum(wrote_so[code, band] for band in BANDS[Kind.WROTE]) for code in codes}
        spoke |= {(code, "silent"): lot.choice([0, 3, 9, 15, 40]) for code in codes}
        shown = protected({WROTE: wrote_so, SPOKE: spoke})[SPOKE]
        cells = [(one, band) for one in [*codes, SUM] for band in ("wrote", "silent", SUM)]
        rows = [
            (nth, {"round": "1", "measure": "spoke", "version": one, "band": band,
                   "people": str(shown.get((one, band), ""))})
            for nth, (one, band) in enumerate(cells, start=2)
        ]  # fmt: skip
        assert not list(verify_counts.faults(rows, [*codes, SUM]))
        full = with_sums(spoke)
        assert all(n >= 10 and abs(full[cell] - n) <= 2 for cell, n in shown.items())
        for one in [*codes, SUM]:  # each of the two follows from the other
            assert ((one, SUM) in shown) == ((one, "silent") in shown)
        told += (SUM, "silent") in shown
    assert told > 20


# --- how it looks ---------------------------------------------------------------------------------------------------
def test_it_stands_beside_the_other_figures_by_version(cast: Cast) -> None:
    team = counted_study(cast.harbour, cast.lead, arms=ARMS, items=[Item.SURVEYS, Item.ACTIVITY])
    people = writers(team.study, cast.harbour, size=100, items=[Item.ACTIVITY])
    for nth, one in enumerate(people):
        one.arm = team.study.arms.get(code="AB"[nth % 2])
        one.save()
    write(team, people, *[1] * 60, *[0] * 40)
    counted(team, after=OVER)
    text = team.ruth.client.get(reverse("research:figures", args=[team.study.public_id])).content.decode()
    part = text.split("Who speaks</h3>")[1].split("<h3>")[0]
    for said in (
        "Who spoke, and who did not",
        "wrote nothing",
        "How the talk was shared out",
        "about 40",
        "40 %",
    ):
        assert said in part, said
    assert "Version A" in part and cast.harbour.name not in part
