"""The demo's made-up people: their secrets, so that they can act again after a restart, and the sign-ins."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from community.selectors import here as places
from community.selectors.here import Here
from core import ids, sealing

PASSPHRASE = "come in and look around"
TOTP_SECRET = "KITHDEMOKITHDEMOKITHDEMOKITHDEMO"
CODE_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An account that visitors sign in with."""

    name: str
    is_staff: bool
    what: str


SIGN_INS = [
    SignIn(
        name="demo-member",
        is_staff=False,
        what="a member: Grey Willow in one group, Quiet Lantern and Second Sock in two others",
    ),
    SignIn(
        name="demo-moderator",
        is_staff=True,
        what="Mossy Ledger, a moderator of Dementia carers, and Cedar Drum, who leads Living with bipolar",
    ),
    SignIn(
        name="demo-moderator-2",
        is_staff=True,
        what="Steady Finch and Patient Otter, the other moderators there, and Marble Fig, who leads Type 1 diabetes",
    ),
    SignIn(
        name="demo-researcher",
        is_staff=True,
        what="Dr Ines Vale, who leads the study Asking quietly, and Plain Notebook in Living with bipolar",
    ),
    SignIn(
        name="demo-colleague",
        is_staff=True,
        what="Tom Ade, a researcher of that study: the second person, without whom no file of Dr Vale's is let go",
    ),
    SignIn(name="demo-operator", is_staff=True, what="a site administrator"),
]

# Which made-up person of which group a visitor is when signed in. Everyone else is nobody's.
PLAYED = {
    ("bipolar", "Grey Willow"): "demo-member",
    ("bipolar", "Cedar Drum"): "demo-moderator",
    ("bipolar", "Patient Otter"): "demo-moderator-2",
    ("dementia", "Quiet Lantern"): "demo-member",
    ("dementia", "Mossy Ledger"): "demo-moderator",
    ("dementia", "Steady Finch"): "demo-moderator-2",
    ("diabetes", "Marble Fig"): "demo-moderator-2",
    ("parents", "Second Sock"): "demo-member",
}


def secret_of(name: str) -> bytes:
    """S of a sign-in, or of a made-up person written 'group/handle'. 32 bytes."""
    return sealing.tag(key=_demo_key(), parts=("person", name))


def secret_in(group_key: str, handle: str) -> bytes:
    """S of whoever wears a handle in one group."""
    return secret_of(PLAYED.get((group_key, handle), f"{group_key}/{handle}"))


def owner_tag(secret: bytes, group_id: str) -> bytes:
    """The owner tag that the linkage module would compute in this person's own request."""
    return sealing.tag(key=secret, parts=("member", group_id))


def here(group_key: str, handle: str, group_id: str) -> Here:
    """A made-up person's place in a group."""
    tag = owner_tag(secret_in(group_key, handle), group_id)
    return places.find(owner_tag=tag, strong=True)


def codes() -> list[str]:
    """What an authenticator app of the demo's staff shows now, will show next, and showed before: all three are taken,
    and each of them once."""
    now = int(time.time()) // CODE_SECONDS
    return [format_hotp_value(hotp_value(TOTP_SECRET, counter)) for counter in (now, now + 1, now - 1)]


def _demo_key() -> bytes:
    path = Path(settings.VAR_DIR) / "keys" / "demo"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ids.new_secret())
        path.chmod(0o600)
    return path.read_bytes()


def is_played(group: dict[str, Any], handle: str) -> bool:
    """Whether a visitor can be the one behind this handle."""
    return (group["group"]["key"], handle) in PLAYED
