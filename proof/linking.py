"""Linking by what Kith adds: ids, the order and size of what is stored, counters, and acts over several groups.

A thousand people with a persona in each of two groups, who behave in each as if they did not know of the other.
The attacker sees more than any member: all that the database holds of each persona. He learns on some people whose
personas he knows and is measured on the others. Each channel is also planted, to see that he would find it. Those
who close their account while the crowd lives are looked at by themselves: they are gone from both groups, days apart.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from chat.actions import blocks
from chat.enums import EventKind
from chat.models import Block
from chat.policies import Face
from community.actions import due, joining
from community.errors import NotHere
from community.models import Group, Member, Persona
from core import ids
from proof import crowd as crowds
from proof import pairing, traces
from proof.crowd import Crowd
from proof.harness import Defence, Result, none_found, swapped
from proof.pairing import Closeness, Found

PEOPLE = {"small": (12, 28), "planted": (30, 60), "full": (120, 1000)}  # to learn on, to be measured on
FOUND_AT = 0.9
CLOSINGS, MONTHS = (1, 10, 100), 12
Channels = dict[str, list[Closeness]]


def prove(size: str) -> Iterator[Result]:
    """Each channel alone and all together; in full, each planted too."""
    found, together = _attack(size)
    for name, measured in found.items():
        yield measured.result(f"a person's two personas are not joined by {name}", part=name)
    yield together
    if size == "full":
        yield from map(_planted, PLANTS)
        yield from _by_moments()


def _attack(size: str) -> tuple[dict[str, Found], Result]:
    learning, measured = PEOPLE[size]
    dice = random.Random(11)
    gone = (learning + measured) // 4  # about as many will have closed their account
    crowd = crowds.gather(people=learning + measured + gone, life=[*crowds.LIFE, (crowds.hide, 2.0)])
    people = [number for number, one in enumerate(crowd.people.values()) if not one.is_gone]
    channels = _channels(crowd, people[:learning])
    channels["all of these"] = [feature for features in channels.values() for feature in features]
    found = {}
    for name, features in channels.items():
        score = pairing.learnt(features, people[:learning], dice=dice)
        found[name] = pairing.measure(score, people[learning:], dice=dice)
    return found, _together(crowd)


def _channels(crowd: Crowd, known_people: Sequence[int]) -> Channels:
    sides = [[one.members[group.pk] for one in crowd.people.values()] for group in crowd.groups]
    known = traces.of([member for side in sides for member in side])
    left, right = ([known[member] for member in side] for side in sides)
    return {
        "ids": [pairing.by_shared([one.tokens for one in left], [one.tokens for one in right])],
        "the order of rows": pairing.by_column([one.places for one in left], [one.places for one in right]),
        "counters": pairing.by_column([one.numbers for one in left], [one.numbers for one in right]),
        "blocks": [
            pairing.by_shared(
                *(_who_is_not_met(crowd, group, known_people) for group in crowd.groups),
                most=len(crowd.people),
            )
        ],
    }


def _who_is_not_met(crowd: Crowd, group: Group, known_people: Sequence[int]) -> list[set[str]]:
    """For each person, which of the people whom the attacker knows they do not meet in a group, and which side
    chose it."""
    number_of = {one.members[group.pk]: number for number, one in enumerate(crowd.people.values())}
    found: list[set[str]] = [set() for _ in crowd.people]
    for by, blocked in Block.objects.values_list("by__member", "blocked__member"):
        one, other = number_of.get(by), number_of.get(blocked)
        if one is not None and other is not None:
            found[one] |= {f"blocks {other}"} if other in known_people else set()
            found[other] |= {f"blocked by {one}"} if one in known_people else set()
    return found


def _together(crowd: Crowd) -> Result:
    """Over those who had things done in both groups without being there: whether both changed together."""
    moments: dict[int, list[dt.datetime]] = defaultdict(list)
    for change in crowd.changes:
        if change.by_itself and change.kind != EventKind.POST_PUBLISHED and change.member:
            moments[change.member].append(change.moment)
    pairs = [[moments[one.members[group.pk]] for group in crowd.groups] for one in crowd.people.values()]
    seen = [(first, second) for first, second in pairs if first and second]
    found = sum(any(abs(a - b) < due.APART for a in first for b in second) for first, second in seen)
    promise = "no act changes what others can see in two groups within 72 hours"
    return none_found(promise, tried=len(seen), found=found, part="bulk acts")


def _planted(name: str) -> Result:
    with PLANTS[name].off():
        found, together = _attack("planted")
    if name == "bulk acts":
        assert isinstance(together.found, int)
        share = together.found / together.tried
        shown = f"{share:.2f} of those who did it"
    else:
        share, shown = found[name].auc, str(found[name])
    return Result(
        promise=f"planted, it would be found: {PLANTS[name].name}, taken away",
        tried=PEOPLE["planted"][1],
        found=shown,
        goal=f"≥ {FOUND_AT}",
        holds=share >= FOUND_AT,
        part=f"{name}, planted",
    )


def _by_moments() -> Iterator[Result]:
    """What 72 hours apart leaves: where few people delete everything, two who vanish in one week are one."""
    dice = random.Random(5)
    for a_month in CLOSINGS:
        closings = a_month * MONTHS
        with crowds.dealt(dice):
            starts = [crowds.START + dt.timedelta(days=dice.uniform(0, 30 * MONTHS)) for _ in range(closings)]
            pairs = [due.apart(groups=2, start=start) for start in starts]
        right = sum(moments_tell(pair, pairs, dice) for pair in pairs)
        yield Result(
            promise="who deletes everything in two groups is not told from others who do so, by when it vanishes; "
            f"{a_month} people a month do",
            tried=closings,
            found=f"{right / closings:.0%} right at the first guess",
            goal="none",
            holds=None,
            part=f"moments, {a_month} a month",
        )


def moments_tell(pair: list[dt.datetime], pairs: list[list[dt.datetime]], dice: random.Random) -> bool:
    """Whether somebody who sees one vanish guesses the right other among those that vanish when they would."""
    likely = [other for other in pairs if due.APART <= abs(other[1] - pair[0]) < due.APART * 2]
    return bool(likely) and dice.choice(likely) is pair


# --- the defences, and what it would be without -----------------------------------------------------------------
@contextmanager
def _ids_from_s(dice: random.Random) -> Iterator[None]:
    """Ids of which a part is made from S."""
    with _dealt(dice):
        drawn, count = ids.secrets.choice, itertools.count()

        def choice(letters: str) -> str:
            someone = crowds.who.get(None)
            if letters is not ids.ALPHABET or someone is None:
                return drawn(letters)
            place = next(count) % ids.PUBLIC_ID_LENGTH
            return letters[someone.person.secret[place] % len(letters)] if place < 6 else drawn(letters)

        with swapped(ids.secrets, "choice", choice)():
            yield


@contextmanager
def ascending(dice: random.Random) -> Iterator[None]:
    """Keys as databases give them out: one after the other."""
    with _dealt(dice):
        count = itertools.count(1 + Group.objects.count() * 1_000_000)
        with swapped(ids.secrets, "randbits", lambda _bits: next(count))():
            yield


def _admit_and_count(**given: Any) -> None:
    """Joining that writes down which account this is."""
    _admit(**given)
    number = int(crowds.who.get().person.account.username.rpartition("-")[2])
    Member.objects.filter(owner_tag=given["owner_tag"]).update(accepted_version=number + 1)


def _block_everywhere(*, face: Face, other: Any) -> None:
    """Not to meet somebody, meant as the person and not as the name."""
    _block(face=face, other=other)
    someone, met = crowds.who.get(), crowds.behind.get()[other.member_id]
    for group in someone.groups:
        rows = Persona.objects.filter(member=met.members.get(group.pk), is_current=True)
        if someone.is_in(group) and (persona := rows.first()):
            with contextlib.suppress(NotHere):  # without a name there yet
                _block(face=Face(here=someone.person.here(group)), other=persona)


_dealt, _admit, _block = crowds.dealt, joining._admit, blocks.block
PLANTS = {
    "ids": Defence(name="ids are drawn, never made from S", off=swapped(crowds, "dealt", _ids_from_s)),
    "the order of rows": Defence(name="row keys are random", off=swapped(crowds, "dealt", ascending)),
    "counters": Defence(
        name="no member has a number of its account", off=swapped(joining, "_admit", _admit_and_count)
    ),
    "blocks": Defence(name="a block is between two names", off=swapped(blocks, "block", _block_everywhere)),
    "bulk acts": Defence(
        name="acts over several groups come apart",
        off=swapped(due, "apart", lambda *, groups, start, **_: [start] * groups),
    ),
}
DEFENCES = list(PLANTS.values())
