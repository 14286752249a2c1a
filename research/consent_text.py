"""What people are told before they say yes: built from a study's settings, in words that a form can be made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from research.enums import Item, LawfulBasis, SpecialBasis, Unit

LAW = ("ethics_body", "ethics_ref", "controller", "officer", "purposes", "transfers")


def body(*, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The text of a consent document: title, about, items, checks, and the small print. All of it is in its digest."""
    return {
        "title": settings["plain_title"],
        "about": [{"question": question, "answer": answer} for question, answer in _about(settings)],
        "items": {str(item): text for item, text in _items(settings).items() if item in _asked(settings)},
        "checks": _checks(for_all=_compares(settings) and settings.get("unit") == Unit.GROUP),
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


def items_of(document: Mapping[str, Any]) -> dict[str, str]:
    """What a document asks, by code, in the order in which it is asked: PostgreSQL keeps its own, by length."""
    return {str(item): document["items"][item] for item in Item if item in document["items"]}


def _label(kind: type[LawfulBasis | SpecialBasis], value: str) -> str:
    return str(kind(value).label) if value in kind.values else value


def _asked(settings: Mapping[str, Any]) -> set[str]:
    """The items of a study. Whether answers go together with messages, or with how often somebody writes, is asked
    where it has both."""
    asked = {str(item) for item in settings["items"]} - {Item.LINK}
    has_both = Item.SURVEYS in asked and asked & {Item.ACTIVITY, Item.POSTS}
    return asked | ({str(Item.LINK)} if has_both else set())


def _about(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    stop = _(
        "Leave at any time, in two taps. You need no reason. You stay in this group. The counts of the team show it on "
        "a day by lot, within a week. A new file may lack what is yours at once. Who lays it beside an old one may see "
        "that someone left, and which number."
    )
    own = settings.get("how_to_stop", "")
    return [
        (_("Who asks?"), settings["who"]),
        (_("Why?"), settings["why"]),
        (_("What do they read?"), reads(settings)),
        (_("What do they never get?"), settings["never_gets"]),
        (_("Who else gets it?"), f"{settings.get('recipients', '')} {_others(settings)}".strip()),
        *_gains(settings),
        *_lots(settings),
        (_("What could be hard, and what good may come of it?"), settings["risks"]),
        (_("How do you stop?"), f"{stop} {own}".strip()),
    ]


def _gains(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who pays and what else could sway the team, as far as the team said it."""
    said = " ".join(filter(None, [settings.get("funding", ""), settings.get("interests", "")]))
    return [(_("Who pays for it, and who could gain?"), said)] if said else []


def _compares(settings: Mapping[str, Any]) -> bool:
    return len(settings.get("arms", [])) > 1


def _lots(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """That a lot gives out versions, to whom, and who is told which."""
    if not _compares(settings):
        return []
    told = _(
        "No. The study picks by lot which version of some settings you get. You cannot pick it. You are not told which "
        "one it is. It changes only pages that you alone see."
    )
    if settings.get("unit") == Unit.GROUP:
        told = _(
            "All here do, but not all groups. The study picks by lot which version of some settings a group gets. You "
            "cannot pick it. The page of the study says which one it is. If a lead of the group lets it begin, it "
            "holds for all here. So it holds for you too, whether you say yes or no."
        )
    return [(_("Does everyone get the same?"), told)]


def reads(settings: Mapping[str, Any]) -> str:
    """What the team reads: its own words, then a sentence for each thing asked for, so that none is left out."""
    each = _each_read()
    asked = [each[item] for item in Item if item in each and item in _asked(settings)]
    only = [_("They read only what you say yes to:"), *asked] if asked else []
    more = [said for key, said in _also().items() if settings.get(key)]
    return " ".join([settings["reads"], *only, *more]).strip()


def reads_of(body: Mapping[str, Any], *, own: str = "") -> str:
    """What the team reads, as a text says it that may have been fixed by an earlier Kith: its third answer; where it
    has none, the team's own words."""
    answers = [one["answer"] for one in body["about"]]
    return str(answers[2]) if len(answers) > 2 else own


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
    said = [only % {"names": in_a_row(settings["outside"])}, how, quotes, totals]
    return " ".join(filter(None, said))


def in_a_row(names: Iterable[str]) -> str:
    """Names at the end of a sentence, which brings its own full stop: the last may be "Example Ltd."."""
    return ", ".join(names).rstrip(". ")


def _also() -> dict[str, str]:
    """What else the team has, to everybody alike."""
    room = _(
        "The study has a room here. You need not go in. Whoever writes there is seen by the others who take part, and "
        "by the team. Nobody else can look in. The moderators read what is reported there."
    )
    return {"field_notes": _("They keep notes, only about those who take part."), "rooms": room}


def _items(settings: Mapping[str, Any]) -> dict[Item, str]:
    """What a yes to each item means. Nothing speaks of messages where none are read."""
    both = _("Let them put your answers and how often you write side by side.")
    if Item.POSTS in settings["items"]:
        both = _("Let them put your answers and your messages side by side.")
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
            "yes. If one of you takes it back once they asked for it, the names of all of you here are taken out. So "
            "nobody sees whose they were."
        ),
        Item.QUOTES: _(
            "Let them ask you if they may quote you. Each time, you can say no. They can ask only if you also let them "
            "read what you write under your name here."
        ),
        Item.LINK: f"{both} {_('If not, they cannot tell that both are yours.')}",
    }


def _checks(*, for_all: bool) -> list[dict[str, Any]]:
    """Two short questions. `for_all`: a version may hold for the whole group, whoever says no."""
    stays, because = _("Nothing. All stays as it is."), _("Nothing changes if you say no.")
    if for_all:
        stays = _("I stay in the group. The study uses nothing of mine.")
        because = _(
            "You stay here, and the study uses nothing of yours. A version for all here holds for you too."
        )
    return [
        {
            "question": _("What happens here if you say no?"),
            "options": [stays, _("I have to leave the group.")],
            "right": 0,
            "because": f"{because} {_('Nobody in the group can see what you chose.')}",
        },
        {
            "question": _("Can you leave the study later?"),
            "options": [_("Only if I say why."), _("Yes, at any time.")],
            "right": 1,
            "because": _("You can leave at any time. You do not have to say why."),
        },
    ]
