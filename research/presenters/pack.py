"""The papers of a study for an ethics board, as a group's lead and the team read them, too: everything on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community import trade_offs
from community.models import Group
from community.name_settings import settings as name_settings
from community.selectors import names
from research import consent_text, digests, protocols
from research.enums import Item, LawfulBasis, SpecialBasis, Unit
from research.models import Colleague, Protocol, Study
from research.presenters import numbers, pack_files
from research.selectors import allocation, gaps, hosting, instruments, measures, studies
from research.selectors import consent as consents


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the settings: what of a group's own it changes, in words."""

    code: str
    title: str
    changes: Sequence[tuple[str, str]]
    weight: int


@dataclass(frozen=True, kw_only=True)
class Questions:
    """A set of questions in full, with where it comes from and who may use it."""

    code: str
    version: str
    title: str
    digest: str
    is_validated: bool
    licence: Mapping[str, Any]
    citation: Mapping[str, Any]
    preamble: str
    items: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round of questions."""

    number: int
    week: int
    open_days: int
    titles: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything that stands in the papers. `groups`, `pairs` and `lists` name groups: only the team reads them all.
    `tied`: where messages are read, what can still tell that two names are one person's, as it was measured."""

    study: Study
    protocol: Protocol | None
    settings: Mapping[str, Any]
    digest: str
    consent: Mapping[str, Any]
    consent_digest: str
    reads: str
    team: Sequence[Colleague]
    groups: Sequence[Group]
    pairs: Sequence[Sequence[str]]
    tied: Sequence[str]
    rounds: Sequence[Round]
    questions: Sequence[Questions]
    versions: Sequence[Version]
    lists: Sequence[tuple[str, str]]
    lawful_basis: str
    special_basis: str
    stop_rules: Sequence[str]
    go_on_rules: Sequence[str]
    size: Sequence[str]
    checklist: Sequence[tuple[str, str, str]]
    missing: Sequence[str]
    files: Sequence[str]

    @property
    def by_group(self) -> bool:
        """Whether whole groups get a version."""
        return bool(self.settings["unit"] == Unit.GROUP)


def pack(*, study: Study, protocol: Protocol | None, for_team: bool) -> Pack:
    """The papers of a version, with the text that was fixed with it, word by word, and known by what it was known by
    then, whatever settings Kith has had since; without one, those of the draft.
    Other groups are named to the team alone."""
    settings = protocols.whole(protocol.settings if protocol else study.draft)
    fixed = consents.document(study=study, version=protocol.version) if protocol else None
    consent = fixed.body if fixed else consent_text.body(settings=settings)
    known = hosting.known_groups(study, gids=settings["groups"]) if for_team else {}
    return Pack(
        study=study,
        protocol=protocol,
        settings=settings,
        digest=protocol.digest if protocol else digests.digest(settings),
        consent=consent,
        consent_digest=fixed.digest if fixed else digests.digest(consent),
        reads=consent_text.reads_of(consent, own=settings["reads"]),
        team=studies.people(study),
        groups=list(known.values()),
        pairs=_pairs(settings, known) if for_team else [],
        tied=_tied(settings),
        rounds=_rounds(settings),
        questions=_questions(settings),
        versions=versions(settings),
        lists=_lists(study, known),
        lawful_basis=basis(LawfulBasis, settings["lawful_basis"]),
        special_basis=basis(SpecialBasis, settings["special_basis"]),
        stop_rules=stop_rules(settings),
        go_on_rules=go_on_rules(settings),
        size=numbers.sentences(settings),
        checklist=_checklist(),
        missing=[gaps.words(gap) for gap in protocols.missing(settings)],
        files=pack_files.sentences(settings),
    )


def _pairs(settings: Mapping[str, Any], known: Mapping[str, Group]) -> list[list[str]]:
    """Which groups make a pair, by their names; by its number one that the team may not know of."""
    return [[known[gid].name if gid in known else gid for gid in pair] for pair in settings["pairs"]]


def _tied(settings: Mapping[str, Any]) -> list[str]:
    reads_along = settings["field_notes"] or settings["rooms"]
    if settings["joins"] or not (reads_along or {Item.POSTS, Item.ALIAS_POSTS} & set(settings["items"])):
        return []
    rows = trade_offs.pages()["a-name-for-each-group"].measured
    return [row.told for row in rows if row.row.startswith("behaviour")]


def basis(kind: type[LawfulBasis] | type[SpecialBasis], value: str) -> str:
    """A basis in words, or nothing."""
    return str(kind(value).label) if value in kind.values else ""


