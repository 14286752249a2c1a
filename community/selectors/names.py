"""How names work in a group: the anonymity policy in force, earlier ones, and what changed between two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from community import fact_kinds
from community.enums import Asking, OneThread, Times, WhatMatters
from community.models import AnonymityPolicy, Group
from community.name_settings import Choice, Setting, settings
from core import clock
from core.registries.subjects import KeyOf

NEW_FOR = dt.timedelta(days=14)
ASKED_AS = Asking.OPTIONAL  # a kind of fact that a version says nothing about


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The settings a group runs under. Their values compare with plain words: `policy.times == "days"`."""

    one_thread: OneThread = OneThread.AVAILABLE
    fact_kinds: Mapping[str, Asking] = field(default_factory=dict)
    what_matters: WhatMatters = WhatMatters.WITH_WORDS
    times: Times = Times.DAYS
    rhythm: bool = False
    since: dt.date | None = field(default=None, compare=False)

    @property
    def is_new(self) -> bool:
        """Whether it is so new that members are told on the group's page."""
        return self.since is not None and clock.today() < self.since + NEW_FOR

    def asks(self, kind: str) -> Asking:
        """How this group asks for a kind of fact."""
        return self.fact_kinds.get(kind, ASKED_AS)


DEFAULT = Policy()
Override = Callable[[Group, Policy, KeyOf], Policy]
_overrides: list[Override] = []


@dataclass(frozen=True, kw_only=True)
class Line:
    """One setting as it is in one version. `about` names the kind of fact, where it is about one."""

    setting: Setting
    choice: Choice
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One setting that is not as it was, and what gets less private by it, if anything does."""

    before: Line
    after: Line

    @property
    def less(self) -> str:
        """What gets less private, in words; empty where nothing does."""
        return self.after.setting.less_private(before=self.before.choice.value, after=self.after.choice.value)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is in force, the versions there are, and what the last one changed."""

    policy: Policy
    version: AnonymityPolicy | None
    versions: list[AnonymityPolicy]
    changes: list[Change]


def policy_of(group: Group) -> Policy:
    """The policy in force in a group. No query where a group never chose one; otherwise one for each group object."""
    if not group.names_version:
        return DEFAULT
    known: tuple[int, Policy] | None = group.__dict__.get("_names")
    if known is None or known[0] != group.names_version:
        found = AnonymityPolicy.objects.get(group=group, version=group.names_version)
        known = group.__dict__["_names"] = (group.names_version, settled(found))
    return known[1]


def override(change: Override) -> None:
    """Let somebody's own pages go by other settings than their group's, where nobody else sees a difference."""
    _overrides.append(change)


def policy_for(*, group: Group, key_of: KeyOf) -> Policy:
    """The policy for one person's own pages, in their own request."""
    policy = policy_of(group)
    for change in _overrides:
        policy = change(group, policy, key_of)
    return policy


def kinds() -> dict[str, str]:
    """The kinds of facts that groups choose from: key → what it is called."""
    return {code: kind.name for code, kind in fact_kinds.kinds().items()}


def settled(version: AnonymityPolicy) -> Policy:
    """The settings of a version. A value that is none of the choices is an error and never a policy."""
    return Policy(
        one_thread=OneThread(version.one_thread),
        fact_kinds={kind: Asking(asking) for kind, asking in version.asks.items()},
        what_matters=WhatMatters(version.what_matters),
        times=Times(version.times),
        rhythm=version.rhythm,
        since=version.published_on,
    )


def reading(*, group: Group, kinds: Mapping[str, str]) -> Reading:
    """The page of a group: the version in force and what it changed. One query."""
    versions = list(AnonymityPolicy.objects.filter(group=group).order_by("-version"))
    current = next((row for row in versions if row.version == group.names_version), None)
    earlier = next((row for row in versions if row.version == group.names_version - 1), None)
    policy = settled(current) if current else DEFAULT
    before = settled(earlier) if earlier else DEFAULT
    return Reading(
        policy=policy,
        version=current,
        versions=versions,
        changes=changes(before=before, after=policy, kinds=kinds),
    )


def lines(policy: Policy, *, kinds: Mapping[str, str]) -> list[Line]:
    """Every setting as it is; one line for each kind of fact (key → what it is called)."""
    found = []
    for setting in settings().values():
        if setting.key == "fact_kinds":
            found += [
                Line(setting=setting, choice=setting.choice(policy.asks(kind)), about=called)
                for kind, called in kinds.items()
            ]
        else:
            found.append(Line(setting=setting, choice=setting.choice(_value(policy, setting.key))))
    return found


def changes(*, before: Policy, after: Policy, kinds: Mapping[str, str]) -> list[Change]:
    """What is different, in the order of the page."""
    pairs = zip(lines(before, kinds=kinds), lines(after, kinds=kinds), strict=True)
    return [Change(before=old, after=new) for old, new in pairs if old.choice.value != new.choice.value]


def _value(policy: Policy, key: str) -> str:
    if key == "rhythm":
        return "yes" if policy.rhythm else "no"
    return str(getattr(policy, key))
