"""The settings of a study: what they hold, what is missing, and what of them never changes once approved.

Dates are ISO strings: the settings are JSON, frozen in a protocol version.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import clock
from research import digests
from research.enums import Item, Unit

NEGATIVE = "bad_moments"  # the instrument without which no study opens
MOST_ARMS, MOST_WAVES = 4, 12
ENOUGH_NAMES = 10  # people in a group who say yes to one-thread names and write so, before any of them leave

EMPTY: dict[str, Any] = {
    "title": "", "plain_title": "", "question": "", "why": "", "who": "", "reads": "", "never_gets": "",
    "how_to_stop": "", "funding": "", "interests": "", "purposes": [], "risks": "", "thanks": "", "analysis": "",
    "ethics_body": "", "ethics_ref": "", "approved_on": "", "expires_on": "", "lawful_basis": "", "special_basis": "",
    "controller": "", "contact": "", "officer": "", "recipients": "", "outside": [], "transfers": "", "complaints": "",
    "retention_months": 0,
    "groups": [], "unit": "person", "joins": False, "pairs": [], "aim": 0,
    "items": [], "waves": [], "field_notes": False, "rooms": False,
    "arms": [],
    "harm": {"contact": "", "plan": "", "watchers": "", "stop_rules": [], "go_on_rules": []},
}  # fmt: skip

# What was given out, or would have to be, by the first approval: a change of it is another study.
FIXED = ("unit", "joins", "groups", "pairs", "arms", "waves")
# A change here touches what people and groups said yes to: they are asked again, whatever the team calls it.
MATERIAL = (
    "purposes", "reads", "never_gets", "risks", "thanks", "items", "field_notes", "rooms", "retention_months",
    "controller", "recipients", "outside", "transfers", "lawful_basis", "special_basis", "aim",
)  # fmt: skip


# What each set-up page holds.
PARTS: dict[str, tuple[str, ...]] = {
    "why": (
        "title", "plain_title", "question", "why", "who", "reads", "never_gets", "how_to_stop", "funding", "interests",
        "purposes", "risks", "thanks", "analysis",
    ),
    "law": (
        "ethics_body", "ethics_ref", "approved_on", "expires_on", "lawful_basis", "special_basis", "controller",
        "contact", "officer", "recipients", "outside", "transfers", "complaints",
    ),
    "where": ("groups", "unit", "joins", "pairs", "aim"),
    "asked": ("items", "waves", "field_notes", "rooms", "retention_months"),
    "versions": ("arms",),
    "harm": ("harm",),
}  # fmt: skip
PAGES = tuple(PARTS)


def mark(draft: Mapping[str, Any], page: str) -> str:
    """What a page's part of the settings is known by: its form carries it, to see whether somebody saved since."""
    given = whole(draft)
    return digests.digest({key: given[key] for key in PARTS[page]})


def whole(draft: Mapping[str, Any]) -> dict[str, Any]:
    """All settings, with nothing where nothing was said yet."""
    found = copy.deepcopy(EMPTY)
    found.update(copy.deepcopy({key: value for key, value in draft.items() if key in EMPTY}))
    found["harm"] = EMPTY["harm"] | found["harm"]
    return found


def standing(draft: Mapping[str, Any], fixed: Mapping[str, Any] | None) -> dict[str, Any]:
    """All settings of a draft; once a version is fixed, with what of it stays for good."""
    return whole(draft) | ({key: whole(fixed)[key] for key in FIXED} if fixed is not None else {})


