"""Making files beside requests: what was asked for waits in its row, until a process of its own has made it.

Making a large one takes a minute and more, and a request that takes so long is cut off. A row that waits is there after
a restart, too. Whoever pressed was signed in then; whether they may is asked again when it is made."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from community.errors import MayNot, NotHere
from core import clock
from research import sealed
from research.actions import codes, exports
from research.enums import Wanted
from research.models import Export
from research.models.exports import NOT_MADE
from research.policies import Desk
from research.selectors import desks
from research.selectors import exports as reading

logger = logging.getLogger("kith.files")

LIES = dt.timedelta(hours=1)  # how long one that was made can be taken
MOST_TRIES = 3  # whatever ends the process each time must not be tried for ever


def want(*, desk: Desk, fid: str, what: Wanted) -> None:
    """Ask that a file be made. Again it changes nothing. Raises NotHere, and MayNot while the study stands still."""
    with transaction.atomic():
        codes.lock(desk.study)
        export = exports.require(desk, fid, what).export
        Export.objects.filter(pk=export.pk, wanted="").update(
            wanted=what, wanted_by=bytes(desk.colleague.key), tries=0, refusal=""
        )


def take(*, desk: Desk, fid: str) -> bytes | None:
    """A file that was made, once. None: it is not there, or something has changed since, and it has to be made again.
    Raises NotHere, and MayNot."""
    with transaction.atomic():
        codes.lock(desk.study)
        export = exports.require(desk, fid, "fetch").export
        exports.require_named(export)
        if export.sealed_made is None:
            return None
        is_same = (
            export.made_over == reading.rests_on(export) and (export.made_until or clock.now()) > clock.now()
        )
        Export.objects.filter(pk=export.pk).update(**NOT_MADE)
        if not is_same:
            return None
        return sealed.unseal(study=export.study, sealed=bytes(export.sealed_made), place=_place(fid))


def is_wanted() -> bool:
    """Whether any file waits to be made."""
    return Export.objects.exclude(wanted="").exists()


def make_wanted() -> None:
    """Make every file that waits, the one after the other."""
    for export in (
        Export.objects.exclude(wanted="").select_related("study").defer("sealed_made").order_by("id")
    ):
        begun = Export.objects.filter(pk=export.pk, wanted=export.wanted, tries=export.tries)
        if begun.update(tries=F("tries") + 1):
            _one(export)


def _one(export: Export) -> None:
    refusal = _("It could not be made. Ask for it again, or tell the person who runs this site.")
    try:
        if export.tries < MOST_TRIES:
            refusal = _made(export)
    except Exception as error:
        # Whatever it is, its asker reads that there is none; the type alone is safe to log.
        logger.error("a file ended with %s", type(error).__name__)
    Export.objects.filter(pk=export.pk).update(wanted="", wanted_by=None, tries=0, refusal=refusal)


def _made(export: Export) -> str:
    """Make one. Returns why there is none, in words."""
    try:
        desk = desks.find(sid=export.study.public_id, key=bytes(export.wanted_by or b""))
        if export.wanted == Wanted.CHECK:
            exports.check(desk=desk, fid=export.public_id)
        elif export.wanted == Wanted.DECIDE:
            is_same = exports.decide(desk=desk, fid=export.public_id, is_yes=True)
            return "" if is_same else changed()
        else:
            return _laid_ready(desk, export)
    except MayNot as refused:
        return refused.reason
    except NotHere:  # who asked has left the team, or it was decided otherwise meanwhile
        return ""
    return ""


def _laid_ready(desk: Desk, export: Export) -> str:
    before = reading.rests_on(export)
    data = exports.fetch(desk=desk, fid=export.public_id)
    if data is None:
        return changed()
    with transaction.atomic():
        codes.lock(export.study)
        if (
            reading.rests_on(export) != before
        ):  # whoever left meanwhile threw nothing away: it was not there yet
            return changed()
        Export.objects.filter(pk=export.pk).update(
            sealed_made=sealed.seal(study=export.study, value=data, place=_place(export.public_id)), made_over=before,
            made_until=clock.now() + LIES,
        )  # fmt: skip
    return ""


def changed() -> str:
    """Why a file cannot go as it is."""
    return _("Something has changed since it was made. Ask for it again.")


def forget_made() -> None:
    """The duty: nothing that was made lies there for longer."""
    Export.objects.filter(made_until__lte=clock.now()).update(**NOT_MADE)


def _place(fid: str) -> str:
    return f"made|{fid}"
