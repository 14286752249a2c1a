"""What people are told before they say yes: built from a study's settings, in words that a form can be made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from research.enums import Item, LawfulBasis, SpecialBasis

LAW = ("ethics_body", "ethics_ref", "controller", "officer", "purposes", "transfers")


def body(*, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The text of a consent document: title, about, items, checks, and the small print. All of it is in its digest."""
    return {
        "title": settings["plain_title"],
        "about": [{"question": question, "answer": answer} for question, answer in _about(settings)],
        "items": {str(item): _items()[item] for item in Item if item in _asked(settings)},
        "checks": _checks(),
        "law": {
            **{key: settings[key] for key in LAW},
            "lawful_basis": _label(LawfulBasis, settings["lawful_basis"]),
            "special_basis": _label(SpecialBasis, settings["special_basis"]),
        },
        "contact": settings["contact"],
        "complaints": settings["complaints"],
        "retention_months": settings["retention_months"],
        "joins": bool(settings.get("joins")),
        "outside": list(settings.get("outside", [])),
    }


def _label(kind: type[LawfulBasis | SpecialBasis], value: str) -> str:
    return str(kind(value).label) if value in kind.values else value


def _asked(settings: Mapping[str, Any]) -> set[str]:
    """The items of a study. Whether answers and messages go together is asked where it has both."""
    asked = {str(item) for item in settings["items"]} - {Item.LINK}
    has_both = Item.SURVEYS in asked and asked & {Item.ACTIVITY, Item.POSTS}
    return asked | ({str(Item.LINK)} if has_both else set())


def _about(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    stop = _("Leave at any time, in two taps. You need no reason. You stay in this group.")
    own = settings.get("how_to_stop", "")
    return [
        (_("Who asks?"), settings["who"]),
        (_("Why?"), settings["why"]),
        (_("What do they read?"), reads(settings)),
        (_("What do they never get?"), settings["never_gets"]),
        (_("Who else gets it?"), f"{settings.get('recipients', '')} {_others(settings)}".strip()),
        (_("What could be hard, and what good may come of it?"), settings["risks"]),
        (_("How do you stop?"), f"{stop} {own}".strip()),
    ]


def reads(settings: Mapping[str, Any]) -> str:
    """What the team reads: its own words, then a sentence for each thing asked for, so that none is left out."""
    each = _each_read()
    asked = [each[item] for item in Item if item in each and item in _asked(settings)]
    only = [_("They read only what you say yes to:"), *asked] if asked else []
    more = [said for key, said in _also().items() if settings.get(key)]
    return " ".join([settings["reads"], *only, *more]).strip()


def _each_read() -> dict[Item, str]:
    return {
        Item.SURVEYS: _("Your answers to questions."),
        Item.ACTIVITY: _("How often you write."),
        Item.POSTS: _("What you write under your name here."),
        Item.ALIAS_POSTS: _("What you write under one-thread names."),
        Item.QUOTES: _("Words of yours that they ask you to quote."),
    }


def _others(settings: Mapping[str, Any]) -> str:
    """What leaves for others, as files are made: `selectors/outside.py` keeps to it."""
    totals = _("Anyone may get totals. They show no single person.")
    if not settings.get("outside"):
        return " ".join([_("Nobody outside the team gets a file about single people."), totals])
    only = _("A file about single people may go to: %(names)s. Nobody else outside the team gets one.")
    how = _("In it you have a new number. It has no days and no messages, and it is made less exact first.")
    quotes = _("It may hold quotes that you said yes to.") if Item.QUOTES in settings["items"] else ""
    said = [only % {"names": ", ".join(settings["outside"])}, how, quotes, totals]
    return " ".join(filter(None, said))


def _also() -> dict[str, str]:
    """What else the team has, to everybody alike."""
    room = _(
        "The study has a room here. You need not go in. Whoever writes there is seen by the others who take part, and "
        "by the team. Nobody else can look in. The moderators read what is reported there."
    )
    return {"field_notes": _("They keep notes, only about those who take part."), "rooms": room}


def _items() -> dict[Item, str]:
    """What a yes to each item means."""
    return {
        Item.SURVEYS: _("Answer some questions now and then. You can skip any of them."),
        Item.ACTIVITY: _("Let them count how often you write here. They do not see what you write."),
        Item.POSTS: _(
            "Let them read what you write under your name here. So they know that this name takes part. "
            "It begins within a week, not before."
        ),
        Item.ALIAS_POSTS: _(
            "Let them read what you write under one-thread names too. Each name stays apart from the rest. It begins a "
            "week after nobody new can join the study. They get it when the study is over. If fewer than ten of you "
            "wrote like that, they get none. People here who see it may guess that the writer is one of those who said "
            "yes."
        ),
        Item.QUOTES: _("Let them ask you if they may quote you. Each time, you can say no."),
        Item.LINK: _(
            "Let them put your answers and your messages side by side. If not, they cannot tell that both are yours."
        ),
    }


def _checks() -> list[dict[str, Any]]:
    return [
        {
            "question": _("What happens here if you say no?"),
            "options": [_("Nothing. All stays as it is."), _("I have to leave the group.")],
            "right": 0,
            "because": _("Nothing changes if you say no. Nobody in the group can see what you chose."),
        },
        {
            "question": _("Can you leave the study later?"),
            "options": [_("Only if I say why."), _("Yes, at any time.")],
            "right": 1,
            "because": _("You can leave at any time. You do not have to say why."),
        },
    ]
