"""A study's way from a draft to its end: kept settings, numbered versions of them, states in order, and the pause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community.errors import MayNot
from core import clock
from core import text as texts
from research import acts, digests, protocols, sealed
from research.actions import allocation, codes, documents, waves
from research.enums import Agreement, PausedBy, StudyState
from research.errors import SavedSince
from research.models import Protocol, Study, StudyGroup, WentOn
from research.selectors import allocation as lists
from research.selectors import gaps, harm, hosting, measures
from research.selectors import studies as selectors
from research.selectors.desks import Desk


def save(*, desk: Desk, given: Mapping[str, Any], page: str = "", seen: str = "") -> None:
    """Keep part of the settings. Nothing else of the draft is touched, and nothing holds before it is approved. `seen`
    is the mark of what the form of `page` was filled from: nothing newer is written over. Raises NotHere, MayNot, or
    SavedSince."""
    with transaction.atomic():
        now = codes.locked(desk, "set_up")
        if now.study.state == StudyState.CLOSED:
            raise MayNot(_("This study is over. Nothing of it changes any more."))
        fixed = selectors.current(now.study)
        before = protocols.standing(now.study.draft, fixed.settings if fixed else None)
        if fixed and (
            other := [key for key in protocols.FIXED if given.get(key, before[key]) != before[key]]
        ):
            raise MayNot(gaps.stays(other))
        draft = before | dict(given)
        if page and seen != protocols.mark(before, page) != protocols.mark(draft, page):
            raise SavedSince(
                _("Somebody saved this page since you opened it, maybe you in another tab. Nothing is lost."),
                settings=before,
            )
        Study.objects.filter(pk=now.study.pk).update(draft=draft)


def approve(*, desk: Desk, note: str = "", says_material: bool = False, seen: str = "") -> Protocol:
    """Freeze the draft as the next version: the one that an ethics board approved. `seen` is the fingerprint of what
    whoever approves looked at, and nothing else is frozen. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "approve")
        study, settings = now.study, protocols.whole(now.study.draft)
        before = selectors.current(study)
        if seen and seen != digests.digest(settings):
            raise MayNot(_("The settings have changed since you looked. Look at them again."))
        require_fixable(study=study, note=note)
        is_material = before is None or says_material
        if before is not None:
            is_material |= protocols.is_material(before=before.settings, after=settings)
        made = Protocol.objects.create(
            study=study, version=study.protocol_version + 1, settings=settings, digest=digests.digest(settings),
            change_note=texts.tidy(note), is_material=is_material, published_on=clock.today(),
        )  # fmt: skip
        _put_in_force(study, made)
        if is_material:  # a group said yes to what it read
            agreed = StudyGroup.objects.filter(study=study, state=Agreement.AGREED)
            agreed.update(
                state=Agreement.ASKED, asked_on=clock.today()
            )  # the day of their yes says that there was one
        act = "protocol changed" if before else "study approved"
        seals = sorted(one.commitment for one in lists.lists(study=study))
        codes.record(now, act, version=made.version, digest=made.digest, material=is_material, seals=seals)
    return made


def require_fixable(*, study: Study, note: str) -> None:
    """Raise MayNot, in words, where the draft cannot become the next version."""
    settings, before = protocols.whole(study.draft), selectors.current(study)
    _require_whole(settings, is_first=before is None)
    if before is not None:
        _require_change(study, before.settings, settings, note)
    elif reasons := hosting.without_room(study, gids=settings["groups"]):  # groups are fixed from now on
        raise MayNot(" ".join(reasons))


def open_to_people(*, desk: Desk) -> None:
    """Let people say yes or no, in the groups that said yes. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "open_and_close")
        study = now.study
        _require_state(study, StudyState.APPROVED)
        if reasons := why_not_open(study):
            raise MayNot(" ".join(reasons))
        Study.objects.filter(pk=study.pk).update(state=StudyState.INVITING, opened_on=clock.today())
        allocation.give_groups(study=study)
        codes.record(now, "study opened")


def why_not_open(study: Study) -> list[str]:
    """What keeps a study that was approved from opening, in sentences."""
    settings = selectors.settings_of(study)
    reasons = [gaps.words(gap) for gap in protocols.missing_of_harm(settings)]
    if study.ethics_until is None or study.ethics_until < clock.today():
        reasons.append(_("The yes of the ethics board is over."))
    return [*reasons, *filter(None, [no_group_yet(study)])]


def no_group_yet(study: Study) -> str:
    """Which yes of a group a study lacks that is to open, in a sentence; empty where it has what it needs."""
    pairs = selectors.settings_of(study)["pairs"]
    agreed = StudyGroup.objects.filter(study=study, state=Agreement.AGREED)
    yes = set(agreed.values_list("group__public_id", flat=True))
    if pairs:
        return (
            ""
            if any(set(pair) <= yes for pair in pairs)
            else _("Both groups of one pair have to say yes first.")
        )
    return "" if yes else _("A group has to say yes first.")


def take_nobody_new(*, desk: Desk) -> None:
    """End the time in which people can say yes. Who takes part goes on. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "open_and_close")
        _require_state(now.study, StudyState.INVITING)
        Study.objects.filter(pk=now.study.pk).update(state=StudyState.RUNNING)
        codes.record(now, "nobody new")


