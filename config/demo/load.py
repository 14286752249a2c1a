"""Filling an empty database with the demo: six groups and their people, through the real actions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from accounts import facts
from accounts.actions import accounts
from accounts.models import Account
from chat.actions import bylines, posts, reactions, reading, threads
from chat.actions.bylines import OWN, Signature
from chat.actions.gates import Settled
from chat.models import Post, Thread
from chat.policies import Face
from community.actions import disclosures, joining
from community.enums import Role
from community.models import Group, Member, Persona, Shift, SiteRole
from community.policies import Outside
from community.selectors import here as places
from community.selectors.here import Here
from config.demo import (
    advice,
    cases,
    cast,
    content,
    rooms,
    shown,
    study,
    study_field,
    study_files,
    study_people,
)
from config.guard import DEMO_SIGN_IN
from core import clock, ids, sealing
from moderation.models import Case

SETTLED = Settled(checked=True)  # its teams have read what they were pointed at
LISTENERS = ("teachers",)  # where demo-member only reads
STUDIED = "bipolar"  # where demo-researcher belongs
OLDER = "This demo is from an earlier Kith, where less waits for you. To start afresh: rm -rf var"


@dataclass
class Noted:
    """What comes after a group's talks: labels, changes that are asked for, statements, guesses."""

    labelled: list[tuple[Post, dict[str, Any]]] = field(default_factory=list)
    asking: list[tuple[Thread, dict[str, Any]]] = field(default_factory=list)
    worded: list[tuple[Thread, dict[str, Any]]] = field(default_factory=list)
    guesses: list[tuple[Post, str]] = field(default_factory=list)


@dataclass
class Loading:
    """What is known while the demo is loaded: S of every made-up person who acts, and where they are."""

    secrets: dict[str, bytes] = field(default_factory=dict)
    places: dict[tuple[str, str], Here] = field(default_factory=dict)
    noted: Noted = field(default_factory=Noted)

    def secret(self, group_key: str, handle: str) -> bytes:
        played = cast.PLAYED.get((group_key, handle))
        return self.secrets[played] if played else cast.secret_in(group_key, handle)


def load(*, say: Callable[[str], Any]) -> None:
    """Load the demo, unless it is there already; what an earlier Kith loaded is kept, and how to start afresh said."""
    if Account.objects.filter(username=DEMO_SIGN_IN).exists():
        if not (Case.objects.exists() and study.public_id()):
            say(OLDER)
        return
    say("Filling Kith with six made-up groups (once, about a minute) ...")
    with transaction.atomic():
        loading = Loading()
        for sign_in in cast.SIGN_INS:
            loading.secrets[sign_in.name] = _account(sign_in)
        site_tag = sealing.tag(key=loading.secrets["demo-operator"], parts=("site",))
        SiteRole.objects.create(owner_tag=site_tag)
        later = [_group(loading, data) for data in content.groups()]
        _study(loading, site_tag)
        for tell in later:
            tell()
        _noted(loading)


def _study(loading: Loading, site_tag: bytes) -> None:
    """The study, in between what groups' teams did before and after: each record goes forward only."""
    _cases(loading, since=None, until=study.AGREED)
    researcher, colleague = (loading.secrets[name] for name in ("demo-researcher", study_files.COLLEAGUE))
    telling = study.begin(site_tag=site_tag, researcher=researcher, secret_of=loading.secret)
    people = study_people.choose(telling, secret_of=loading.secret)
    then = {
        study_field.SAT_DOWN: partial(study_field.sit, telling, researcher=researcher),
        study_files.CAME_IN: partial(study_files.come_in, telling, colleague=colleague),
        study_field.ROOM: partial(study_field.tell, telling, researcher=researcher, secret_of=loading.secret),
        min(study_people.LATE): partial(study_people.answer_questions, telling, people),
        study_files.WAITS: partial(study_files.wait, telling, colleague=colleague),
        study_files.REFUSED: partial(study_files.refuse, telling),
    }
    study_people.answer(telling, people, since=study.OPENED, until=study.IN_FORCE, then=then)
    _cases(loading, since=study.AGREED, until=study.IN_FORCE)
    study.put_in_force(telling)
    study_people.answer(telling, people, since=study.IN_FORCE, until=-1, then=then)
    _cases(loading, since=study.IN_FORCE, until=None)


def _cases(loading: Loading, *, since: int | None, until: int | None) -> None:
    """What teams looked at on the days from `since` to before `until` days ago, in every group."""
    for key, name in content.names().items():
        group = Group.objects.get(name=name)
        cases.load(key=key, group=group, secret_of=partial(loading.secret, key), since=since, until=until)


def welcome(*, port: int) -> str:
    """What `make run` prints: the door and the sign-ins."""
    lines = [
        f"  Look around as a member, a moderator or a researcher: http://localhost:{port}/demo/",
        "",
        "  Or sign in as",
    ]
    lines += [f"    {sign_in.name:17} {sign_in.what}" for sign_in in cast.SIGN_INS]
    lines += [f"  with the passphrase: {cast.PASSPHRASE}", "  The staff's second factor: make code", ""]
    return "\n".join(lines)


