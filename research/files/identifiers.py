"""What must be in no file: every name that somebody wears or wore in a study's groups, and every id that Kith shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chat.models import Alias, Byline, Post, Thread
from community.models import Group, Persona
from research.models import Export, FieldNote, QuoteAsk, SafetyEntry, Study


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """`names` are words, `ids` random signs. What people call a group or a talk is neither: it is ordinary words. So
    `titles` of groups are taken out of messages, and not looked for afterwards."""

    names: frozenset[str]
    ids: frozenset[str]
    titles: frozenset[str]


def identifiers(*, study: Study) -> Identifiers:
    """All of a study's groups, those that ended too."""
    groups = Group.objects.filter(pk__in=study.hosts.values("group"))
    names = {
        *Persona.objects.filter(group__in=groups).values_list("handle", flat=True),
        *Alias.objects.filter(thread__group__in=groups).values_list("handle", flat=True),
    }
    titles = frozenset(groups.values_list("name", flat=True))
    return Identifiers(names=frozenset(names - {""}), ids=frozenset(_ids(study, groups)), titles=titles)


def _ids(study: Study, groups: Any) -> Iterator[str]:
    yield study.public_id
    yield from groups.values_list("public_id", flat=True)
    in_talks = {"thread__group__in": groups}
    rows: list[Any] = [
        Thread.objects.filter(group__in=groups), Byline.objects.filter(**in_talks), Post.objects.filter(**in_talks),
        Persona.objects.filter(group__in=groups),
        *(model._default_manager.filter(study=study) for model in (QuoteAsk, FieldNote, SafetyEntry, Export)),
    ]  # fmt: skip
    for found in rows:
        yield from found.values_list("public_id", flat=True).iterator()
    yield from Persona.objects.filter(group__in=groups).values_list("avatar_id", flat=True)
    yield from Alias.objects.filter(**in_talks).values_list("avatar_id", flat=True)
