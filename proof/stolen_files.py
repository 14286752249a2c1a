"""Stolen files: what the database on disk, a backup, the keys beside it and a server switched off tell of who is who.

The thief lays the files open and pairs what lies in them: one person's members with each other, and an account with
its members. How people behave is not his to use here; proof.behaviour says what that tells.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import connection, models

from accounts import passphrases, recovery_words
from accounts.actions import accounts, locks
from accounts.models import Account
from accounts.models.locks import LockKind
from chat.actions import bylines
from chat.models import Alias
from community.actions import due
from community.models import DueAct, Member
from core import clock, forgetting
from proof import crowd as crowds
from proof import pairing, traces
from proof.crowd import Crowd
from proof.harness import Defence, Result, none_found, swapped
from proof.linking import ascending, moments_tell
from proof.pairing import Closeness
from proof.physical import DataDirectory
from tests.privacy import backups, leftovers

PEOPLE = {"small": (12, 24), "full": (120, 1000)}  # to learn on, to be measured on
SWITCHED_OFF = {"small": (20, 200), "full": (1000, 1000)}  # accounts, guesses at each
YOUNG = 12  # people, whose rows lie on one page
STOLEN_ON = 45.0  # days: while some have things waiting to be erased
PAGE = 4096
ENDINGS = ("", "1", "!", "123", "2026", "1234")
Loot = Callable[[type[models.Model], int, str], list[float]]  # where a row lies that holds this text


def prove(size: str) -> Iterator[Result]:
    """Each file by itself, then with the keys; a server that is switched off."""
    learning, measured = PEOPLE[size]
    directory = DataDirectory()
    young = crowds.gather(people=YOUNG, life=[])
    forgetting.order()
    yield _accounts(young, 0, _disk(), part="files of a young site")
    yield from _data_directory(young, directory)
    crowd = crowds.gather(people=learning + measured, stop=STOLEN_ON)
    _ask_for_erasure(crowd)
    if size == "full":
        fresh = _pairs(crowd, learning, _disk(), part="files on disk before the duty ran")
        yield replace(fresh, goal="none", holds=None)
    forgetting.order()
    with tempfile.TemporaryDirectory() as folder:
        backup = _in_bytes(backups.read(backups.make(Path(folder))))
    disk = _disk()
    yield _pairs(crowd, learning, disk, part="files on disk")
    yield _accounts(crowd, learning, disk, part="files on disk, accounts")
    yield _pairs(crowd, learning, backup, part="backup")
    if connection.vendor == "postgresql":
        dump = _in_bytes(leftovers.files())
        yield _pairs(crowd, learning, dump, part="logical dump of PostgreSQL")
        yield _accounts(crowd, learning, dump, part="logical dump of PostgreSQL, accounts")
    yield _pairs(crowd, learning, backup, part="backup with keys", found=_opened())
    yield _waiting(crowd)
    yield from _switched_off(size)


def _ask_for_erasure(crowd: Crowd) -> None:
    """Some people have asked for everything to be erased in all their groups, in the days before the theft."""
    with crowds.dealt(crowd.dice):
        for one in [one for one in crowd.people.values() if not one.is_gone][::3]:
            asked = crowds.START + dt.timedelta(days=STOLEN_ON - crowd.dice.uniform(0, 2))
            with clock.held_at(asked):
                crowds.who.set(one)
                crowds.close_account(crowd, one, one.groups[-1])


# --- what is stolen ---------------------------------------------------------------------------------------------
def _disk() -> Loot:
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        journal = name.with_name(f"{name.name}-wal")
        return _in_bytes(name.read_bytes(), journal.read_bytes() if journal.exists() else b"")
    stamps: dict[tuple[type[models.Model], int], list[float]] = {}
    with connection.cursor() as cursor:
        for model in (Account, Member):
            place = "(ctid::text::point)[0] * 1000 + (ctid::text::point)[1]"
            cursor.execute(f"SELECT id, xmin::text::bigint, {place} FROM {model._meta.db_table}")  # noqa: S608 names from our own models
            stamps |= {(model, key): [float(stamp), float(where)] for key, stamp, where in cursor.fetchall()}
    return lambda model, key, _text: stamps[model, key]


def _in_bytes(*files: bytes) -> Loot:
    def places(_model: type[models.Model], _key: int, text: str) -> list[float]:
        needles = [text.encode(), bytes.fromhex(text) if len(text) == 64 else text.encode()]
        return [float(max(map(file.find, needles))) for file in files] + [
            float(max(map(files[0].find, needles)) % PAGE)
        ]

    return places


def _opened() -> traces.Rows:
    """The rows, with what the keys open in them: whose a waiting act is, and whose an alias."""
    found = traces.rows()
    tags = {bytes(tag).hex() for tag in Member.objects.values_list("owner_tag", flat=True)}
    waiting = {row.pk: due._opened(row).payload.values() for row in DueAct.objects.all()}
    owners = {alias.pk: bylines.owner_tag_of(alias=alias) for alias in Alias.objects.select_related("thread")}
    for row in found[DueAct]:
        row["opened"] = next((v for v in waiting[row["id"]] if isinstance(v, str) and v in tags), "")
        row["due_at"] = None  # for this see the next row
    for row in found[Alias]:
        row["opened"] = owners[row["id"]].hex()
    return found


# --- what is paired ---------------------------------------------------------------------------------------------
def _pairs(crowd: Crowd, learning: int, loot: Loot, *, part: str, found: traces.Rows | None = None) -> Result:
    """A person's members in two groups."""
    sides = [[one.members[group.pk] for one in crowd.people.values()] for group in crowd.groups]
    known = traces.of([member for side in sides for member in side], found)
    tags = {key: bytes(tag).hex() for key, tag in Member.objects.values_list("pk", "owner_tag")}
    for member, trace in known.items():
        for number, place in enumerate(loot(Member, member, tags[member]) if member in tags else ()):
            trace.places[f"in the file {number}"].append(place)
    left, right = ([known[member] for member in side] for side in sides)
    features = [pairing.by_shared([one.tokens for one in left], [one.tokens for one in right])]
    features += pairing.by_column([one.places for one in left], [one.places for one in right])
    features += pairing.by_column([one.numbers for one in left], [one.numbers for one in right])
    return _measured(len(left), learning, features, "a thief does not pair a person's personas", part)