def _account(sign_in: cast.SignIn) -> bytes:
    opened = accounts.create(name=sign_in.name, passphrase=cast.PASSPHRASE)
    if sign_in.is_staff:
        TOTP.activate(opened.account, cast.TOTP_SECRET)
    return opened.secret


def _noted(loading: Loading) -> None:
    """What demo-member noted about themselves, just for themselves."""
    gids = {key: Group.objects.get(name=name).public_id for key, name in content.names().items()}
    account = Account.objects.get(username=DEMO_SIGN_IN)
    facts.write(account=account, secret=loading.secrets[DEMO_SIGN_IN], sheet={"facts": shown.noted(gids)})


def _group(loading: Loading, data: dict[str, Any]) -> Callable[[], None]:
    """Load a group with its talks. What is returned is to be called once its teams looked at them."""
    group = rooms.open_group(data)
    key = data["group"]["key"]
    for person in data["people"]:
        _person(loading, key, group, person)
    if key == STUDIED:
        _member(group, loading.secrets["demo-researcher"], role=Role.RESEARCHER)
    if key in LISTENERS:
        _member(group, loading.secrets[DEMO_SIGN_IN], role=Role.MEMBER)
    _rota(group, data)
    _requests(key, group, data)
    advice.check_roles(data=data, who=partial(_who, loading, key, group))
    talks = cases.earlier_threads(key) + data["threads"]
    for thread in sorted(talks, key=_last_said):  # a list of talks goes by which was written in last
        _thread(loading, key, group, thread)
    missing = max(0, data["group"]["size"] - Member.objects.filter(group=group).count())
    Member.objects.bulk_create(  # people who only read
        Member(group=group, owner_tag=ids.new_secret(), accepted_version=group.charter_version)
        for _ in range(missing)
    )
    for handle, details in shown.people(key).items():
        disclosures.show(here=_here(loading, key, group, handle), details=details)
    noted, loading.noted = loading.noted, Noted()
    return partial(_afterthoughts, loading, noted, group, data)


def _afterthoughts(loading: Loading, noted: Noted, group: Group, data: dict[str, Any]) -> None:
    """What is on the record after the cases: it goes forward only, and theirs are months old."""
    key = data["group"]["key"]
    who = partial(_who, loading, key, group)
    for post, said in noted.labelled:
        advice.load(post=post, data=said, who=who)
    for thread, said in noted.asking:
        advice.ask(thread=thread, said=said, who=who)
    for thread, said in noted.worded:
        advice.say_together(thread=thread, said=said, who=who)
    for post, handle in noted.guesses:
        cases.fold(post=post, here=_here(loading, key, group, handle), secret=loading.secret(key, handle))
    advice.propose_roles(data=data, who=who)
    advice.fill_shelf(data=data, who=who)
    advice.announce(data=data, who=who)
    written = [post for thread in cases.earlier_threads(key) + data["threads"] for post in thread["posts"]]
    former = {post["by"] for post in written if post.get("former_name")}
    Persona.objects.filter(group=group, handle__in=former).update(is_current=False)


def _member(group: Group, secret: bytes, *, role: Role) -> Member:
    tag = cast.owner_tag(secret, group.public_id)
    return Member.objects.create(
        group=group, owner_tag=tag, role=role, accepted_version=group.charter_version
    )


def _person(loading: Loading, key: str, group: Group, person: dict[str, Any]) -> None:
    member = _member(group, loading.secret(key, person["handle"]), role=Role(person["role"]))
    rooms.name_member(member=member, handle=person["handle"], about=person.get("about", ""))


def _rota(group: Group, data: dict[str, Any]) -> None:
    people = [person for person in data["people"] if person["role"] in (Role.MODERATOR, Role.LEAD)]
    people.sort(key=lambda person: person["role"] == Role.LEAD)  # leads stand in where moderators are few
    team = [Member.objects.get(personas__group=group, personas__handle=one["handle"]) for one in people]
    for number, shift in enumerate(data.get("rota", [])):
        Shift.objects.create(
            group=group,
            member=team[number % len(team)],
            weekday=shift["weekday"],
            starts=dt.time.fromisoformat(shift["starts"]),
            ends=dt.time.fromisoformat(shift["ends"]),
        )


def _requests(key: str, group: Group, data: dict[str, Any]) -> None:
    """People who ask to join, and are nobody's: what they would be tagged with as members is made up too."""
    for number, request in enumerate(data.get("requests", [])):
        tag = cast.owner_tag(cast.secret_of(f"{key}/asks {number}"), group.public_id)
        place = Outside(group=group, signed_in=True, barred=False)
        with clock.held_at(clock.now() - dt.timedelta(days=request["days_ago"])):
            joining.ask(place=place, owner_tag=tag, version=group.charter_version, answer=request["answer"])


