"""Checking a record of 100,000 entries with their words, a signed line for every hundred: both databases.

The baseline is the bare hashing of as many entries in memory, without a database. KITH_BENCH_ENTRIES=1000000 checks a
million, and takes minutes to write them.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from bench import databases

ENTRIES = int(os.environ.get("KITH_BENCH_ENTRIES", "100000"))
BATCH = 20_000


def run() -> Iterator[str]:
    """Each database in a process of its own."""
    return databases.on_both("bench.record")


def _one() -> str:
    from audit import verification
    from core import ids

    scope = ids.new_public_id()
    _fill(scope)
    bare = _bare(scope)
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before, began, busy = _memory("VmRSS"), time.perf_counter(), time.process_time()
    verdict = verification.verify(scope=scope)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    assert (verdict.faults, verdict.entries, verdict.signed_to) == ([], ENTRIES, ENTRIES), verdict
    return (
        f"{ENTRIES:,} entries checked in {took:.1f} s ({busy:.1f} of them this process computed), "
        f"{took / bare:.1f} times the bare hashing; "
        f"{_memory('VmHWM') - before:.0f} MB more memory than before"
    )


def _memory(what: str) -> float:
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0


def _said(scope: str, seq: int, committed: bytes):
    from audit import encoding

    day = f"2025-{1 + seq * 12 // (ENTRIES + 1):02}-01"
    return encoding.Said(1, scope, seq, day, "hide post", "moderator", "4kP9wXyTqLmN2b", committed)


def _fill(scope: str) -> None:
    from django.db import connection, transaction

    from audit import checkpoints, encoding
    from audit.models import AuditEntry, AuditPayload, Chain
    from core import ids
    from tests import emptying

    if connection.vendor == "sqlite":  # rows come at random places: all of the file in memory, this once
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -2000000")
    chain = Chain.objects.create(scope=scope)
    prev, lines, payload = bytes(32), [], encoding.canonical({"rule": "3", "why": "x" * 200})
    for first in range(1, ENTRIES + 1, BATCH):
        entries, words = [], []
        for seq in range(first, min(first + BATCH, ENTRIES + 1)):
            salt = ids.new_secret()
            said = _said(scope, seq, encoding.commitment(salt=salt, payload=payload))
            top = encoding.link(prev=prev, body=encoding.body(said))
            entry = AuditEntry(
                chain=chain, seq=seq, acted_on=said.day, act=said.act, actor_role=said.role, ref=said.ref,
                commitment=said.commitment, prev=prev, hash=top,
            )  # fmt: skip
            entries.append(entry)
            words.append(AuditPayload(entry=entry, salt=salt, payload=payload))
            prev = top
            if seq % 100 == 0:
                lines.append((seq, top))
        AuditEntry.objects.bulk_create(entries)
        AuditPayload.objects.bulk_create(words)
    with checkpoints.alone():
        key = checkpoints._key()
        signed = [_line(scope, seq, top, key) for seq, top in [*lines[:-1], (ENTRIES, prev)]]
        (checkpoints.folder() / "signed" / scope).write_text("".join(signed))
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
    ):  # the head goes on by one at a time: this is not a chain that anybody wrote
        emptying.silence(cursor, ["audit_chain"])
        Chain.objects.filter(pk=chain.pk).update(head_seq=ENTRIES, head_hash=prev, signed_seq=ENTRIES)
        transaction.on_commit(connection.close)


def _line(scope: str, seq: int, top: bytes, key) -> str:
    import base64

    said = f"kith-record-1 signed {scope} {seq} 2026-01-01 {top.hex()} -"
    return f"{said} {base64.b64encode(key.sign(said.encode())).decode()}\n"


def _bare(scope: str) -> float:
    from audit import encoding

    began, prev = time.perf_counter(), bytes(32)
    salt, payload = bytes(32), encoding.canonical({"rule": "3", "why": "x" * 200})
    for seq in range(1, ENTRIES + 1):
        said = _said(scope, seq, encoding.commitment(salt=salt, payload=payload))
        prev = encoding.link(prev=prev, body=encoding.body(said))
    return time.perf_counter() - began


if __name__ == "__main__":
    databases.measure(lambda: [_one()], name="kith_bench_record")