def _data_directory(young: Crowd, directory: DataDirectory) -> Iterator[Result]:
    """PostgreSQL's own directory, after the duty: rows lie in no order, but the log of all that was written does."""
    if not directory.is_there:
        return
    log = _in_bytes(directory.journal())
    lost = _accounts(
        young, 0, lambda *row: log(*row)[:1], part="physical data directory of PostgreSQL"
    )  # where in it a row first stands
    promise = (
        "a thief of the disk itself, not of a dump, reads in the write-ahead log who joined after signing up"
    )
    yield replace(lost, promise=promise, goal="none", holds=None)


def _waiting(crowd: Crowd) -> Result:
    """Who waits to be erased: with the keys, the moments say who is likely to be one."""
    found = {row["opened"]: row["id"] for row in _opened()[DueAct] if row["opened"]}
    moments = dict(DueAct.objects.values_list("pk", "due_at"))
    pairs = []
    for one in crowd.people.values():
        waits = [found.get(one.person.tag(group).hex()) for group in crowd.groups]
        if None not in waits:
            pairs.append([moments[key] for key in waits if key])
    dice = random.Random(23)
    right = sum(moments_tell(pair, pairs, dice) for pair in pairs)
    return Result(
        promise="with the keys, people who wait to be erased in two groups are not paired by when it is due",
        tried=len(pairs),
        found=f"{right} first guesses",
        goal="none",
        holds=None,
        part="waiting erasures with keys",
    )


def _accounts(crowd: Crowd, learning: int, loot: Loot, *, part: str) -> Result:
    """An account and the member it made first."""
    people = [one for one in crowd.people.values() if not one.is_gone]
    tags = {key: bytes(tag).hex() for key, tag in Member.objects.values_list("pk", "owner_tag")}
    firsts = [one.members[one.groups[0].pk] for one in people]
    made = [one.person.account for one in people]
    left = [loot(Account, account.pk, account.username) for account in made]
    right = [loot(Member, member, tags[member]) for member in firsts]
    columns = zip(zip(*left, strict=True), zip(*right, strict=True), strict=True)
    features = [pairing.by_rank(*sides) for sides in columns]
    if learning:
        features.append(pairing.by_rank([account.pk for account in made], firsts))
    return _measured(len(left), learning, features, "a thief does not pair an account with a member", part)


