"""What a policy of research looks at: somebody's place in one study."""

from __future__ import annotations

from dataclasses import dataclass

from research.enums import StudyRole, StudyState
from research.models import Colleague, Study


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody's place in one study, for one request, signed in with a second factor. Policies take this."""

    study: Study
    colleague: Colleague

    @property
    def is_lead(self) -> bool:
        """Whether this is a lead researcher."""
        return self.colleague.role == StudyRole.LEAD

    @property
    def sees_versions(self) -> bool:
        """Whether they may know which version is which. An analyst may once the study is over."""
        return self.colleague.role != StudyRole.ANALYST or self.study.state == StudyState.CLOSED
