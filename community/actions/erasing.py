"""Erasing what one person has in one group, without them being there.

What is to go is found in the person's own request, where S is, and written into due acts: the persona's part in
one, each one-thread name in one of its own, at its own moment, so that going together ties nothing together.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models, transaction

from community.actions import due, leaving, left_tags, standing
from community.models import DueAct, Member
from core import ids, ledger
from core.registries import holdings
from core.registries.holdings import Owner

ACT = "erase"
PER_ACT = 300  # keys in one sealed payload
AT_ONCE = 5_000  # keys in one query
Keys = dict[str, bytes]  # "kind|object" -> key
KeyOf = Callable[[str, str], bytes]


@dataclass(frozen=True, kw_only=True)
class Traces:
    """What there is of one person in one group: how many rows under which title, the keys of rows without a
    member, and apart from them those of one-thread names and of acts that wait."""

    owner: Owner
    counts: dict[str, int]
    keys: Keys = field(repr=False)
    faces: Keys = field(repr=False)
    waiting: Keys = field(repr=False)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to erase."""
        return not (self.counts or self.keys or self.faces)


def gather(owner: Owner) -> Traces:
    """Find everything of one person in one group, by asking the registry for it."""
    asked: dict[bytes, str] = {}

    def key(kind: str, ref: str) -> bytes:
        assert owner.key is not None
        made = owner.key(kind, ref)
        asked[made] = f"{kind}|{ref}"
        return made

    asking = replace(owner, key=key)
    counts = {
        holding.title: count
        for holding in holdings.holdings()
        if holding.title and (count := sum(1 for _ in holding.export(asking)))
    }
    there = {asked[found]: found for found in _there(list(asked))}
    faces = {name: made for name, made in there.items() if name.startswith("alias|")}
    waiting = {name: made for name, made in there.items() if name.startswith("due|")}
    keys = {name: made for name, made in there.items() if name not in faces.keys() | waiting.keys()}
    return Traces(owner=owner, counts=counts, keys=keys, faces=faces, waiting=waiting)


def _keyed() -> Iterator[type[models.Model]]:
    searched: list[type[models.Model]] = [DueAct, *(holding.model for holding in holdings.holdings())]
    for model in searched:
        if any(column.name == "key" for column in model._meta.local_fields):
            yield model


def _there(keys: Sequence[bytes]) -> set[bytes]:
    """Those of the keys that some row has."""
    found: set[bytes] = set()
    for model in _keyed():
        for start in range(0, len(keys), AT_ONCE):
            rows = model._default_manager.filter(key__in=keys[start : start + AT_ONCE])
            found.update(bytes(one) for one in rows.values_list("key", flat=True))
    return found


def first_part(*, gid: str) -> str:
    """What the key of every erasure's first act in a group is made from: by it their owner finds them all."""
    return f"{gid}|0"


def _part(number: int, *, gid: str, once: str) -> str:
    """What the key of another act is made from. `once` is the erasure's own, and kept with its first act: no
    two acts share a key, also if one leaves, joins again and leaves again."""
    return f"{gid}|{number}|{once}"


@transaction.atomic
def plan(
    traces: Traces,
    *,
    tag: bytes,
    key_of: Callable[[str], bytes],
    moments: Iterator[dt.datetime],
    **more: Any,
) -> None:
    """Have it all erased: the persona's part at the first moment, every other part at one of its own. `more` is
    kept with the first, for its owner. What else they asked for here and still waits is taken back now."""
    gid = traces.owner.group
    due.take_back(keys=list(traces.waiting.values()))
    rest = [dict([item]) for item in traces.faces.items()] + list(_in_parts(traces.keys))
    once = ids.new_public_id()
    first: due.Payload = {"tag": tag.hex(), "keys": {}, "parts": len(rest), "once": once}
    payloads: list[due.Payload] = [first | more, *({"tag": "", "keys": _packed(keys)} for keys in rest)]
    for number, payload in enumerate(payloads):
        due.later(
            key=key_of(_part(number, gid=gid, once=once) if number else first_part(gid=gid)),
            act=ACT,
            payload={"group": gid} | payload,
            due_at=next(moments),
        )
    ledger.waiting_changed()


def _in_parts(keys: Keys) -> Iterator[Keys]:
    names = sorted(keys)
    for start in range(0, len(names), PER_ACT):
        yield {name: keys[name] for name in names[start : start + PER_ACT]}


@transaction.atomic
def take_back(*, first: due.Waiting, key_of: Callable[[str], bytes]) -> bool:
    """Take back one erasure with all its parts, and no other in the same group. False if it has begun."""
    gid, once = first.payload["group"], first.payload["once"]
    if not due.take_back(keys=[key_of(first_part(gid=gid))], pk=first.pk):
        return False
    rest = range(1, first.payload["parts"] + 1)
    due.take_back(keys=[key_of(_part(number, gid=gid, once=once)) for number in rest])
    ledger.waiting_changed()
    return True


def execute(payload: due.Payload) -> None:
    """Do one part. Due work."""
    keys = {name: base64.b64decode(packed) for name, packed in payload["keys"].items()}
    tag = bytes.fromhex(payload["tag"]) or ids.new_secret()
    erase(Owner(group=payload["group"], tag=tag, key=_knowing(keys)))
    if payload.get("final"):
        standing.lift(owner_tag=tag)
        left_tags.forget_person(tag)
        for forget in _last:
            forget(tag)
    ledger.waiting_changed()


_last: list[Callable[[bytes], None]] = []


def at_the_end(forget: Callable[[bytes], None]) -> None:
    """Say what else goes once an account is gone for good: called with the owner tag of each of its groups."""
    _last.append(forget)


def erase(owner: Owner) -> None:
    """Erase what the registry finds for an owner. Their member is untied first: that takes its locks before any
    talk is locked, and what is found by the tag of old is found by the new one as well."""
    now = leaving.forget_member(owner_tag=owner.tag)
    for tag in {owner.tag, now}:
        for holding in holdings.holdings():
            if holding.model is not Member:
                holding.erase(replace(owner, tag=tag))
    leaving.forget_names(owner_tag=now)


def _knowing(keys: Keys) -> KeyOf:
    return lambda kind, ref: keys.get(f"{kind}|{ref}") or ids.new_secret()


def _packed(keys: Keys) -> dict[str, str]:
    return {name: base64.b64encode(made).decode() for name, made in keys.items()}
