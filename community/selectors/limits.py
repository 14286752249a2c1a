"""Whom a limit keeps out, and of what: for the one door that stays open to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from community.models import Group, Member, Standing
from community.models.standing import in_force


@dataclass(frozen=True, kw_only=True)
class KeptOut:
    """A group that somebody is kept out of, until when (None: no end is set). `everywhere`: as of the whole site.
    `is_member`: they did not leave it themselves. `decided`: its team set the limit for the whole site."""

    group: Group
    tag: bytes
    until: dt.datetime | None
    everywhere: bool
    is_member: bool
    decided: bool


def keep_out(*, owner_tags: Collection[bytes]) -> bool:
    """Whether there is one for any of somebody's owner tags, also of a group that they left."""
    return Standing.objects.filter(in_force(may_read=False), owner_tag__in=list(owner_tags)).exists()


def kept_out(*, owner_tags: Collection[bytes], everywhere: bool = False) -> list[KeptOut]:
    """Every group that somebody is kept out of, by name, from all their owner tags. `everywhere`: a limit keeps them
    from the whole site. Two queries, whoever asks."""
    limits = Standing.objects.filter(in_force(may_read=False), owner_tag__in=list(owner_tags))
    limits = limits.select_related("group")
    members = Member.objects.select_related("group").filter(owner_tag__in=list(owner_tags))
    by_tag: dict[bytes, list[Standing]] = {}
    for limit in limits:
        by_tag.setdefault(bytes(limit.owner_tag), []).append(limit)
    theirs = {bytes(member.owner_tag): member.group for member in members}
    of_the_site = [limit for limit in limits if limit.site_wide]
    groups = {tag: rows[0].group for tag, rows in by_tag.items()} | (theirs if everywhere else {})
    found = [
        KeptOut(
            group=group,
            tag=tag,
            until=_end([*by_tag.get(tag, []), *of_the_site]),
            everywhere=everywhere,
            is_member=tag in theirs,
            decided=any(limit.site_wide for limit in by_tag.get(tag, [])),
        )
        for tag, group in groups.items()
    ]
    return sorted(found, key=lambda one: (one.group.name, one.group.pk))


def _end(limits: Iterable[Standing]) -> dt.datetime | None:
    ends = [limit.until for limit in limits]
    return None if None in ends else max((end for end in ends if end), default=None)
