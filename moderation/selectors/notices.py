"""What the team told somebody: found by trying one's own tag on each notice of the group."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from community.errors import NotHere
from community.models import Group
from moderation import parties
from moderation.enums import Outcome
from moderation.models import Appeal, Decision, Notice


def of(*, group: Group, owner_tag: bytes) -> list[Notice]:
    """One's own notices in a group, the newest first; of one day, the last in a case of care first."""
    latest = [F(f"written__{name}").desc(nulls_last=True) for name in ("at", "nth")]
    rows = Notice.objects.filter(group=group).order_by("-sent_on", *latest, "id")
    key_of = parties.keys_of(owner_tag=owner_tag)
    mine = [pk for pk, ref, key in rows.values_list("pk", "public_id", "key") if bytes(key) == key_of(ref)]
    return list(rows.select_related("group", "decision__case", "written").filter(pk__in=mine))


def find(*, group: Group, owner_tag: bytes, public_id: str) -> Notice:
    """One of one's own notices, or NotHere."""
    return pick(of(group=group, owner_tag=owner_tag), public_id=public_id)


def pick(among: Sequence[Notice], *, public_id: str) -> Notice:
    """One of these, or NotHere."""
    found = next((one for one in among if one.public_id == public_id), None)
    if found is None:
        raise NotHere
    return found


def decision_of(notice: Notice) -> Decision | None:
    """What the notice is about; None where it only tells something."""
    return getattr(notice, "decision", None)


def appeal_about(notice: Notice) -> Appeal | None:
    """The other look that was asked for, if it was: at this, or at what this took the place of. One asks once."""
    found = decision_of(notice)
    if found is None:
        return None
    appeals = Appeal.objects.select_related("case")
    before = Decision.objects.filter(case=found.case_id, fence__lt=found.fence).order_by("-fence").first()
    changed = appeals.filter(decision=before, outcome=Outcome.CHANGE) if before else appeals.none()
    return appeals.filter(decision=found).first() or changed.first()