def close(*, desk: Desk) -> None:
    """End the study. Nothing is asked, read or noted any more. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "open_and_close")
        _require_state(now.study, StudyState.INVITING, StudyState.RUNNING)
        Study.objects.filter(pk=now.study.pk).update(
            state=StudyState.CLOSED, closed_on=clock.today(), is_paused=False, paused_because=""
        )
        codes.record(now, "study closed")


def pause(*, desk: Desk) -> None:
    """Stop everything at once, for anyone who works on it. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "pause")
        stop(now.study, because=PausedBy.TEAM, by=acts.ROLES[now.colleague.role])


def stop(study: Study, *, because: PausedBy, by: str) -> None:
    """Pause a study that is locked. A pause on top of a pause changes nothing. Raises MayNot."""
    _require_state(study, StudyState.APPROVED, StudyState.INVITING, StudyState.RUNNING)
    if study.is_paused:
        return
    Study.objects.filter(pk=study.pk).update(is_paused=True, paused_because=because)
    append(scope=study.public_id, act="study paused", actor_role=by, payload={"because": str(because)})


def go_on(*, desk: Desk, why: str) -> None:
    """Let a paused study go on, with a reason that is sealed beside the safety log: the record has that it went on.
    What the stop rules count now was seen. Raises NotHere or MayNot."""
    with transaction.atomic():
        now = codes.locked(desk, "open_and_close")
        if not now.study.is_paused:
            raise MayNot(_("The study is not paused."))
        if not texts.tidy(why):
            raise MayNot(_("Say why it can go on."))
        Study.objects.filter(pk=now.study.pk).update(
            is_paused=False, paused_because="", seen_counts=measures.counts(now.study)
        )
        reason = WentOn(study=now.study)
        reason.sealed = sealed.seal(
            study=now.study,
            value=texts.tidy(why)[:500].encode(),
            place=harm.place_of_reason(reason.public_id),
        )
        reason.save(force_insert=True)
        codes.record(now, "study went on")


def _require_state(study: Study, *states: StudyState) -> None:
    if study.state not in states:
        raise MayNot(_("The study is not at that point. Load the page again to see how it stands."))


def _require_whole(settings: Mapping[str, Any], *, is_first: bool) -> None:
    if protocols.missing(settings, is_first=is_first):
        raise MayNot(_("Something is missing. The check page says what."))


def _require_change(study: Study, before: Mapping[str, Any], after: Mapping[str, Any], note: str) -> None:
    if study.state == StudyState.CLOSED:
        raise MayNot(_("This study is over. Nothing of it changes any more."))
    changed = protocols.changed(before=before, after=after)
    if not changed:
        raise MayNot(_("Nothing is different yet. Change something first."))
    if other := [key for key in protocols.FIXED if key in changed]:
        raise MayNot(gaps.stays(other))
    if (
        study.opened_on and after["retention_months"] > before["retention_months"]
    ):  # they may never answer again
        raise MayNot(_("People said yes to a shorter time. Keep the data no longer, or begin a new study."))
    if not texts.tidy(note):
        raise MayNot(_("Say what changed. Groups and people who take part read it."))


def _put_in_force(study: Study, made: Protocol) -> None:
    """What follows from a version, in the transaction that writes it."""
    settings, is_first = made.settings, made.version == 1
    if is_first:
        study.unit, study.joins = settings["unit"], settings["joins"]
        study.state = StudyState.APPROVED
        for number, pair in enumerate(settings["pairs"], start=1):  # groups that let it ask before
            StudyGroup.objects.filter(study=study, group__public_id__in=pair).update(pair=number)
        allocation.prepare(study=study, settings=settings)
        waves.prepare(study=study, settings=settings)
    documents.publish(study=study, settings=settings, is_material=made.is_material)
    _first, last = protocols.days(settings)
    Study.objects.filter(pk=study.pk).update(
        protocol_version=made.version,
        ethics_until=last,
        unit=study.unit,
        joins=study.joins,
        state=study.state,
    )


def require_floor(*, study: Study, settings: Mapping[str, Any], policy: Mapping[str, Any]) -> None:
    """Raise MayNot where a version would be less private than one of the study's groups is now."""
    groups = hosting.known_groups(study, gids=settings["groups"])
    allocation.require_floor(groups=list(groups.values()), policy=policy, unit=settings["unit"])
