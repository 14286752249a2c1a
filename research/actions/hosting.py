"""Groups decide about studies: they are asked one by one, say yes or no, take it back, and say how much is enough."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community.actions import names as naming
from community.actions import roles
from community.enums import Role, Visibility
from community.errors import MayNot, NotHere
from community.models import Group, Member
from community.selectors import here as places
from community.selectors import names
from community.selectors.here import Here
from core import clock
from core import text as texts
from research import acts
from research.actions import allocation, codes, studies
from research.enums import Agreement, PausedBy, StudyState
from research.models import Colleague, OutsideStudy, Study, StudyGroup, StudyLoad
from research.policies import floor
from research.policies import studies as policies
from research.selectors import hosting as selectors
from research.selectors import studies as reading
from research.selectors import versions
from research.selectors.desks import KIND, Desk, KeyOf

MOST_AT_ONCE = 3


def ask(*, desk: Desk, gid: str) -> StudyGroup:
    """Ask a group of the protocol whether the study may come. Raises NotHere, and MayNot where it wants none now."""
    with transaction.atomic():
        for pk in Group.objects.filter(public_id=gid).values_list("pk", flat=True):
            roles.lock(group_id=pk)  # a group before its studies, always: whoever leaves it holds it first
        now = codes.locked(desk, "ask_groups")
        study, settings = now.study, reading.settings_of(now.study)
        if study.state in {StudyState.DRAFT, StudyState.CLOSED} or gid not in settings["groups"]:
            raise NotHere
        before = study.hosts.filter(group__public_id=gid).first()
        if before is not None:
            raise MayNot(_("This group was asked before. It answers when it is ready."))
        group = selectors.askable(gid)
        if reason := selectors.no_room(group, study=study):
            raise MayNot(reason)
        made = _put(study, group)
        append(
            scope=study.public_id, act="group asked", actor_role=acts.ROLES[now.colleague.role], payload={}
        )
    return made


def let_ask(*, here: Here, sid: str) -> None:
    """A lead lets a study ask that cannot find this group, because it is hidden. Raises NotHere or MayNot."""
    study = Study.objects.filter(public_id=sid).first()
    with transaction.atomic():
        now = _locked(here)
        if study is not None:
            codes.lock(study)
        if study is None or study.state == StudyState.CLOSED or now.group.visibility != Visibility.HIDDEN:
            raise MayNot(_("No study has this number. Look at it letter by letter."))
        if study.hosts.filter(group=now.group).exists():
            raise MayNot(_("This study asks already."))
        if reason := selectors.no_room(now.group, study=study):
            raise MayNot(reason)
        _put(study, now.group)
        append(scope=study.public_id, act="group asked", actor_role=acts.GROUP_LEAD, payload={})


def answer(*, here: Here, sid: str, is_yes: bool, note: str, key_of: KeyOf) -> None:
    """Say yes or no for the group, to the version that is in force. Raises NotHere or MayNot."""
    with transaction.atomic():
        host, now = _locked_host(here, sid)
        if host.state not in {Agreement.ASKED, Agreement.DECLINED}:
            raise NotHere
        is_own = Colleague.objects.filter(key=key_of(KIND, sid)).exists()
        if is_own and _others(now):
            raise MayNot(_("You work on this study. Another lead of the group answers."))
        if here.group.public_id not in reading.settings_of(host.study)["groups"]:
            raise MayNot(_("This study does not name your group."))
        if is_yes and (reason := selectors.no_room(now.group, study=host.study)):
            raise MayNot(reason)
        had_begun = host.state == Agreement.ASKED and host.answered_on and host.study.opened_on
        no = (
            Agreement.ENDED if had_begun else Agreement.DECLINED
        )  # people here take part: they can leave, and see it
        state = Agreement.AGREED if is_yes else no
        StudyGroup.objects.filter(pk=host.pk).update(
            state=state, note=texts.tidy(note)[:500], answered_on=clock.today()
        )
        if is_yes and host.study.state in policies.OPEN:  # those before got theirs when it opened
            allocation.give_groups(study=host.study)
        _record(host, "group agreed" if is_yes else "group declined", works_on_it=is_own)


def take_back(*, here: Here, sid: str, note: str) -> None:
    """Take the group's yes back: the study ends here at once. Raises NotHere."""
    with transaction.atomic():
        host, _now = _locked_host(here, sid)
        if host.state != Agreement.AGREED:
            raise NotHere
        StudyGroup.objects.filter(pk=host.pk).update(
            state=Agreement.ENDED, note=texts.tidy(note)[:500], answered_on=clock.today()
        )
        _record(host, "group took it back")


