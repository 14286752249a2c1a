"""What somebody chose on the pages before a yes or a no, sealed into the address of the next one: the browser's "Back"
finds each page as it was, and neither a row nor the session knows that somebody thinks about it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core import clock, sealing
from research.forms.consent import STAGES

PLACE = "consent|so far"
KIND = "consent so far"  # of the key that only its owner's session can make
GOOD_FOR = 86_400  # seconds: after that an address in a browser's history tells nothing, also to its owner


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """A page, whether it was sent with something missing, the version that was read, and what was chosen."""

    stage: str
    version: int
    is_tried: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)


def sealed(so_far: SoFar, *, names: Sequence[str], key: bytes) -> str:
    """As an address carries it. It is as long whatever was chosen: one letter for each name."""
    letters = "".join(so_far.chosen.get(name, "")[:1] or "-" for name in names)
    moment, stage = int(clock.now().timestamp()), STAGES.index(so_far.stage)
    value = json.dumps([moment, stage, int(so_far.is_tried), so_far.version, letters]).encode()
    return base64.urlsafe_b64encode(sealing.seal(key=key, value=value, place=PLACE)).rstrip(b"=").decode()


def opened(token: str, *, names: Sequence[str], key: bytes) -> SoFar | None:
    """The same again; nothing where it is somebody else's, of other questions, altered, or too old."""
    try:
        value = sealing.unseal(
            key=key, sealed=base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), place=PLACE
        )
    except (sealing.SealBroken, binascii.Error, ValueError):
        return None
    moment, stage, is_tried, version, letters = json.loads(value)
    if len(letters) != len(names) or not 0 <= clock.now().timestamp() - moment < GOOD_FOR:
        return None
    words = {"y": "yes", "n": "no"}
    chosen = {
        name: words.get(letter, letter) for name, letter in zip(names, letters, strict=True) if letter != "-"
    }
    return SoFar(stage=STAGES[stage], version=version, is_tried=bool(is_tried), chosen=chosen)
