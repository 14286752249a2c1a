"""A study in plain words, for the members of a group that said yes to it: the same for each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit import selectors as audit
from audit.selectors import Soundness
from research import acts, consent_text
from research.enums import LawfulBasis, SpecialBasis
from research.models import Colleague, StudyGroup
from research.policies import studies as policies
from research.presenters import numbers
from research.presenters.pack import Version, basis, go_on_rules, stop_rules, versions
from research.selectors import allocation, exports, instruments, studies
from research.selectors import consent as consents
from research.selectors import versions as versions_here
from research.selectors.exports import Left
from research.selectors.hosting import Hosted
from research.selectors.versions import GroupVersion

MOST_ACTS = 200


@dataclass(frozen=True, kw_only=True)
class Public:
    """The page. `record` holds the day of each act and its words; `seal` is the fingerprint of this group's list;
    `risks` is empty where `about` tells them."""

    host: StudyGroup
    settings: Mapping[str, Any]
    about: Sequence[Mapping[str, str]]
    risks: str
    items: Mapping[str, str]
    questions: Sequence[str]
    versions: Sequence[Version]
    stop_rules: Sequence[str]
    go_on_rules: Sequence[str]
    size: Sequence[str]
    team: Sequence[Colleague]
    lawful_basis: str
    special_basis: str
    seal: str
    version: GroupVersion | None
    files: Sequence[Left]
    record: Sequence[tuple[dt.date, str]]
    soundness: Soundness
    is_on: bool
    takes_people: bool


def public(hosted: Hosted) -> Public:
    """Everything that members may know of a study here. It names no other group."""
    host, settings = hosted.host, hosted.settings
    study = host.study
    fixed = consents.document(study=study, version=study.consent_version)
    consent = fixed.body if fixed else consent_text.body(settings=settings)
    return Public(
        host=host,
        settings=settings,
        about=consent["about"],
        risks="" if settings["risks"] in [one["answer"] for one in consent["about"]] else settings["risks"],
        items=consent_text.items_of(consent),
        questions=_questions(settings),
        versions=versions(settings),
        stop_rules=stop_rules(settings),
        go_on_rules=go_on_rules(settings),
        size=numbers.sentences(settings),
        team=studies.people(study),
        lawful_basis=basis(LawfulBasis, settings["lawful_basis"]),
        special_basis=basis(SpecialBasis, settings["special_basis"]),
        seal=_seal(host),
        version=versions_here.of_group(host=host),
        files=exports.left(study),
        record=record(study.public_id),
        soundness=audit.soundness(scope=study.public_id),
        is_on=policies.is_on_in(host),
        takes_people=policies.takes_people_in(host),
    )


def record(sid: str) -> list[tuple[dt.date, str]]:
    """What the team and the groups did, the newest first. What people answered is never told act by act."""
    found = audit.entries(scope=sid, limit=MOST_ACTS)
    return [(entry.acted_on, str(acts.PLAIN[entry.act])) for entry in found if entry.act in acts.PLAIN]


def _questions(settings: Mapping[str, Any]) -> list[str]:
    asked = sorted({tuple(pair) for wave in settings["waves"] for pair in wave["instruments"]})
    return [instruments.named(code=code, version=version).title for code, version in asked]


def _seal(host: StudyGroup) -> str:
    own = {"groups", host.group.public_id}
    return next((one.commitment for one in allocation.lists(study=host.study) if one.stratum in own), "")
