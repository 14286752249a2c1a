"""What the papers of a study say of its files: each sentence is that of a rule in the code, with its own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from research.actions.exports import LASTS
from research.consent_text import in_a_row
from research.enums import Item
from research.files.recipient import K
from research.release import suppress
from research.selectors import once
from research.selectors.sheets import FLOOR


def sentences(settings: Mapping[str, Any]) -> list[str]:
    """How data leaves a study with these settings, in order."""
    return list(_sentences(settings, set(settings["items"])))


def _sentences(settings: Mapping[str, Any], items: set[str]) -> Iterator[str]:
    yield _(
        "Data leaves in files alone. A researcher asks for one, a program checks it, and a second person of the team "
        "lets it go. It can be fetched for %(n)s days. Kith keeps no copy and makes it anew each time."
    ) % {"n": LASTS.days}
    yield _(
        "A file for the team holds what people said yes to, and tells rounds and weeks, never days. Whoever is in a "
        "group can find words of it there."
    )
    if Item.SURVEYS in items:
        yield _("Answers of fewer than %(n)s people are in no file.") % {"n": FLOOR}
    if items & {Item.POSTS, Item.ALIAS_POSTS}:
        yield _(
            "A program takes names and ways to reach somebody out of messages. Then a researcher reads each of them."
        )
    if Item.ALIAS_POSTS in items:
        yield from _one_thread_names()
    yield from _outside(settings["outside"])
    yield _("Totals of rounds that are over may go to anyone. Nothing under %(n)s is shown in them.") % {
        "n": suppress.FLOOR
    }
    yield _(
        "Members read on the study's page that a file left. Who is in one sees that, and their number in it, on a "
        "page of their own."
    )
    yield _(
        "Who leaves and wants nothing used, or all deleted, is in no file from then on. Whoever holds an older one is "
        "told to take their number out."
    )


def _one_thread_names() -> Iterator[str]:
    yield _(
        "One-thread names are read on the same days for everyone: from %(days)s days after nobody new comes in until "
        "the study is over, or asks everyone again. They are in a file for the team alone, once it is over. Each has a "
        "number of its own. Nothing says whose it is, or which two are one person's."
    ) % {"days": once.WAIT.days}
    yield _(
        "Those of a group leave together, or none does: %(n)s people who said yes have to write so, and %(n)s others "
        "have to write. They also go together. Once a file with them was asked for, one person who wants theirs back "
        "takes out all of the group."
    ) % {"n": once.ENOUGH}


def _outside(names: list[str]) -> Iterator[str]:
    if not names:
        yield _("No file about single people goes outside the team. The program refuses it.")
        return
    yield _("A file about single people may go to: %(names)s. The program refuses anybody else.") % {
        "names": in_a_row(names)
    }
    yield _(
        "Such a file has new numbers, rounds and no days, no messages and no free answers. It is made less exact until "
        "%(n)s people or more look alike. Only who read that name before they said yes is in it."
    ) % {"n": K}
