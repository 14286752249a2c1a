"""What the team may tell somebody, for each act: a first wording, to be changed."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from moderation.acts import NOTE_BEGINS
from moderation.enums import Act

CARE = (
    "It sounds like today is very hard. You are not in trouble. You can keep talking here. "
    "You can also find help near you on the help page. You can write to us, too."
)


def suggest(act: Act, *, days: int | None, is_worry: bool = False) -> str:
    """A first wording for an act. The line of the promise, and how to ask for another look, stand beneath it in every
    note."""
    if act == Act.NOTHING:
        return ""
    if act == Act.NOTE:
        return gettext(CARE if is_worry else NOTE_BEGINS)
    return " ".join(filter(None, [_done(act), _until(days)]))


def _done(act: Act) -> str:
    return {
        Act.ASK_EDIT: gettext("Please change your message. Nobody else sees it until you do. Then it is back at once."),
        Act.HEADS_UP: gettext("We put a heads-up on your message. People can open it with one press."),
        Act.HIDE: gettext("We hid your message. Your words are kept."),
        Act.REMOVE: gettext("We took your message away."),
        Act.SLOW: gettext("For a while you can write one message an hour."),
        Act.CHECK_FIRST: gettext("For a while we read your messages before they appear."),
        Act.MUTE: gettext("You can read here, but not write for a while. We hid your message."),
        Act.BAN: gettext("You cannot come into this group for a while. We hid your message."),
        Act.SUSPEND: gettext("You cannot use this site for a while. We hid your message."),
    }[act]  # fmt: skip


def _until(days: int | None) -> str:
    if days is None:
        return ""
    words = ngettext("It holds for %(days)s day", "It holds for %(days)s days", days) % {"days": days}
    return gettext("%(words)s, or up to one more. Below stands by when it ends.") % {"words": words}
