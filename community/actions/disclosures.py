"""Showing details in one group, taking them and the line about oneself back, and telling a group later that a fact
has changed.

A row is never changed: another precision or audience is another row. So the ledger of erasures can name what was
taken back, and no restored backup shows it again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext

from community import fact_kinds, policies
from community.actions import due, leaving, lines
from community.enums import Audience
from community.errors import MayNot
from community.models import Disclosure, Member, Persona
from community.selectors import disclosures
from community.selectors import here as places
from community.selectors.disclosures import Detail
from community.selectors.here import Here
from core import clock, ledger

LATER = "show_details"  # the act


def show(*, here: Here, details: Collection[Detail]) -> bool:
    """Show exactly these details here, and nothing else. Returns whether that changed anything. Raises MayNot for
    somebody without a name here, of whom nothing can be seen, and for new words of who may not write; NotHere for
    somebody who left meanwhile."""
    policies.require("show_details", here)
    usable = disclosures.kinds_in(here.group)
    wanted = {one.kind: one for one in details if _is_sound(one) and one.kind in usable}
    with transaction.atomic():
        leaving.keep_in(here=here)
        now = places.again(here)
        member = now.member
        if wanted and now.persona is None:
            raise MayNot("")
        before = {one.kind: one for one in disclosures.details_of(member)}
        changed = [kind for kind in before.keys() | wanted.keys() if before.get(kind) != wanted.get(kind)]
        for kind, detail in wanted.items():
            _may_say(now, detail, before=before.get(kind))
        _take_away(Disclosure.objects.filter(member=member, kind__in=changed).values_list("pk", flat=True))
        _add(member, (wanted[kind] for kind in changed if kind in wanted))
    return bool(changed)


def show_nothing(*, member: Member) -> None:
    """Take everything back that a member shows, and delete the line that goes with their name. Call it when their name
    goes: the next name starts with nothing, so that what was shown does not tie the two."""
    with transaction.atomic():
        _take_away(Disclosure.objects.filter(member=member).values_list("pk", flat=True))
        _delete_line(member)


def shows_something(*, owner_tags: Collection[bytes]) -> bool:
    """Whether any of these members shows a detail, or a line about themselves."""
    return (
        Disclosure.objects.filter(member__owner_tag__in=owner_tags).exists()
        or Persona.objects.filter(member__owner_tag__in=owner_tags).exclude(about="").exists()
    )


def show_nothing_here(*, here: Here) -> bool:
    """The same for somebody who asks for it. Returns whether there was anything. Raises NotHere for somebody who left
    meanwhile."""
    policies.require("show_details", here)
    with transaction.atomic():
        leaving.keep_in(here=here)
        return _delete_line(here.member) | show(here=here, details=[])


def delete_line(*, here: Here) -> bool:
    """Delete the line that goes with one's name. No limit on writing forbids to take back. Returns whether there was
    one."""
    policies.require("show_details", here)
    with transaction.atomic():
        return _delete_line(here.member)


def forget(pk: str) -> None:
    """Take one row away: for a replay of the ledger."""
    Disclosure.objects.filter(pk=int(pk)).delete()


# --- a little later ---------------------------------------------------------------------------------------------
def update_later(*, here: Here, key: bytes, detail: Detail, due_at: dt.datetime) -> None:
    """Let a group see a changed fact at a moment. Whoever may see it stays as it is then. Raises MayNot for
    words of who may not write; NotHere for somebody who left meanwhile."""
    policies.require("show_details", here)
    tag = bytes(here.member.owner_tag).hex()
    payload = {"tag": tag, "kind": detail.kind, "level": detail.level, "path": detail.path}
    with transaction.atomic():
        leaving.keep_in(here=here)
        _may_say(places.again(here), detail, before=None)
        stop_updating(keys=[key], kind=detail.kind)
        due.later(key=key, act=LATER, payload=payload, due_at=due_at)


def waits_under(gid: str) -> str:
    """What the key of one's waiting updates in a group is made from, as kind "due"."""
    return f"details|{gid}"


def stop_updating(*, keys: Collection[bytes], kind: str) -> None:
    """Take back what waits for one kind."""
    for one in due.waiting(keys=keys):
        if one.payload.get("kind") == kind:
            due.take_back(keys=keys, pk=one.pk)


def updates_waiting(*, key: bytes) -> frozenset[str]:
    """The kinds for which this group will see a changed fact later."""
    return frozenset(one.payload["kind"] for one in due.waiting(keys=[key]) if one.act == LATER)


def moment_apart(*, changed_on: dt.date | None) -> dt.datetime:
    """A random moment, at least 72 hours after the day on which another of one's groups saw, or will see, a change."""
    start = clock.now()
    if changed_on:
        end = dt.datetime.combine(changed_on + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
        start = max(start, end + due.APART)
    return start + due.part_of(due.APART)


def update_now(payload: due.Payload) -> None:
    """Do what was asked for a little later. What was taken back in between stays away, and what is less
    exact by then stays so."""
    rows = Disclosure.objects.select_for_update().filter(
        member__owner_tag=bytes.fromhex(payload["tag"]), kind=payload["kind"]
    )
    for row in rows.select_related("member", "member__group"):
        detail = Detail(
            kind=row.kind, level=payload["level"], audience=Audience(row.audience), path=payload["path"]
        )
        usable = row.kind in disclosures.kinds_in(row.member.group)
        if usable and _is_sound(detail) and _still_fits(detail, row):
            _take_away([row.pk])
            _add(row.member, [detail])


def _still_fits(detail: Detail, row: Disclosure) -> bool:
    """Whether a detail may take the place of a row now: no finer, and no new words of who may not write, or
    whose words nobody could check."""
    levels = fact_kinds.kinds()[row.kind].levels
    if row.level not in levels or levels.index(detail.level) > levels.index(row.level):
        return False
    writes = disclosures.is_writing(detail, before=None)
    return not writes or places.may_write_unseen(owner_tag=bytes(row.member.owner_tag))


def _may_say(here: Here, detail: Detail, *, before: Detail | None) -> None:
    if (here.is_checked_first or not here.may_post) and disclosures.is_writing(detail, before=before):
        raise MayNot(gettext(disclosures.NO_NEW_WORDS))


def _delete_line(member: Member) -> bool:
    """Nobody keeps it: there is no place for a line that no one sees."""
    written = Persona.objects.filter(member=member, is_current=True).exclude(about="")
    return bool(lines.put(written, about=""))


def _take_away(pks: Iterable[int]) -> None:
    pks = list(pks)
    ledger.note_all(kind="disclosure", refs=map(str, pks))
    Disclosure.objects.filter(pk__in=pks).delete()


def _add(member: Member, details: Iterable[Detail]) -> None:
    rows = [
        Disclosure(
            member=member,
            group_id=member.group_id,
            kind=one.kind,
            level=one.level,
            audience=one.audience,
            path=one.path,
        )
        for one in details
    ]
    Disclosure.objects.bulk_create(rows)


def _is_sound(detail: Detail) -> bool:
    """Whether a detail is a step of a value of the catalogue, for somebody else to see."""
    return detail.audience != Audience.ONLY_ME and disclosures.is_step(detail)