def _measured(number: int, learning: int, features: list[Closeness], promise: str, part: str) -> Result:
    dice, people = random.Random(13), range(number)
    score = pairing.learnt(features, people[:learning], dice=dice)
    measured = pairing.measure(score, people[learning:], dice=dice)
    return measured.result(promise, part=part, with_auc=len(people) == YOUNG)


# --- a server switched off --------------------------------------------------------------------------------------
def _switched_off(size: str) -> Iterator[Result]:
    """The files and the keys are there; what opens an account is a passphrase that somebody guesses."""
    many, guesses = SWITCHED_OFF[size]
    dice = random.Random(17)
    common = _common_words()
    tried = _guesses(common, guesses)
    wished = [_wish(common, dice) for _ in range(many)]
    taken = [phrase if _is_taken(phrase) else _strong(dice) for phrase in wished]
    opened = sum(_opens(phrase, tried) for phrase in taken)
    weak = dice.sample(tried, 20)
    control = sum(_opens(phrase, tried) for phrase in weak)
    assert control == len(weak), "the control: accounts with weak passphrases do open"
    asked = sum(phrase != wish for phrase, wish in zip(taken, wished, strict=True))
    promise = (
        f"{guesses} guesses at each account open none; {asked} of {many} people first wished for something weaker, "
        f"which was refused; {control} of {len(weak)} weak ones open"
    )
    yield none_found(promise, tried=many * len(tried), found=opened, part="a server switched off")


def _opens(phrase: str, tried: list[str]) -> bool:
    """Whether one of the guesses gives S: first against the verifier, which is cheaper, then against the lock."""
    made = accounts.create(name=f"switched-off-{Account.objects.count()}", passphrase=phrase)
    fits = (guess for guess in tried if check_password(guess, made.account.password))
    guess = next(fits, "")
    return locks.unlock(account=made.account, kind=LockKind.PASSPHRASE, phrase=guess) == made.secret


def _common_words() -> list[str]:
    return sorted(CommonPasswordValidator().passwords)


def _guesses(common: list[str], number: int) -> list[str]:
    """The likeliest first: two and three common words joined, a word with an ending until it is long enough."""
    dice = random.Random(19)
    head = dice.sample(common, 400)
    found: list[str] = []
    while len(found) < number:
        words = dice.choices(head, k=dice.choice([1, 2, 2, 3]))
        phrase = dice.choice(["", " ", "-"]).join(words) + dice.choice(ENDINGS)
        if len(phrase) >= 12:
            found.append(dice.choice([phrase, phrase.capitalize()]))
    return found


def _wish(common: list[str], dice: random.Random) -> str:
    """What somebody would take: one in three something that is guessed soon."""
    return dice.choice(_guesses(common, 200)) if dice.random() < 1 / 3 else _strong(dice)


def _strong(dice: random.Random) -> str:
    return " ".join(dice.choices(recovery_words.word_list(), k=5))


def _is_taken(phrase: str) -> bool:
    """Whether the form takes it."""
    try:
        password_validation.validate_password(phrase)
    except ValidationError:
        return False
    return True


# --- the defences, and what it would be without -----------------------------------------------------------------
def _one_key_for_all(**given: Any) -> None:
    """Acts that wait in all of one's groups under one key."""
    _later(**given | {"key": crowds.who.get().person.keyed("due", "all")})


_later = due.later
DEFENCES = [
    Defence(name="the order of rows is forgotten", off=swapped(forgetting, "order", lambda: None)),
    Defence(name="row keys are random (stock ones as control)", off=swapped(crowds, "dealt", ascending)),
    Defence(
        name="what waits in each group has a key of its own", off=swapped(due, "later", _one_key_for_all)
    ),
    Defence(
        name="passphrases that are guessed soon are refused",
        off=swapped(passphrases.GuessedSoon, "validate", lambda *_: None),
    ),
]
