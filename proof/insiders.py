"""Two insiders: a member and a moderator in each group bring together every byte they can get, and compare.

Each person is in two or three groups. For each of their names the insiders keep what is about it: the messages as
pages, polling and the sockets of open talks carry them, what refuses to change a message, the picture and the card
with their headers, where the name stands in lists, in the inbox, in mail and in copies, and when something changed.
One person's two names are compared with two strangers', and a permutation test decides.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core import mail as outbox
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings

from accounts.actions import reminders
from accounts.models import Reminder
from chat.actions import blocks, bylines
from chat.enums import EventKind
from chat.models import Alias, Post
from chat.policies import Face
from community import avatars
from community.actions import due
from community.enums import Role
from community.models import Group, Persona
from community.presenters import copies
from config import errors
from core import clock
from core.live.source import Event
from core.live.stream import LocalStream
from core.registries.holdings import Row
from proof import crowd as crowds
from proof import pairing, sockets
from proof.crowd import Crowd
from proof.harness import Defence, Result, swapped
from proof.pairing import Closeness
from proof.reply_and_watch import SITE, _remind
from tests.people import Person, add, make_person
from tests.privacy import leftovers

PEOPLE = {"small": 40, "full": 400}
ROOMS, ROUNDS, DECIDED = 3, 3000, 0.001
PLAINLY = 10  # times beaten by chance: the rest of the rounds would decide nothing
LIFE: list[tuple[crowds.Act, float]] = [
    (crowds.post, 1.0), (crowds.post_once, 0.2), (crowds.react, 0.2), (crowds.edit, 0.1), (crowds.show, 0.3),
    (crowds.rename, 0.1), (crowds.hide, 0.2), (crowds.leave, 0.05), (crowds.close_account, 0.3),
]  # fmt: skip
APART = dt.timedelta(hours=72)
WORD, AROUND = r"[A-Za-z0-9_-]{8,}", 160
MARKS: dict[str, str] = {}  # post or name → something of the person behind it


@dataclass(kw_only=True)
class Dossier:
    """What insiders hold about one member: pieces of text, and numbers by where they come from."""

    tokens: set[str] = field(default_factory=set)
    numbers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    changes: list[dt.datetime] = field(default_factory=list)

    def add(self, where: str, text: str) -> None:
        """Keep a text about this member."""
        self.tokens |= set(re.findall(WORD, text))
        self.numbers[f"length of {where}"].append(len(text))
        self.numbers[f"numbers in {where}"] += [float(found) for found in re.findall(r"\d{4,9}", text)]


def prove(size: str) -> Iterator[Result]:
    """As members, and as moderators."""
    crowd = crowds.gather(people=PEOPLE[size], rooms=ROOMS, life=LIFE, apart=True)
    for role in (Role.MEMBER, Role.MODERATOR):
        dossiers: dict[int, Dossier] = defaultdict(Dossier)
        pages = sum(_look(crowd, group, role, dossiers) for group in crowd.groups)
        for change in crowd.changes:
            if change.by_itself and change.member and change.kind != EventKind.POST_PUBLISHED:
                dossiers[change.member].changes.append(change.moment)
        yield from _compared(crowd, dossiers, pages, role)


# --- every byte -------------------------------------------------------------------------------------------------
def _look(crowd: Crowd, group: Group, role: Role, dossiers: dict[int, Dossier]) -> int:
    """One insider in one group. Returns how many answers were read."""
    person = make_person(name=f"insider-{role}-{group.name}-{group.pk}", strong=role != Role.MEMBER)
    add(person, group, handle=f"Insider {role}", role=role)
    client, base = person.client, f"/g/{group.public_id}"
    who = _who_signs(group)
    _mark(crowd, group, who)
    answers = 0
    for thread in group.threads.order_by("public_id"):
        said = list(_polled(client, f"{base}/t/{thread.public_id}/"))
        frames = [json.loads(frame) for frame in sockets.frames(person, thread) if frame.startswith("{")]
        for kind, event in [("a message", e) for e in said] + [
            ("a frame", e) for frame in frames for e in frame.get("events", [])
        ]:
            answers += 1
            if (member := who.get(str(event.get("id", "")))) is not None:
                dossiers[member].add(kind, json.dumps(event))
                dossiers[member].numbers["place in a talk"].append(event["seq"])
    for post in Post.objects.filter(public_id__in=who).select_related("thread"):
        refused = client.post(
            f"{base}/t/{post.thread.public_id}/p/{post.public_id}/edit/", {"text": "Mine now."}
        )
        dossiers[who[post.public_id]].add("a refusal", _all_of(refused))
    for persona in Persona.objects.filter(group=group).exclude(member__owner_tag=person.tag(group)):
        mine = dossiers[persona.member_id]
        mine.add("a picture", _all_of(client.get(f"/a/{persona.avatar_id}.svg")))
        mine.add("a card", _all_of(client.get(f"{base}/who/{persona.public_id}/")))
        mine.add("an error", _all_of(client.post(f"{base}/who/{persona.public_id}/")))
        answers += 3
    return answers + len(who) + _lists(person, base, group, dossiers)


def _polled(client: Client, talk: str) -> Iterator[dict[str, Any]]:
    """All that happened in a talk, by asking."""
    after, ended = 0, False
    while not ended:
        answer = client.get(f"{talk}events/?after={after}").json()
        ended = answer.get("reload") or answer["to"] >= answer["head"]
        after = answer.get("to", 0)
        yield from answer.get("events", [])


def _mark(crowd: Crowd, group: Group, who: dict[str, int]) -> None:
    """What would tie a person's names, by what it would be let slip with: for defences that are taken away."""
    secrets = {
        one.members[group.pk]: one.person.secret for one in crowd.people.values() if group.pk in one.members
    }
    marks = {member: hashlib.sha256(secret).hexdigest()[:12] for member, secret in secrets.items()}
    MARKS.update({post: marks[member] for post, member in who.items() if member in marks})
    names = Persona.objects.filter(group=group).values_list("handle", "member")
    MARKS.update({handle: marks[member] for handle, member in names if member in marks})


