"""A moderator with a case open learns nothing of who somebody is: two worlds that differ in one such secret give them
the same bytes, in what they look at and on every page of moderation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.urls import URLResolver, get_resolver

from accounts import facts
from chat.models import Post
from community.models import Member
from core import clock
from moderation import parties
from moderation.actions import claims, looks
from moderation.models import Report
from moderation.selectors import cases, console
from proof import closed_doors, paired_worlds
from proof.harness import Defence, Result, none_found, swapped
from proof.paired_worlds import Secret, Town

TRIALS = {"small": 300, "full": 10_000}
PAGES = 2  # drawn by lot for each trial, of all there are
TEAM = ("mona", "lead")


def prove(size: str) -> Iterator[Result]:
    """Seeded trials: a secret, the two worlds, a report, and what a moderator gets in each."""
    town = paired_worlds._town()
    tried = told = pages = 0
    for trial in range(TRIALS[size]):
        secret = SECRETS[trial % len(SECRETS)]
        town.dice = random.Random(trial)
        worlds, watcher = secret.worlds(town), town.dice.choice(secret.watchers)
        wanted = town.dice.randrange(1 << 30)
        with clock.held_at(clock.now()):  # an hour that ends between the worlds is no secret
            seen = [_world(town, make, watcher, wanted) for make in worlds]
        tried, pages = tried + 1, pages + len(seen[0]) - 1
        told += seen[0] != seen[1]
        if told and size == "small":
            break
    promise = (
        f"{len(SECRETS)} kinds of secret change no byte for a moderator with the case ({pages} pages drawn)"
    )
    yield none_found(promise, tried=tried, found=told)


def _world(town: Town, make: Callable[[], Any], watcher: str, wanted: int) -> list[Any]:
    console._forget()  # what was read in a world that was undone, in the same second
    with transaction.atomic():
        with paired_worlds._drawn_by(1):
            made = make()
        with paired_worlds._drawn_by(2):
            report = made if isinstance(made, Report) else _report(town, "bob")
            seen: list[Any] = [_looked_at(town, watcher, report)]
        dice = random.Random(wanted)
        addresses = _addresses(town, report)
        for address in dice.sample(addresses, min(PAGES, len(addresses))):
            seen.append(paired_worlds._page(town, watcher, address))
        transaction.set_rollback(True)
    return seen


def _report(town: Town, who: str) -> Report:
    """Somebody reports the newest message that is not their own."""
    from tests.moderation.judging import report

    post = Post.objects.filter(thread=town.thread).select_related("thread__group").order_by("-seq")[0]
    return report(town.cast.people[who], post, note="I did not like this.")


def _looked_at(town: Town, watcher: str, report: Report) -> list[Any]:
    """All that pages about a case are made of: what waits, the case, its letters, its reports and the name."""
    from tests.moderation.judging import judge

    who = judge(town.cast.people[watcher], town.thread.group)
    case = cases.find(judge=who, public_id=report.case.public_id)
    held = claims.claim(judge=who, case=case)
    return [
        [(one.public_id, one.reason, one.urgency, one.since, one.is_alias) for one in cases.waiting(judge=who)],
        (held.kind, held.text, held.context, held.place, held.version, held.fence, cases.is_outside(held)),
        cases.letters(held),
        list(held.reports.values_list("reason", "note", "reported_on", "question", "answer")),
        sorted(held.parties.values_list("part", flat=True)),
        looks.look(judge=who, case=held),
    ]  # fmt: skip


def _addresses(town: Town, report: Report) -> list[str]:
    """Every page of moderation, also those that come later: whatever stands in its addresses."""
    (inside,) = (one for one in get_resolver().url_patterns if getattr(one, "app_name", None) == "moderation")
    assert isinstance(inside, URLResolver)
    parts = {"gid": town.thread.group.public_id, "cid": report.case.public_id, "quarter": "2026-01-01"}
    parts |= {"kind": "post", "thing": report.case.subject_id}
    found = []
    for route in closed_doors.routes(inside.url_patterns, str(inside.pattern)):
        names = {name: parts.get(name, "nosuchthing") for name in closed_doors.names_in(route)}
        found.append("/" + closed_doors.fill(route, names))
    return [*found, f"/g/{parts['gid']}/t/{town.thread.public_id}/"]


# --- the secrets --------------------------------------------------------------------------------------------------
def _other_account(town: Town) -> paired_worlds.Worlds:
    """The same name in the group, of another account with another S."""
    member = Member.objects.get(personas__handle="Grey Heron")
    olga = town.cast.olga.tag(town.thread.group)

    def hers() -> None:
        Member.objects.filter(pk=member.pk).update(owner_tag=olga)

    return lambda: _hello(town, "alice"), lambda: (_hello(town, "alice"), hers())


def _hello(town: Town, who: str) -> None:
    town.say(who, town.thread, "You are lazy.")


def _alias_of(town: Town) -> paired_worlds.Worlds:
    return (
        lambda: town.say_as_alias("alice", "You are lazy."),
        lambda: town.say_as_alias("lena", "You are lazy."),
    )


def _reporter(town: Town) -> paired_worlds.Worlds:
    def reports(who: str) -> Callable[[], Report]:
        def act() -> Report:
            _hello(town, "alice")
            return _report(town, who)

        return act

    return reports("bob"), reports("lena")


def _elsewhere(town: Town) -> paired_worlds.Worlds:
    text = town.dice.choice(paired_worlds.WORDS)

    def acts() -> None:
        _hello(town, "alice")
        town.say("alice", town.elsewhere, text)

    return acts, lambda: _hello(town, "alice")


def _shown_to_nobody(town: Town) -> paired_worlds.Worlds:
    alice = town.cast.alice

    def notes(sheet: dict[str, Any]) -> Callable[[], None]:
        def act() -> None:
            _hello(town, "alice")
            facts.write(account=alice.account, secret=alice.secret, sheet=sheet)

        return act

    return notes({"facts": {"role": "carer/"}}), notes({"facts": {"diagnosis": "mood/bipolar/"}})


def _other_names(town: Town) -> paired_worlds.Worlds:
    """Whose the one-thread name is that somebody else reads in the same talk."""

    def acts(who: str) -> Callable[[], None]:
        def act() -> None:
            town.say_as_alias(who, "I slept badly.")
            _hello(town, "alice")

        return act

    return acts("alice"), acts("lena")


SECRETS = [
    Secret(name="which account it is", near="", watchers=TEAM, worlds=_other_account),
    Secret(name="who wrote under a one-thread name", near="", watchers=TEAM, worlds=_alias_of),
    Secret(name="who reported", near="", watchers=TEAM, worlds=_reporter),
    Secret(name="what the writer does elsewhere", near="", watchers=TEAM, worlds=_elsewhere),
    Secret(name="what the writer shows to nobody", near="", watchers=TEAM, worlds=_shown_to_nobody),
    Secret(name="which other names are the writer's", near="", watchers=TEAM, worlds=_other_names),
]


def _with_its_writer(case: Any) -> dict[str, str]:
    """Letters that let something of the writer through."""
    return _letters(case) | {"mark": str(sum(bytes(case.author_key)) % 7)}


def _with_the_account(*, judge: Any, case: Any) -> str:
    """A look that tells more than the name: here, that two names are one person's."""
    tags = {bytes(tag) for tag in Member.objects.filter(group=case.group).values_list("owner_tag", flat=True)}
    author = bytes.fromhex(parties.unseal(ref=case.public_id, sealed=case.sealed_author)["tag"])
    return f"{_look(judge=judge, case=case)} {sorted(tags).index(author)}"


_letters, _look = cases.letters, looks.look

DEFENCES = [
    Defence(name="letters stand for bylines alone", off=swapped(cases, "letters", _with_its_writer)),
    Defence(name="a look shows the name that signed", off=swapped(looks, "look", _with_the_account)),
]
