"""Harm comes first: what was bad is noted at once, and a study's own rules stop it without waiting for anybody."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction
from django.utils.translation import gettext as _

from community.errors import MayNot, NotHere
from core import clock
from core import text as texts
from research import acts, sealed
from research.actions import codes, studies
from research.enums import PausedBy, Related, Severity, StudyState
from research.models import SafetyEntry, Study
from research.policies.studies import OPEN
from research.selectors import harm as selectors
from research.selectors import studies as reading
from research.selectors.desks import Desk


def note(*, desk: Desk, happened_on: dt.date, severity: Severity, related: Related, words: str) -> bool:
    """Write something bad into the safety log. Whether a rule stopped the study for it. Raises NotHere, and
    MayNot once what the study kept of people is gone: nothing would take this away any more."""
    with transaction.atomic():
        now = codes.locked(desk, "log_harm")
        if now.study.data_gone_on:
            raise MayNot(_("This study keeps nothing about people any more. Tell the board instead."))
        entry = SafetyEntry(study=now.study, happened_on=happened_on, severity=severity, related=related)
        entry.sealed = _sealed(entry, {"what": texts.tidy(words), "done": ""})
        entry.save(force_insert=True)
        codes.record(now, "something bad noted", severity=str(severity))
        return look(now.study)


def handle(*, desk: Desk, eid: str, done: str) -> None:
    """Say what was done about it. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "log_harm")
        entry = _entry(now, eid)
        if not texts.tidy(done):
            raise MayNot(_("Say what was done."))
        said = selectors.words(entry) | {"done": texts.tidy(done)}
        now.study.safety.filter(pk=entry.pk).update(
            sealed=_sealed(entry, said), handled_on=entry.handled_on or clock.today()
        )
        codes.record(now, "something bad handled")


def reword(*, desk: Desk, eid: str, words: str) -> None:
    """Say anew what happened: the words before are gone, and on which day they went stays. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "log_harm")
        entry = _entry(now, eid)
        if not texts.tidy(words):
            raise MayNot(_("Say what happened."))
        today = clock.today().isoformat()
        said = selectors.words(entry) | {"what": texts.tidy(words), "anew_on": today}
        now.study.safety.filter(pk=entry.pk).update(sealed=_sealed(entry, said))
        codes.record(now, "something bad worded anew")


def look(study: Study) -> bool:
    """Pause a study at once if one of its stop rules is met: more than the rule allows, and more than its lead had seen
    when it last went on. In a transaction that locked the study."""
    now = Study.objects.get(pk=study.pk)
    if now.is_paused or now.state not in {*OPEN, StudyState.APPROVED}:
        return False
    if not selectors.rules_met(now, settings=reading.settings_of(now)):
        return False
    studies.stop(now, because=PausedBy.RULE, by=acts.RULE)
    return True


def look_at_all() -> None:
    """The duty: what changed without a study's team, such as answers and people who left, stops a study too."""
    for study in Study.objects.filter(state__in=OPEN, is_paused=False).order_by("public_id"):
        with transaction.atomic():
            codes.lock(study)
            look(study)


def _entry(desk: Desk, eid: str) -> SafetyEntry:
    found = desk.study.safety.filter(public_id=eid).first()
    if found is None:
        raise NotHere
    return found


def _sealed(entry: SafetyEntry, said: dict[str, str]) -> bytes:
    return sealed.seal(
        study=entry.study, value=json.dumps(said).encode(), place=selectors.place_of(entry.public_id)
    )
