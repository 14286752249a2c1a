"""Erasing what one person has in one group, without them being there.

What is to go is found in the person's own request, where S is, and written into due acts: the persona's part in
one, each one-thread name in one of its own, at its own moment, so that going together ties nothing together. So is each
row of what the registry holds apart, and each message that a team looks at before it appears.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models, transaction

from community.actions import due, leaving, left_tags, standing
from community.models import DueAct, Member
from core import ids, ledger
from core.prepared import Prepared
from core.registries import holdings
from core.registries.holdings import Apart, Owner

ACT = "erase"
LAST = "end_of_erasure"  # the act after which an account that closes has nothing left in a group
AFTER = dt.timedelta(minutes=1)
SOON = dt.timedelta(hours=1)
LATE = dt.timedelta(hours=11)
PER_ACT = 300  # keys in one sealed payload
AT_ONCE = 5_000  # keys in one query
Keys = dict[str, bytes]  # "kind|object" -> key
KeyOf = Callable[[str, str], bytes]


@dataclass(frozen=True, kw_only=True)
class Traces:
    """What there is of one person in one group: how many rows under which title, the keys of rows without a
    member, and apart from them those of one-thread names, of acts that wait, and of what nobody else can notice.
    `apart` are rows, as model and ref, of which each goes by itself."""

    owner: Owner
    counts: dict[str, int]
    keys: Keys = field(repr=False)
    faces: Keys = field(repr=False)
    waiting: Keys = field(repr=False)
    unseen: Keys = field(repr=False)
    apart: list[tuple[str, str]] = field(repr=False)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to erase."""
        return not (self.counts or self.keys or self.faces or self.apart)


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
        if holding.title
        and holdings.goes(holding)
        and (count := sum(1 for _ in holding.export(owner if isinstance(holding.erase, Apart) else asking)))
    }
    there = {asked[found]: found for found in _there(list(asked), _keyed())}
    alone = [holding.model for holding in holdings.holdings() if holding.is_unseen]
    unseen = {asked[found]: found for found in _there(list(asked), alone)}
    faces = {name: made for name, made in there.items() if name.startswith("alias|")}
    waiting = {name: made for name, made in there.items() if name.startswith("due|")}
    keys = {name: made for name, made in there.items() if name not in faces | waiting | unseen}
    apart = [(name, ref) for name, held in _held_apart().items() for ref in held.refs(owner)]
    return Traces(
        owner=owner, counts=counts, keys=keys, faces=faces, waiting=waiting, unseen=unseen, apart=apart
    )


def _held_apart() -> dict[str, Apart]:
    """Label of a model -> how its rows are erased, of those that are held apart."""
    held = {one.model._meta.label: one.erase for one in holdings.holdings()}
    return {name: erase for name, erase in held.items() if isinstance(erase, Apart)}


def _keyed() -> Iterator[type[models.Model]]:
    searched: list[type[models.Model]] = [DueAct, *(holding.model for holding in holdings.holdings())]
    for model in searched:
        if any(column.name == "key" for column in model._meta.local_fields):
            yield model


def _there(keys: Sequence[bytes], searched: Iterable[type[models.Model]]) -> set[bytes]:
    """Those of the keys that some row has."""
    found: set[bytes] = set()
    for model in searched:
        for start in range(0, len(keys), AT_ONCE):
            found.update(map(bytes, _held_by(model)(keys=list(keys[start : start + AT_ONCE]))))
    return found


@functools.cache
def _held_by(model: type[models.Model]) -> Prepared[bytes]:
    """Those of some keys that a row of this model has."""
    return Prepared(lambda keys: model._default_manager.filter(key__in=keys).values_list("key", flat=True))


def first_part(*, gid: str) -> str:
    """What the key of every erasure's first act in a group is made from: by it their owner finds them all."""
    return f"{gid}|0"


def waits(*, gid: str, key_of: Callable[[str], bytes]) -> bool:
    """Whether what somebody's names wrote in this group, before they left it, still waits to be erased."""
    return bool(due.waiting(keys=[key_of(first_part(gid=gid))]))


def waiting(name: str) -> set[str]:
    """The refs of those rows held apart, of one model by its label, that an erasure which waits takes at a moment of
    their own."""
    apart = [payload["apart"] for payload in due.payloads(ACT) if "apart" in payload]
    return {ref for model, ref in apart if model == name}


def _part(number: int, *, gid: str, once: str) -> str:
    """What the key of another act is made from. `once` is the erasure's own, and kept with its first act: no
    two acts share a key, also if one leaves, joins again and leaves again."""
    return f"{gid}|{number}|{once}"


