"""Canaries: what nobody else may see is marked with words of its own, and looked for on every page by everybody."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.utils.html import escape

from accounts.models import Account
from chat import presenters
from chat.actions import blocks, reactions, reading
from chat.enums import ReactionKind
from chat.models import Mute
from chat.policies import Face
from community import handles
from community.enums import InvitationKind, Role
from community.errors import NotHere
from community.models import Group, Invitation, JoinRequest, Member
from community.selectors import here as places
from core import clock, ids
from moderation.actions import appeals
from moderation.enums import Act
from moderation.models import GroupCare
from proof.harness import Defence, Result, none_found, swapped

ROLES = {"small": ["nobody", "member", "moderator", "moderator elsewhere"], "full": None}
AWAY = 3  # references from a row to its group, at most
NOT_WORDS = {"act", "kind", "ref", "time_zone"}  # what code reads
SHORTEST = 12  # bytes of a key that are looked for


def prove(size: str) -> Iterator[Result]:
    """A hidden group lives; its words are swapped for canaries, and every key and account is one already."""
    from tests.moderation import doors

    street = doors.make_street()
    _live(street.cast)
    planted = _words_of(street.cast.cellar) | _of_accounts() | _keys()
    fields = {field for field, _ in planted.values()}
    needles = re.compile(b"|".join(re.escape(word) for word in planted))
    parts = [street.parts, street.parts | _inside(street.cast.cellar)]
    tried, hits = 0, []
    for who in ROLES[size] or list(street.people):
        person = street.people[who]
        for route in doors.routes():
            for street.parts in parts:
                tried += 1
                hits += [
                    (route, who, planted[word][0])
                    for word in set(needles.findall(_all_of(person, street.address(route))))
                    if planted[word][1] != (person and person.account.pk)
                ]
    yield none_found(
        f"what stands in {len(fields)} private fields ({len(planted)} canaries) is on no page of those it does not "
        "belong to",
        tried=tried,
        found=len(hits),
    )


def _all_of(person: Any, address: str) -> bytes:
    client = Client(raise_request_exception=False)
    if person:
        for name, cookie in person.client.cookies.items():
            client.cookies[name] = cookie.value
    with transaction.atomic():
        answer: Any = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    assert answer.status_code < 500, "a page that breaks proves nothing"
    return body + repr(sorted(answer.headers.items())).encode()


# --- a hidden group with a life of its own ------------------------------------------------------------------------
def _live(cast: Any) -> None:
    """Two of its people write, under one-thread names too, hide each other, report, and are decided about."""
    from chat.actions.bylines import Signature
    from tests.chat.saying import alias_key, send
    from tests.moderation.judging import decide, report
    from tests.people import add, make_people, make_thread

    people = make_people({"hid": False, "lee": False, "jo": True, "max": True})
    roles = [Role.MEMBER, Role.MEMBER, Role.MODERATOR, Role.LEAD]
    for (name, person), role in zip(people.items(), roles, strict=True):
        add(person, cast.cellar, handle=f"Quiet {name}", role=role)
    thread = make_thread(cast.cellar, title="How was your week")
    post = send(people["hid"], thread, "You are lazy, and I am tired.")
    name = handles.propose(group=cast.cellar, n=1)[0]
    key = alias_key(people["lee"], thread)
    under = send(
        people["lee"],
        thread,
        "Under another name",
        signature=Signature(alias_key=key, as_alias=True, shown=name),
    )
    case = report(people["lee"], post, note="It hurt me a lot.").case
    notice = decide(people["jo"], case, Act.MUTE).notice
    assert notice is not None
    appeals.appeal(notice=notice, owner_tag=people["hid"].tag(cast.cellar), words="I was joking.")
    report(people["lee"], send(people["max"], thread, "So are you."), note="And this one.")
    other = people["hid"].here(cast.cellar).persona
    assert other is not None
    blocks.block(face=Face(here=people["lee"].here(cast.cellar)), other=other)
    jo = people["jo"]
    face = Face(here=jo.here(cast.cellar))
    reactions.react(face=face, post=under, kind=ReactionKind.SAME_HERE, key_of=jo.keyed)
    lee = people["lee"]
    reading.mark_read(here=lee.here(cast.cellar), thread=thread, key_of=lee.keyed, seq=1)
    Mute.objects.create(key=ids.new_secret(), persona=other)
    soon = clock.today() + dt.timedelta(days=9)
    JoinRequest.objects.create(
        group=cast.cellar, owner_tag=ids.new_secret(), answer="My sister", accepted_version=1
    )
    Invitation.objects.create(
        group=cast.cellar,
        fingerprint=ids.new_secret(),
        kind=InvitationKind.CARD,
        uses_left=9,
        expires_on=soon,
    )
    GroupCare.objects.create(
        group=cast.cellar, handover="Look after them.", outside_person="A friend of ours"
    )


def _inside(group: Group) -> dict[str, str]:
    """What its addresses are made of."""
    post = group.threads.get().posts.order_by("seq")[0]
    face = group.members.filter(role=Role.MODERATOR)[0].personas.all()[0]
    case = group.cases.get(decisions__isnull=False)
    return {
        "gid": group.public_id, "tid": group.threads.get().public_id, "post": post.public_id, "pid": face.public_id,
        "name_id": face.public_id, "thing": post.public_id, "cid": case.public_id,
        "nid": case.decisions.get().notice.public_id,
    }  # fmt: skip


# --- the canaries: word -> field, and whose it is ------------------------------------------------------------------
Planted = dict[bytes, tuple[str, int | None]]


def _words_of(group: Group) -> Planted:
    """Every free text of the group's rows becomes a word that stands nowhere else."""
    planted: Planted = {}
    for model in apps.get_models():
        for row in _rows(model, group):
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField) and _is_free(field):
                    word = f"zq{len(planted):04}heronbytheharbour"
                    model._default_manager.filter(pk=row.pk).update(**{field.attname: word})
                    planted[word.encode()] = (f"{model._meta.label}.{field.name}", None)
    return planted


