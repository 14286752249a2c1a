"""The floor of privacy: no version of the settings is less private than a group's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from community.enums import Asking, OneThread, Times, WhatMatters
from community.errors import MayNot
from community.name_settings import settings
from community.selectors import names
from community.selectors.names import Change, Policy
from research.enums import Unit

CHOICES = {"one_thread": OneThread, "what_matters": WhatMatters, "times": Times}
KEYS = frozenset({*CHOICES, "rhythm", "asks"})


def applied(*, arm: Mapping[str, Any], ordinary: Policy) -> Policy:
    """A group's settings under a version: its own, but for what the version changes. Raises MayNot for what is none of
    the choices."""
    if not set(arm) <= KEYS:
        raise MayNot(_("There is no such setting."))
    try:
        found: dict[str, Any] = {key: CHOICES[key](arm[key]) for key in CHOICES if key in arm}
        asks = {kind: Asking(asking) for kind, asking in dict(arm.get("asks", {})).items()}
    except (ValueError, TypeError):
        raise MayNot(_("There is no such choice for this setting.")) from None
    if "rhythm" in arm:
        if not isinstance(arm["rhythm"], bool):
            raise MayNot(_("There is no such choice for this setting."))
        found["rhythm"] = arm["rhythm"]
    if not names.kinds().keys() >= asks.keys():
        raise MayNot(_("There is no such detail."))
    return replace(ordinary, fact_kinds={**ordinary.fact_kinds, **asks}, since=None, **found)


def below(*, arm: Mapping[str, Any], ordinary: Policy) -> list[Change]:
    """What a version would make less private than a group's own settings. Empty: it may be tried there."""
    after = applied(arm=arm, ordinary=ordinary)
    found = names.changes(before=ordinary, after=after, kinds=names.kinds())
    return [change for change in found if change.less]


def seen_by_others(*, arm: Mapping[str, Any], ordinary: Policy) -> list[str]:
    """The settings that a version changes and others can see: one that is given to a single person has none."""
    after = applied(arm=arm, ordinary=ordinary)
    found = names.changes(before=ordinary, after=after, kinds=names.kinds())
    return [change.after.setting.key for change in found if change.after.setting.changes_what_others_see]


def require(*, arm: Mapping[str, Any], ordinary: Policy, unit: str) -> None:
    """Raise MayNot, in words, for a version that goes below the floor, or that one person's version shows to others."""
    if lower := below(arm=arm, ordinary=ordinary):
        raise MayNot(lower[0].less)
    if unit == Unit.PERSON and (seen := seen_by_others(arm=arm, ordinary=ordinary)):
        title = settings()[seen[0]].title
        raise MayNot(_("Others would see this: %(title)s. Give it to whole groups only.") % {"title": title})
