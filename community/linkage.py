"""The one place where S is used: which member you are here, computed in your own request or socket.

Nothing here stores, logs or returns S, and nothing that runs in the background may call it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from accounts import errors, facts, keys
from accounts.selectors import accounts
from community import handles
from community.models import Standing
from community.models.standing import in_force
from core import clock, ids, sealing
from core.prepared import Prepared
from core.registries.holdings import Owner

SheetFull = errors.SheetFull
_site_wide = Prepared(
    lambda moment: Standing.objects.filter(in_force(moment=moment, site_wide=True)).values_list(
        "group__public_id", "owner_tag"
    )
)
_despite: ContextVar[bool] = ContextVar("despite", default=False)


class Carrier(Protocol):
    """A request, or a socket's scope wrapped as one: what carries a signed-in session. Whether a limit keeps its owner
    from the whole site is asked once for each."""

    session: Any
    user: Any


def is_signed_in(carrier: Carrier) -> bool:
    """Whether somebody is signed in and their session carries S."""
    return _secret(carrier) is not None


def is_closed(carrier: Carrier) -> bool:
    """Whether whoever is signed in closed their account, and can still undo that: until then they are nobody here."""
    return accounts.is_closing(carrier.user)


def is_still_open(carrier: Carrier) -> bool:
    """Whether the account is open at this moment, whatever it was when the request came."""
    return accounts.is_open(pk=carrier.user.pk)


def owner_tag(carrier: Carrier, *, group: str) -> bytes:
    """HMAC(S, 'member|' ‖ group public id), 32 bytes. Signed out: random bytes, which match nobody, so that
    the same look-up runs for everyone."""
    secret = _secret(carrier)
    return sealing.tag(key=secret, parts=("member", group)) if secret else ids.new_secret()


def owner_tags(carrier: Carrier, *, groups: Iterable[str]) -> list[bytes]:
    """The owner tags for many groups. Signed out: none."""
    return keyed_all(carrier, kind="member", refs=groups)


def keyed(carrier: Carrier, *, kind: str, ref: str) -> bytes:
    """The key of a row without a member: HMAC(S, kind ‖ object), 32 bytes. Signed out: random bytes."""
    secret = _secret(carrier)
    return sealing.tag(key=secret, parts=(kind, ref)) if secret else ids.new_secret()


def keyed_all(carrier: Carrier, *, kind: str, refs: Iterable[str]) -> list[bytes]:
    """`keyed` for many objects (10,000 take about 20 ms). Signed out: none."""
    secret = _secret(carrier)
    return sealing.tags(key=secret, kind=kind, refs=refs) if secret else []


def site_tag(carrier: Carrier) -> bytes:
    """HMAC(S, 'site'): how a site administrator is known. Signed out: random bytes."""
    secret = _secret(carrier)
    return sealing.tag(key=secret, parts=("site",)) if secret else ids.new_secret()


def has_second_factor(carrier: Carrier) -> bool:
    """Whether this session was signed in with a second factor: without it no role has any power."""
    methods = carrier.session.get("account_authentication_methods", [])
    return is_signed_in(carrier) and any(method.get("method") == "mfa" for method in methods)


def proved_lately(carrier: Carrier) -> bool:
    """Whether the passphrase was typed in this session within the last ten minutes."""
    records = carrier.session.get("account_authentication_methods", [])
    typed = [record.get("at", 0) for record in records if record.get("method") == "password"]
    return is_signed_in(carrier) and time.time() - max(typed, default=0) < 600


def names_the_account(carrier: Carrier, *, text: str) -> bool:
    """Whether a typed text holds the words of the sign-in name, whatever the number, accents and look-alikes."""
    name = str(getattr(carrier.user, "username", ""))
    words = [handles.key_of(word) for word in name.split("-") if not word.isdecimal()]
    typed = "".join(handles.key_of(word) for word in text.split())
    return bool(name) and all(word in typed for word in words)


def session_fingerprint(carrier: Carrier) -> str:
    """The stored fingerprint of this session in hexadecimal: how an ended session silences its sockets."""
    from accounts.session_store import fingerprint_of

    return fingerprint_of(carrier.session.session_key or "").hex()


def sheet(carrier: Carrier) -> facts.Sheet:
    """What somebody noted about themselves, opened for their own request: 'facts' (kind → value) and 'settings'.
    Empty for who is signed out."""
    secret = _secret(carrier)
    return facts.read(account=carrier.user, secret=secret) if secret else {}


def keep_sheet(carrier: Carrier, *, sheet: facts.Sheet) -> None:
    """Seal the sheet again in place of the old one. Raises SheetFull."""
    secret = _secret(carrier)
    if secret is not None:
        facts.write(account=carrier.user, secret=secret, sheet=sheet)


def leaves_notes(carrier: Carrier) -> bool:
    """Whether it was noted each time that somebody left a group: whose account is older may have left some before."""
    return facts.NOTES_LEAVING in sheet(carrier).get("settings", {})


def owner(carrier: Carrier, *, group: str) -> Owner:
    """What export and erasure need to find one's own rows in one group. It outlives `despite_limits`: a copy is made
    while it is sent, after the view has answered."""
    secret = _secret(carrier)
    return Owner(
        group=group,
        tag=owner_tag(carrier, group=group),
        key=lambda *parts: sealing.tag(key=secret, parts=parts) if secret else ids.new_secret(),
    )


def is_kept_out(carrier: Carrier) -> bool:
    """Whether a limit keeps this person from the whole site: their own tags are compared with those of the few
    limits there are. One query, whoever asks."""
    secret = _carried(carrier)
    if secret is None:
        return False
    limits = _site_wide(moment=clock.now())
    return any(bytes(tag) == sealing.tag(key=secret, parts=("member", gid)) for gid, tag in limits)


@contextmanager
def despite_limits() -> Iterator[None]:
    """For what stays open to whoever is kept from the site: reasons, appeals, help, and taking out or erasing what
    is one's own."""
    token = _despite.set(True)
    try:
        yield
    finally:
        _despite.reset(token)


def _secret(carrier: Carrier) -> bytes | None:
    """S, for whoever is signed in to an account that is open and not kept from the site: others are nobody in every
    group."""
    if _despite.get():
        return _carried(carrier)
    known = vars(carrier)
    if "is_kept_out" not in known:
        known["is_kept_out"] = is_kept_out(carrier)
    return None if known["is_kept_out"] else _carried(carrier)


def _carried(carrier: Carrier) -> bytes | None:
    if not getattr(carrier.user, "is_authenticated", False) or is_closed(carrier):
        return None
    return keys.carried(carrier.session)
