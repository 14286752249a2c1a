"""The safety log, and the rules that stop a study."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from research import policies, sealed
from research.models import SafetyEntry, Study
from research.policies import Desk
from research.selectors import measures, sheets


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One entry with its words. `anew_on`: the day on which what happened was said anew last."""

    entry: SafetyEntry
    what: str
    done: str
    anew_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why it went on after a pause."""

    on_day: dt.date
    why: str


@dataclass(frozen=True, kw_only=True)
class StopRule:
    """One rule, what it counts, and whether it is met. `told`: what may be shown of the count, None for a few people;
    `is_of_people`: down to a whole five, and counted once a day."""

    title: Any
    more_than: int
    told: int | None
    is_met: bool
    is_of_people: bool


def place_of(eid: str) -> str:
    """What an entry's words are sealed for."""
    return f"safety|{eid}"


def place_of_reason(public_id: str) -> str:
    """What the reason to go on is sealed for."""
    return f"went on|{public_id}"


def words(entry: SafetyEntry) -> dict[str, str]:
    """What an entry says. Raises SealBroken."""
    opened = sealed.unseal(study=entry.study, sealed=bytes(entry.sealed), place=place_of(entry.public_id))
    said: dict[str, str] = json.loads(opened)
    return said


def log(*, desk: Desk) -> Sequence[Noted]:
    """The safety log, what is not dealt with first. Raises NotHere for an analyst."""
    policies.require("see_harm", desk)
    rows = list(desk.study.safety.select_related("study").order_by("-happened_on", "id"))
    rows.sort(key=lambda entry: entry.handled_on is not None)
    return [_noted(entry) for entry in rows]


def _noted(entry: SafetyEntry) -> Noted:
    said = words(entry)
    anew = said.get("anew_on")
    return Noted(
        entry=entry,
        what=said["what"],
        done=said["done"],
        anew_on=dt.date.fromisoformat(anew) if anew else None,
    )


def reasons(*, desk: Desk) -> Sequence[Reason]:
    """Why it went on after each pause, the latest first. Raises NotHere for an analyst."""
    policies.require("see_harm", desk)
    return [
        Reason(
            on_day=row.on_day,
            why=sealed.unseal(
                study=desk.study, sealed=bytes(row.sealed), place=place_of_reason(row.public_id)
            ).decode(),
        )
        for row in desk.study.went_on.order_by("-on_day", "id")
    ]


def stop_rules(study: Study, *, settings: Mapping[str, Any]) -> list[StopRule]:
    """The rules and where they stand."""
    found = []
    for rule in settings["harm"]["stop_rules"]:
        measure = measures.STOP[rule["measure"]]
        count, seen = measure.count(study), int(study.seen_counts.get(rule["measure"], 0))
        is_met = count > max(rule["more_than"], seen)
        told = sheets.rough(count) if measure.of_people else count
        found.append(
            StopRule(title=measure.title, more_than=rule["more_than"], told=told, is_met=is_met,
                     is_of_people=measure.of_people)
        )  # fmt: skip
    return found


def rules_met(study: Study, *, settings: Mapping[str, Any]) -> list[StopRule]:
    """Those that stop it now."""
    return [rule for rule in stop_rules(study, settings=settings) if rule.is_met]
