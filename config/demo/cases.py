"""What the demo's teams looked at and have still to look at, from `cases.toml`: each through the real actions."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from chat.actions import posts
from chat.actions.gates import Settled
from chat.models import Post
from chat.policies import Face
from community.models import Group, Persona
from community.selectors import here as places
from community.selectors import rota
from community.selectors.here import Here
from config.demo import content
from core import clock, sealing, ticker
from moderation.actions import appeals, claims, decisions, folds, reports, worries
from moderation.actions.decisions import Ruling
from moderation.actions.reports import Told
from moderation.enums import Act, CaseState, Later, Reason
from moderation.errors import Conflict
from moderation.models import Case, Decision, GroupCare
from moderation.policies import Judge, judge_of
from moderation.presenters.worries import with_help

FILE = Path(__file__).with_name("cases.toml")
EVERY = 240.0  # seconds: well within the ten minutes of a claim

SecretOf = Callable[[str], bytes]  # handle -> S


@cache
def tables() -> dict[str, Any]:
    """Group key -> handover, threads of earlier months, cases."""
    return tomllib.loads(FILE.read_text("utf-8"))


def earlier_threads(key: str) -> list[dict[str, Any]]:
    """Talks of earlier months, like those of `content`."""
    found: list[dict[str, Any]] = tables().get(key, {}).get("threads", [])
    return found


def load(
    *, key: str, group: Group, secret_of: SecretOf, since: int | None = None, until: int | None = None
) -> None:
    """Report, decide, undo and appeal what the file says, in the order in which it happened: on the days from `since`
    to before `until` days ago, or all of it."""
    table = tables().get(key, {})
    if "handover" in table and until is None:
        GroupCare.objects.create(group=group, handover=table["handover"])
    for said in sorted(table.get("cases", []), key=content.moment_of):
        days_ago = (clock.now() - content.moment_of(said)).days
        if not ((since is None or days_ago <= since) and (until is None or days_ago > until)):
            continue
        with clock.held_at(content.moment_of(said)):
            case = _reported(group, said, secret_of)
            decision = _decided(group, case, said["decision"]) if "decision" in said else None
            _changed(group, case, said)
        if decision is not None:
            _afterwards(group, decision, said)
        if "care" in said:
            _cared_for(group, case, said["care"])
    worries.wake()
    hold_on()


def _reported(group: Group, said: dict[str, Any], secret_of: SecretOf) -> Case:
    post = _post(group, said)
    for one in said["reports"]:
        made = reports.report(
            here=_here(group, one["by"]),
            told=Told(
                kind="post",
                subject_id=post.public_id,
                reason=Reason(one.get("reason", said["reason"])),
                note=one.get("note", ""),
            ),
            key_of=partial(_keyed, secret_of(one["by"])),
        )
    return made.case


def fold(*, post: Post, here: Here, secret: bytes) -> None:
    """Fold a message, as whoever it is about did in the last hour in which nobody of the team was here."""
    moment = clock.now()
    while rota.on_duty(group=here.group, moment=moment):
        moment -= dt.timedelta(hours=1)
    told = Told(kind="post", subject_id=post.public_id, reason=Reason.GIVES_AWAY)
    with clock.held_at(moment):
        folds.fold(here=here, told=told, key_of=partial(_keyed, secret), is_about_me=True)


def _decided(group: Group, case: Case, said: dict[str, Any]) -> Decision:
    judge = _judge(group, said["by"])
    held = claims.claim(judge=judge, case=case)
    ruling = Ruling(**{name: value for name, value in said.items() if name != "by"})
    return decisions.decide(judge=judge, case=held, fence=held.fence, ruling=ruling)


def _cared_for(group: Group, case: Case, said: dict[str, Any]) -> None:
    """Somebody of the team writes to the person, and means to look in again."""
    judge = _judge(group, said["by"])
    with clock.held_at(content.moment_of(said)):
        fence = claims.claim(judge=judge, case=case).fence
        worries.write(judge=judge, case=case, fence=fence, words=with_help(said["words"]))
        worries.look_again(judge=judge, case=case, fence=fence, later=Later(said["again_in"]))


def _changed(group: Group, case: Case, said: dict[str, Any]) -> None:
    """Its writer changes it, as they were asked."""
    if "changed_to" in said:
        post = Post.objects.select_related("byline__persona").get(public_id=case.subject_id)
        face = Face(here=_here(group, post.byline.face.handle))
        posts.edit_post(face=face, post=post, text=said["changed_to"], settled=Settled(checked=True))


def _afterwards(group: Group, decision: Decision, said: dict[str, Any]) -> None:
    if undone := said.get("undone"):
        with clock.held_at(content.moment_of(undone)):
            judge = _judge(group, undone["by"])
            decisions.undo(judge=judge, decision=decision, because=undone["because"])
            held = claims.claim(judge=judge, case=decision.case)  # it waits again, and is looked at
            decisions.decide(judge=judge, case=held, fence=held.fence, ruling=Ruling(act=Act.NOTHING))
    if again := said.get("looked_again"):
        day = content.moment_of(again).date()
        Decision.objects.filter(pk=decision.pk).update(looked_again_on=day)
    if appeal := said.get("appeal"):
        assert decision.notice is not None
        tag = bytes(_here(group, appeal["by"]).member.owner_tag)
        with clock.held_at(content.moment_of(appeal)):
            appeals.appeal(notice=decision.notice, owner_tag=tag, words=appeal["words"])


# --- what a colleague holds -----------------------------------------------------------------------------------------
def start() -> None:
    """Let the colleague hold on to their case for as long as the demo runs."""
    ticker.register("demo.hold on", hold_on, every=EVERY)


def hold_on() -> None:
    """Claim what the file says somebody holds, or go on holding it. What was given back, decided or taken by another
    since stays as it is."""
    for key, table in tables().items():
        for said in table.get("cases", []):
            if "held_by" in said:
                _hold(content.names()[key], said)


def _hold(name: str, said: dict[str, Any]) -> None:
    rows = Case.objects.select_related("group").filter(group__name=name, text__startswith=said["message"])
    case = rows.filter(state=CaseState.OPEN).first()
    if case is None:
        return
    judge = _judge(case.group, said["held_by"])
    if not case.fence or bytes(case.holder or b"") == judge.key_in(case.public_id):
        with suppress(Conflict):
            claims.claim(judge=judge, case=case)


# --- who and what ---------------------------------------------------------------------------------------------------
def _post(group: Group, said: dict[str, Any]) -> Post:
    return Post.objects.get(thread__group=group, text__startswith=said["message"])


def _here(group: Group, handle: str) -> Here:
    persona = Persona.objects.select_related("member").get(group=group, handle=handle)
    return places.find(owner_tag=bytes(persona.member.owner_tag), strong=True)


def _judge(group: Group, handle: str) -> Judge:
    return judge_of(_here(group, handle))


def _keyed(secret: bytes, kind: str, ref: str) -> bytes:
    return sealing.tag(key=secret, parts=(kind, ref))
