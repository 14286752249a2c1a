"""Studies as those who work on them see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F

from audit.models import AuditEntry
from community.errors import NotHere
from core import clock
from core.prepared import Prepared
from research import protocols
from research.models import Colleague, Protocol, Study, StudyCode
from research.selectors.desks import Desk

_in_force = Prepared(lambda study, version: Protocol.objects.filter(study=study, version=version))


def current(study: Study) -> Protocol | None:
    """The protocol version in force, if there is one."""
    return _in_force.first(study=study.pk, version=study.protocol_version)


def settings_of(study: Study) -> dict[str, Any]:
    """The settings in force; of a study that is set up, those that there are."""
    found = current(study)
    return protocols.whole(found.settings if found else study.draft)


def settings_of_all(rows: Iterable[Study]) -> dict[int, dict[str, Any]]:
    """The same for many, by their keys, in one query."""
    found = {row.pk: row for row in rows}
    in_force = Protocol.objects.filter(study__in=found, version=F("study__protocol_version"))
    frozen = {protocol.study_id: protocol.settings for protocol in in_force}
    return {pk: protocols.whole(frozen.get(pk, row.draft)) for pk, row in found.items()}


def versions(study: Study) -> Sequence[Protocol]:
    """All protocol versions, the newest first."""
    return list(study.protocols.order_by("-version"))


def version(study: Study, *, number: int) -> Protocol:
    """One of them. Raises NotHere."""
    found = study.protocols.filter(version=number).first()
    if found is None:
        raise NotHere
    return found


def pauses(study: Study) -> Sequence[tuple[dt.date, dt.date]]:
    """The first and the last day of each pause, as the record has them."""
    found: list[tuple[dt.date, dt.date]] = []
    rows = AuditEntry.objects.filter(chain__scope=study.public_id, act__in=["study paused", "study went on"])
    for act, day in rows.order_by("seq").values_list("act", "acted_on"):
        if act == "study paused":
            found.append((day, dt.date.max))
        elif found:
            found[-1] = (found[-1][0], day)
    return found


def people(study: Study) -> Sequence[Colleague]:
    """Who works on it, by the names they chose."""
    return list(study.colleagues.order_by("role", "label", "id"))


def codes_waiting(desk: Desk) -> int:
    """How many codes for this study nobody has used yet."""
    return StudyCode.objects.filter(study=desk.study, expires_on__gte=clock.today()).count()
