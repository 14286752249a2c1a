"""Erasure: what somebody takes away is gone from tables, files, dumps, pages and copies within a minute of its moment.
An older backup does not bring it back, and nothing else goes with it.

People leave words of their own in every place there is, in two groups each. Then each takes something away, in one of
the ways there are. What runs in the meantime are the duties that the worker does every minute, and no others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.test import override_settings

from chat.actions import posts as posting
from chat.enums import PostState
from chat.models import Post, Thread
from community.actions import disclosures
from community.enums import Audience
from community.models import Disclosure, Group, Member, Persona
from community.selectors.disclosures import Detail
from config import gate
from core import forgetting, ledger, ticker
from proof.harness import Defence, Result, none_found, swapped
from proof.physical import DataDirectory
from tests.accounts import journeys
from tests.chat.saying import face, send
from tests.people import Person, add, make_group, make_people, make_thread
from tests.privacy import backups, leftovers

OF_EACH = {"small": 1, "full": 12}  # people who end in the same way
DAYS = 20  # by then all is due
Rows = dict[tuple[str, int], dict[str, Any]]


@dataclass(kw_only=True)
class One:
    """Somebody in two groups, with words in both, and a message with a word of its own."""

    person: Person
    here: Group
    there: Group
    number: int
    thread: Thread = field(init=False)
    post: Post = field(init=False)

    @property
    def word(self) -> str:
        """Of the message."""
        return f"marlspindle{self.number}z"

    def said(self, group: Group) -> set[str]:
        """All the words of one group."""
        return set(self._said(group).values())

    def _said(self, group: Group) -> dict[str, str]:
        return leftovers.words(f"{'h' if group == self.here else 'm'}{self.number}z")

    def settle(self) -> None:
        """Leave them."""
        for group in (self.here, self.there):
            leftovers.leave(self.person, group, self._said(group))
        self.thread = make_thread(self.here)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way of taking something away: the words that go, the groups of which nothing does, what is done before the
    backup is made, and after. Words that an edit replaced may come back: it is no erasure."""

    goes: Callable[[One], set[str]]
    keeps: Callable[[One], Collection[Group]] = lambda one: [one.there]
    before: Callable[[One], None] = lambda _: None
    act: Callable[[One], None] = lambda _: None
    comes_back: bool = False


def prove(size: str) -> Iterator[Result]:
    """Everybody settles, a backup is made, everybody takes something away, the days pass; then it is looked for."""
    disk = DataDirectory()
    with tempfile.TemporaryDirectory() as name, override_settings(KITH_KEY_RING=f"{name}/keys/ring.json"):
        people, watcher = _town(OF_EACH[size])
        goes = {word for one in people for word in _way(one).goes(one)}
        stays = {word for one in people for group in _way(one).keeps(one) for word in one.said(group)}
        members = [one.person.member(group).pk for one in people for group in _way(one).keeps(one)]
        older, before = backups.make(Path(name) / "older"), _rows(members)
        assert leftovers.in_tables(goes) == leftovers.in_files(goes, Path(name)) == goes, "the control"
        for one in people:
            _way(one).act(one)
        leftovers.pass_days(DAYS)
        yield from _looked_for(goes, Path(name), watcher, people[0])
        yield from _on_disk(goes, disk)
        promise = "what others have, and one's own in another group, is as it was"
        yield _as_it_was(promise, before, members, stays, part="others untouched")
        backups.restore(older)
        gate.catch_up()
        leftovers.within_a_minute()
        goes -= {word for one in people if _way(one).comes_back for word in _way(one).goes(one)}
        found = leftovers.in_tables(goes) | leftovers.in_files(goes, Path(name))
        promise = "a restored older backup serves none of it"
        yield none_found(promise, tried=len(goes), found=len(found), part="restore")
        promise = "a restored older backup has all the rest"
        yield _as_it_was(promise, before, members, stays, part="restore, others untouched")


def _way(one: One) -> Way:
    return WAYS[one.number % len(WAYS)]


def _town(of_each: int) -> tuple[list[One], Person]:
    here, there = make_group(name="quay"), make_group(name="heath")
    made = make_people(
        {f"erased{number}": False for number in range(of_each * len(WAYS))} | {"watcher": False}
    )
    watcher = made.pop("watcher")
    people = [
        One(person=person, here=here, there=there, number=number)
        for number, person in enumerate(made.values())
    ]
    for group in (here, there):
        add(watcher, group, handle="Watcher")
        for one in people:
            add(one.person, group, handle=f"Name {one.number}")
    for one in people:
        one.settle()
        _way(one).before(one)
    forgetting.journal()
    return people, watcher


# --- where it is looked for -------------------------------------------------------------------------------------
def _looked_for(goes: set[str], folder: Path, watcher: Person, one: One) -> Iterator[Result]:
    is_file = connection.vendor == "sqlite"
    files = "the files, free pages and journal too," if is_file else "a dump"
    served = "".join(_served(watcher, one))
    found = {
        "tables": ("no table holds it a minute after its moment", leftovers.in_tables(goes)),
        "files" if is_file else "dump": (
            f"{files} and a backup hold it nowhere",
            leftovers.in_files(goes, folder),
        ),
        "pages": ("no page, answer or copy of others holds it", {word for word in goes if word in served}),
    }
    assert "word" in served, "the control: what others wrote is there"
    for part, (promise, words) in found.items():
        yield none_found(promise, tried=len(goes), found=len(words), part=part)


