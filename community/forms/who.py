"""The rows of "Who can see what"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from community.enums import Audience
from community.forms.disclosures import WhoForm
from community.selectors.names import Policy


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of detail. `who` and `what` say in short who sees what of it, as it is picked now."""

    code: str
    name: str
    who: str
    what: str
    shows: bool
    is_changed: bool  # and not saved
    is_unclear: bool  # an answer that the kind does not know
    value: BoundField
    audience: BoundField
    level: BoundField
    answer: str  # the value the exactness was drawn for
    has_levels: bool
    drawn_anew: bool  # the exactness no longer fits what was picked
    is_prompted: bool
    comes_along: bool  # the answer is one for all of one's groups
    is_waiting: bool
    sees_still: str  # what a group that is behind sees
    would_see: str
    is_open: bool


def rows(form: WhoForm, *, policy: Policy, waiting: Collection[str], opened: str = "") -> list[Row]:
    """A row for each kind of the group. `opened` is one that somebody is busy with."""
    return [_row(form, code, policy=policy, waiting=waiting, opened=opened) for code in form.kinds]


def _row(form: WhoForm, code: str, *, policy: Policy, waiting: Collection[str], opened: str) -> Row:
    kind, steps = form.kinds[code], form.steps(code)
    detail = next((one for one in form.details() if one.kind == code), None)
    answer, is_behind = form.value(code), form.is_behind(code)
    prompted = policy.asks(code) == "prompted" and not answer and code not in form.stored
    old = kind.words(form.stored[code].path) if is_behind else ""
    new = form.nearest(code) if is_behind else None
    return Row(
        code=code,
        name=kind.name,
        who=_("Please check your answer")
        if form.is_unclear(code)
        else _who(detail.audience if detail else Audience.ONLY_ME, noted=bool(answer)),
        what=kind.words(detail.path) if detail else steps[-1].words if steps else "",
        shows=detail is not None,
        is_changed=detail != form.stored.get(code) or answer != form.noted.get(code, ""),
        is_unclear=form.is_unclear(code),
        value=form[f"value-{code}"],
        audience=form[f"who-{code}"],
        level=form[f"level-{code}"],
        answer=answer,
        has_levels=len(steps) + is_behind > 1,
        drawn_anew=form.picked("for", code, answer) != answer,
        is_prompted=prompted,
        comes_along=not kind.per_group,
        is_waiting=code in waiting,
        sees_still=old,
        would_see=kind.words(new.path) if new else "",
        is_open=is_behind or code == opened or f"value-{code}" in form.errors,
    )


def _who(audience: Audience, *, noted: bool) -> str:
    if audience == Audience.GROUP:
        return _("Everyone here")
    if audience == Audience.MODERATORS:
        return _("Moderators")
    return _("Only you") if noted else _("Not noted")
