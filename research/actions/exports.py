"""Files: asked for by one, read and checked, let go by another, made anew each time, and fetched for three days.

Whatever is slow, the making, comes before the lock; under the lock it is asked whether all it rests on is the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from community.errors import MayNot, NotHere
from core import clock
from core import text as texts
from research import sealed
from research.actions import codes
from research.enums import ExportState, ExportTier, StudyState, Wanted
from research.files import gather, pipeline, reporting, totals
from research.files.pipeline import Made
from research.files.recipe import Recipe, of_json
from research.files.texts import Reading, as_kept
from research.models import Export, ExportSubject, QuoteAsk, Recall, Wave
from research.policies import Desk
from research.release.verify import Fault
from research.selectors import desks, once, outside, parts, sheets
from research.selectors import exports as reading
from research.selectors.exports import File
from research.selectors.sheets import FLOOR

LASTS = dt.timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a file is to hold, and for whom it is."""

    tier: ExportTier
    last_round: int = 0
    messages: bool = False
    activity: bool = False
    quotes: bool = False
    once: bool = False
    recipient: str = ""
    agreement: str = ""


def ask(*, desk: Desk, asked: Asked) -> Export:
    """Ask for a file with everything up to yesterday: it is made next, unless somebody has to read something first.
    Raises NotHere, and MayNot for what there is no file of."""
    with transaction.atomic():
        now = codes.locked(desk, "ask_files")
        require_on(now)
        _require(now, asked)
        until = clock.today() - dt.timedelta(days=1)
        recipe = Recipe(
            tier=asked.tier, last_round=asked.last_round, messages=asked.messages, activity=asked.activity,
            quotes=asked.quotes, until=until, once=asked.once, flow=sheets.flow(now.study),
            outside=asked.recipient if asked.tier == ExportTier.T1 else "",
            latest=reading.latest(now.study, last_round=asked.last_round, until=until),
        )  # fmt: skip
        _require_enough(now, recipe)
        made = Export.objects.create(
            study=now.study, tier=asked.tier, recipe=recipe.as_json(), asked_by=bytes(now.colleague.key),
            recipient=asked.recipient, agreement=texts.tidy(asked.agreement),
            **({} if recipe.reads else {"wanted": Wanted.CHECK, "wanted_by": bytes(now.colleague.key)}),
        )  # fmt: skip
        codes.record(now, "file asked for", kind=str(asked.tier))
    return made


def again(*, desk: Desk, fid: str) -> Export:
    """Ask for the same as a file that can be fetched no more held, up to yesterday. Raises as `ask`."""
    export = _open(desk, fid, "again").export
    kept = {one.name: export.recipe[one.name] for one in fields(Asked) if one.name in export.recipe}
    kept |= {"tier": ExportTier(export.tier), "recipient": export.recipient, "agreement": export.agreement}
    return ask(desk=desk, asked=Asked(**kept))


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What somebody did to one message that they read. `seen` is what stood for its words then; `more` are words in it,
    one lot to a line, that are taken out, too; `afresh` puts back what was taken out by hand before."""

    seen: str
    more: str = ""
    is_out: bool = False
    afresh: bool = False


def mark(*, desk: Desk, fid: str, marked: Mapping[str, Marked]) -> None:
    """Say that these messages were read. Raises NotHere; and MayNot for words that do not stand there, and for a
    message that has changed since it was seen."""
    export = _open(desk, fid, "mark").export
    there = {one.said.mid: one for one in pipeline.to_read(export)}
    before, done = pipeline.reading_of(export), dict[str, Reading]()
    for mid, said in marked.items():
        row = there.get(mid)
        if row is None or row.mark != said.seen:
            raise MayNot(_("A message has changed just now. Look at this page again."))
        known = before.get(mid)
        kept = known.cuts if known and known.mark == row.mark and not said.afresh else ()
        cuts = _cuts(row.text, said.more, kept)
        done[mid] = Reading(mark=row.mark, cuts=cuts, is_out=said.is_out, is_read=True)
    with transaction.atomic():
        codes.lock(desk.study)
        export = _open(desk, fid, "mark").export
        every = pipeline.reading_of(export) | done
        value = sealed.seal(study=export.study, value=as_kept(every), place=pipeline.place_of(fid))
        Export.objects.filter(pk=export.pk).update(sealed_reading=value, state=ExportState.READING)


def _cuts(text: str, words: str, kept: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    found = list(kept)
    for line in filter(None, (one.strip() for one in texts.tidy(words).split("\n"))):
        at = text.find(line)
        if at < 0:
            raise MayNot(
                _("“%(words)s” is not in the message. Copy it as it stands there.") % {"words": line}
            )
        while at >= 0:
            found.append((at, at + len(line)))
            at = text.find(line, at + len(line))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def check(*, desk: Desk, fid: str) -> None:
    """Make it and have it checked: it waits for the second person, or it is refused. Raises NotHere, and MayNot while
    messages were not read, or too few people are in it."""
    export = _open(desk, fid, "check").export
    require_named(export)
    before = reading.standing(export.study)
    made = _made(export)
    with transaction.atomic():
        codes.lock(desk.study)
        now = _open(desk, fid, "check")
        _require_same(now, before)
        state = ExportState.REFUSED if made.faults else ExportState.WAITING
        Export.objects.filter(pk=export.pk).update(
            state=state, digest="" if made.faults else made.digest, people=made.people,
            trace=[*made.trace, {"stage": reading.REPORT, **_shown(made.report)}],
            found=[[one.file, one.line, one.what, *_nth(made, one)] for one in made.faults],
        )  # fmt: skip
        codes.record(_desk(desk), "file refused by the check" if made.faults else "file checked")


def _nth(made: Made, fault: Fault) -> list[int]:
    """The message that somebody reads again, if it is about one."""
    found = made.at.get((fault.file, fault.line))
    return [found] if found else []


def _shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the second person reads of it before it goes."""
    keys = (reporting.SHORT, reporting.COLUMNS, reporting.SENSITIVE, "tables")
    return {key: report[key] for key in keys if key in report}


