"""What the rounds of a study come to: how many people are in which band, of those who said yes to being counted so.

A round is counted once, when nobody's answers to it can change any more: nobody new comes in, and the next round has
begun for everyone. Before that there is no figure of it, and afterwards it never moves. So nobody can look, wait for
somebody to join, answer or leave, look again, and subtract.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from chat.enums import LabelKind
from chat.models import Label
from community.errors import NotHere
from core import clock
from research import measured
from research.enums import Item, Part, StudyState
from research.instruments import Definition
from research.measured import Kind, Measure
from research.models import Allocation, Participant, Source, Study, Tally, Wave, WaveTask
from research.release.suppress import Cell
from research.selectors import instruments, studies, usable
from research.selectors.usable import Given, Usable, Written

MISLEADING = [LabelKind.GUIDANCE, LabelKind.CORRECTED]
IS_USED = [Part.IN, Part.STOPPED]

Bands = Mapping[str, str]  # pid -> band


def of_study(study: Study) -> Mapping[int, Mapping[Measure, Tally]]:
    """What was counted, by the number of the round."""
    found: dict[int, dict[Measure, Tally]] = {}
    for row in Tally.objects.filter(study=study).select_related("wave").order_by("wave__number", "measure"):
        found.setdefault(row.wave.number, {})[measured.of_key(row.measure)] = row
    return found


def title(wave: Wave, measure: Measure) -> str:
    """What a measure of a round is called."""
    if not measure.asked:
        return str(measured.TITLES[measure.kind])
    version = next(version for code, version, _digest in wave.instruments if code == measure.asked)
    name = instruments.named(code=measure.asked, version=version).title
    return name if measure.kind == Kind.SCORE else _("%(title)s, beside the first time") % {"title": name}


def due(study: Study) -> list[Wave]:
    """The rounds that can be counted now, and were not."""
    rounds = list(study.waves.order_by("number"))
    counted = set(Tally.objects.filter(study=study).values_list("wave", flat=True))
    over = [wave for wave in rounds if wave.pk not in counted and _is_over(study, wave, rounds)]
    has_messages = bool(over) and bool({Item.ACTIVITY, Item.POSTS} & set(studies.settings_of(study)["items"]))
    return [wave for wave in over if has_messages or any(_scored(wave))]


def _is_over(study: Study, wave: Wave, rounds: Sequence[Wave]) -> bool:
    if study.state == StudyState.CLOSED:
        return True
    if study.state != StudyState.RUNNING or study.is_paused:
        return False
    days = max(_until(wave, rounds), wave.week * 7 + wave.open_days)
    latest = [
        model._default_manager.filter(study=study, part__in=IS_USED).aggregate(on=Max("since"))["on"]
        for model in (Participant, Source)
    ]
    return all(since is None or since + dt.timedelta(days=days) <= clock.today() for since in latest)


def _until(wave: Wave, rounds: Sequence[Wave]) -> int:
    """The day of somebody's part with which a round's time ends: the first of the next round, or its own last."""
    later = [one.week * 7 for one in rounds if one.number > wave.number]
    return min(later, default=wave.week * 7 + wave.open_days)


def tables(*, study: Study, waves: Sequence[Wave]) -> dict[Wave, dict[Measure, dict[Cell, int]]]:
    """Of each of these rounds every measure: how many people are in which (version, band); without versions in which
    (band,). The counts are exact: nobody may see them before `release.suppress.protect`."""
    return _Reading(study).tables(waves) if waves else {}


@dataclass(frozen=True)
class _Versions:
    """Which version each of a study's people has. Whoever has two, or none where there are some, is not counted."""

    codes: Sequence[str]
    of: Mapping[str, str]

    def table(self, measure: Measure, bands: Bands) -> dict[Cell, int]:
        if not self.codes:
            counts = Counter(bands.values())
            return {(band,): counts[band] for band in measure.bands}
        pairs = Counter((self.of[pid], band) for pid, band in bands.items() if pid in self.of)
        return {(code, band): pairs[code, band] for code in self.codes for band in measure.bands}


