"""Coming into a group: at once, by asking, or with a code."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import append
from community import policies
from community.actions import leaving, roles
from community.enums import RequestState, Role
from community.errors import MayNot, NotHere
from community.models import Group, Invitation, JoinRequest, Member, Standing
from community.models.standing import in_force
from community.policies import Outside
from community.selectors import invitations, joining
from community.selectors.here import Here
from core import clock

OLD_PROMISE = "The promise has changed since you opened this page. Please read it again."
StillOpen = Callable[[], bool]  # whether one's account is open at this moment


def _open() -> bool:
    return True


def join(*, place: Outside, owner_tag: bytes, version: int, still_open: StillOpen = _open) -> None:
    """Join an open group at once. Raises NotHere for whoever closes their account meanwhile."""
    policies.require("join", place)
    _check_version(place.group, version)
    if _admit(group=place.group, owner_tag=owner_tag, version=version):
        _turn_back_who_closes(owner_tag, still_open)


def ask(
    *, place: Outside, owner_tag: bytes, version: int, answer: str, still_open: StillOpen = _open
) -> None:
    """Ask to join a closed group. Somebody who was declined may ask again later; asking twice is asking once. Raises
    NotHere for whoever closes their account meanwhile."""
    policies.require("ask_to_join", place)
    _check_version(place.group, version)
    with transaction.atomic():
        earlier = JoinRequest.objects.filter(owner_tag=owner_tag).first()
        if joining.is_open(earlier):
            return
        if earlier:
            earlier.delete()
        JoinRequest.objects.get_or_create(
            owner_tag=owner_tag,
            defaults={"group": place.group, "answer": answer, "accepted_version": version},
        )
    _turn_back_who_closes(owner_tag, still_open)


def take_back(*, owner_tag: bytes) -> None:
    """Take one's own waiting request back."""
    JoinRequest.objects.filter(owner_tag=owner_tag, state=RequestState.WAITING).delete()


def accept_request(*, here: Here, request_id: str) -> None:
    """Let somebody in who asked. One who has been barred since stays outside."""
    with transaction.atomic():
        request = _waiting(here, request_id)
        tag = bytes(request.owner_tag)
        if Standing.objects.filter(in_force(may_read=False), owner_tag=tag).exists():
            raise MayNot(_("A limit keeps this person out for now. You can say not now."))
        _admit(group=here.group, owner_tag=tag, version=request.accepted_version)
        _record(here, "request accepted")


def decline_request(*, here: Here, request_id: str, note: str) -> None:
    """Say not now, with a sentence that the asker will read. They may ask again after some time."""
    with transaction.atomic():
        request = _waiting(here, request_id)
        rows = JoinRequest.objects.filter(pk=request.pk, state=RequestState.WAITING)
        if not rows.update(state=RequestState.DECLINED, note=note, asked_on=clock.today()):
            raise NotHere  # a colleague was quicker
        _record(here, "request declined")


def join_by_code(
    *,
    place: Outside,
    owner_tag: bytes,
    code: str,
    version: int,
    again: bool = False,
    still_open: StillOpen = _open,
) -> None:
    """Join with a code, hidden groups too. The code is used up by one, and no row says who used it; not by
    somebody who came in already today and comes `again`. Raises NotHere for whoever closes their account meanwhile."""
    policies.require("use_code", place)
    _check_version(place.group, version)
    with transaction.atomic():
        invitation = invitations.find(code=code)
        if invitation is None or invitation.group_id != place.group.pk:
            raise NotHere
        member = Member.objects.filter(owner_tag=owner_tag).first()
        role = Role(invitation.role)
        if member and role in (Role.MEMBER, member.role):
            return
        if not again or role != Role.MEMBER:
            _use(invitation)
        is_new = _admit(group=place.group, owner_tag=owner_tag, version=version, role=role)
    if is_new:
        _turn_back_who_closes(owner_tag, still_open)


def prune_requests() -> None:
    """Forget declined requests once their askers may ask again."""
    end = clock.today() - joining.ASK_AGAIN_AFTER
    JoinRequest.objects.filter(state=RequestState.DECLINED, asked_on__lte=end).delete()


def _check_version(group: Group, version: int) -> None:
    if version != group.charter_version:
        raise MayNot(_(OLD_PROMISE))


def _waiting(here: Here, request_id: str) -> JoinRequest:
    policies.require("answer_request", here)
    # locked: whoever takes it back, or is erased meanwhile, does so before or after, and leaves nothing
    rows = JoinRequest.objects.select_for_update().filter(group=here.group, state=RequestState.WAITING)
    request = rows.filter(public_id=request_id).first()
    if request is None:
        raise NotHere
    return request


def _record(here: Here, act: str) -> None:
    append(scope=here.group.public_id, act=act, actor_role="moderation team", payload={})


def _use(invitation: Invitation) -> None:
    today = clock.today()
    row = Invitation.objects.filter(pk=invitation.pk)
    row.filter(counted_on__lt=today).update(used=F("used") + F("used_today"), used_today=0, counted_on=today)
    if not row.filter(uses_left__gt=0).update(uses_left=F("uses_left") - 1, used_today=F("used_today") + 1):
        raise NotHere


def _admit(*, group: Group, owner_tag: bytes, version: int, role: Role = Role.MEMBER) -> bool:
    """Whether they were not in before."""
    with transaction.atomic():
        JoinRequest.objects.filter(owner_tag=owner_tag).delete()
        member, is_new = Member.objects.get_or_create(
            owner_tag=owner_tag, defaults={"group": group, "accepted_version": version, "role": role}
        )
        if role == Role.MEMBER:
            return is_new
        before = Role.MEMBER if is_new else Role(member.role)
        Member.objects.filter(pk=member.pk).update(role=role)
        roles.record(member=member, role=role, before=before, by="operator")
    return is_new


def _turn_back_who_closes(owner_tag: bytes, still_open: StillOpen) -> None:
    """An account closes before its owner's groups are looked for. So whoever came in here is found with the rest, or
    came after that, and sees now that it closes."""
    if not still_open():
        leaving.forget_member(owner_tag=owner_tag)
        raise NotHere