def decide(*, desk: Desk, fid: str, is_yes: bool) -> bool:
    """Let it go, or not: never one's own. False: something has changed since, and it has to be made again. Raises
    NotHere, and MayNot."""
    export = _open(desk, fid, "decide").export
    if is_yes:
        require_named(export)
    before = reading.standing(export.study)
    made = _made_again(export) if is_yes else None
    with transaction.atomic():
        codes.lock(desk.study)
        now = _open(desk, fid, "decide")
        if is_yes:
            _require_same(now, before)
        state = ExportState.TURNED_DOWN
        if is_yes:
            state = ExportState.APPROVED if made else ExportState.STALE
        by = {} if state == ExportState.STALE else {"decided_by": bytes(desk.colleague.key)}
        until = clock.today() + LASTS if made else None
        Export.objects.filter(pk=export.pk).update(state=state, decided_on=clock.today(), until=until, **by)
        if made:
            _note_subjects(export, made)
        codes.record(_desk(desk), ACTS[state])
    return state != ExportState.STALE


ACTS = {
    ExportState.APPROVED: "file let go by a second person",
    ExportState.TURNED_DOWN: "file turned down",
    ExportState.STALE: "file has to be made again",
}


def fetch(*, desk: Desk, fid: str) -> bytes | None:
    """The file, made once more. None: something has changed since it was let go, and it has to be made again. Raises
    NotHere, and MayNot."""
    export = _open(desk, fid, "fetch").export
    require_named(export)
    before = reading.standing(export.study)
    made = _made_again(export)
    with transaction.atomic():
        codes.lock(desk.study)
        now = _open(desk, fid, "fetch")
        _require_same(now, before)
        rows = Export.objects.filter(pk=export.pk)
        if made is None:
            rows.update(state=ExportState.STALE)
            codes.record(_desk(desk), ACTS[ExportState.STALE])
            return None
        rows.filter(fetched_on=None).update(fetched_on=clock.today())
        QuoteAsk.objects.filter(pk__in=made.quotes, released_on=None).update(released_on=clock.today())
        codes.record(_desk(desk), "file left", kind=export.tier)
        return made.data


def take_back(*, desk: Desk, fid: str) -> None:
    """Nobody fetches it any more. Raises NotHere."""
    with transaction.atomic():
        codes.lock(desk.study)
        export = _open(desk, fid, "take_back", anyhow=True).export
        Export.objects.filter(pk=export.pk).update(state=ExportState.TAKEN_BACK)
        codes.record(_desk(desk), "file taken back")


def forget(*, desk: Desk, fid: str) -> None:
    """Say that no copy of it is left anywhere: nothing has to come out of it any more. Raises NotHere."""
    with transaction.atomic():
        codes.lock(desk.study)
        export = _open(desk, fid, "forget", anyhow=True).export
        Export.objects.filter(pk=export.pk).update(gone_on=clock.today())
        Recall.objects.filter(export=export).delete()
        codes.record(_desk(desk), "no copy of a file left")


def tidy() -> None:
    """The duty: once a file can be made no more, forget what was done to which message while it was read."""
    over = [ExportState.TURNED_DOWN, ExportState.STALE, ExportState.TAKEN_BACK]
    rows = Export.objects.filter(sealed_reading__isnull=False)
    rows.filter(Q(state__in=over) | Q(until__lt=clock.today())).update(sealed_reading=None)


def require_on(desk: Desk) -> None:
    """Raise MayNot, in words, while no file may be made, decided on or fetched."""
    why = {
        "gone": _("What this study kept of people is deleted. Nothing is left for a file."),
        "not open": _("The study has to be open first."),
        "paused": _("The study is paused. No file is made, let go or fetched."),
        "ethics": _("The board's yes has run out. No file is made, let go or fetched."),
    }
    if found := why.get(reading.why_not(desk.study)):
        raise MayNot(found)


def require_named(export: Export) -> None:
    """Raise MayNot for a file for somebody outside whom the protocol in force does not name, or did not when it was
    asked for."""
    if export.tier != ExportTier.T1:
        return
    if (
        export.recipient not in outside.named(export.study)
        or of_json(export.recipe).outside != export.recipient
    ):
        raise MayNot(
            _("The approved protocol does not name them. People read that nobody else gets such a file.")
        )


