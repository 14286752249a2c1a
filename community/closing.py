"""Closing an account, as far as groups go: which ones are one's own is known only in one's own request."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

from community import linkage
from community.actions import deleting, disclosures, due, erasing
from community.actions.erasing import Traces
from community.linkage import Carrier
from community.models import Member
from community.selectors import here as places
from community.selectors import yours
from core.registries.closing import Plan

SPREAD = dt.timedelta(days=1)  # in one group: one-thread names go at moments of their own
# For what goes; the rest, for what a team noted until then.
MEANWHILE = SPREAD - 2 * erasing.AFTER - erasing.SOON - erasing.LATE
LEAVING, CLOSING = "leaving", "closing"  # kinds of keys


def keys_of(carrier: Carrier, *, kind: str) -> Callable[[str], bytes]:
    """Makes the keys of one's own waiting erasures. Lives as long as the request."""
    return lambda ref: linkage.keyed(carrier, kind=kind, ref=ref)


class InGroups:
    """What is offered to the private world."""

    @linkage.despite_limits()
    def look(self, carrier: Carrier, *, start: dt.datetime) -> Plan:
        """The latest moment that could be drawn."""
        traces = _all_traces(carrier)
        if not traces:
            return Plan(groups=0, last=None)
        longest = len(traces) * (2 * due.APART + SPREAD) - due.APART
        tags = [found.owner.tag for found in traces]
        zones = places.time_zones(gids=[found.owner.group for found in traces])
        return Plan(
            groups=len(traces),
            last=_start(carrier, start) + longest,
            without_lead=yours.only_leads(owner_tags=tags),
            details_at_once=_is_alone(carrier, traces),
            shows=disclosures.shows_something(owner_tags=tags),
            time_zone=zones.pop() if len(zones) == 1 else "",
        )

    @linkage.despite_limits()
    def close(self, carrier: Carrier, *, start: dt.datetime) -> None:
        """Write one erasure for each group, each in a transaction of its own."""
        self.reopen(carrier)  # whoever asks twice has it once
        traces = _all_traces(carrier)
        begins = due.apart(groups=len(traces), start=_start(carrier, start), lasting=SPREAD)
        for found, begin in zip(traces, begins, strict=True):
            rest = (begin + due.part_of(MEANWHILE) for _ in itertools.count())
            erasing.plan(
                found.owner,
                tag=found.owner.tag,
                key_of=keys_of(carrier, kind=CLOSING),
                moments=itertools.chain([begin], rest),
                final=True,
            )
        if _is_alone(carrier, traces):
            for member in Member.objects.filter(owner_tag=traces[0].owner.tag):
                disclosures.show_nothing(member=member)

    @linkage.despite_limits()
    def reopen(self, carrier: Carrier) -> None:
        """Take them all back."""
        key_of = keys_of(carrier, kind=CLOSING)
        for first in _firsts(carrier, kind=CLOSING):
            erasing.take_back(first=first, key_of=key_of)


def _all_traces(carrier: Carrier) -> list[Traces]:
    """What there is in each group, also in those one may no longer read, or left. It is gathered where something may
    be: what that costs tells how much one did here, and not where. For an account that is older than the notes of who
    left, that is everywhere."""
    gids = places.all_group_ids()
    if linkage.leaves_notes(carrier):
        tags = linkage.owner_tags(carrier, groups=gids)
        gids = yours.where_something_may_be(owner_tags=dict(zip(gids, tags, strict=False)))
    owners = (linkage.owner(carrier, group=gid) for gid in gids)
    return [traces for traces in map(erasing.gather, owners) if not traces.is_nothing]


def _is_alone(carrier: Carrier, traces: list[Traces]) -> bool:
    """Whether one group alone sees anything change, so that nobody can see it change in two."""
    return len(traces) == 1 and not _firsts(carrier, kind=LEAVING)


def _firsts(carrier: Carrier, *, kind: str) -> list[due.Waiting]:
    key_of = keys_of(carrier, kind=kind)
    return due.waiting(keys=[key_of(erasing.first_part(gid=gid)) for gid in places.all_group_ids()])


def _start(carrier: Carrier, start: dt.datetime) -> dt.datetime:
    """Not before what one is deleting already, in groups one left, has been gone for long enough."""
    left = [one.due_at for one in _firsts(carrier, kind=LEAVING) if one.due_at]
    over = max(left) + deleting.SPREAD + due.APART if left else start
    return max(start, over)
