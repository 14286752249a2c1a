"""Nobody is limited without a whole statement of reasons: what is incomplete is refused by the actions and, past them,
by the database."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection, transaction

from audit.models import AuditPayload
from chat.models import Thread
from community.errors import NotHere
from core import clock, ids
from moderation import acts
from moderation.actions import appeals, decisions
from moderation.actions.decisions import Ruling
from moderation.enums import FACTS, Act, Outcome, Scope
from moderation.errors import Incomplete
from moderation.models import Appeal, Case, Decision, Notice
from moderation.selectors import notices
from proof.harness import Defence, Result, constraint, none_found, swapped

ATTEMPTS = {"small": 200, "full": 1000}
RESTRICTING = [act for act, kind in acts.KINDS.items() if kind.restricts]
SAID = {"act", "scope", "days", "rule", "promise", "reason", "by machine", "alone"}  # on the record
LACKING: dict[str, list[Any]] = {
    "rule_code": ["", " ", "nosuchrule"],
    "facts": ["", "Short.", " " * FACTS],
    "message": ["", " \n"],
    "scope": list(Scope),
    "days": [None, 0, acts.MAX_DAYS + 1],
    "heads_up": [""],
}
BROKEN: list[dict[str, Any]] = [
    {"rule_code": ""}, {"charter_version": None}, {"facts": ""}, {"facts": "Too short."}, {"scope": ""},
    {"days": None}, {"by_machine": None}, {"appeal_until": None}, {"notice_id": None}, {"restricts": False},
    {"alone": True, "again_on": None}, {"decider_key": "author_key"},
]  # fmt: skip


@dataclass
class _Scene:
    """Alice wrote, bob reported, mona and the lead decide."""

    cast: Any
    thread: Thread

    def case(self) -> Case:
        from tests.chat.saying import send
        from tests.moderation.judging import report

        return report(self.cast.bob, send(self.cast.alice, self.thread, "You are lazy.")).case

    def decide(self, act: Act, **more: Any) -> Decision:
        from tests.moderation.judging import decide

        who = self.cast.lead if act == Act.SUSPEND else self.cast.mona
        return decide(who, self.case(), act, **more)

    def appeal(self, decision: Decision) -> Appeal:
        """The writer asks for another look."""
        assert decision.notice is not None
        tag = self.cast.alice.tag(self.cast.harbour)
        return appeals.appeal(notice=decision.notice, owner_tag=tag, words="I was joking.")

    def appealed(self, act: Act = Act.REMOVE, **more: Any) -> tuple[Appeal, Case]:
        """Mona decided, the writer asks for another look, and the lead takes it."""
        from tests.moderation.judging import claim

        appeal = self.appeal(self.decide(act, **more))
        return appeal, claim(self.cast.lead, appeal.case)

    def instead(self, appeal: Appeal, held: Case, ruling: Ruling) -> Decision:
        from tests.moderation.judging import judge

        answer = appeals.Answer(outcome=Outcome.CHANGE, words="We see it now.", instead=ruling)
        who = judge(self.cast.lead, self.cast.harbour)
        appeals.resolve(judge=who, appeal=appeal, fence=held.fence, answer=answer)
        return Decision.objects.select_related("notice", "case").get(
            case=appeal.decision.case_id, undone_on=None
        )


def prove(size: str) -> Iterator[Result]:
    """Each restricting act in each way it comes about; then seeded attempts that lack something."""
    from tests.people import make_cast, make_thread

    cast = make_cast()
    scene = _Scene(cast=cast, thread=make_thread(cast.harbour))
    pairs = [(act, way) for act in RESTRICTING for way in WAYS]
    pairs.remove(
        (Act.SUSPEND, _in_answer_to_an_appeal)
    )  # asking for another look never ends in more than before
    made = [_lacks(scene, act, way) for act, way in pairs]
    yield none_found(
        f"all {len(RESTRICTING)} acts that limit somebody, by a person, by automatic help and in answer to an appeal, "
        "say rule, facts, reach, time, automation and appeal, to whom it is about and on the record",
        tried=len(made),
        found=sum(bool(lacking) for lacking in made),
        part="what is said",
    )
    dice = random.Random(15)
    ways = [*_through_the_actions(scene), *_past_the_actions(scene)]
    accepted = sum(ways[number % len(ways)](dice) for number in range(ATTEMPTS[size]))
    yield none_found(
        "a decision that lacks some of it is refused, through the actions and straight into the database",
        tried=ATTEMPTS[size],
        found=accepted,
        part="what lacks something",
    )


# --- what is said -------------------------------------------------------------------------------------------------
def _by_a_person(scene: _Scene, act: Act) -> Decision:
    return scene.decide(act)


def _by_automatic_help(scene: _Scene, act: Act) -> Decision:
    return scene.decide(act, by_machine=True)


def _in_answer_to_an_appeal(scene: _Scene, act: Act) -> Decision:
    from tests.moderation.judging import ruling

    appeal, held = scene.appealed(Act.BAN, days=acts.MAX_DAYS)
    return scene.instead(appeal, held, ruling(act))


WAYS = [_by_a_person, _by_automatic_help, _in_answer_to_an_appeal]


def _lacks(scene: _Scene, act: Act, way: Callable[[_Scene, Act], Decision]) -> list[str]:
    """What the statement of one decision lacks; what was done is taken back."""
    with transaction.atomic():
        made = way(scene, act)
        lacking = [name for name, there in _statement(scene, made, way is _by_automatic_help) if not there]
        transaction.set_rollback(True)
    return lacking


def _statement(scene: _Scene, made: Decision, by_machine: bool) -> Iterator[tuple[str, bool]]:
    group, kind = scene.cast.harbour, acts.KINDS[Act(made.act)]
    rules = {rule.code for rule in group.charters.get(version=made.charter_version).rules.all()}
    told = notices.of(group=group, owner_tag=scene.cast.alice.tag(group))
    record = [json.loads(one.payload) for one in AuditPayload.objects.filter(entry__ref=made.public_id)]
    yield "rule", made.rule_code in rules
    yield "facts", len(made.facts.strip()) >= FACTS
    yield "reach", made.scope in kind.scopes
    yield "time", bool(made.days) == bool(kind.days)
    yield "automation", made.by_machine is by_machine
    yield "appeal", bool(made.appeal_until and made.appeal_until > clock.today() + dt.timedelta(days=180))
    yield "notice", any(one.pk == made.notice_id and one.message.strip() for one in told)
    yield "record", len(record) == 1 and record[0].keys() >= SAID and record[0]["by machine"] is by_machine
    yield "can appeal", bool(notices.appeal_about(made.notice) or scene.appeal(made))


# --- what lacks something -----------------------------------------------------------------------------------------
Attempt = Callable[[random.Random], bool]


def _accepted(act: Callable[[], Any]) -> bool:
    """Whether it went through; nothing of it stays."""
    with suppress(Incomplete, NotHere, Error), transaction.atomic():
        act()
        transaction.set_rollback(True)
        return True
    return False


def _lacking(dice: random.Random) -> Ruling:
    """A ruling that lacks one to three things that its act needs."""
    from tests.moderation.judging import ruling

    act = dice.choice(RESTRICTING)
    kind, wrong = acts.KINDS[act], dict(LACKING)
    wrong["scope"] = [scope for scope in Scope if scope not in kind.scopes]
    if kind.days is None:
        del wrong["days"]
    if act != Act.HEADS_UP:
        del wrong["heads_up"]
    names = dice.sample(sorted(wrong), dice.choice([1, 1, 2, 3]))
    return ruling(act, by_machine=dice.random() < 0.3, **{name: dice.choice(wrong[name]) for name in names})


def _through_the_actions(scene: _Scene) -> list[Attempt]:
    from tests.moderation.judging import claim, judge, ruling

    case = scene.case()
    held, mona = claim(scene.cast.mona, case), judge(scene.cast.mona, scene.cast.harbour)
    appeal, again = scene.appealed()

    def decide(given: Ruling) -> Callable[[], Any]:
        return lambda: decisions.decide(judge=mona, case=held, fence=held.fence, ruling=given)

    def instead(given: Ruling) -> Callable[[], Any]:
        return lambda: scene.instead(appeal, again, given)

    for act in (decide, instead):
        assert _accepted(act(ruling(Act.HIDE))), "what is complete is taken"
    return [lambda dice: _accepted(decide(_lacking(dice))), lambda dice: _accepted(instead(_lacking(dice)))]


def _past_the_actions(scene: _Scene) -> list[Attempt]:
    """By the models and by SQL, as a change and as a new row; complete, each of them is taken."""
    row = scene.decide(Act.BAN)
    ways = [_change, _change_by_sql, _insert, _insert_by_sql]
    for way in ways:
        assert _accepted(lambda way=way: way(row, {})), f"{way.__name__}: what is complete is taken"
    return [
        lambda dice, way=way: _accepted(lambda: way(row, _values(row, dice.choice(BROKEN)))) for way in ways
    ]


def _values(row: Decision, broken: dict[str, Any]) -> dict[str, Any]:
    return {name: bytes(row.author_key) if value == "author_key" else value for name, value in broken.items()}


def _change(row: Decision, broken: dict[str, Any]) -> None:
    Decision.objects.filter(pk=row.pk).update(**{"facts": row.facts} | broken)


def _change_by_sql(row: Decision, broken: dict[str, Any]) -> None:
    broken = broken or {"facts": row.facts}
    names = ", ".join(f"{name} = %s" for name in broken)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE moderation_decision SET {names} WHERE id = %s", [*broken.values(), row.pk])  # noqa: S608 names from our own models


def _another(row: Decision, broken: dict[str, Any]) -> Decision:
    """The same decision as if it had been taken before and undone."""
    told = Notice.objects.create(group_id=row.case.group_id, key=ids.new_secret(), message="This was unkind.")
    made = Decision.objects.get(pk=row.pk)
    made.pk, made.public_id, made.fence, made.undone_on = (
        None,
        ids.new_public_id(),
        row.fence + 1,
        clock.today(),
    )
    for name, value in ({"notice_id": told.pk} | broken).items():
        setattr(made, name, value)
    return made


def _insert(row: Decision, broken: dict[str, Any]) -> None:
    _another(row, broken).save(force_insert=True)


def _insert_by_sql(row: Decision, broken: dict[str, Any]) -> None:
    made = _another(row, broken)
    made.pk = ids.new_key()
    fields = list(Decision._meta.concrete_fields)
    values = [field.get_db_prep_save(getattr(made, field.attname), connection) for field in fields]
    names, marks = ", ".join(str(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO moderation_decision ({names}) VALUES ({marks})", values)  # noqa: S608 names from our own models


DEFENCES = [
    Defence(name="the actions ask for all of it", off=swapped(decisions, "complete", lambda *_, **__: None)),
    *(
        constraint(Decision, name)
        for name in (
            "reasons_are_complete", "what_restricts_says_so", "limits_have_an_end", "alone_is_looked_at_again",
            "nobody_decides_their_own",
        )
    ),
]  # fmt: skip