def _require(desk: Desk, asked: Asked) -> None:
    if not (asked.last_round or asked.messages or asked.activity or asked.quotes or asked.once):
        raise MayNot(_("Pick what goes into the file."))
    if asked.once:
        _require_names(desk, asked)
    if asked.tier == ExportTier.T1:
        _require_recipient(desk, asked)
    if asked.tier == ExportTier.T3 and (
        not asked.last_round or asked.messages or asked.activity or asked.quotes
    ):
        raise MayNot(_("Totals are of rounds alone. Pick up to which one, and nothing else."))
    if asked.last_round and not Wave.objects.filter(study=desk.study, number=asked.last_round).exists():
        raise MayNot(_("There is no such round."))


def _require_names(desk: Desk, asked: Asked) -> None:
    if asked.tier != ExportTier.T0:
        raise MayNot(_("Messages under one-thread names stay with the team."))
    if desk.study.state != StudyState.CLOSED:
        raise MayNot(_("Messages under one-thread names go into a file once the study is over, not before."))


def _require_enough(desk: Desk, recipe: Recipe) -> None:
    """What there is too little of is said when it is asked for, and not once somebody has read messages for it."""
    if recipe.tier == ExportTier.T3:
        if reason := totals.why_none(desk.study, last_round=recipe.last_round):
            raise MayNot(reason)
        return
    if recipe.last_round and not gather.has_answers(study=desk.study, recipe=recipe, least=FLOOR):
        raise MayNot(str(_WHY_TOO_FEW[recipe.tier]))
    if recipe.messages and not gather.has_messages(study=desk.study, recipe=recipe):
        raise MayNot(_("There are no messages that may be read. Ask for a file without them."))
    if recipe.once and not once.names(study=desk.study):
        raise MayNot(str(_TOO_FEW_NAMES))


def _require_recipient(desk: Desk, asked: Asked) -> None:
    if not outside.named(desk.study):
        raise MayNot(
            _("The approved protocol names nobody outside. People read that nobody gets such a file.")
        )
    if asked.recipient not in outside.named(desk.study) or not texts.tidy(asked.agreement):
        raise MayNot(_("Say who gets it, and under which agreement."))
    if asked.messages or asked.activity:
        raise MayNot(_("Messages, and how often people write, stay with the team."))
    if desk.study.joins:
        raise MayNot(_("This study joins people across groups. It has no file for others yet."))


def require(desk: Desk, fid: str, what: str) -> File:
    """A file as it is now, if this desk may do this with it. Raises NotHere; MayNot while the study stands still."""
    return _open(desk, fid, what)


def _open(desk: Desk, fid: str, what: str, *, anyhow: bool = False) -> File:
    """A file as it is now, if this desk may do this with it. Raises NotHere; MayNot while the study stands still."""
    found = reading.find(desk=_desk(desk), fid=fid)
    if not found.may[what]:
        raise NotHere
    if not anyhow:
        require_on(_desk(desk))
    return found


def _desk(desk: Desk) -> Desk:
    return desks.again(desk)


def _require_same(now: File, before: str) -> None:
    if reading.standing(now.export.study) != before:
        raise MayNot(_("Something was said or taken back just now. Try again."))


_TOO_FEW_NAMES = _lazy(
    "In no group could a one-thread name be that of ten people who said yes, beside ten others who wrote. There is no "
    "such file."
)
_WHY_TOO_FEW = {
    ExportTier.T0: _lazy("Answers of fewer than 5 people would be in it. There is no such file."),
    ExportTier.T1: _lazy("There are too few people, or they are too different: someone would stand out."),
    ExportTier.T3: _lazy(
        "There is no total yet: no round is over for everyone, or too few people are in it."
    ),
}


def _made(export: Export) -> Made:
    try:
        return pipeline.make(export, reading=pipeline.reading_of(export))
    except pipeline.Unread:
        raise MayNot(_("Read every message first.")) from None
    except pipeline.Empty:
        raise MayNot(_("Nothing is left in it. There is no such file.")) from None
    except pipeline.TooFewNames:
        raise MayNot(str(_TOO_FEW_NAMES)) from None
    except pipeline.TooFew:
        raise MayNot(str(_WHY_TOO_FEW[ExportTier(export.tier)])) from None


def _made_again(export: Export) -> Made | None:
    """It, if it is to the byte what was checked."""
    try:
        made = _made(export)
    except MayNot:
        return None
    return made if made.digest == export.digest and not made.faults else None


def _note_subjects(export: Export, made: Made) -> None:
    column = {parts.PARTICIPANT: "participant_id", parts.SOURCE: "source_id", once.KIND: "once_id"}
    rows = sorted((number, column[kind], pk) for (kind, pk), number in made.numbers.items())
    ExportSubject.objects.bulk_create(
        ExportSubject(export=export, number=number, **{name: pk}) for number, name, pk in rows
    )
