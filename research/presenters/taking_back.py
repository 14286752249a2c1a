"""What becomes of one yes that is taken back: said before the press, on one's own page of a study."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from research.enums import Item
from research.selectors.consent import Own


def preview(own: Own, item: str, *, once_names: int, once_seen: bool, has_begun: bool) -> list[str]:
    """In sentences; none where there is no yes to take back. `once_names`: how many one-thread names of one's own the
    study can have; `once_seen`: whether a file with such names was asked for; `has_begun`: whether anything about one's
    messages could be used so far."""
    gone = own.goes_with(item) if own.takes_part else []
    if not gone:
        return []
    found = _each(_once(once_names, once_seen=once_seen), has_begun=has_begun)[Item(item)]
    if item == Item.POSTS and own.says_yes(Item.QUOTES):
        found = [*found, _("They have nothing to ask about for a quote then.")]
    if Item.LINK in gone[1:]:
        found = [*found, _("Your yes to put the two side by side goes with it.")]
    return [*found, _("The rest stays as you said it.")]


def taken_back(gone: Sequence[Item]) -> str:
    """The same once it is done."""
    if Item.LINK in gone[1:]:
        return _(
            "That yes is taken back. Your yes to put the two side by side went with it. "
            "The rest stays as you said it."
        )
    return _("That yes is taken back. The rest stays as you said it.")


def _once(names: int, *, once_seen: bool) -> str:
    if not names:
        return _("They get nothing that you wrote under one-thread names.")
    if not once_seen:
        return _("What you wrote under them goes at once. Nobody of the team has seen it.")
    return _(
        "All one-thread names of this group are taken out, not just yours. So nobody can see which were yours."
    )


def _each(once: str, *, has_begun: bool) -> dict[Item, list[str]]:
    until = _("It ends on a day by lot in the last week. What came before may be used.")
    if not has_begun:
        until = _("It had not begun, so nothing of it was used.")
    return {
        Item.SURVEYS: [_("No more questions come. Your answers up to yesterday may be used.")],
        Item.ACTIVITY: [_("They stop counting how often you write."), until],
        Item.POSTS: [_("They use no new message of yours."), until],
        Item.ALIAS_POSTS: [once],
        Item.QUOTES: [
            _("They ask you no more. A quote that you said yes to is gone, if it has not gone out yet.")
        ],
        Item.LINK: [_("They cannot put the two side by side in a new file. An old file still may.")],
    }
