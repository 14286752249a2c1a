"""What somebody with the whole database in hand does to a chain: as rows, written over those that were there.

Each way comes in a plain form, and in one that computes all hashes anew. `powers` takes every trigger and every
constraint away first, for the length of a transaction that is rolled back.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from audit import checkpoints, encoding
from audit.models import AuditEntry, Chain
from core import ids


@dataclass(frozen=True)
class Row:
    """One entry with its words."""

    seq: int
    day: dt.date
    act: str
    role: str
    ref: str
    salt: bytes
    payload: str
    commitment: bytes
    prev: bytes
    hash: bytes


@dataclass
class Held:
    """A chain in somebody's hands."""

    scope: str
    rows: list[Row]
    head: tuple[int, bytes]
    signed_seq: int
    lines: list[str]

    def at(self, seq: int) -> Row:
        return self.rows[seq - 1]

    def change(self, seq: int, **given: object) -> None:
        self.rows[seq - 1] = replace(self.at(seq), **given)  # type: ignore[arg-type]  # made from names of fields

    def anew(self, first: int = 1) -> None:
        """Number and hash every row again, and move the head."""
        prev = self.rows[first - 2].hash if first > 1 else encoding.BEFORE_THE_FIRST
        for at in range(first - 1, len(self.rows)):
            self.rows[at] = hashed(replace(self.rows[at], seq=at + 1, prev=prev), self.scope)
            prev = self.rows[at].hash
        self.head = (len(self.rows), prev)
        self.signed_seq = min(self.signed_seq, len(self.rows))


def hashed(row: Row, scope: str) -> Row:
    """The row with a commitment and a hash that fit it."""
    committed = encoding.commitment(salt=row.salt, payload=row.payload)
    said = encoding.Said(
        encoding.VERSION, scope, row.seq, row.day.isoformat(), row.act, row.role, row.ref, committed
    )
    return replace(row, commitment=committed, hash=encoding.link(prev=row.prev, body=encoding.body(said)))


def forged(like: Row) -> Row:
    """An act that never was."""
    return replace(like, act="warn", ref=ids.new_public_id(), salt=ids.new_secret(), payload='{"made":"up"}')


def take(scope: str) -> Held:
    """The chain as it lies there."""
    chain = Chain.objects.get(scope=scope)
    found = AuditEntry.objects.filter(chain=chain).order_by("seq").select_related("kept")
    rows = [
        Row(one.seq, one.acted_on, one.act, one.actor_role, one.ref, bytes(one.kept.salt), one.kept.payload,
            bytes(one.commitment), bytes(one.prev), bytes(one.hash))
        for one in found
    ]  # fmt: skip
    lines = (checkpoints.folder() / "signed" / scope).read_text().splitlines()
    return Held(scope, rows, (chain.head_seq, bytes(chain.head_hash)), chain.signed_seq, lines)