class _Reading:
    """One study, read once for all of its rounds that are due."""

    def __init__(self, study: Study) -> None:
        self.study, self.rounds = study, list(study.waves.order_by("number"))
        codes = list(study.arms.order_by("code").values_list("code", flat=True))
        by_group = dict(
            Allocation.objects.filter(host__study=study)
            .values_list("host__group", "arm__code")
            .order_by("id")
        )

        def versions(rows: Iterable[tuple[str, str | None, int | None]]) -> _Versions:
            found = defaultdict[str, set[str]](set)
            for pid, code, group in rows:
                found[pid].add(code or (by_group.get(group, "") if group else ""))
            return _Versions(
                codes, {pid: min(had) for pid, had in found.items() if len(had) == 1 and had != {""}}
            )

        parts = Participant.objects.filter(study=study).order_by("id")
        sources = Source.objects.filter(study=study).exclude(part=Part.GONE).order_by("id")
        self.of_answers = versions(parts.values_list("pid", "arm__code", "group"))
        self.of_messages = versions(sources.values_list("pid", "arm__code", "member__group"))

    def tables(self, waves: Sequence[Wave]) -> dict[Wave, dict[Measure, dict[Cell, int]]]:
        items = set(studies.settings_of(self.study)["items"])
        sheets = self._sheets() if Item.SURVEYS in items else {}
        counted = (
            list(usable.messages(study=self.study, item=Item.ACTIVITY)) if Item.ACTIVITY in items else []
        )
        read = list(usable.messages(study=self.study, item=Item.POSTS)) if Item.POSTS in items else []
        there = self._present(waves) if Item.ACTIVITY in items else [set()] * len(waves)
        found: dict[Wave, dict[Measure, dict[Cell, int]]] = {}
        for wave, present in zip(waves, there, strict=True):
            own: dict[Measure, tuple[_Versions, Bands]] = {}
            if Item.ACTIVITY in items:
                within = self._within(wave, counted)
                own[Measure(Kind.WROTE)] = self.of_messages, _wrote(within)
                own[Measure(Kind.ANSWERED)] = self.of_messages, _answered(within, counted)
                own[Measure(Kind.SPOKE)] = self.of_messages, _spoke(within, present)
                own[Measure(Kind.SHARED)] = self.of_messages, _shared(within)
            if Item.POSTS in items:
                own[Measure(Kind.LABELLED)] = self.of_messages, _labelled(self._within(wave, read))
            if Item.SURVEYS in items:
                own |= {measure: (self.of_answers, bands) for measure, bands in self._scores(wave, sheets)}
            found[wave] = {one: versions.table(one, bands) for one, (versions, bands) in own.items()}
        return found

    def _present(self, waves: Sequence[Wave]) -> list[set[str]]:
        """Of each round, who could have been counted in all of its time."""
        spans = [(wave.week * 7, _until(wave, self.rounds) - 1) for wave in waves]
        return usable.present(study=self.study, item=Item.ACTIVITY, spans=spans)

    def _within(self, wave: Wave, messages: Iterable[Usable]) -> list[Usable]:
        days = range(wave.week * 7, _until(wave, self.rounds))
        return [one for one in messages if one.day in days]

    def _sheets(self) -> dict[tuple[int, str], dict[str, dict[str, int]]]:
        """(round, set of questions) -> pid -> item -> answer."""
        of_task = dict(WaveTask.objects.filter(wave__study=self.study).values_list("pk", "wave"))
        found: dict[tuple[int, str], dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for one in usable.answers(study=self.study):
            row = one.row
            assert isinstance(row, Given)
            if row.value is not None:
                found[of_task[row.task_id], row.instrument][one.pid][row.item] = row.value
        return found

    def _scores(
        self, wave: Wave, sheets: Mapping[tuple[int, str], Mapping[str, Any]]
    ) -> Iterable[tuple[Measure, Bands]]:
        """The first score of each set of questions, and how it stands to the first round that asked the same."""
        for one in _scored(wave):
            code = one.code
            now, (low, high) = _first_score(one, sheets.get((wave.pk, code), {})), one.scores[0].range
            yield (
                Measure(Kind.SCORE, code),
                {pid: measured.score(n, low=low, high=high) for pid, n in now.items()},
            )
            same = [wave for wave in self.rounds if [code, one.version, one.digest] in wave.instruments]
            if same[0].number < wave.number:
                before = _first_score(one, sheets.get((same[0].pk, code), {}))
                both = before.keys() & now.keys()
                yield (
                    Measure(Kind.CHANGE, code),
                    {pid: measured.change(before[pid], now[pid]) for pid in both},
                )


def _scored(wave: Wave) -> Iterable[Definition]:
    """The sets of questions of a round that have a score."""
    for code, version, digest in wave.instruments:
        try:
            one = instruments.find(code=code, version=version, digest=digest)
        except NotHere:  # its file is another one by now: what was asked cannot be scored
            continue
        if one.scores:
            yield one


def _first_score(one: Definition, answers: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    found = {pid: one.scores[0].of(given) for pid, given in answers.items()}
    return {pid: value for pid, value in found.items() if value is not None}


def _wrote(messages: Iterable[Usable]) -> Bands:
    return {pid: measured.wrote(n) for pid, n in Counter(one.pid for one in messages).items()}


def _spoke(messages: Iterable[Usable], present: Collection[str]) -> Bands:
    """Everyone who wrote, as in all that is counted of messages; and whoever could have, all the time, and did not."""
    return dict.fromkeys(present, "silent") | dict.fromkeys((one.pid for one in messages), "wrote")


def _shared(messages: Iterable[Usable]) -> Bands:
    """Who wrote the first half of all messages, group by group. Who writes in several counts as the most active there
    if they are so in one."""
    by_group = defaultdict[int, Counter[str]](Counter)
    for one in messages:
        assert isinstance(one.part, Source) and one.part.member is not None
        by_group[one.part.member.group_id][one.pid] += 1
    found: dict[str, str] = {}
    for counts in by_group.values():
        found |= {who: band for who, band in measured.shared(counts).items() if found.get(who) != "half"}
    return found


def _answered(messages: Iterable[Usable], all_of_them: Iterable[Usable]) -> Bands:
    """How soon somebody else who takes part wrote after each one's first message, in the same talk."""
    talks = defaultdict[int, list[tuple[int, str, dt.date]]](list)
    for one, row in _posts(all_of_them):
        talks[row.thread_id].append((row.seq, one.pid, row.posted_on))
    firsts: dict[str, Written] = {}
    for one, row in _posts(messages):
        firsts.setdefault(one.pid, row)  # they come by person, the oldest first
    found = {}
    for pid, row in firsts.items():
        later = [on for seq, who, on in talks[row.thread_id] if seq > row.seq and who != pid]
        found[pid] = measured.answered((min(later) - row.posted_on).days if later else None)
    return found


def _labelled(messages: Iterable[Usable]) -> Bands:
    """Whether anything that somebody wrote was marked as misleading."""
    rows = list(_posts(messages))
    marked = set(
        Label.objects.filter(post__in=[row.pk for _one, row in rows], kind__in=MISLEADING).values_list(
            "post", flat=True
        )
    )
    found: dict[str, str] = {}
    for one, row in rows:
        if found.get(one.pid) != "yes":
            found[one.pid] = "yes" if row.pk in marked else "no"
    return found


def _posts(messages: Iterable[Usable]) -> Iterable[tuple[Usable, Written]]:
    for one in messages:
        assert isinstance(one.row, Written)
        yield one, one.row
