"""What a file says of its study, in the study's own words: who answers for it, what people read, what was asked, and
how long it may be kept. Whoever has the file cannot open Kith."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from django.utils import translation

from audit import checkpoints
from core import ids
from research import sealed
from research.enums import ExportTier
from research.files.flow import design
from research.files.gather import Gathered
from research.models import Export, Wave
from research.selectors import instruments, parts, studies

NAME = (
    "study.json"  # the check looks for no day and no ordinary word in it: nothing of a participant is there
)


def study(export: Export, found: Gathered) -> dict[str, Any]:
    """`study.json`. Days of the study stand in a study-team file alone."""
    settings, document = studies.settings_of(found.study), found.study.documents.order_by("version").last()
    waves = found.waves or list(
        found.study.waves.filter(number__lte=found.recipe.last_round).order_by("number")
    )
    with translation.override("en"):
        told: dict[str, Any] = {
            "title": settings["title"], "in plain words": parts.title(found.study), "question": settings["question"],
            "design": design(found.study),
            "ethics board": settings["ethics_body"], "ethics number": settings["ethics_ref"],
            "who answers for the data": settings["controller"], "contact": settings["contact"],
            "data protection officer": settings["officer"], "what the data is for": settings["purposes"],
            "who else gets data": settings["recipients"],
            "to be deleted": f"{settings['retention_months']} months after the end of the study",
            "analysis": settings["analysis"], "protocol version": found.study.protocol_version,
            "what people read": {"digest": document.digest, **document.body} if document else {},
            "sets of questions": list(_sets(waves)),
            "weeks from the opening to the last day in it": _weeks(found),
        }  # fmt: skip
    if export.tier == ExportTier.T0 and found.study.opened_on:
        told["field work"] = {"from": str(found.study.opened_on), "to": str(found.recipe.until)}
    return told


def package(export: Export, found: Gathered, note: str) -> dict[str, Any]:
    """What stands at the head of `datapackage.json`."""
    settings = studies.settings_of(found.study)
    waves = found.study.waves.filter(number__lte=found.recipe.last_round).order_by("number")
    once = {one["title"]: one for one in _sets(waves)}
    head: dict[str, Any] = {
        "id": ids.public_id_of(sealed.mark(study=found.study, of=f"package|{export.public_id}")),
        "version": f"{found.study.protocol_version}.{found.recipe.last_round}.0",
        "licenses": [{"name": "other-closed" if export.tier != ExportTier.T3 else "notspecified", "title": note}],
        "contributors": [{"title": settings["controller"] or parts.title(found.study), "roles": ["publisher"]}],
    }  # fmt: skip
    if once:
        head["sources"] = [
            {
                "title": f"{one['title']}, version {one['version']}",
                **({"path": one["doi"]} if one["doi"] else {}),
            }
            for one in once.values()
        ]
    if export.tier == ExportTier.T0:
        head["created"] = f"{export.asked_on}T00:00:00Z"
    return head


def key_fingerprint() -> str:
    """SHA-256 over the key that `manifest.sig` was made with, as it is printed: 64 letters and digits in eights."""
    digest = sha256(checkpoints.public_key().encode()).hexdigest()
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _weeks(found: Gathered) -> int:
    return max(0, (found.recipe.until - found.study.opened_on).days // 7) if found.study.opened_on else 0


def _sets(waves: Any) -> Iterator[dict[str, Any]]:
    """Each set of questions that was asked, with where it comes from and how it is scored."""
    rounds: dict[tuple[str, str, str], list[Wave]] = {}
    for wave in waves:
        for code, version, digest in wave.instruments:
            rounds.setdefault((code, version, digest), []).append(wave)
    for (code, version, digest), there in rounds.items():
        one = instruments.find(code=code, version=version, digest=digest)
        doi = one.raw["citation"]["doi"]
        yield {
            "code": code, "title": one.title, "version": version, "SHA-256": digest,
            "citation": one.raw["citation"]["text"],
            "doi": f"https://doi.org/{doi}" if doi and not doi.startswith("http") else doi,
            "licence": one.raw["licence"]["terms"], "attribution": one.raw["licence"]["attribution"],
            "validated": one.is_validated, "before the questions": one.words("en")["preamble"],
            "scoring": one.raw["scoring"], "asked in": _asked(there),
        }  # fmt: skip


def _asked(waves: Sequence[Wave]) -> list[str]:
    return [f"round {one.number}, week {one.week} of each person's part" for one in waves]
