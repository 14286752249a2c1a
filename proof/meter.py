"""The words of "Could someone work out who you are?" tell nothing about what the asker cannot see."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from community import fact_kinds, lookalikes, meter
from community.enums import Audience
from community.models import Disclosure, Group, Member, Persona
from community.selectors.disclosures import Detail
from core import ids
from proof.harness import Defence, Result, none_found, swapped

WORLDS = {"small": 300, "full": 10_000}
ATTACKS = {"small": 60, "full": 175}
SIGMAS = 3.0
VALUES = {
    "diagnosis": [
        "mood/bipolar/2",
        "mood/depression",
        "anxiety/ocd",
        "anxiety/panic",
        "psychosis/schizophrenia",
    ],
    "age": ["1988", "1983", "1961"],
    "profession": ["health/nurse", "health/doctor", "office/it"],
}
CANDIDATES = VALUES["diagnosis"]


def prove(size: str) -> Iterator[Result]:
    """Random worlds that differ only in what the asker may not see; and puppets who ask about one hidden fact."""
    from tests.people import make_group

    group = make_group(name="harbour")
    crowd = _crowd(group, 24)
    told = tried = 0
    for trial in range(WORLDS[size]):
        dice = random.Random(trial)
        told += _worlds_differ(crowd, dice)
        tried += 1
        if told and size == "small":
            break
    promise = "what the asker cannot see changes neither the answer nor a statement"
    yield none_found(promise, tried=tried, found=told, part="hidden worlds")
    yield _puppets(ATTACKS[size])


def _crowd(group: Group, count: int) -> list[Member]:
    members = Member.objects.bulk_create(
        Member(group=group, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(count)
    )
    Persona.objects.bulk_create(
        Persona(member=member, group=group, handle=f"N{n}", handle_key=f"n{n}", avatar_svg="")
        for n, member in enumerate(members)
    )
    return members


def _row(member: Member, kind: str, value: str, audience: Audience) -> Disclosure:
    step = fact_kinds.kinds()[kind].steps(value)[-1]
    return Disclosure(
        member=member,
        group_id=member.group_id,
        kind=kind,
        level=step.level,
        audience=audience,
        path=step.path,
    )


def _claims(dice: random.Random) -> list[Detail]:
    kinds = dice.sample(sorted(VALUES), dice.randint(1, len(VALUES)))
    steps = [(kind, dice.choice(fact_kinds.kinds()[kind].steps(dice.choice(VALUES[kind])))) for kind in kinds]
    return [Detail(kind=k, level=s.level, audience=Audience.GROUP, path=s.path) for k, s in steps]


def _worlds_differ(crowd: list[Member], dice: random.Random) -> bool:
    me, *others = crowd
    claims, answers = _claims(dice), []
    with transaction.atomic():
        shown = [one for one in others if dice.random() < 0.5]
        Disclosure.objects.bulk_create(
            _row(one, kind, dice.choice(VALUES[kind]), Audience.GROUP) for one in shown for kind in ("age",)
        )
        for _ in range(2):
            with transaction.atomic():
                hiding = [(one, kind) for one in others for kind in ("diagnosis", "profession")]
                Disclosure.objects.bulk_create(
                    _row(one, kind, dice.choice(VALUES[kind]), Audience.MODERATORS)
                    for one, kind in hiding
                    if dice.random() < 0.6
                )
                with CaptureQueriesContext(connection) as asked:
                    said = meter.read(member=me, details=claims, asker_sees=(Audience.GROUP,))
                answers.append((said, [row["sql"] for row in asked]))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return answers[0] != answers[1]


def _puppets(attacks: int) -> Result:
    """Somebody shows a diagnosis to moderators alone. Puppets claim each candidate in turn, and read the words."""
    from tests.people import make_group

    right = 0
    for attack in range(attacks):
        dice = random.Random(attack)
        with transaction.atomic():
            group = make_group(name="small")
            puppet, target, *_ = _crowd(group, meter.BANDS[0])  # one fewer, and the words would be others
            truth = dice.choice(CANDIDATES)
            _row(target, "diagnosis", truth, Audience.MODERATORS).save()
            words = {value: _ask(puppet, value) for value in CANDIDATES}
            odd = min(
                words.values(), key=list(words.values()).count
            )  # said to whom the target does not contradict
            right += dice.choice([value for value, said in words.items() if said == odd]) == truth
            transaction.set_rollback(True)
    chance = 1 / len(CANDIDATES)
    most = chance + SIGMAS * (chance * (1 - chance) / attacks) ** 0.5
    return Result(
        promise="puppets who ask about a hidden fact guess it no better than chance",
        tried=attacks,
        found=f"{right} right",
        goal=f"at most {most * attacks:.0f}, chance is {chance * attacks:.0f}",
        holds=right <= most * attacks,
        part="puppets",
    )


def _ask(member: Member, value: str) -> str:
    step = fact_kinds.kinds()["diagnosis"].steps(value)[-1]
    detail = Detail(kind="diagnosis", level=step.level, audience=Audience.GROUP, path=step.path)
    said = meter.read(member=member, details=[detail], asker_sees=(Audience.GROUP,))
    assert said is not None
    return said.could_be


def _counts_what_is_hidden(**given: Any) -> lookalikes.Lookalikes:
    return _count(**given | {"asker_sees": (Audience.MODERATORS, Audience.GROUP)})


_count = lookalikes.count
DEFENCES = [
    Defence(
        name="counted is only what the asker can see",
        off=swapped(lookalikes, "count", _counts_what_is_hidden),
    )
]