def _is_free(field: models.Field[Any, Any]) -> bool:
    is_word = not field.choices and field.name not in NOT_WORDS and not field.name.endswith(("_id", "key"))
    return is_word and (field.max_length or 99) >= 24


def _rows(model: type[models.Model], group: Group) -> list[models.Model]:
    if model is Group:
        return [group]
    rows: dict[Any, models.Model] = {}
    for path in _paths(model, AWAY):
        rows |= {row.pk: row for row in model._default_manager.filter(**{path: group})}
    return list(rows.values())


def _paths(model: type[models.Model], steps: int) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        target = field.related_model
        if target is Group:
            yield field.name
        elif steps > 1 and isinstance(target, type) and target is not model:
            yield from (f"{field.name}__{path}" for path in _paths(target, steps - 1))


def _of_accounts() -> Planted:
    names = Account.objects.values_list("pk", "username", "password")
    planted: Planted = {name.encode(): ("accounts.Account.username", pk) for pk, name, _ in names}
    return planted | {escape(word).encode(): ("accounts.Account.password", None) for _, _, word in names}


def _keys() -> Planted:
    """All binary fields of all rows: tags, keys, sealed values; as they are written in hexadecimal and in base64."""
    planted: Planted = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if (
                isinstance(field, models.BinaryField) and model._meta.app_label != "audit"
            ):  # the record is public
                for value in model._default_manager.values_list(field.attname, flat=True):
                    if value is not None and len(value) >= SHORTEST:
                        name = f"{model._meta.label}.{field.name}"
                        head = bytes(value)[:SHORTEST]
                        planted[head.hex().encode()] = planted[base64.b64encode(head)] = (name, None)
    return planted


# --- the defences -------------------------------------------------------------------------------------------------
def _everybody_is_of_the_team(*, owner_tag: bytes, strong: bool) -> places.Here:
    """A door that lets in whoever it does not know, as if they were of the hidden group's team."""
    try:
        return _find(owner_tag=owner_tag, strong=strong)
    except NotHere:
        someone = Member.objects.filter(group__name__startswith="zq", role=Role.MODERATOR)[0]
        return _find(owner_tag=bytes(someone.owner_tag), strong=True)


def _with_a_tag(post: Any) -> list[str]:
    """A mark beside a name that gives away whose it is."""
    persona = post.byline.persona
    return [bytes(persona.member.owner_tag).hex()] if persona else []


_find = places.find
DEFENCES = [
    Defence(name="a door knows who may come in", off=swapped(places, "find", _everybody_is_of_the_team)),
    Defence(name="a name shows no key", off=swapped(presenters, "_marks", _with_a_tag)),
]
