"""How tests report, claim and decide."""

from __future__ import annotations

from typing import Any

from chat.models import Post, Thread
from moderation.actions import claims, decisions, reports
from moderation.actions.decisions import Ruling
from moderation.actions.reports import Told
from moderation.enums import Act, Reason
from moderation.models import Case, Decision, Report
from moderation.policies import Judge, judge_of
from moderation.selectors import cases
from tests.people import Person

FACTS = "They called somebody lazy for being ill."


def report(person: Person, post: Post, *, reason: Reason = Reason.UNKIND, note: str = "") -> Report:
    """Report a message."""
    told = Told(kind="post", subject_id=post.public_id, reason=reason, note=note)
    return reports.report(here=person.here(post.thread.group), told=told, key_of=person.keyed)


def judge(person: Person, group: Any) -> Judge:
    """Somebody of the team."""
    return judge_of(person.here(group))


def claim(person: Person, case: Case) -> Case:
    """Take a case, as somebody of the team would from the queue."""
    who = judge(person, case.group)
    return claims.claim(judge=who, case=cases.find(judge=who, public_id=case.public_id))


def ruling(act: Act, **more: Any) -> Ruling:
    """A ruling with everything it needs."""
    given = {"rule_code": "kind", "facts": FACTS, "message": "This was unkind. Please look again."}
    given |= {"days": 7} if act in {Act.SLOW, Act.CHECK_FIRST, Act.MUTE, Act.BAN, Act.SUSPEND} else {}
    given |= {"scope": "group"} if act in {Act.SLOW, Act.CHECK_FIRST, Act.MUTE, Act.BAN} else {}
    given |= {"scope": "site"} if act == Act.SUSPEND else {}
    given |= {"heads_up": "hospital"} if act == Act.HEADS_UP else {}
    return Ruling(act=act, **(given | more))


def decide(person: Person, case: Case, act: Act, **more: Any) -> Decision:
    """Take a case and decide it."""
    held = claim(person, case)
    return decisions.decide(
        judge=judge(person, case.group), case=held, fence=held.fence, ruling=ruling(act, **more)
    )


def decided(cast: Any, thread: Thread, act: Act, *, text: str = "You are lazy.", **more: Any) -> Decision:
    """Alice wrote something, bob reported it, mona decided, or the lead what is a
    lead's."""
    from tests.chat.saying import send

    made = report(cast.bob, send(cast.alice, thread, text))
    return decide(cast.lead if act == Act.SUSPEND else cast.mona, made.case, act, **more)