@transaction.atomic
def plan(
    owner: Owner,
    *,
    tag: bytes,
    key_of: Callable[[str], bytes],
    moments: Iterator[dt.datetime],
    **more: Any,
) -> None:
    """Have all of one person's in one group erased: the persona's part at the first moment, every other part at one of
    its own. `more` is kept with the first, for its owner. What else they asked for here and still waits is taken back
    now, but for what a team has in front of it: two of those would vanish together.

    It is looked for in here, once nothing more can come: so a member who leaves is to be untied before.
    """
    leaving.one_at_a_time(owner_tag=owner.tag)
    gid, traces, held = owner.group, gather(owner), list[tuple[int, bytes]]()
    final = bool(more.get("final"))
    if traces.waiting:
        held = due.hold_back(keys=traces.waiting.values())
        traces = gather(owner)  # some of it may just have been published
    keyed = [dict([item]) for item in traces.faces.items()] + list(_in_parts(traces.keys))
    rest: list[due.Payload] = [{"tag": "", "keys": _packed(keys)} for keys in keyed]
    rest += [
        _apart(name, ref, final=final) for name, ref in traces.apart if final or not _held_apart()[name].final
    ]
    rest += [{"held": pk, "under": key.hex()} for pk, key in held]
    once = ids.new_public_id()
    first: due.Payload = {"tag": tag.hex(), "keys": _packed(traces.unseen), "parts": len(rest), "once": once}
    if final:
        more["end"] = leaving.closing_key(owner.tag).hex()
    at = list[dt.datetime]()
    for number, payload in enumerate([first | more, *rest]):
        at.append(next(moments))
        due.later(
            key=key_of(_part(number, gid=gid, once=once) if number else first_part(gid=gid)),
            act=ACT,
            payload={"group": gid} | payload,
            due_at=at[-1],
        )
    if final:
        end_at = max(at) + AFTER + due.part_of(SOON)
        payload = {"group": gid, "tag": owner.tag.hex()}
        due.later(key=bytes.fromhex(more["end"]), act=LAST, payload=payload, due_at=end_at)
    ledger.waiting_changed()


def _apart(name: str, ref: str, *, final: bool) -> due.Payload:
    return {"apart": [name, ref]} | ({"final": True} if final else {})


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
    numbers = range(1, first.payload["parts"] + 1)
    rest = [key_of(_part(number, gid=gid, once=once)) for number in numbers]
    for one in due.waiting(keys=rest):
        if "held" in one.payload:
            due.let_be(**_held(one.payload))
    if "end" in first.payload:
        rest.append(bytes.fromhex(first.payload["end"]))
    due.take_back(keys=rest)
    ledger.waiting_changed()
    return True


@transaction.atomic
def bring_forward(
    *, first: due.Waiting, key_of: Callable[[str], bytes], moments: Iterator[dt.datetime]
) -> bool:
    """Have one erasure done at other moments, the persona's part at the first. False if it has begun."""
    gid, once = first.payload["group"], first.payload["once"]
    if not due.move(key=key_of(first_part(gid=gid)), pk=first.pk, due_at=next(moments)):
        return False
    for number in range(1, first.payload["parts"] + 1):
        due.move(key=key_of(_part(number, gid=gid, once=once)), due_at=next(moments))
    ledger.waiting_changed()
    return True


def _held(payload: due.Payload) -> dict[str, Any]:
    return {"pk": payload["held"], "key": bytes.fromhex(payload["under"])}


def restore(found: Collection[str]) -> None:
    """Let exactly these erasures wait, and what they name be held back: for a replay of the ledger."""
    due.restore(ACT, found)
    due.hold_back_only({payload["held"] for payload in due.payloads(ACT) if "held" in payload})


def execute(payload: due.Payload) -> None:
    """Do one part. Due work."""
    if "apart" in payload:
        name, ref = payload["apart"]
        held = _held_apart()[name]
        held.erase(ref)
        if "final" in payload and held.untie:
            held.untie(ref)
        ledger.waiting_changed()
        return
    if "held" in payload:
        due.drop(**_held(payload))
        ledger.waiting_changed()
        return
    keys = {name: base64.b64decode(packed) for name, packed in payload["keys"].items()}
    tag = bytes.fromhex(payload["tag"]) or ids.new_secret()
    erase(Owner(group=payload["group"], tag=tag, key=_knowing(keys)))
    ledger.waiting_changed()


def end(payload: due.Payload) -> None:
    """The account is gone for good, and all of its owner's in this group with it: so are the limits, and what a team
    wrote down about them since that was planned, each row at a moment of its own. Due work."""
    owner = Owner(group=payload["group"], tag=bytes.fromhex(payload["tag"]), key=_knowing({}))
    standing.lift(owner_tag=owner.tag)
    left_tags.forget_person(owner.tag)
    for name, held in _held_apart().items():
        for ref in held.refs(owner):
            late = {"group": owner.group} | _apart(name, ref, final=True)
            due.later(key=ids.new_secret(), act=ACT, payload=late, due_at=due.within(LATE))
    ledger.waiting_changed()


def erase(owner: Owner) -> None:
    """Erase what the registry finds for an owner, but for what is held apart. Their member is untied first: that takes
    its locks before any talk is locked, and what is found by the tag of old is found by the new one as well."""
    now = leaving.forget_member(owner_tag=owner.tag)
    for tag in {owner.tag, now}:
        for holding in holdings.holdings():
            if holding.model is not Member and not isinstance(holding.erase, Apart):
                holding.erase(replace(owner, tag=tag))
    leaving.forget_names(owner_tag=now)


def _knowing(keys: Keys) -> KeyOf:
    return lambda kind, ref: keys.get(f"{kind}|{ref}") or ids.new_secret()


def _packed(keys: Keys) -> dict[str, str]:
    return {name: base64.b64encode(made).decode() for name, made in keys.items()}
