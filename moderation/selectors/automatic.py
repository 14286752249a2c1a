"""What automatic help a group has, what it finds in a message, and what it would have found before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from django.db.models import Q
from django.utils.translation import gettext as _

from community.coaches import contacts
from community.models import Group
from core import text as texts
from core.prepared import Prepared
from core.registries import talk
from core.registries.screening import Draft
from core.registries.talk import Said
from moderation.automatic.phrases import Phrases
from moderation.automatic.worry import worried
from moderation.enums import Checking, Kind, Step
from moderation.models import Switch
from moderation.selectors import care

TRIED = 1_000  # messages
EXAMPLES = 10
OFF_HOURS = "off hours"  # the reason that is no finding
_LINK = re.compile(r'href="([^"]+)"')
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)  # also where no link is made of it


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that automatic help found in a message: what, what it does about it, and the words it found."""

    kind: Kind
    step: Step
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a kind would have found: on how many messages it was tried, in how many it found something, and some of
    them."""

    of_messages: int
    found: int
    examples: tuple[str, ...]


_switches = Prepared(lambda group: Switch.objects.filter(Q(is_on=True) | Q(kind=Kind.WORRY), group=group))


def switches(*, group: Group) -> dict[Kind, Switch]:
    """What is on in a group."""
    rows = _switches(group=group.pk)
    found = {Kind(one.kind): one for one in rows if one.is_on}
    if not any(
        one.kind == Kind.WORRY for one in rows
    ):  # on from the first day, until a lead decides otherwise
        found[Kind.WORRY] = Switch(
            group=group, kind=Kind.WORRY, step=Step.FLAG, of_messages=0, found=0, is_on=True
        )
    return found


def tried(*, group: Group, kind: Kind) -> Switch | None:
    """What was tried last of a kind and is not on."""
    return Switch.objects.filter(group=group, kind=kind, is_on=False).first()


def noticed(*, group: Group, said: Said) -> list[Finding]:
    """All that a group's automatic help finds in a message."""
    return [
        Finding(kind=kind, step=Step(one.step), pieces=pieces)
        for kind, one in sorted(switches(group=group).items())
        if (pieces := _found(kind, said, one.phrases)) is not None
    ]


def refuses(draft: Draft) -> list[str]:
    """A screen for what cannot wait for the team: a name, a line about oneself. What would wait in a message is refused
    there, and so is a way to reach someone where every message is looked at first."""
    if not draft.at_once:
        return []
    group, said = Group.objects.get(pk=draft.group_id), Said(text=draft.text, is_newcomer=lambda: True)
    found = [one.pieces for one in noticed(group=group, said=said) if one.step == Step.HOLD]
    if care.of(group=group).checking == Checking.ALL:
        found.append(tuple(contacts.find(draft.text)))
    pieces = dict.fromkeys(itertools.chain.from_iterable(found))
    words = ", ".join(f"“{one}”" for one in pieces)
    why = _(
        "The team looks at such words first, and nobody could look here. Please leave this out: %(words)s."
    )
    return [why % {"words": words}] if pieces else []


def raises(*, group: Group, text: str) -> bool:
    """Whether words of worry in a text are put on the team's list in a group."""
    now = switches(group=group).get(Kind.WORRY)
    return now is not None and now.step == Step.FLAG and bool(worried(text))


def look_back(*, group: Group, kind: Kind, phrases: str) -> Trial:
    """What a kind would have found among the last messages of a group."""
    first = care.of(group=group).first_messages
    before = talk.latest(group_id=group.pk, first_messages=first, most=TRIED)
    found = [said.text for said in before if _found(kind, said, phrases) is not None]
    return Trial(of_messages=len(before), found=len(found), examples=tuple(found[:EXAMPLES]))


def how_much(tried: Trial | Switch, *, step: Step) -> str:
    """In words, what a step would do to most of what is said, as far as the trial tells; nothing up to a third."""
    if tried.found * 3 <= tried.of_messages:
        return ""
    nearly_all, many = {
        Step.COACH: (
            _("Almost every writer would be asked to look once more."),
            _("For more than one message in three, the writer would be asked to look once more."),
        ),
        Step.HELP: (
            _("Almost every writer would be shown where help is."),
            _("For more than one message in three, the writer would be shown where help is."),
        ),
        Step.FLAG: (
            _("Almost every message would be put on the team's list."),
            _("More than one message in three would be put on the team's list."),
        ),
        Step.HOLD: (
            _("Almost every message would wait."),
            _("More than one message in three would wait."),
        ),
    }[step]
    return nearly_all if tried.found * 4 >= tried.of_messages * 3 else many


def _found(kind: Kind, said: Said, phrases: str) -> tuple[str, ...] | None:
    """The words in which a kind finds something; None where it finds nothing."""
    if kind == Kind.FLOOD:
        return () if said.is_flood() else None
    if kind == Kind.WORRY:
        return () if worried(said.text) else None
    if kind == Kind.CONTACT:
        pieces = contacts.find(said.text)
    elif kind == Kind.LINKS:
        pieces = _links(said.text)
        pieces = pieces if pieces and said.is_newcomer() else []
    else:
        pieces = [said.text[one.start : one.end] for one in _ready(phrases).find(said.text)]
    return tuple(dict.fromkeys(pieces)) or None


def _links(text: str) -> list[str]:
    typed: list[str] = _ADDRESS.findall(text)
    return typed or (list(map(unescape, _LINK.findall(texts.to_html(text)))) if "." in text else [])


@lru_cache(maxsize=32)
def _ready(phrases: str) -> Phrases:
    return Phrases(phrases.splitlines())


def why_held(found: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Why a message waits, in kind words, for its writer and for the team: (kind, the words it was found in)."""
    said: dict[str, str] = {
        Kind.CONTACT: _("It waits because it may say how to reach someone: %(words)s."),
        Kind.LINKS: _("It waits because it has a link, and newcomers' links are looked at first: %(words)s."),
        Kind.FLOOD: _("It waits because many messages came at once, or the same words again."),
        Kind.PHRASES: _("It waits because this group looks at some words first: %(words)s."),
        OFF_HOURS: _("It waits because nobody from the team is on duty now, and its writer is new here."),
    }
    return [said[kind] % {"words": ", ".join(f"“{one}”" for one in pieces)} for kind, pieces in found]


def advice(found: Iterable[Finding], *, text: str) -> list[str]:
    """What a writer is asked to look at before sending. Worry comes first where there is anything else to say; alone it
    keeps nobody from sending: then help comes after."""
    coached = {
        Kind.LINKS: _("A link from someone new can look like an advert: %(words)s. You can say what it is."),
        Kind.FLOOD: _("That is a lot at once. You can give others a moment to answer."),
        Kind.PHRASES: _("This group is careful with these words: %(words)s. You can say it another way."),
    }  # fmt: skip
    help_first = _(
        "If this is about you: you are not alone, and not in trouble. The line at the top leads to help near you."
    )
    said: list[str] = []
    for one in found:
        if one.step == Step.HELP and one.kind != Kind.WORRY and help_first not in said:
            said.append(help_first)
        elif one.step == Step.COACH:
            said.append(coached[one.kind] % {"words": ", ".join(f"“{piece}”" for piece in one.pieces)})
    return [help_first, *said] if said and help_first not in said and worried(text) else said
