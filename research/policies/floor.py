"""The floor of privacy: no version of the settings is less private than a group's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def require(*, arm: Mapping[str, Any], ordinaries: Sequence[Policy], unit: str) -> None:
    """Raise MayNot, in words for who sets a study up, for a version that goes below the floor of any of these groups,
    or that one person's version shows to others."""
    if lower := [change for ordinary in ordinaries for change in below(arm=arm, ordinary=ordinary)]:
        raise MayNot(_too_low(lower))
    for ordinary in ordinaries if unit == Unit.PERSON else ():
        if seen := seen_by_others(arm=arm, ordinary=ordinary):
            raise MayNot(_("Others would see this: %(title)s. %(how)s") % {
                "title": settings()[seen[0]].title,
                "how": _("Leave it as the group has it. Or give versions to whole groups (page “Who and where”)."),
            })  # fmt: skip


def _too_low(lower: Sequence[Change]) -> str:
    """Which setting, why, what is allowed and what to do, by the most private of the groups."""
    first = lower[0].after
    setting = first.setting
    order = [choice.value for choice in setting.choices]
    same = [one for one in lower if one.after.setting.key == setting.key and one.after.about == first.about]
    strictest = min(same, key=lambda one: order.index(one.before.choice.value))
    allowed = setting.choices[: order.index(strictest.before.choice.value) + 1]
    return _(
        "“%(setting)s” cannot be “%(chosen)s”. A group of this study has “%(now)s” now, and no version may be less "
        "private. %(less)s What you can pick: %(allowed)s. Or leave it as the group has it."
    ) % {
        "setting": first.about or setting.title, "chosen": first.choice.title, "less": strictest.less,
        "now": strictest.before.choice.title, "allowed": ", ".join(f"“{one.title}”" for one in allowed),
    }  # fmt: skip
