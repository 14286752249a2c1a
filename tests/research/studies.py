"""A study at any point of its way, walked there by the real actions, with people who work on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from community.models import Group
from core import clock
from research import protocols
from research.actions import codes, hosting, studies
from research.enums import Item, StudyRole, StudyState
from research.models import Study
from research.policies import Desk
from research.selectors import desks
from tests.people import Person, make_people

ORDER = [StudyState.DRAFT, StudyState.APPROVED, StudyState.INVITING, StudyState.RUNNING, StudyState.CLOSED]


@dataclass
class Team:
    """Who works on a study, each with a second factor."""

    study: Study
    ruth: Person  # lead researcher
    remy: Person  # researcher
    ana: Person  # analyst

    def desk(self, who: str = "ruth") -> Desk:
        return desk_of(getattr(self, who), self.study)


def desk_of(person: Person, study: Study) -> Desk:
    """Somebody's place in a study, as their own request finds it."""
    sid = study.public_id
    return desks.find(sid=sid, key=person.keyed(desks.KIND, sid))


def settings_for(*groups: Group, **more: Any) -> dict[str, Any]:
    """Whole settings of a study in these groups, one person at a time and without versions; `more` changes some."""
    today = clock.today()
    given: dict[str, Any] = {
        "title": "Asking quietly: a feasibility study", "plain_title": "Asking quietly",
        "question": "Do people ask more when one-thread names are offered first?", "why": "To learn what helps.",
        "who": "A small team at a college.", "reads": "Your answers to questions.", "never_gets": "Your name.",
        "how_to_stop": "", "risks": "Some questions are about hard things.", "thanks": "Nothing.",
        "analysis": "Shares and their counts, by group.", "purposes": ["This study alone."],
        "ethics_body": "College board", "ethics_ref": "24/117", "approved_on": today.isoformat(),
        "expires_on": (today + dt.timedelta(days=365)).isoformat(), "lawful_basis": "public_task",
        "special_basis": "research", "controller": "The College, 1 High Street", "contact": "study@college.example",
        "officer": "dpo@college.example", "recipients": "Nobody outside the team.", "transfers": "None.",
        "complaints": "board@college.example", "retention_months": 60,
        "groups": [group.public_id for group in groups], "aim": 20,
        "items": [Item.SURVEYS, Item.ACTIVITY],
        "waves": [
            {"number": 1, "week": 0, "open_days": 14, "instruments": [[protocols.NEGATIVE, "1"]]},
            {"number": 2, "week": 4, "open_days": 14, "instruments": [[protocols.NEGATIVE, "1"]]},
        ],
        "harm": {
            "contact": "Dr Ruth Example, 020 7946 0000", "plan": "We stop, we write to you, we tell the board.",
            "stop_rules": [{"measure": "serious", "more_than": 0}],
            "go_on_rules": [{"measure": "yes", "at_least": 40}],
        },
    }  # fmt: skip
    return protocols.whole(given | more)


def in_pairs(*groups: Group) -> dict[str, Any]:
    """Settings for whole groups in pairs, with two versions."""
    gids = [group.public_id for group in groups]
    return {
        "unit": "group",
        "pairs": [list(pair) for pair in zip(gids[::2], gids[1::2], strict=True)],
        "arms": [
            {"code": "A", "title": "One-thread names as usual", "policy": {}, "weight": 1},
            {
                "code": "B",
                "title": "One-thread names first",
                "policy": {"one_thread": "first"},
                "weight": 1,
            },
        ],
    }


def begin(person: Person, *, label: str = "Dr Ruth Example") -> Study:
    """A study that was just begun, by somebody with a code from a site administrator."""
    code = codes._make(study=None, role=StudyRole.LEAD)
    return codes.use(typed=code, label=label, key_of=person.keyed)


def make_study(*hosts: tuple[Group, Person], state: StudyState = StudyState.INVITING, **more: Any) -> Team:
    """A study with its team, at this point; the groups, said yes by their leads. `more` changes settings."""
    people = make_people(dict.fromkeys(("ruth", "remy", "ana"), True))
    study = begin(people["ruth"])
    team = Team(study, **people)
    for who, role, label in (("remy", StudyRole.RESEARCHER, "Remy"), ("ana", StudyRole.ANALYST, "Ana")):
        code = codes.make(desk=team.desk(), role=role)
        codes.use(typed=code, label=label, key_of=people[who].keyed)
    groups = [group for group, _lead in hosts]
    studies.save(desk=team.desk(), given=settings_for(*groups, **more))
    walk(team, *hosts, to=state)
    study.refresh_from_db()
    return team


def walk(team: Team, *hosts: tuple[Group, Person], to: StudyState) -> None:
    """On from a draft."""
    steps = ORDER[1 : ORDER.index(to) + 1]
    if StudyState.APPROVED in steps:
        studies.approve(desk=team.desk())
    if StudyState.INVITING in steps:
        for group, lead in hosts:
            hosting.ask(desk=team.desk(), gid=group.public_id)
            say_yes(team, group, lead)
        studies.open_to_people(desk=team.desk())
    if StudyState.RUNNING in steps:
        studies.take_nobody_new(desk=team.desk())
    if StudyState.CLOSED in steps:
        studies.close(desk=team.desk())


def sent(person: Person, address: str, given: dict[str, Any]) -> dict[str, Any]:
    """What somebody sends from a set-up page that they open now."""
    context = person.client.get(address).context
    return {key: context[key] for key in ("seen", "was")} | given


def say_yes(team: Team, group: Group, lead: Person) -> None:
    """A group's lead agrees."""
    hosting.answer(here=lead.here(group), sid=team.study.public_id, is_yes=True, note="", key_of=lead.keyed)