def put(held: Held, *, before: Held) -> None:
    """Write it over what was there. `powers` is on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_chain WHERE scope = %s", [held.scope])
        (chain,) = cursor.fetchone()
        whose = "SELECT id FROM audit_auditentry WHERE chain_id = %s"
        cursor.execute(f"DELETE FROM audit_auditpayload WHERE entry_id IN ({whose})", [chain])  # noqa: S608 names from our own models
        cursor.execute("DELETE FROM audit_auditentry WHERE chain_id = %s", [chain])
        keys = [ids.new_key() for _ in held.rows]
        _insert(
            cursor, "audit_auditentry",
            "id, chain_id, version, seq, acted_on, act, actor_role, ref, commitment, prev, hash",
            [
                (key, chain, 1, row.seq, row.day, row.act, row.role, row.ref, row.commitment, row.prev, row.hash)
                for key, row in zip(keys, held.rows, strict=True)
            ],
        )  # fmt: skip
        words = [
            (ids.new_key(), key, row.salt, row.payload) for key, row in zip(keys, held.rows, strict=True)
        ]
        _insert(cursor, "audit_auditpayload", "id, entry_id, salt, payload", words)
        end = [*held.head, held.signed_seq, chain]
        cursor.execute(
            "UPDATE audit_chain SET head_seq = %s, head_hash = %s, signed_seq = %s WHERE id = %s", end
        )
    if held.lines != before.lines:
        (checkpoints.folder() / "signed" / held.scope).write_text("".join(f"{line}\n" for line in held.lines))


def _insert(cursor: CursorWrapper, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    places = ", ".join(["%s"] * (columns.count(",") + 1))
    cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 names from our own models


@contextmanager
def powers() -> Iterator[None]:
    """A transaction in which no constraint and no trigger is left; nothing of it stays."""
    tables = {  # what points first, and by what its rows are found
        "audit_auditpayload": "entry_id", "audit_auditentry": "chain_id, seq", "audit_chain": "scope",
    }  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table, columns in tables.items():
                cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")  # noqa: S608 names from our own models
                cursor.execute(f"DROP TABLE {table}")
                cursor.execute(f"ALTER TABLE bare RENAME TO {table}")
                cursor.execute(f"CREATE INDEX {table}_found ON {table} ({columns})")
        yield
        transaction.set_rollback(True)


# --- the ways: each takes the chain, a place in it, whether it is the plain form, and dice -------------------------
def edit(held: Held, at: int, plain: bool, dice: random.Random) -> None:
    other = dice.choice([{"act": "nothing done"}, {"role": "lead"}, {"ref": "other"}])
    held.change(at, **other)
    if not plain:
        held.anew(at)
    elif dice.random() < 0.5:  # its own hash fits, and the next entry does not
        held.rows[at - 1] = hashed(held.at(at), held.scope)


def delete(held: Held, at: int, plain: bool, _: random.Random) -> None:
    del held.rows[at - 1]
    if not plain:
        held.anew(at)


def truncate(held: Held, at: int, plain: bool, dice: random.Random) -> None:
    if plain:  # from any place on; often what is not signed yet alone
        at = len(held.rows) if dice.random() < 0.2 else at
    del held.rows[at - 1 :]
    if not plain:
        held.head = (at - 1, held.rows[-1].hash if held.rows else encoding.BEFORE_THE_FIRST)
        held.signed_seq = min(held.signed_seq, at - 1)


def insert(held: Held, at: int, plain: bool, _: random.Random) -> None:
    held.rows.insert(at - 1, forged(held.at(at)))
    if plain:
        held.rows[at:] = [replace(row, seq=row.seq + 1) for row in held.rows[at:]]
        held.head = (held.head[0] + 1, held.head[1])
    else:
        held.anew(at)


def reorder(held: Held, at: int, plain: bool, _: random.Random) -> None:
    one, other = (at, at + 1) if at < len(held.rows) else (at - 1, at)
    first, second = held.at(one), held.at(other)
    held.rows[one - 1], held.rows[other - 1] = replace(second, seq=one), replace(first, seq=other)
    if not plain:
        held.anew(one)


def duplicate(held: Held, at: int, plain: bool, _: random.Random) -> None:
    twin = held.at(at) if plain else hashed(forged(held.at(at)), held.scope)
    held.rows.insert(at, twin)


def backdate(held: Held, at: int, plain: bool, dice: random.Random) -> None:
    if (
        not plain and dice.random() < 0.5
    ):  # at the end, after all that is signed, and otherwise without a fault
        last = held.rows[-1]
        earlier = replace(forged(last), day=last.day - dt.timedelta(days=1 + dice.randrange(9)))
        held.rows.append(earlier)
        held.anew(len(held.rows))
        return
    held.change(at, day=held.at(at).day - dt.timedelta(days=1))
    if not plain:
        held.anew(at)


def fork(held: Held, at: int, plain: bool, _: random.Random) -> None:
    branch = [forged(row) for row in held.rows[at - 1 :]]
    if plain:  # the branch beside what was there
        other = replace_rows(held, at, branch)
        held.rows = sorted([*held.rows, *other.rows[at - 1 :]], key=lambda row: row.seq)
    else:
        held.rows[at - 1 :] = branch
        held.anew(at)


def replace_rows(held: Held, at: int, branch: list[Row]) -> Held:
    """The same chain with another end, in good order."""
    other = replace(held, rows=[*held.rows[: at - 1], *branch])
    other.anew(at)
    return other


def rollback(held: Held, at: int, plain: bool, _: random.Random) -> None:
    """The database as it was when entry `at - 1` was its last; or that, and as many new acts as are gone."""
    gone = held.rows[at - 1 :]
    del held.rows[at - 1 :]
    held.signed_seq = max([0, *(seq for seq in map(seq_of, held.lines) if seq < at)])
    held.head = (at - 1, held.rows[-1].hash if held.rows else encoding.BEFORE_THE_FIRST)
    if not plain:
        held.rows += [forged(row) for row in gone]
        held.anew(at)


def swap_words(held: Held, at: int, plain: bool, dice: random.Random) -> None:
    other = dice.choice([seq for seq in range(1, len(held.rows)) if seq != at])
    words = forged(held.at(at)) if dice.random() < 0.5 else held.at(other)
    held.change(at, salt=words.salt, payload=words.payload)
    if not plain:
        held.anew(at)


WAYS: dict[str, Callable[[Held, int, bool, random.Random], None]] = {
    "an entry is changed": edit, "an entry is taken out": delete, "the end is cut off": truncate,
    "an entry is put in": insert, "entries are moved": reorder, "a number comes twice": duplicate,
    "an entry is given an earlier day": backdate, "another branch": fork, "an older copy": rollback,
    "words are exchanged": swap_words,
}  # fmt: skip


# --- with the folder of signed lines in hand too, but not its key ------------------------------------------------
def forge_lines(held: Held, at: int, plain: bool, dice: random.Random) -> None:
    edit(held, at, False, dice)
    there = {row.seq: row.hash.hex() for row in held.rows}  # all that were signed
    for number, line in enumerate(held.lines):
        parts = line.split(" ")
        parts[5] = there[seq_of(line)]
        if not plain:
            parts[7] = "A" * 86 + "=="
        held.lines[number] = " ".join(parts)


def cut_lines(held: Held, _: int, plain: bool, dice: random.Random) -> None:
    held.lines = [] if plain else held.lines[: dice.randrange(len(held.lines))]


WITH_THE_FOLDER = {"signed lines are made up": forge_lines, "signed lines are taken out": cut_lines}


def seq_of(line: str) -> int:
    """How far a signed line goes."""
    return int(line.split(" ")[3])