def changed(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys that are not as they were."""
    old, new = whole(before), whole(after)
    return [key for key in EMPTY if old[key] != new[key]]


def is_material(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change touches what people said yes to."""
    return bool(set(changed(before=before, after=after)) & set(MATERIAL))


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that a study cannot do without: the page, and what it is called among the gaps of that page. `at`: the
    field where it is filled, unless that is the same for each gap of this kind."""

    page: str
    what: str
    at: str = ""

    @property
    def field(self) -> str:
        """The field of the page where it is filled."""
        return self.at or MENDED_AT.get(self.what, self.what)


MENDED_AT = {
    "approved_later": "approved_on", "expired": "expires_on", "pairs": "groups", "waves": "week_0", "surveys": "items",
    "posts_to_quote": "items", "notes_for_rooms": "field_notes", "two_versions": "title_A", "one_version": "title_A",
    "same_name": "title_B", "same_settings": "one_thread_B",
    "harm_contact": "contact", "stop_rules": "stop_serious", "stops_never": "stop_serious", "go_on_rules": "go_yes",
    "negative": "week_0", "names_never": "aim",
}  # fmt: skip


NEEDED = {
    "why": (
        "title", "plain_title", "question", "why", "who", "reads", "never_gets", "purposes", "risks", "thanks",
        "analysis",
    ),
    "law": (
        "ethics_body", "ethics_ref", "approved_on", "expires_on", "lawful_basis", "special_basis", "controller",
        "contact", "officer", "recipients", "transfers", "complaints",
    ),
    "where": ("groups", "aim"),
    "asked": ("items", "retention_months"),
}  # fmt: skip


def missing(draft: Mapping[str, Any], *, is_first: bool = True) -> list[Gap]:
    """What has to be there before an approval can be noted, page by page. Empty: nothing is missing. After the first
    approval the versions stay as they were."""
    given = whole(draft)
    found = [Gap(page=page, what=key) for page, keys in NEEDED.items() for key in keys if not given[key]]
    found += [Gap(page="law", what=what) for what in [*_dates(given), *_outside(given)]]
    found += [Gap(page="where", what=what) for what in _where(given)]
    found += [Gap(page="asked", what=what) for what in _asked(given)]
    found += [Gap(page="versions", what=what) for what in _versions(given)]
    found += [
        Gap(page="versions", what=what, at=f"{field}_{code}") for what, field, code in _same(given["arms"])
    ]
    found += missing_of_harm(given) + [Gap(page="harm", what=what) for what in _rules(given)]
    return [gap for gap in found if is_first or gap.page != "versions"]


def missing_of_harm(given: Mapping[str, Any]) -> list[Gap]:
    """What has to be there before anybody can be asked: whom to turn to, a plan, rules, and the questions about bad
    experiences among the rounds."""
    harm = given["harm"]
    needed = {
        "contact": "harm_contact",
        "plan": "plan",
        "stop_rules": "stop_rules",
        "go_on_rules": "go_on_rules",
    }
    found = [what for key, what in needed.items() if not harm.get(key)]
    asked = {code for wave in given["waves"] for code, _version in wave["instruments"]}
    if NEGATIVE not in asked or Item.SURVEYS not in given["items"]:
        return [*(Gap(page="harm", what=what) for what in found), Gap(page="asked", what="negative")]
    return [Gap(page="harm", what=what) for what in found]


def _rules(given: Mapping[str, Any]) -> list[str]:
    """A rule that as many as are hoped for would not meet stops nothing."""
    people = given["aim"] * len(given["groups"])
    highest = max((rule["more_than"] for rule in given["harm"]["stop_rules"]), default=0)
    return ["stops_never"] if people and highest >= people else []


def days(given: Mapping[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """From when and to when the ethics approval lasts."""
    first, last = (_day(given[key]) for key in ("approved_on", "expires_on"))
    return first, last


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _dates(given: Mapping[str, Any]) -> list[str]:
    first, last = days(given)
    found = ["approved_later"] if first and first > clock.today() else []
    return found + (["expired"] if last and last < clock.today() else [])


def _outside(given: Mapping[str, Any]) -> list[str]:
    """Whoever may have a file is named where people read who else gets data."""
    if not given["outside"]:
        return []
    said = given["recipients"].casefold()
    is_said = all(name.casefold() in said for name in given["outside"])
    return [*([] if is_said else ["outside_said"]), *(["outside_joins"] if given["joins"] else [])]


def _where(given: Mapping[str, Any]) -> list[str]:
    few = Item.ALIAS_POSTS in given["items"] and 0 < given["aim"] < ENOUGH_NAMES
    return [*_pairs(given), *(["names_never"] if few else [])]


def _pairs(given: Mapping[str, Any]) -> list[str]:
    if given["unit"] != Unit.GROUP:
        return []
    paired = [gid for pair in given["pairs"] for gid in pair]
    is_whole = len(paired) == len(set(paired)) and set(paired) == set(given["groups"])
    return [] if paired and is_whole else ["pairs"]


def _asked(given: Mapping[str, Any]) -> list[str]:
    items, found = set(given["items"]), []
    if Item.SURVEYS in items and not given["waves"]:
        found.append("waves")
    if given["waves"] and Item.SURVEYS not in items:
        found.append("surveys")
    if Item.QUOTES in items and Item.POSTS not in items:  # no file or page quotes a one-thread name
        found.append("posts_to_quote")
    if given["rooms"] and not given["field_notes"]:
        found.append("notes_for_rooms")
    return found


def _versions(given: Mapping[str, Any]) -> list[str]:
    count = len(given["arms"])
    if given["unit"] == Unit.GROUP and count != 2:
        return ["two_versions"]
    return ["one_version"] if count == 1 else []


def _same(arms: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Two versions that nobody could tell apart compare nothing: what is the same, and the field of the second."""
    found = []
    for nth, arm in enumerate(arms):
        before = arms[:nth]
        if arm["title"].casefold() in [one["title"].casefold() for one in before]:
            found.append(("same_name", "title", arm["code"]))
        if arm["policy"] in [one["policy"] for one in before]:
            found.append(("same_settings", "one_thread", arm["code"]))
    return found
