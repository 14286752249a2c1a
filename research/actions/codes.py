"""Ways into a study: one-time codes. Only their fingerprints are stored, and nobody's account or member is named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import append
from community.actions.site import require_role
from community.errors import MayNot, NotHere
from core import clock, ids, sealing
from core import text as texts
from research import acts, policies, sealed
from research.enums import StudyRole
from research.models import Colleague, Study, StudyCode
from research.selectors import desks
from research.selectors.desks import KIND, Desk, KeyOf

LASTS = dt.timedelta(days=7)
LENGTH = 26  # characters: over 128 bits, so that a fingerprint is enough to store


def make_first(*, site_tag: bytes) -> str:
    """A code that lets a researcher begin a study. For a site administrator. Raises NotHere."""
    require_role(site_tag=site_tag)
    with transaction.atomic():
        code = _make(study=None, role=StudyRole.LEAD)
        append(scope="site", act="study code made", actor_role="site administrator", payload={})
    return code


def make(*, desk: Desk, role: StudyRole) -> str:
    """A code that brings a colleague in. Raises NotHere."""
    with transaction.atomic():
        now = locked(desk, "bring_in")
        code = _make(study=now.study, role=role)
        record(now, "colleague invited", role=str(role))
    return code


def use(*, typed: str, label: str, key_of: KeyOf) -> Study:
    """Use a code up: begin a study, or come into one. Raises NotHere for a code that does not fit, and MayNot."""
    code = "".join(char for char in typed.upper() if char.isalnum())
    label = " ".join(texts.tidy(label).split())
    rows = StudyCode.objects.filter(
        fingerprint=sealing.fingerprint(value=code.encode()), expires_on__gte=clock.today()
    )
    with transaction.atomic():
        found = rows.select_related("study").first()
        if found is None or not rows.delete()[0]:
            raise NotHere
        study = found.study or _begin()
        lock(study)
        key = key_of(KIND, study.public_id)
        if Colleague.objects.filter(key=key).exists():
            raise MayNot(_("You work on this study already. Give the code to someone else."))
        if study.colleagues.filter(label__iexact=label).exists():
            raise MayNot(_("Someone on this study is called that. Pick another name."))
        Colleague.objects.create(study=study, key=key, role=found.role, label=label)
        act = "colleague came in" if found.study else "study begun"
        role = acts.ROLES[found.role]
        append(scope=study.public_id, act=act, actor_role=role, payload={"role": found.role})
    return study


def take_out(*, desk: Desk, label: str) -> None:
    """End a colleague's part in a study, by the name they chose; one's own too. Raises NotHere or MayNot."""
    with transaction.atomic():
        lock(desk.study)
        now = desks.again(desk)
        found = now.study.colleagues.filter(label=label).first()
        if found is None:
            raise NotHere
        if found.pk != now.colleague.pk:
            policies.require("bring_in", now)
        leads = now.study.colleagues.filter(role=StudyRole.LEAD).exclude(pk=found.pk)
        if not leads.exists():
            raise MayNot(_("A study needs a lead researcher. Bring one in first."))
        found.delete()
        if found.role == StudyRole.LEAD:  # else a code they made, and kept, lets them in again
            StudyCode.objects.filter(study=now.study).delete()
        record(now, "colleague left", role=found.role)


def lock(study: Study) -> None:
    """Lock a study until the transaction ends. An UPDATE is the lock that both databases honour; it comes first."""
    Study.objects.filter(pk=study.pk).update(protocol_version=F("protocol_version"))


def locked(desk: Desk, action: str) -> Desk:
    """Lock a study, and its desk as it is now. Raises NotHere unless the table lets somebody there do it."""
    lock(desk.study)
    now = desks.again(desk)
    policies.require(action, now)
    return now


def record(desk: Desk, act: str, **said: Any) -> None:
    """Put an act on the study's record: the last thing in its transaction."""
    by = acts.ROLES[desk.colleague.role]
    append(scope=desk.study.public_id, act=act, actor_role=by, payload=said)


def _begin() -> Study:
    sid = ids.new_public_id()
    return Study.objects.create(public_id=sid, sealed_key=sealed.new_key(public_id=sid))


def _make(*, study: Study | None, role: StudyRole) -> str:
    StudyCode.objects.filter(expires_on__lt=clock.today()).delete()
    code = ids.new_code(length=LENGTH)
    StudyCode.objects.create(
        study=study, role=role, fingerprint=sealing.fingerprint(value=code.encode()),
        expires_on=clock.today() + LASTS,
    )  # fmt: skip
    return code
