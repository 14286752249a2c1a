"""Somebody's own parts in studies of one group, by making the key that each would have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.prepared import Prepared
from research import sealed
from research.models import Participant, Response, Source, Study, StudyGroup
from research.selectors import instruments
from research.selectors.desks import KeyOf
from research.selectors.usable import Given

PARTICIPANT, SOURCE = "participant", "source"


_sids = Prepared(
    lambda gid: (
        StudyGroup.objects.filter(group__public_id=gid)
        .order_by("id")
        .values_list("study__public_id", flat=True)
    )
)
_participants = Prepared(
    lambda keys: Participant.objects.select_related("study", "group").filter(key__in=keys).order_by("id")
)
_sources = Prepared(lambda keys: Source.objects.select_related("study").filter(key__in=keys).order_by("id"))


def ref(*, study: Study, gid: str) -> str:
    """What the keys of somebody's part are made over."""
    return ref_of(sid=study.public_id, gid=gid)


def ref_of(*, sid: str, gid: str) -> str:
    """The same, from a study's public id."""
    return f"{sid}|{gid}"


def participants(*, gid: str, key_of: KeyOf) -> Sequence[Participant]:
    """One's own parts here, as far as answers go, also those that are over."""
    return _participants(keys=[key_of(PARTICIPANT, ref_of(sid=sid, gid=gid)) for sid in _sids(gid=gid)])


def sources(*, gid: str, key_of: KeyOf) -> Sequence[Source]:
    """One's own parts here, as far as activity and messages go."""
    return _sources(keys=[key_of(SOURCE, ref_of(sid=sid, gid=gid)) for sid in _sids(gid=gid)])


def title(study: Study) -> str:
    """What a study is called in plain words."""
    return str(study.draft.get("plain_title", ""))


def answers(*, participant: Participant) -> Iterator[dict[str, Any]]:
    """Everything somebody answered, for themselves, in the words that they read."""
    rows = Response.objects.select_related("task__wave").filter(task__participant=participant)
    for row in rows.order_by("study_day", "instrument", "item"):
        text = row.sealed and sealed.unseal(
            study=participant.study, sealed=bytes(row.sealed), place=place_of(participant.pid, row)
        )
        question, answer = instruments.in_words(row=row)
        yield {
            "day of the study": row.study_day,
            "question": question,
            "answer": text.decode() if text else answer,
        }


def place_of(pid: str, row: Response | Given) -> str:
    """What a free answer is sealed for: the same question in another round is another place."""
    return f"answer|{pid}|{row.task_id}|{row.instrument}|{row.item}"
