"""Twenty writers of two hundred posts in one thread, with repeated client ids and cut connections."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from chat.actions import posts as posting
from proof.harness import Defence, Result, none_found, swapped

SIZES = {"small": (6, 15), "full": (20, 200)}
CUT = 0.05


def prove(size: str) -> list[Result]:
    """Gaps, doubles and acknowledged posts that are not there, over all posts."""
    from chat.models import Post, Thread
    from tests.chat import test_many_writers as many
    from tests.people import make_group, make_thread

    writers_n, each = SIZES[size]
    dice, tell = random.Random(7), posting._tell

    def cut(**given: Any) -> None:
        tell(**given)
        if dice.random() < CUT:
            connection.connection.close()
            raise many.Cut

    with swapped(posting, "_tell", cut)(), swapped(many, "EACH", each)():
        group = make_group(name="busy")
        thread = make_thread(group)
        people = many.people_in(group, count=writers_n)
        writers = [many.Writer(here=p.here(group), thread=thread, seed=n) for n, p in enumerate(people)]
        many.run(writers)
    seqs = list(Post.objects.order_by("seq").values_list("seq", flat=True))
    there = set(Post.objects.values_list("public_id", "seq"))
    wrong = sum(seq != place for place, seq in enumerate(seqs, 1)) + abs(len(seqs) - writers_n * each)
    wrong += Thread.objects.get().last_seq != len(seqs)
    acknowledged = {pair for writer in writers for pairs in writer.acknowledged.values() for pair in pairs}
    wrong += len(acknowledged - there)
    promise = "publishing has no gap, no double, and loses nothing that was acknowledged"
    return [none_found(promise, tried=writers_n * each, found=wrong)]


@contextmanager
def _committing_all_the_same() -> Iterator[None]:
    """A transaction that keeps what was written before something went wrong."""
    failed: Exception | None = None
    with transaction.atomic():
        try:
            yield
        except Exception as error:
            failed = error
    if failed:
        raise failed


DEFENCES = [
    Defence(
        name="what goes wrong leaves nothing behind",
        off=swapped(posting, "transaction", SimpleNamespace(atomic=_committing_all_the_same)),
    )
]
