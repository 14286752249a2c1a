"""Twenty writers of two hundred posts in one thread, with repeated client ids and cut connections."""

from __future__ import annotations

import random
from typing import Any

from django.db import connection

WRITERS, EACH, CUT = 20, 200, 0.05


def prove() -> dict[str, Any]:
    """Gaps, doubles and acknowledged posts that are not there, over all posts."""
    from chat.actions import posts as posting
    from chat.models import Post, Thread
    from tests.chat import test_many_writers as many
    from tests.people import make_group, make_thread

    many.EACH = EACH
    dice, tell = random.Random(7), posting._tell

    def cut(**given: Any) -> None:
        tell(**given)
        if dice.random() < CUT:
            connection.connection.close()
            raise many.Cut

    posting._tell = cut
    try:
        group = make_group(name="busy")
        thread = make_thread(group)
        people = many.people_in(group, count=WRITERS)
        writers = [many.Writer(here=p.here(group), thread=thread, seed=n) for n, p in enumerate(people)]
        many.run(writers)
    finally:
        posting._tell = tell
    seqs = list(Post.objects.order_by("seq").values_list("seq", flat=True))
    there = set(Post.objects.values_list("public_id", "seq"))
    wrong = sum(seq != place for place, seq in enumerate(seqs, 1)) + abs(len(seqs) - WRITERS * EACH)
    wrong += Thread.objects.get().last_seq != len(seqs)
    acknowledged = {pair for writer in writers for pairs in writer.acknowledged.values() for pair in pairs}
    wrong += len(acknowledged - there)
    return {
        "promise": "publishing has no gap, no double, and loses nothing that was acknowledged",
        "tried": WRITERS * EACH,
        "found": wrong,
        "goal": "0",
        "holds": wrong == 0,
    }
