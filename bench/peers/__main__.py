"""`make bench-peers`: Kith's pages and replies beside Misago's, Spirit's and a running NodeBB's, all in one run.

Each site's pages come from one process with four threads, all on the same core, one site at a time; the one who asks
has the other. Each shows 25 messages of the same thread of 50. Rounds take turns.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

from bench import browsing, sites
from bench.peers import installing, nodebb, visiting
from bench.peers.forum import OK, POSTS, Forum
from bench.rivals import Failed
from bench.rows import Row, drop, gathered, keep, row, this_run

ROUNDS = int(os.environ.get("KITH_BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("KITH_BENCH_SECONDS", "4"))
PEOPLE = 150  # each may write 20 messages a minute
READERS, REPLIERS = 4, 8
GOALS: dict[str, tuple[str, float | None]] = {
    "pages": ("at_least", 20.0), "replies": ("at_least", 8.0), "size": ("at_most", 0.25),
    "page work": ("at_most", None), "reply work": ("at_most", None),
}  # fmt: skip
WORDS = {
    "page work": "CPU ms of the site's own process for a page",
    "reply work": "CPU ms of the site's own process for a reply",
    "pages": "pages of a thread a second, signed in",
    "replies": "replies a second, eight at once",
    "size": "bytes of a first visit, compressed",
}
WHOLE = "eight people who answer at once"
Figures = dict[str, dict[str, list[float]]]


def run() -> Iterator[Row | str]:
    """Rows, and sentences about what could not be measured."""
    figures: Figures = defaultdict(lambda: defaultdict(list))
    refused: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        forums = [stack.enter_context(_kith())]
        yield f"Kith runs on {installing.built(sys.executable)}"
        for start in (*installing.PEERS, nodebb):
            try:
                forums.append(_started(stack, start))
                if isinstance(start, installing.Peer):
                    yield f"{start.name} runs on {installing.built(start.interpreter)}"
            except Failed as error:
                yield str(error)
        for forum in forums:
            try:
                visit = visiting.first_visit(forum)
            except Failed as error:
                yield f"{forum.name}: no first visit: {error}"
                continue
            figures[forum.name]["size"].append(visit.size)
            yield f"{forum.name}: a first visit loads {visit.files} files, {visit.scripts:,} bytes of them scripts"
        for forum in forums:  # what is loaded, compiled or connected once does not count
            _one_round(forum, ROUNDS, defaultdict(list), refused)
        for nth in range(ROUNDS):
            for forum in forums:
                _one_round(forum, nth, figures[forum.name], refused)
    for name, why in refused.items():
        yield f"{name} refused or broke: {why}"
    yield from _rows(figures)
    yield f"on a machine with a load of {os.getloadavg()[0]:.1f} for {os.cpu_count()} cores"


def _started(stack: contextlib.ExitStack, which: object) -> Forum:
    if isinstance(which, installing.Peer):
        try:
            return stack.enter_context(installing.running(which))
        except Failed as error:
            raise Failed(f"{which.name}: not measured: {error}") from None
    if not nodebb.given():
        raise Failed(nodebb.MISSING)
    return nodebb.forum()


@contextlib.contextmanager
def _kith() -> Iterator[Forum]:
    with sites.filled(people=PEOPLE, posts=POSTS) as kith, sites.served(kith, workers=1, lives=0) as site:
        headers = {
            name: value for name, value in site.headers(0).items() if name not in {"Cookie", "Content-Type"}
        }
        yield Forum(
            name="Kith", port=site.web, people=[site.cookies(nth) for nth in range(PEOPLE)],
            pages=f"{site.thread(POSTS)}?newest=1", replies=f"{site.thread(0)}posts/",
            shape={"form": {"text": "{text}", "client_id": "{id}", "face": "name"}}, headers=headers, ok=OK,
            pid=site.pages,
        )  # fmt: skip


def _one_round(forum: Forum, nth: int, found: dict[str, list[float]], refused: dict[str, str]) -> None:
    first = (nth + 1) * 100_000  # no text is ever sent twice
    before = sites.cpu_under(forum.pid)
    seen = browsing.many(forum.port, forum.see, ok={200}, connections=READERS, seconds=SECONDS)
    between = sites.cpu_under(forum.pid)
    sent = browsing.many(
        forum.port, lambda one: forum.answer(first + one), ok=forum.ok, connections=REPLIERS, seconds=SECONDS
    )
    found["pages"].append(seen.rate)
    found["replies"].append(sent.rate)
    found["whole"].append(sent.share)
    if forum.pid:
        found["page work"].append((between - before) / max(1, seen.done) * 1000)
        found["reply work"].append((sites.cpu_under(forum.pid) - between) / max(1, sent.done) * 1000)
    for told in (seen, sent):
        if told.refused:
            refused[forum.name] = f"{told.failed} of {told.failed + told.done}, the first: {told.refused[0]}"


def _rows(figures: Figures) -> Iterator[Row]:
    ours = figures["Kith"]
    for peer in [name for name in figures if name != "Kith"]:
        for figure, (way, goal) in GOALS.items():
            if not (ours[figure] and figures[peer][figure]):
                continue
            yield row(
                name=f"peers, {peer}: {figure}", baseline=peer, metric=WORDS[figure], kith=ours[figure],
                other=figures[peer][figure], more=way == "at_least", **{way: goal},
            )  # fmt: skip
    for name, found in figures.items():
        worst = [min(found["whole"])]
        named = f"peers, {WHOLE}: {'none fails' if name == 'Kith' else name}"
        goal = 1.0 if name == "Kith" else None
        other = [1.0] if name == "Kith" else worst
        baseline = "all of them" if name == "Kith" else name
        yield row(
            name=named, baseline=baseline, metric="share that was answered without an error, worst round",
            kith=[min(ours["whole"])], other=other, at_least=goal, more=True,
        )  # fmt: skip


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with it
    measured_in, began = this_run(), time.monotonic()
    drop(["peers"])
    rows, said = gathered(run())
    keep("peers", rows, run=measured_in, took=time.monotonic() - began, said=said)