def _last_said(thread: dict[str, Any]) -> dt.datetime:
    return max(content.moments_of(thread))


def _thread(loading: Loading, key: str, group: Group, data: dict[str, Any]) -> None:
    thread = None
    for post_data, moment in zip(data["posts"], content.moments_of(data), strict=True):
        with clock.held_at(moment):
            if thread is None:
                thread, post = _open(loading, key, group, data, post_data)
            else:
                post = _post(loading, key, thread, post_data)
            _afterwards(loading, key, thread, post, post_data)
        if "labels" in post_data:
            loading.noted.labelled.append((post, post_data))
        if "folded_by" in post_data:
            loading.noted.guesses.append((post, post_data["folded_by"]))
    if "asks" in data and thread is not None:
        loading.noted.asking.append((thread, data))
    if "statement" in data and thread is not None:
        loading.noted.worded.append((thread, data["statement"]))
    Thread.objects.filter(title=data["title"], group=group).update(is_pinned=data.get("pinned", False))


def _open(
    loading: Loading, key: str, group: Group, data: dict[str, Any], first: dict[str, Any]
) -> tuple[Thread, Post]:
    if "one_thread_name" in first:
        thread = Thread.objects.create(
            group=group, title=data["title"], ask=data["ask"], heads_ups=data["heads_ups"]
        )
        return thread, _post(loading, key, thread, first)
    here = _here(loading, key, group, first["by"])
    thread = threads.open_thread(
        here=here, tid=ids.new_public_id(), title=data["title"], ask=data["ask"], heads_ups=data["heads_ups"],
        text=first["text"], client_id=str(uuid.uuid4()), settled=SETTLED,
    )  # fmt: skip
    return thread, Post.objects.get(thread=thread)


def _here(loading: Loading, key: str, group: Group, handle: str) -> Here:
    """Somebody's place, looked up once: nobody's changes while the demo is loaded."""
    if (key, handle) not in loading.places:
        tag = cast.owner_tag(loading.secret(key, handle), group.public_id)
        loading.places[key, handle] = places.find(owner_tag=tag, strong=True)
    return loading.places[key, handle]


def _who(loading: Loading, key: str, group: Group, handle: str) -> tuple[Here, bytes]:
    return _here(loading, key, group, handle), loading.secret(key, handle)


def _post(loading: Loading, key: str, thread: Thread, data: dict[str, Any]) -> Post:
    signature = Signature(for_self=True) if data.get("for_self") else OWN
    if "one_thread_name" in data:
        signature = Signature(alias_key=_alias(key, thread, data["one_thread_name"]), as_alias=True)
    here = _here(loading, key, thread.group, data.get("by") or data["one_thread_name"])
    post, _ = posts.publish_post(
        here=here,
        thread=thread,
        text=data["text"],
        client_id=str(uuid.uuid4()),
        signature=signature,
        settled=SETTLED,
    )
    return post


def _alias(key: str, thread: Thread, name: str) -> bytes:
    """The one-thread name's owner is a member who never writes under a name here."""
    secret = cast.secret_of(f"{key}/{name}")
    tag = cast.owner_tag(secret, thread.group.public_id)
    Member.objects.get_or_create(
        owner_tag=tag, defaults={"group": thread.group, "accepted_version": thread.group.charter_version}
    )
    alias_key = sealing.tag(key=secret, parts=("alias", thread.public_id))
    bylines.sign_as_alias(
        thread=thread, owner_tag=tag, key=alias_key, handle=name, avatar_svg=rooms.new_picture()
    )
    return alias_key


def _keyed(secret: bytes, kind: str, ref: str) -> bytes:
    return sealing.tag(key=secret, parts=(kind, ref))


def _afterwards(loading: Loading, key: str, thread: Thread, post: Post, data: dict[str, Any]) -> None:
    if "by" not in data:
        return
    here = _here(loading, key, thread.group, data["by"])
    if (key, data["by"]) in cast.PLAYED:  # whoever writes has read so far
        post.thread.refresh_from_db(fields=["last_seq"])
        keys = partial(_keyed, loading.secret(key, data["by"]))
        reading.mark_read(here=here, thread=post.thread, key_of=keys, seq=post.seq)
    others = list(
        Persona.objects.filter(group=thread.group).exclude(handle=data["by"]).values_list("handle", flat=True)
    )
    for number, kind in enumerate(data.get("reactions", [])):
        handle = others[number % len(others)]
        secret = loading.secret(key, handle)
        reactor = _here(loading, key, thread.group, handle)
        reactions.react(face=Face(here=reactor), post=post, kind=kind, key_of=partial(_keyed, secret))
    if data.get("edited"):
        posts.edit_post(face=Face(here=here), post=post, text=data["text"], settled=SETTLED)
    if data.get("deleted"):
        posts.delete_post(face=Face(here=here), post=post)
