"""A study as it is once it takes people, and members who answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from community.models import Group
from core import clock, ids
from research import digests, sealed
from research.actions import allocation, consent, documents, waves
from research.enums import Agreement, Item, StudyState, Unit
from research.models import Protocol, Study, StudyGroup
from research.selectors.consent import Own, own
from tests.people import Person

ALL = [Item.SURVEYS, Item.ACTIVITY, Item.POSTS, Item.ALIAS_POSTS, Item.QUOTES]
ARMS = [
    {"code": "A", "title": "as it is", "policy": {}, "weight": 1},
    {"code": "B", "title": "words shown", "policy": {"what_matters": "shown"}, "weight": 1},
]


def settings(*groups: Group, **more: Any) -> dict[str, Any]:
    """What a protocol holds, with everything filled in."""
    text = {
        key: f"{key} text" for key in (
            "title", "plain_title", "question", "why", "who", "reads", "never_gets", "ethics_body", "ethics_ref",
            "controller", "contact", "complaints", "recipients",
        )
    }  # fmt: skip
    gids = [group.public_id for group in groups]
    base = {
        "groups": gids,
        "items": [str(item) for item in ALL],
        "retention_months": 24,
        "arms": [],
        "waves": [],
    }
    base |= {"lawful_basis": "public_task", "special_basis": "research"}
    return {**text, **base, "pairs": [], "joins": False, **more}


def open_study(*groups: Group, unit: Unit = Unit.PERSON, **more: Any) -> Study:
    """A study that these groups agreed to, inviting people today."""
    found = settings(*groups, **more)
    public_id = ids.new_public_id()
    study = Study.objects.create(
        public_id=public_id, unit=unit, draft=found, joins=found["joins"],
        sealed_key=sealed.new_key(public_id=public_id),
    )  # fmt: skip
    Protocol.objects.create(
        study=study, version=1, settings=found, digest=digests.digest(found), published_on=clock.today()
    )
    for group in groups:
        StudyGroup.objects.create(
            study=study,
            group=group,
            state=Agreement.AGREED,
            asked_on=clock.today(),
            answered_on=clock.today(),
        )
    documents.publish(study=study, settings=found, is_material=True)
    allocation.prepare(study=study, settings=found)
    waves.prepare(study=study, settings=found)
    Study.objects.filter(pk=study.pk).update(
        state=StudyState.INVITING,
        protocol_version=1,
        opened_on=clock.today(),
        ethics_until=clock.today() + dt.timedelta(days=365),
    )
    study.refresh_from_db()
    allocation.give_groups(study=study)
    return study


def part(who: Person, group: Group, study: Study) -> Own:
    """Somebody's own part, read as they would."""
    return own(sid=study.public_id, group=group, key_of=who.keyed)


def say(who: Person, group: Group, study: Study, said: Mapping[Item, bool] | None = None, **more: Any) -> Own:
    """Answer each item; what is not named is no. Without any named, yes to all but putting them together."""
    document = part(who, group, study).document
    chosen = dict.fromkeys(ALL, True) if said is None else said
    full = {code: bool(chosen.get(Item(code), False)) for code in document.body["items"]}
    consent.answer(
        here=who.here(group), sid=study.public_id, said=full, key_of=who.keyed,
        **{"version": document.version, **more},
    )  # fmt: skip
    return part(who, group, study)