def _who_signs(group: Group) -> dict[str, int]:
    """The truth: which member wrote each post, under a one-thread name too."""
    rows = Post.objects.filter(byline__thread__group=group)
    found = dict(rows.values_list("public_id", "byline__persona__member"))
    tags = {bytes(tag): key for key, tag in group.members.values_list("pk", "owner_tag")}
    aliases = {alias.pk: tags.get(bylines.owner_tag_of(alias=alias)) for alias in _aliases(group)}
    for post, alias in rows.filter(byline__alias__isnull=False).values_list("public_id", "byline__alias"):
        found[post] = aliases[alias]
    return {post: member for post, member in found.items() if member is not None}


def _aliases(group: Group) -> list[Alias]:
    return list(Alias.objects.filter(thread__group=group).select_related("thread"))


def _lists(person: Person, base: str, group: Group, dossiers: dict[int, Dossier]) -> int:
    """Where names stand in what shows several: pages, one's inbox and mail, and a copy after one hid everybody."""
    client, group_id = person.client, group.public_id
    talks = [f"{base}/t/{thread.public_id}/" for thread in group.threads.all()]
    texts = [(page, _all_of(client.get(f"{base}/{page}"))) for page in ("", "roles/", "rota/", "inbox/")]
    texts += [("a talk", _all_of(client.get(talk))) for talk in talks]
    texts.append(("mail", _mail(person)))
    face = Face(here=person.here(group))
    others = list(Persona.objects.filter(group=group, is_current=True).exclude(pk=face.here.persona.pk))
    for other in random.Random(group_id).sample(others, len(others)):
        blocks.mute(face=face, key=person.keyed("mutes", group_id), other=other)
    leftovers.prove(person)
    texts.append(("hidden/", _all_of(client.get(f"{base}/hidden/"))))
    texts += [("a copy", _all_of(client.post(f"{base}/copy/", {"as": kind}))) for kind in ("page", "json")]
    names = dict(Persona.objects.filter(group=group).values_list("handle", "member"))
    for where, text in texts:
        places = sorted((text.find(handle), member) for handle, member in names.items() if handle in text)
        for place, (at, member) in enumerate(places):
            dossiers[member].numbers[f"order on {where}"].append(place)
            if where == "a copy":
                dossiers[member].tokens |= set(re.findall(WORD, text[at : at + AROUND]))
    return len(texts)


def _mail(person: Person) -> str:
    """The mail that comes to somebody who asked for it."""
    outbox.outbox = []
    with override_settings(**SITE), clock.held_at(clock.now() + dt.timedelta(days=1)):
        _remind(person.account.pk, "insider@mail.example", Reminder.objects.count())
        with clock.held_at(clock.now() + dt.timedelta(days=30)):
            reminders.send_due()
    return "".join(f"{message.message()}" for message in outbox.outbox)