def pause(*, here: Here, sid: str, note: str = "") -> None:
    """Stop a study at once, everywhere: for a lead of a group that it runs in. `note` is a word to its team. Raises
    NotHere or MayNot."""
    with transaction.atomic():
        host, _now = _locked_host(here, sid)
        if host.state != Agreement.AGREED:
            raise NotHere
        if said := texts.tidy(note)[:500]:
            StudyGroup.objects.filter(pk=host.pk).update(note=said)
        studies.stop(host.study, because=PausedBy.GROUP, by=acts.GROUP_LEAD)


def put_in_force(*, here: Here, sid: str) -> None:
    """Let names here work as the version of this group says, for a lead who agrees, once everyone had time to read and
    talk about it. Raises NotHere or MayNot: it may have become less private than the group is by now."""
    with transaction.atomic():
        host, now = _locked_host(here, sid)
        version = versions.of_group(host=host)
        if version is None or not policies.is_on_in(host):
            raise NotHere
        if version.is_early:
            raise MayNot(_("People here can still talk about it. Wait until that day."))
        ordinary = names.policy_of(now.group)
        if lower := floor.below(arm=version.arm.policy, ordinary=ordinary):
            raise MayNot(
                _("Names here are more private by now than this version. So it cannot hold. %(less)s")
                % {"less": lower[0].less}
            )
        after = floor.applied(arm=version.arm.policy, ordinary=ordinary)
        naming.publish_names(
            here=now, policy=after, name=version.arm.title[:60], base_version=now.group.names_version
        )
        _record(host, "version in force")


def wish(*, here: Here, at_most: int, none_until: dt.date | None) -> None:
    """Say how many studies at once are enough, and until when there is to be none. Raises NotHere."""
    with transaction.atomic():
        now = _locked(here)
        StudyLoad.objects.update_or_create(
            group=now.group, defaults={"at_most": min(at_most, MOST_AT_ONCE), "none_until": none_until}
        )
        append(
            scope=now.group.public_id, act="studies at once", actor_role=acts.GROUP_LEAD,
            payload={"at most": at_most, "none until": str(none_until or "")},
        )  # fmt: skip


def note_outside(*, here: Here, title: str, begins_on: dt.date, ends_on: dt.date) -> None:
    """Note a study by others: it tires people just the same. Raises NotHere."""
    with transaction.atomic():
        now = _locked(here)
        OutsideStudy.objects.create(
            group=now.group, title=texts.tidy(title), begins_on=begins_on, ends_on=ends_on
        )


def forget_outside(*, here: Here, oid: str) -> None:
    """Take such a note away. Raises NotHere."""
    with transaction.atomic():
        now = _locked(here)
        if not OutsideStudy.objects.filter(group=now.group, public_id=oid).delete()[0]:
            raise NotHere


def _put(study: Study, group: Group) -> StudyGroup:
    pairs = reading.settings_of(study)["pairs"]
    number = next((nth for nth, pair in enumerate(pairs, start=1) if group.public_id in pair), 0)
    return StudyGroup.objects.create(study=study, group=group, pair=number, asked_on=clock.today())


def _locked(here: Here) -> Here:
    """The group stays as it is until the transaction ends; only a lead goes on."""
    roles.lock(group_id=here.group.pk)
    now = places.again(here)
    if not now.is_lead:
        raise NotHere
    return now


def _locked_host(here: Here, sid: str) -> tuple[StudyGroup, Here]:
    """A study that asked this group, locked after the group is. Raises NotHere."""
    found = StudyGroup.objects.select_related("study", "group").filter(group=here.group, study__public_id=sid)
    host = found.first()
    if host is None:
        raise NotHere
    now = _locked(here)
    codes.lock(host.study)
    host = found.get()
    if host.study.state in {StudyState.DRAFT, StudyState.CLOSED}:
        raise NotHere
    return host, now


def _others(now: Here) -> bool:
    leads = Member.objects.filter(group=now.group, role=Role.LEAD, left_month=None)
    return leads.exclude(pk=now.member.pk).exists()


def _record(host: StudyGroup, act: str, **said: bool) -> None:
    """On both records, in the order of their names."""
    for scope in sorted([host.study.public_id, host.group.public_id]):
        ref = host.study.public_id if scope == host.group.public_id else ""
        append(scope=scope, act=act, actor_role=acts.GROUP_LEAD, ref=ref, payload=said)