def versions(settings: Mapping[str, Any]) -> list[Version]:
    """The versions that a study compares."""
    return [
        Version(
            code=arm["code"], title=arm["title"], weight=arm["weight"], changes=_changes(arm["policy"])
        )
        for arm in settings["arms"]
    ]  # fmt: skip


def stop_rules(settings: Mapping[str, Any]) -> list[str]:
    """The rules that stop a study, in the words of the safety log."""
    return [
        (_("More than %(count)s: %(what)s") if rule["more_than"] else _("At the first: %(what)s"))
        % {"count": rule["more_than"], "what": measures.STOP[rule["measure"]].title}
        for rule in settings["harm"]["stop_rules"]
    ]


def go_on_rules(settings: Mapping[str, Any]) -> list[str]:
    """The rules for going on, in words."""
    return [
        _("At least %(count)s percent %(what)s")
        % {"count": rule["at_least"], "what": measures.GO_ON[rule["measure"]].title}
        for rule in settings["harm"]["go_on_rules"]
    ]


def _changes(policy: Mapping[str, Any]) -> list[tuple[str, str]]:
    known, found = name_settings(), []
    for key, value in policy.items():
        if key == "asks":
            asks = known["fact_kinds"]
            found += [(names.kinds()[kind], asks.choice(asking).title) for kind, asking in value.items()]
        else:
            chosen = ("yes" if value else "no") if key == "rhythm" else value
            found.append((known[key].title, known[key].choice(chosen).title))
    return found


def _rounds(settings: Mapping[str, Any]) -> list[Round]:
    return [
        Round(
            number=wave["number"], week=wave["week"], open_days=wave["open_days"],
            titles=[
                instruments.named(code=code, version=version).title for code, version in wave["instruments"]
            ],
        )
        for wave in settings["waves"]
    ]  # fmt: skip


def _questions(settings: Mapping[str, Any]) -> list[Questions]:
    asked = sorted({tuple(pair) for wave in settings["waves"] for pair in wave["instruments"]})
    return [_set(code, version) for code, version in asked]


def on_offer() -> list[Questions]:
    """Every set that a round can hold."""
    return [_set(one.code, one.version) for one in instruments.known() if one.status != "stub"]


def _set(code: str, version: str) -> Questions:
    one = instruments.named(code=code, version=version)
    words = one.words(get_language() or "en")
    items = [
        (words["items"][question.code], words["options"].get(question.options, []))
        for question in one.questions
    ]
    return Questions(
        code=code, version=version, title=one.title, digest=one.digest, is_validated=one.is_validated,
        licence=one.raw["licence"], citation=one.raw["citation"], preamble=words["preamble"], items=items,
    )  # fmt: skip


def _lists(study: Study, known: Mapping[str, Group]) -> list[tuple[str, str]]:
    found = []
    for one in allocation.lists(study=study):
        group = known.get(one.stratum)
        if group or one.stratum == "groups":
            found.append((group.name if group else _("Whole groups, in pairs"), one.commitment))
    return found


def _checklist() -> list[tuple[str, str, str]]:
    """(what a protocol should say, after SPIRIT and its pilot form; where it stands; its anchor on the page)."""
    return [
        (_("Title, version and who is responsible"), _("First page"), "front"),
        (_("Why it is done, and what it wants to find out"), _("The study"), "study"),
        (_("What could be hard for people, and what they get"), _("The study"), "study"),
        (_("Who pays, and who could gain"), _("The study"), "study"),
        (_("Where it runs, and who can take part"), _("The study"), "study"),
        (_("What is compared, in full"), _("Versions"), "versions"),
        (_("What is measured, and when"), _("Rounds of questions"), "rounds"),
        (_("How many people, and why so few"), _("What it can show"), "size"),
        (_("How the data is looked at"), _("What it can show"), "size"),
        (_("How versions are given out, and how that is kept secret until then"), _("The lot"), "lot"),
        (_("Who knows which version is which"), _("The lot"), "lot"),
        (_("How data is kept, where it goes, for how long"), _("What happens to data"), "data"),
        (_("How people are asked, in the words they read"), _("What people are asked"), "asked"),
        (_("How someone leaves, and what becomes of their data"), _("Leaving"), "leaving"),
        (_("Harm: what is looked for, and who acts"), _("Harm"), "harm"),
        (_("Who watches over data and harm"), _("Harm"), "harm"),
        (_("When it stops, and when a larger study is worth it"), _("Harm"), "harm"),
        (_("Ethics, law, and where to complain"), _("Ethics and law"), "law"),
        (_("What happens when the protocol changes"), _("Changes"), "changes"),
    ]