def _all_of(answer: HttpResponse) -> str:
    """Status, headers, cookies and body, without what is drawn anew for every answer."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]  # the stubs know no streamed answer
    text = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", body.decode())
    return f"{answer.status_code} {sorted(answer.headers.items())} {answer.cookies.output()} {text}"


# --- what it tells ----------------------------------------------------------------------------------------------
def _compared(crowd: Crowd, dossiers: dict[int, Dossier], pages: int, role: Role) -> Iterator[Result]:
    """Each kind of trace by itself, over all pairs of groups. Of those who closed their account it is known that they
    are gone from all their groups; they are compared by when that could be seen."""
    kinds: dict[str, list[tuple[int, Closeness]]] = defaultdict(list)
    for first, second in itertools.combinations(crowd.groups, 2):
        everybody = crowd.both(first, second)
        for people, compared in (
            (everybody, _by_moments),
            ([one for one in everybody if not one.is_gone], _kinds),
        ):
            sides = [[dossiers[one.members[group.pk]] for one in people] for group in (first, second)]
            for kind, closeness in compared(*sides):
                kinds[kind].append((len(people), closeness))
    dice = random.Random(37)
    found = {kind: _p_value(matched, dice) for kind, matched in sorted(kinds.items())}
    telling = [f"{kind} (p {p:.4f})" for kind, p in found.items() if p < DECIDED]
    people = len([one for one in crowd.people.values() if len(one.members) > 1])
    yield Result(
        promise=f"insiders who are {role}s do not tell one person's two names from two strangers': "
        f"{people} people in two or three groups, {pages} answers, {len(found)} kinds of traces compared",
        tried=len(found),
        found="; ".join(telling) or 0,
        goal=f"0 kinds with p < {DECIDED}",
        holds=not telling and bool(found),
        part=f"{role}s",
    )


def _kinds(left: list[Dossier], right: list[Dossier]) -> Iterator[tuple[str, Closeness]]:
    yield "shared tokens", pairing.by_shared([one.tokens for one in left], [one.tokens for one in right])
    columns = sorted({c for one in left for c in one.numbers} & {c for one in right for c in one.numbers})
    for column in columns:
        for name, best in (("least", min), ("most", max)):
            values = [[best(one.numbers[column], default=None) for one in side] for side in (left, right)]
            yield f"{name} of {column}", pairing.by_rank(*values)


def _by_moments(left: list[Dossier], right: list[Dossier]) -> Iterator[tuple[str, Closeness]]:
    def together(one: int, other: int) -> float:
        return float(any(abs(a - b) < APART for a in left[one].changes for b in right[other].changes))

    yield "changes within 72 hours", together


def _p_value(matched: list[tuple[int, Closeness]], dice: random.Random) -> float:
    """How often people matched by chance are as close as they are to themselves."""
    tables = [[[near(one, other) for other in range(n)] for one in range(n)] for n, near in matched]
    seen = sum(table[one][one] for table in tables for one in range(len(table)))
    beaten = 0
    for done in range(ROUNDS):
        if beaten >= PLAINLY:
            return beaten / done
        total = 0.0
        for table in tables:
            order = dice.sample(range(len(table)), len(table))
            total += sum(row[other] for row, other in zip(table, order, strict=True))
        beaten += total >= seen - 1e-9
    return (beaten + 1) / (ROUNDS + 1)


# --- the defences, and what it would be without -----------------------------------------------------------------
def _signed_drawing(*, choice: str) -> str:
    """A picture with something of its owner's in it."""
    someone = crowds.who.get(None)
    mark = hashlib.sha256(someone.person.secret).hexdigest()[:12] if someone else ""
    return _draw(choice=choice).replace("<svg", f'<svg id="a{mark}"', 1)


def _signed_frame(stream: LocalStream, event: Event, language: str) -> str:
    """A frame with something of its writer's in it."""
    return f'{_item(stream, event, language)[:-1]}, "by": "{MARKS.get(event.ref, "")}"}}'


def _signed_refusal(request: HttpRequest, *page: Any, **more: Any) -> HttpResponse:
    """An error that knows whose it is."""
    answer = _render(request, *page, **more)
    answer["X-By"] = " ".join(MARKS.get(part, "") for part in request.path.split("/"))
    return answer


def _signed_rows(row: Row) -> list[tuple[str, Any]]:
    """A copy that says more of others than their names."""
    return [*_in_words(row), ("By", MARKS.get(str(row.get("name")), ""))]


_draw, _item, _render, _in_words = avatars.draw, LocalStream._item, errors.render, copies._in_words
DEFENCES = [
    Defence(name="a picture holds nothing of its owner", off=swapped(avatars, "draw", _signed_drawing)),
    Defence(name="a frame holds nothing of its writer", off=swapped(LocalStream, "_item", _signed_frame)),
    Defence(name="a refusal says nothing of whose it is", off=swapped(errors, "render", _signed_refusal)),
    Defence(name="a copy holds nothing of others but names", off=swapped(copies, "_in_words", _signed_rows)),
    Defence(
        name="what happens in several groups happens apart",
        off=swapped(due, "apart", lambda *, groups, start, **_: [start] * groups),
    ),
]
