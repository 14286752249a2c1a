"""The public record and the reports of a group: they are what the chain says, to the byte, and nobody who holds all
that was ever published can work out a count under five, in any run of months."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.test import Client

from audit import verification
from audit.actions import append
from audit.models import AuditEntry
from core import clock
from moderation.enums import Act, Asked, Changed, Measure, Outcome, Reason
from moderation.selectors import record
from proof import solving
from proof.harness import Defence, Result, none_found, swapped
from proof.solving import Fact

SIZES = {"small": (60, 2), "full": (1000, 20)}  # histories, and how many of them are on a real chain
MONTHS = 15  # of each: more than four quarters
START = dt.date(2025, 1, 1)
FLOOR = 5
BROKEN = 0.9  # of what a careless publisher tells
MEASURES = {
    "person": {"slow", "check_first", "mute", "ban", "suspend"},
    "message": {"ask_edit", "heads_up", "hide", "remove"},
    "no_limit": {"nothing", "note"},
}  # as the page says it, apart from the product's own table
ROLES = ("given", "taken")

History = list[record.Entry]


def prove(size: str) -> Iterator[Result]:
    """Made-up histories of small, busy and quiet groups; some on a real chain and published by the real pages."""
    dice = random.Random(20)
    count, on_chain = SIZES[size]
    histories = [history(dice) for _ in range(count)]
    yield _same_bytes(histories[:on_chain])
    broken = sum(bool(_recovered(found, published(found))) for found in histories)
    yield none_found(
        "no count under five follows from all that is published",
        tried=count,
        found=broken,
        part="all releases",
    )
    naive = sum(bool(_recovered(found, carelessly(found))) for found in histories)
    yield Result(
        promise="the same attacker breaks a publisher who only leaves out what is under five",
        tried=count,
        found=f"{naive / count:.0%}",
        goal=f"at least {BROKEN:.0%}",
        holds=naive >= BROKEN * count,
        part="control",
    )


def history(dice: random.Random) -> History:
    """What a group did in some months, from almost nothing to a lot, with months in which nothing happened."""
    found: History = []
    pace, quiet = dice.choice([0.1, 0.3, 1.0, 3.0]), dice.choice([0.0, 0.2, 0.5])
    names = [
        (name, said, dice.choice([0.0, 0.3, 1.0, 2.0]) * pace)
        for name, said in [
            *((f"decision {act}".replace("_", " "), {"act": act}) for act in Act.values),
            *(("report", {"reason": reason}) for reason in Reason.values),
            *((f"appeal {outcome}", {}) for outcome in Outcome.values),
            *((f"role {change}", {}) for change in ROLES),
            *((f"request {answer}", {}) for answer in Asked.values),
            *((f"changed {what}", {}) for what in Changed.values),
        ]
    ]
    for number in range(MONTHS):
        if number and dice.random() < quiet:
            continue
        for name, said, rate in names:
            often = sum(dice.random() < rate / 4 for _ in range(4))
            often += dice.randrange(9) if rate and dice.random() < 0.02 else 0
            found += [record.Entry(month=_month(number), act=name, ref="", said=said)] * often
    beginning = record.Entry(month=START, act="checked first", ref="", said={})
    return [beginning, *sorted(found, key=lambda one: one.month)]


def _month(number: int) -> dt.date:
    return dt.date(START.year + number // 12, number % 12 + 1, 1)


def _number(month: dt.date) -> int:
    return (month.year - START.year) * 12 + month.month - START.month


def _cell(one: record.Entry) -> str:
    """What an entry is counted as; empty for what is not published."""
    kind, _, name = one.act.partition(" ")
    if kind == "decision":
        return next(f"decisions {name}" for name, acts in MEASURES.items() if one.said["act"] in acts)
    if kind == "report":
        return f"reports {one.said['reason']}"
    table = {"appeal": "appeals", "role": "roles", "request": "requests", "changed": "changes"}.get(kind)
    return f"{table} {name}" if table else ""


# --- what the attacker reads --------------------------------------------------------------------------------------
def published(found: History) -> list[Fact]:
    """All releases, month after month, as facts: what is shown, and what it means that something is not shown."""
    facts: list[Fact] = []
    for now in range(1, MONTHS + 1):
        known = [one for one in found if one.month < _month(now)]
        facts += _of_the_list(record.batches(known), now)
        with clock.held_at(dt.datetime.combine(_month(now), dt.time(12), tzinfo=dt.UTC)):
            quarters = {_number(first): first for first in record.quarters(known)}
        for start in range(0, now - 2, 3):
            facts += _of_a_quarter(known, start, quarters.get(start))
    return list(dict.fromkeys(facts))


def _of_the_list(batches: list[record.Batch], now: int) -> list[Fact]:
    facts = []
    for measure in Measure.values:
        cell, after = f"decisions {measure}", 0
        for one in sorted((one for one in batches if one.measure == measure), key=lambda one: one.last):
            first, last = _number(one.first), _number(one.last)
            facts.append(Fact(cell, first, last, *one.count))
            if first > after:  # a batch takes in what waited: then nothing waited
                facts.append(Fact(cell, after, first - 1, 0, 0))
            if last > first:  # it was not there a month earlier
                facts.append(Fact(cell, first, last - 1, 0, FLOOR - 1))
            after = last + 1
        if after < now:
            facts.append(Fact(cell, after, now - 1, 0, FLOOR - 1))
    return facts


def _of_a_quarter(known: History, start: int, first: dt.date | None) -> list[Fact]:
    cells = [f"reports {name}" for name in Reason.values] + [f"appeals {name}" for name in Outcome.values]
    cells += [f"roles {name}" for name in ROLES] + [f"requests {name}" for name in Asked.values]
    cells += [f"changes {name}" for name in Changed.values]
    if first is None:  # not in the list of quarters: nothing at all was done
        return [Fact(cell, start, start + 2, 0, 0) for cell in cells]
    tables = record.report(known, first=first).tables
    return [
        Fact(f"{table.name} {row}", start, start + 2, *band)
        for table in tables
        for row, band in table.rows.items()
    ]


def carelessly(found: History) -> list[Fact]:
    """Another publisher: each month and each quarter, exact counts with what is under five left out, and the sums."""
    counts = _counts(found)
    facts = []
    for table in ("reports", "decisions", "appeals", "roles", "requests", "changes"):
        rows = {cell: months for cell, months in counts.items() if cell.startswith(table)}
        for first, last in _periods():
            told = {cell: sum(months[first : last + 1]) for cell, months in rows.items()}
            for cell, count in told.items():
                facts.append(Fact(cell, first, last, *((count, count) if count >= FLOOR else (0, FLOOR - 1))))
            total = sum(told.values())
            facts.append(Fact("", first, last, total, total, parts=tuple(rows)))
    return facts


def _periods() -> list[tuple[int, int]]:
    months = [(number, number) for number in range(MONTHS)]
    return months + [(number, number + 2) for number in range(0, MONTHS, 3)]


# --- the attack ---------------------------------------------------------------------------------------------------
def _counts(found: History) -> dict[str, list[int]]:
    counts = {f"reports {name}": [0] * MONTHS for name in Reason.values}
    counts |= {f"decisions {name}": [0] * MONTHS for name in MEASURES}
    counts |= {f"appeals {name}": [0] * MONTHS for name in Outcome.values}
    counts |= {f"roles {name}": [0] * MONTHS for name in ROLES}
    counts |= {f"requests {name}": [0] * MONTHS for name in Asked.values}
    counts |= {f"changes {name}": [0] * MONTHS for name in Changed.values}
    for one in found:
        if cell := _cell(one):
            counts[cell][_number(one.month)] += 1
    return counts


def _recovered(found: History, facts: list[Fact]) -> list[tuple[str, int, int, int]]:
    """Cells, and runs of months, whose count the facts leave no choice about, and it is under five."""
    pinned = solving.pinned(facts, months=MONTHS, under=FLOOR)
    counts = _counts(found)
    for cell, first, last, value in pinned:
        assert sum(counts[cell][first : last + 1]) == value, "the attacker reasons wrongly"
    return pinned


# --- the same bytes -----------------------------------------------------------------------------------------------
def _same_bytes(histories: list[History]) -> Result:
    """Each report as the pages give it, as the chain alone gives it, and as it is given again months later."""
    from tests.people import make_group

    tried = wrong = 0
    for number, found in enumerate(histories):
        group = make_group(name=f"made{number}")
        given: dict[str, bytes] = {}
        for now in range(1, MONTHS + 1):
            _put(group, [one for one in found if one.month == _month(now - 1)])
            with clock.held_at(dt.datetime.combine(_month(now), dt.time(12), tzinfo=dt.UTC)):
                for start in range(0, now - 2, 3):
                    address = f"/g/{group.public_id}/record/{_month(start).isoformat()}/"
                    body = Client().get(address, {"as": "json"}).content
                    tried += 1
                    wrong += given.setdefault(address, body) != body
                    wrong += body != _from_the_chain(group.public_id, start)
        wrong += not verification.verify(scope=group.public_id).is_sound
    return none_found(
        "a report is what the chain says, to the byte, whenever it is asked for", tried=tried, found=wrong, part="bytes"
    )  # fmt: skip


def _put(group: Any, found: History) -> None:
    for one in found:
        moment = dt.datetime.combine(one.month, dt.time(12), tzinfo=dt.UTC)
        with clock.held_at(moment), transaction.atomic():
            append(scope=group.public_id, act=one.act, actor_role="moderation team", ref="", payload=one.said)


def _from_the_chain(scope: str, start: int) -> bytes:
    """The report of a quarter, computed by somebody who has the chain and none of the product's code for it."""
    rows = AuditEntry.objects.filter(
        chain__scope=scope, acted_on__gte=_month(start), acted_on__lt=_month(start + 3)
    )
    seen = [
        (row.act.partition(" "), json.loads(row.kept.payload))
        for row in rows.select_related("kept").order_by("seq")
    ]
    reports = [said["reason"] for (kind, _, _), said in seen if kind == "report"]
    appeals = [name for (kind, _, name), _ in seen if kind == "appeal"]
    roles = [name for (kind, _, name), _ in seen if kind == "role"]
    requests = [name for (kind, _, name), _ in seen if kind == "request"]
    changes = [name for (kind, _, name), _ in seen if kind == "changed"]

    def bands(names: list[str], told: list[str]) -> dict[str, list[int]]:
        return {name: [n := told.count(name) // FLOOR * FLOOR, n + FLOOR - 1] for name in names}

    counts = {"reports": bands(Reason.values, reports), "appeals": bands(Outcome.values, appeals)}
    counts |= {"roles": bands(list(ROLES), roles), "requests": bands(Asked.values, requests)}
    counts["changes"] = bands(Changed.values, changes)
    return json.dumps(
        {"from": _month(start).isoformat(), "counts": counts}, sort_keys=True, indent=1
    ).encode()


# --- the defences -------------------------------------------------------------------------------------------------
def _exact(count: int) -> tuple[int, int]:
    return count, count


def _where_something_was(found: History) -> list[dt.date]:
    there = {one.month.replace(month=(one.month.month - 1) // 3 * 3 + 1) for one in found}
    return [quarter for quarter in _quarters(found) if quarter in there]


def _from_the_first_on(found: History) -> list[record.Batch]:
    """A batch that begins where its first decision lies."""
    made = []
    for one in _batches(found):
        inside = [
            entry.month
            for entry in found
            if one.first <= entry.month <= one.last and _cell(entry) == f"decisions {one.measure}"
        ]
        made.append(record.Batch(measure=one.measure, first=min(inside), last=one.last, count=one.count))
    return made


def _as_of_today(*, scope: str, before: dt.date) -> History:
    """A report of what the last months say, and not of what the chain says."""
    return [one for one in _entries(scope=scope, before=before) if (before - one.month).days < 200]


_quarters: Callable[[History], list[dt.date]] = record.quarters
_batches, _entries = record.batches, record.entries
DEFENCES = [
    Defence(name="counts are bands", off=swapped(record, "band_of", _exact)),
    Defence(name="five of one measure together", off=swapped(record, "FLOOR", 1)),
    Defence(name="batches leave no gap", off=swapped(record, "batches", _from_the_first_on)),
    Defence(name="every quarter is listed", off=swapped(record, "quarters", _where_something_was)),
    Defence(name="the whole chain is read", off=swapped(record, "entries", _as_of_today)),
]
