"""A scene that many tests begin with is made once in a process, and played back to the next: its rows, its key ring,
and copies of what was made, with browsers of their own. One that can be made in several ways is made once for each.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

from core import clock
from tests import again
from tests.again import Said
from tests.people import Cast

Scene = TypeVar("Scene")


def same(make: Callable[..., Scene]) -> Callable[..., Scene]:
    """The scene as this process made it first within the hour, in this way. It is made anew where it does not come
    first after the cast, since its keys would not fit those there are, and where a test commits, since more happens
    then than rows show."""
    kept: dict[tuple[dt.datetime, str], tuple[Cast, Scene, Said, Path]] = {}

    @functools.wraps(make)
    def scene(cast: Cast, **how: Any) -> Scene:
        ring, words = Path(settings.KITH_KEY_RING).parent, _in_words(how)
        if words is None or ring.exists() or not connection.in_atomic_block:
            return make(cast, **how)
        way = clock.this_hour(), words
        if way not in kept:
            with again.heard() as said:
                made = make(cast, **how)
            keys = ring.with_suffix(f".{id(kept)}")  # one scene may begin with another
            kept[way] = *deepcopy((cast, made)), said, keys
            if ring.exists():
                shutil.copytree(ring, keys)
            return made
        first, made, said, keys = kept[way]
        again.say(said)
        if keys.exists():
            shutil.copytree(keys, ring)
        copied = {id(first): cast}  # whatever the scene changed in its cast is changed in this one
        vars(cast).update(deepcopy(vars(first), copied))
        return deepcopy(made, copied)

    return scene


def _in_words(how: dict[str, Any]) -> str | None:
    """A way to make a scene, where it is plain: of other things nobody knows whether they are the same."""
    try:
        return json.dumps(how, sort_keys=True)
    except TypeError:
        return None
