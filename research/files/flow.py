"""How many people were asked, said yes, left and are in a file: the flow of CONSORT 2025 and the rates of CHERRIES. Who
was asked, said yes and left stands there in fives, as it was told on the team's pages when the file was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from research.enums import Unit
from research.files.gather import Gathered
from research.files.tables import Table
from research.models import Study
from research.selectors import studies
from research.selectors.sheets import FLOOR

BOX, GAP, WIDE = 44, 22, 520
ROUGH = 3  # steps that are told in fives
BETWEEN = (
    "Who said yes and is not in this file came later than it reaches, answered none of its rounds, or left and wants"
    " nothing used. How many of each is not told: it would tell when one person came or left. Who is left out of a file"
    " for others, as nothing hides them, is counted in risk_report.json."
)


def flow(found: Gathered) -> list[tuple[str, int | None]]:
    """Each step with its count; None for one that is not told."""
    told = found.recipe.flow
    steps = [
        ("Members of the groups that agreed", told.get("members")),
        ("Said yes to the study", told.get("said_yes")),
        ("Left the study again", told.get("left")),
    ]
    if found.answers:
        steps.append(("Answers are in this file", len(found.answers)))
        steps += [
            (f"Answered round {wave.number}", _told(_in_round(found, wave.number))) for wave in found.waves
        ]
    if writers := found.writers:
        steps.append(("Messages are in this file, of so many people", _told(len(writers))))
    return steps


def in_file(tables: Sequence[Table]) -> list[tuple[str, int | None]]:
    """How many people stand in the file itself, by version: of the rows that leave, so that this tells nothing more."""
    people = next((one for one in tables if one.name == "people"), None)
    if people is None:
        return []
    at = next((nth for nth, column in enumerate(people.columns) if column.name == "version"), None)
    counted = Counter(str(row[at] or "") for row in people.rows) if at is not None else Counter[str]()
    found: list[tuple[str, int | None]] = [("Stand in this file", len(people.rows))]
    return found + [
        (f"Of these, version {name}", n) for name, n in sorted(counted.items()) if name and len(counted) > 1
    ]


def design(study: Study) -> str:
    """What is compared, and by whom versions are given."""
    if not study.arms.exists():
        return "one group, nothing compared; feasibility"
    unit = "whole groups, in pairs" if study.unit == Unit.GROUP else "each person, group by group"
    return f"versions of the settings, given by lot to {unit}; feasibility"


def _told(count: int) -> int | None:
    return count if count >= FLOOR or not count else None


def _in_round(found: Gathered, number: int) -> int:
    return sum(number in one.rounds for one in found.answers)


def as_json(steps: Sequence[tuple[str, int | None]]) -> list[dict[str, Any]]:
    """Each step with its people: `at_least` that many where they are told in fives, exactly so many in the file."""
    return [
        {"step": step, "people": count, **({"at_least": True} if nth < ROUGH else {})}
        for nth, (step, count) in enumerate(steps)
    ]


def as_svg(steps: Sequence[tuple[str, int | None]]) -> bytes:
    """The same as a picture."""
    high = len(steps) * (BOX + GAP) + GAP
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img"'
        ' font-family="sans-serif" font-size="15"><title>How many people came how far</title>'
    ]
    for nth, (title, count) in enumerate(steps):
        top = GAP + nth * (BOX + GAP)
        if nth:
            drawn.append(f'<path d="M{WIDE // 2} {top - GAP}v{GAP}" stroke="#444"/>')
        said = f"fewer than {FLOOR}" if count is None else f"at least {count}" if nth < ROUGH else str(count)
        drawn.append(f'<rect x="10" y="{top}" width="{WIDE - 20}" height="{BOX}" fill="#fff" stroke="#444"/>')
        words = escape(f"{title}: {said}")
        drawn.append(f'<text x="{WIDE // 2}" y="{top + 28}" text-anchor="middle" fill="#111">{words}</text>')
    return ("\n".join([*drawn, "</svg>"]) + "\n").encode()


def response(found: Gathered) -> dict[str, Any]:
    """How the questions were asked and answered, in the order of CHERRIES. No page view is counted and no visitor
    known, so there is no view rate."""
    steps = dict(flow(found))
    asked = {wave.number: len(wave.instruments) for wave in found.waves}
    return {
        "question": studies.settings_of(found.study)["question"],
        "design": design(found.study),
        "between": BETWEEN,
        "recruitment": "Members of groups whose leads agreed; nobody was written to. Only people who are signed in.",
        "site": "Pages of the group itself; no cookie, address or device is kept for this.",
        "reward": studies.settings_of(found.study).get("thanks", ""),
        "view rate": None,
        "participation": {"members": steps["Members of the groups that agreed"],
                          "said yes": steps["Said yes to the study"], "at_least": True},
        "sets of questions by round": {str(number): n for number, n in asked.items()},
        "answered by round": {str(n): steps[f"Answered round {n}"] for n in asked} if found.answers else {},
        "items on a page": 4,
        "order of items": "the same for everybody; no question depends on another answer",
        "completeness": "Every question can be skipped, and says so.",
        "same person twice": "One place for each person in a group, by a key that only they can make.",
    }  # fmt: skip