def _served(watcher: Person, one: One) -> Iterator[str]:
    """All that somebody in both groups can read and take along."""
    leftovers.prove(watcher)
    for group in (one.here, one.there):
        base = f"/g/{group.public_id}/"
        pages = [base, f"{base}inbox/", f"{base}roles/"]
        for thread in group.threads.order_by("pk"):
            pages += [f"{base}t/{thread.public_id}/", f"{base}t/{thread.public_id}/events/?after=0"]
        pages += [f"{base}who/{persona.public_id}/" for persona in Persona.objects.filter(group=group)]
        yield from (watcher.client.get(page).content.decode() for page in pages)
        for kind in ("json", "page"):
            yield watcher.client.post(f"{base}copy/", {"as": kind}).getvalue().decode()  # type: ignore[attr-defined]  # a copy is streamed; the stubs know no other answer


def _on_disk(goes: set[str], disk: DataDirectory) -> Iterator[Result]:
    """Where the storage follows later: PostgreSQL's own files, which no backup holds."""
    if not disk.is_there:
        return
    forgetting.order()
    for part, held, says in (
        (
            "tables on disk",
            disk.tables(),
            "after the duty that runs every six hours, the files of the tables",
        ),
        ("write-ahead log", disk.journal(), "until the server writes over it, the write-ahead log"),
    ):
        found = sum(word.encode() in held for word in goes)
        yield Result(
            promise=f"{says}: whoever copies the disk, and not a backup, finds as many of the words",
            tried=len(goes), found=found, goal="none", holds=None, part=part,
        )  # fmt: skip


def _rows(members: Collection[int]) -> Rows:
    owned = {
        Member: Member.objects.filter(pk__in=members),
        Persona: Persona.objects.filter(member__in=members),
        Disclosure: Disclosure.objects.filter(member__in=members),
        Post: Post.objects.filter(byline__persona__member__in=members),
    }
    return {(model.__name__, row["id"]): row for model, rows in owned.items() for row in rows.values()}


def _as_it_was(promise: str, before: Rows, members: Collection[int], stays: set[str], *, part: str) -> Result:
    after = _rows(members)
    changed = [key for key, row in before.items() if after.get(key) != row]
    lost = stays - leftovers.in_tables(stays)
    return none_found(promise, tried=len(before) + len(stays), found=len(changed) + len(lost), part=part)


# --- the ways ---------------------------------------------------------------------------------------------------
def _writes(one: One) -> None:
    one.post = send(one.person, one.thread, f"Only {one.word} here.")


def _writes_for_a_day(one: One) -> None:
    one.post = send(one.person, one.thread, f"Only {one.word} here.", stays=1)


def _shows(one: One, *details: Detail) -> None:
    disclosures.show(here=one.person.here(one.here), details=details)


def _shows_word(one: One) -> None:
    _shows(one, Detail(kind="about", level="exact", audience=Audience.GROUP, path=f"{one.word}/"))


def _deletes(one: One) -> None:
    posting.delete_post(face=face(one.person, one.thread), post=one.post)


def _edits(one: One) -> None:
    posting.edit_post(face=face(one.person, one.thread), post=one.post, text="Something else.")


def _leaves(one: One) -> None:
    one.person.client.post(f"/g/{one.here.public_id}/leave/delete/", {"when": "now"})


def _closes(one: One) -> None:
    assert "Your account is closed" in journeys.close_account(one.person)


def _just(one: One) -> set[str]:
    return {one.word}


WAYS = [
    Way(goes=lambda _: set(), keeps=lambda one: [one.here, one.there]),
    Way(goes=_just, before=_writes, act=_deletes),
    Way(goes=_just, before=_writes, act=_edits, comes_back=True),
    Way(goes=_just, before=_writes_for_a_day),
    Way(goes=_just, before=_shows_word, act=_shows),
    Way(goes=lambda one: one.said(one.here), act=_leaves),
    Way(goes=lambda one: one.said(one.here) | one.said(one.there), keeps=lambda _: [], act=_closes),
]


# --- the defences, and what it would be without -----------------------------------------------------------------
@contextmanager
def _told_at_first(change: Callable[[str], str]) -> Iterator[None]:
    """Connections to SQLite that begin in another way. The journal is empty then: the last one to close ends it."""
    options = connection.settings_dict["OPTIONS"]
    before = options["init_command"]
    connections.close_all()
    options["init_command"] = change(before)
    try:
        yield
    finally:
        connections.close_all()
        options["init_command"] = before


def _stock_sqlite() -> AbstractContextManager[None]:
    """What is deleted stays in the file's free pages."""
    return _told_at_first(lambda said: said.replace("secure_delete=ON", "secure_delete=OFF"))


@contextmanager
def _no_emptying() -> Iterator[None]:
    """Nor does SQLite write over it by itself, which it does when it has grown: so chance has no part in it."""
    with (
        swapped(JOURNAL, "run", lambda: None)(),
        _told_at_first(lambda said: f"{said} PRAGMA wal_autocheckpoint=0;"),
    ):
        yield


def _only_marked(rows: Any) -> None:
    """Posts that say they are deleted, and hold what they held."""
    ledger.note_all(kind="post", refs=rows.values_list("public_id", flat=True))
    rows.update(state=PostState.DELETED)


def _of_everybody(**_: Any) -> None:
    """Erasing that does not ask whose it is."""
    posting.erase(Post.objects.all())


JOURNAL = ticker._duties["empty the journal"]
DEFENCES = [
    Defence(name="SQLite overwrites what it deletes", off=_stock_sqlite),
    Defence(name="the journal is emptied every minute", off=_no_emptying),
    Defence(name="what is deleted is emptied", off=swapped(posting, "_clear", _only_marked)),
    Defence(
        name="the ledger is replayed before anything is served", off=swapped(ledger, "replay", lambda: 0)
    ),
    Defence(
        name="erased is what is the person's in this group",
        off=swapped(posting, "erase_posts_of", _of_everybody),
    ),
]
