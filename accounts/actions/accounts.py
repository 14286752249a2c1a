"""Signing up, opening an account, recovery, a new passphrase. S is made once and never changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from accounts import facts, keys, recovery_words
from accounts.actions import locks, sessions
from accounts.errors import NameTaken
from accounts.models import Account, Lock
from accounts.models.locks import LockKind
from accounts.selectors import accounts as selectors
from accounts.work import heavy


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An account and its S, for the owner's own request. `words` are new recovery words to show, if any."""

    account: Account
    secret: bytes = field(repr=False)
    words: list[str] = field(default_factory=list, repr=False)


@heavy
def create(*, name: str, passphrase: str) -> Opened:
    """A new account with S, locked by the passphrase and by eight words. Raises NameTaken."""
    secret, words = keys.new_secret(), recovery_words.draw()
    account = Account(username=name, password=make_password(passphrase))
    rows = [
        locks.make(account=account, kind=LockKind.PASSPHRASE, secret=secret, phrase=passphrase),
        locks.make(
            account=account, kind=LockKind.WORDS, secret=secret, phrase=recovery_words.normal(" ".join(words))
        ),
    ]
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            for row in rows:
                locks.put(row=row)
            facts.write(account=account, secret=secret, sheet=facts.new())
    except IntegrityError:
        raise NameTaken from None
    return Opened(account=account, secret=secret, words=words)


@heavy
def prove(*, name: str, passphrase: str) -> Opened | None:
    """Check a sign-in name and a passphrase, and open S. Unknown names cost the same work."""
    account = selectors.by_name(name=name)
    if account:
        fits = check_password(passphrase, account.password)
    else:
        make_password(passphrase)
        fits = False
    secret = locks.unlock(account=account, kind=LockKind.PASSPHRASE, phrase=passphrase)
    if account is None or secret is None or not fits or not account.is_active:
        return None
    return Opened(account=account, secret=secret)


@heavy
def recover(*, name: str, words: str, passphrase: str) -> Opened | None:
    """Let somebody back in with their eight words and a new passphrase.

    S stays. All sessions end. New words are shown; the old ones hold until the new are confirmed. None for
    wrong words, unknown names, and for the slower of two recoveries at once.
    """
    account = selectors.by_name(name=name)
    secret = locks.unlock(account=account, kind=LockKind.WORDS, phrase=recovery_words.normal(words))
    if account is None or secret is None or not account.is_active:
        return None
    next_words = recovery_words.draw()
    new_lock = locks.make(
        account=account,
        kind=LockKind.NEXT_WORDS,
        secret=secret,
        phrase=recovery_words.normal(" ".join(next_words)),
    )
    if not _replace_passphrase(account, secret, passphrase, new_lock):
        return None
    return Opened(account=account, secret=secret, words=next_words)


@heavy
def change_passphrase(*, opened: Opened, passphrase: str) -> bool:
    """Lock S under a new passphrase. All sessions end. False if another change came in between."""
    return _replace_passphrase(opened.account, opened.secret, passphrase)


@heavy
def new_words(*, account: Account, secret: bytes) -> list[str]:
    """Eight new words. The old ones hold until these are confirmed."""
    words = recovery_words.draw()
    locks.lock(
        account=account,
        kind=LockKind.NEXT_WORDS,
        secret=secret,
        phrase=recovery_words.normal(" ".join(words)),
    )
    return words


@heavy
def confirm_words(*, account: Account, words: list[str]) -> bool:
    """Let these eight words be the ones that hold, if they open what was locked with them.

    False if other words came in between, in another browser: then these open nothing, and must not be kept.
    """
    phrase = recovery_words.normal(" ".join(words))
    if locks.confirm_next_words(account=account, phrase=phrase):
        return True
    return locks.unlock(account=account, kind=LockKind.WORDS, phrase=phrase) is not None


def _replace_passphrase(account: Account, secret: bytes, passphrase: str, *more: Lock) -> bool:
    verifier = make_password(passphrase)
    lock = locks.make(account=account, kind=LockKind.PASSPHRASE, secret=secret, phrase=passphrase)
    with transaction.atomic():
        # The UPDATE locks the row on both databases, and finds nothing if somebody else was faster.
        unchanged = Account.objects.filter(pk=account.pk, password=account.password)
        if not unchanged.update(password=verifier):
            return False
        for row in (lock, *more):
            locks.put(row=row)
        sessions.end_all(owner_tag=keys.tag_of(secret))
    account.password = verifier
    return True
