"""What a study may do now, whoever asks. It is asked each time, so that a pause holds at once."""

from __future__ import annotations

from core import clock
from research.enums import Agreement, StudyState
from research.models import Study, StudyGroup

OPEN = frozenset({StudyState.INVITING, StudyState.RUNNING})


def is_on(study: Study) -> bool:
    """Whether questions may be answered and messages be read: open or running, and not paused."""
    return study.state in OPEN and not study.is_paused


def takes_people(study: Study) -> bool:
    """Whether somebody new can say yes: never after the last day of its ethics approval."""
    is_covered = study.ethics_until is not None and study.ethics_until >= clock.today()
    return study.state == StudyState.INVITING and not study.is_paused and is_covered


def is_on_in(host: StudyGroup) -> bool:
    """`is_on`, in one group: its lead said yes and did not take it back."""
    return host.state == Agreement.AGREED and is_on(host.study)


def takes_people_in(host: StudyGroup) -> bool:
    """`takes_people`, in one group."""
    return host.state == Agreement.AGREED and takes_people(host.study)
