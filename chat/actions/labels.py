"""Giving labels, looking at them again, and saying that one is not right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from chat.actions import about
from chat.actions import posts as posting
from chat.enums import LabelKind
from chat.models import Dispute, Label, Post
from chat.policies import Act, Face, may
from chat.policies.labels import kinds_for
from chat.selectors import labels
from chat.selectors import posts as reading
from chat.selectors.reading import KeyOf
from community.actions import leaving
from community.enums import Role
from community.errors import MayNot, NotHere
from community.selectors.library import badge_of
from core import clock, ids, ledger
from moderation.actions import queue

SOMEBODY_ELSE = gettext_noop("Somebody else from the team answers this.")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A label as somebody fills it in."""

    kind: LabelKind
    days: int
    source: str = ""
    link: str = ""


def add(*, face: Face, post: Post, draft: Draft, key_of: KeyOf) -> Label:
    """Put a label on a post, one of each kind. Raises NotHere, MayNot or Refused."""
    source = posting.prepare(group_id=face.here.group.pk, raw=draft.source).text if draft.source else ""
    with transaction.atomic():
        now, _ = _locked(face, post, Act.LABEL)
        badge = badge_of(here=now.here)
        if draft.kind not in kinds_for(now.here, badge=badge):
            raise MayNot(gettext("You cannot add this note."))
        is_review = draft.kind == LabelKind.REVIEWED
        lid = ids.new_public_id()
        if Label.objects.filter(post=post, kind=draft.kind).exists():
            raise MayNot(gettext("This note is there already. You can look at it again below."))
        label = Label.objects.create(
            post=post, public_id=lid, key=key_of(labels.KIND, lid), kind=draft.kind,
            role=badge if is_review else now.here.member.role, is_badge=is_review,
            source=source, link=draft.link, expires_on=clock.today() + dt.timedelta(days=draft.days),
        )  # fmt: skip
        _tell(post, label, "advice note added", _role(now, label))
        answered = (
            [LabelKind.NEEDS_SOURCE] if draft.kind == LabelKind.SOURCED else []
        )  # what was asked for is there
        for asked in Label.objects.filter(post=post, kind__in=answered):
            asked.delete()
            _tell(post, asked, "advice note taken away", _role(now, label))
    return label


def take_away(*, face: Face, post: Post, lid: str, key_of: KeyOf) -> None:
    """Take a label away. Raises NotHere or MayNot."""
    with transaction.atomic():
        now, label = _changed_by(face, post, lid, key_of)
        disputed = Dispute.objects.filter(label=label, answered_on=None).exists()
        if disputed and not labels.may_settle(label=label, here=now.here, key_of=key_of):
            raise MayNot(gettext(SOMEBODY_ELSE))
        role = _role(now, label)
        label.delete()
        _tell(post, label, "advice note taken away", role)


def renew(*, face: Face, post: Post, lid: str, days: int, key_of: KeyOf) -> None:
    """Look at a label again: it still fits the words as they are now. Raises NotHere or MayNot."""
    with transaction.atomic():
        now, label = _changed_by(face, post, lid, key_of)
        badge = badge_of(here=now.here)
        if label.kind not in kinds_for(now.here, badge=badge):
            raise MayNot(gettext("You cannot change this note."))
        until = clock.today() + dt.timedelta(days=days)
        role = badge if label.is_badge else label.role
        Label.objects.filter(pk=label.pk).update(expires_on=until, is_before_change=False, role=role)
        _tell(post, label, "advice note renewed", _role(now, label))


def dispute(*, face: Face, post: Post, lid: str, text: str, key_of: KeyOf) -> None:
    """Say that a label is not right: once each; the first words stay. The team alone reads them. Raises NotHere,
    MayNot or Refused."""
    ready = posting.prepare(group_id=face.here.group.pk, raw=text)
    with transaction.atomic():
        now, fresh = _locked(face, post, Act.DISPUTE)
        label = labels.find(post=post, lid=lid)
        said = Dispute(label=label, key=key_of(labels.DISPUTE, lid), text=ready.text)
        said.by_writer = may(Act.DELETE, face=now, post=fresh)
        if Dispute.objects.filter(key=said.key).exists():
            return
        said.save(force_insert=True)
        _tell(post, label, "advice note disputed", "member")


def answer(*, face: Face, post: Post, lid: str, text: str, key_of: KeyOf) -> None:
    """Let a label stand, and say why to all who said that it is not right. Whoever gave it leaves this to somebody
    else of the team, where there is somebody else. Raises NotHere, MayNot or Refused."""
    ready = posting.prepare(group_id=face.here.group.pk, raw=text)
    with transaction.atomic():
        now, _ = _locked(face, post, Act.LABEL)
        label = labels.find(post=post, lid=lid)
        own = labels.is_issuer(label=label, key_of=key_of)
        if not now.here.is_team or not labels.may_settle(label=label, here=now.here, key_of=key_of):
            raise MayNot(gettext(SOMEBODY_ELSE))
        waiting = Dispute.objects.filter(label=label, answered_on=None)
        waiting.update(answer=ready.text, answered_on=clock.today())
        _tell(post, label, "advice note kept", queue.TEAM, alone=own)


def forget_dispute(ref: str) -> None:
    """Empty what somebody said against a label, by its key: that somebody did stays, their words and their key do
    not."""
    with transaction.atomic():
        ledger.note(kind="dispute", ref=ref)
        Dispute.objects.filter(pk=int(ref)).update(text="", key=ids.new_secret())


def _locked(face: Face, post: Post, act: Act) -> tuple[Face, Post]:
    """Lock the thread; the face and the post as they are now, if this may be done. Raises NotHere or MayNot."""
    leaving.keep_in(here=face.here)
    posting.lock(post.thread)
    now = Face(here=posting.look_again(face.here), alias_key=face.alias_key)
    fresh = reading.to_show().get(pk=post.pk)
    if not may(Act.READ_POST, face=now, post=fresh):
        raise NotHere
    if not may(act, face=now, post=fresh):
        raise MayNot(gettext("You cannot do this here just now."))
    return now, fresh


def _changed_by(face: Face, post: Post, lid: str, key_of: KeyOf) -> tuple[Face, Label]:
    now, _ = _locked(face, post, Act.LABEL)
    label = labels.find(post=post, lid=lid)
    shown = labels.on_post(here=now.here, post=post, key_of=key_of, may_label=True)
    if not any(one.label.pk == label.pk and one.may_change for one in shown):
        raise MayNot(gettext("You cannot change this note."))
    return now, label


def _role(face: Face, label: Label) -> str:
    """As whom somebody acts, for the record: never more than what others see."""
    if face.here.is_team:
        return queue.TEAM
    return "checked role" if label.is_badge else Role(face.here.member.role).label


def _tell(post: Post, label: Label, act: str, role: str, **more: bool) -> None:
    about.write_on(post_id=post.pk)
    posting.tell_changed(thread=post.thread, post=post)
    payload = {"kind": str(label.kind)} | more
    queue.record(group=post.thread.group, act=act, role=role, ref=label.public_id, payload=payload)
