"""What waits for a look, as the team may read it."""

from __future__ import annotations

from dataclasses import replace

from community.models import Group
from moderation.presenters.masking import masks_in
from moderation.selectors.held import Waiting


def without_names(group: Group, one: Waiting) -> Waiting:
    """A message without names and without ways to reach somebody."""
    draft = one.draft
    see = masks_in(group, texts=[draft.title, draft.text, *draft.why, *(line.text for line in draft.context)])
    seen = replace(
        draft,
        title=see(draft.title),
        text=see(draft.text),
        why=tuple(map(see, draft.why)),
        context=tuple(replace(line, text=see(line.text)) for line in draft.context),
    )
    return replace(one, draft=seen)
