"""The demo's researcher in one group: seen by everyone there, with notes, and quotes whose writers were asked."""

from __future__ import annotations

from functools import partial
from typing import Any

from chat.actions.bylines import Signature
from chat.models import Post, Thread
from community.models import Group, Member
from config.demo import cast, rooms
from config.demo.study import SecretOf, Someone, Telling, at, someone, tables
from core import sealing
from research.actions import notes, presence, quotes
from research.actions import rooms as study_rooms
from research.actions.notes import Words
from research.enums import NoteKind, QuoteAnswer
from research.models import QuoteAsk

SAT_DOWN, ROOM, ASKED, ANSWERED = 28, 12, 6, 4  # days ago
USE = "In the report for the ethics board, and in a paper."


def sit(telling: Telling, *, researcher: bytes) -> None:
    """She takes a name there, and says for which study she reads."""
    said = tables()["field"]
    member = _herself(telling, researcher)
    rooms.name_member(member=member, handle=said["handle"], about=said["about"])
    one = someone(member, researcher)
    with at(SAT_DOWN):
        presence.sit(here=one.here, sid=telling.sid, key_of=one.key_of)


def tell(telling: Telling, *, researcher: bytes, secret_of: SecretOf) -> None:
    """The rest, through the real actions."""
    said = tables()["field"]
    group = telling.groups[said["group"]]
    one = someone(_herself(telling, researcher), researcher)
    for note in said["notes"]:
        with at(note["days_ago"]):
            words = Words(text=note["text"], codes=note["codes"])
            notes.write(desk=telling.desk, gid=group.public_id, kind=NoteKind(note["kind"]), words=words)
    _talk_in_room(telling, one, secret_of)
    talk = Thread.objects.get(group=group, title=said["talk"])
    with at(ASKED):
        presence.enter(here=one.here, tid=talk.public_id, key_of=one.key_of)
        asked = [(_ask(talk, one, quote), quote) for quote in said["quotes"]]
    with at(ANSWERED):
        for ask, quote in asked:
            if "answer" in quote:
                key_of = partial(_keyed, secret_of(said["group"], quote["by"]))
                answer = QuoteAnswer(quote["answer"])
                quotes.answer(group=group, sid=telling.sid, qid=ask.public_id, answer=answer, key_of=key_of)


def _herself(telling: Telling, researcher: bytes) -> Member:
    group = telling.groups[tables()["field"]["group"]]
    return Member.objects.get(group=group, owner_tag=cast.owner_tag(researcher, group.public_id))


def _talk_in_room(telling: Telling, one: Someone, secret_of: SecretOf) -> None:
    """The room, with what its researcher and some who take part said there."""
    said, come_in = tables()["field"], set[str]()
    with at(ROOM):
        room = study_rooms.open_room(here=one.here, key_of=one.key_of)
    for line in said["room"]:
        who = one if line["by"] == said["handle"] else _member(one.here.group, line["by"], said, secret_of)
        where: dict[str, Any] = {"here": who.here, "sid": telling.sid, "key_of": who.key_of}
        with at(line["days_ago"]):
            if line["by"] not in come_in:
                study_rooms.come_in(**where)
            come_in.add(line["by"])
            once, key = line.get("once", ""), who.key_of("alias", room.public_id)
            signature = Signature(alias_key=key, as_alias=bool(once), shown=once)
            study_rooms.say(**where, text=line["text"], signature=signature)


def _member(group: Group, handle: str, said: dict[str, Any], secret_of: SecretOf) -> Someone:
    member = Member.objects.get(group=group, personas__handle=handle)
    return someone(member, secret_of(said["group"], handle))


def _ask(talk: Thread, one: Someone, said: dict[str, Any]) -> QuoteAsk:
    post = Post.objects.get(thread=talk, byline__persona__handle=said["by"], text__contains=said["passage"])
    quotes.ask(
        here=one.here, pid=post.public_id, passage=said["passage"], use=USE, rewording=said["rewording"],
        key_of=one.key_of,
    )  # fmt: skip
    return QuoteAsk.objects.get(post=post)


def _keyed(secret: bytes, kind: str, ref: str) -> bytes:
    return sealing.tag(key=secret, parts=(kind, ref))
