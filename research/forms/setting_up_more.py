"""Where a study runs, what it asks, its versions, and what it does about harm: the other four pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from community.errors import MayNot
from community.name_settings import settings as name_settings
from community.selectors import names
from research import protocols
from research.actions import studies
from research.enums import Item, Unit
from research.forms.setting_up import PICK, Page, area, line, number, pick
from research.selectors import hosting, instruments, measures

SAME = ("", _("As the group has it"))


class WhereForm(Page):
    """Groups, and whether whole groups or single people get a version."""

    page = "research/set_up_where.html"
    optional = frozenset({"joins"})
    fixed = ("groups", "unit", "joins", "pair_")
    groups = area(
        _("Groups"),
        _(
            "One on each line: the address of its page, or its number. A hidden group has to let you ask first."
        ),
        rows=6,
    )
    unit = pick(
        _("Who gets a version of the settings?"), Unit.choices,
        _("If nothing is compared, leave this as it is. It changes nothing then."),
    )  # fmt: skip
    aim = number(_("How many people do you hope for in each group?"), most=1000)
    joins = forms.BooleanField(
        label=_("Someone in several of these groups may join up their parts"),
        help_text=_("Only by an act of theirs in each group, after they were told so."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.let_ask = hosting.that_let_ask(self.desk.study)
        self.known = hosting.known_groups(
            self.desk.study, gids=[*self.settings["groups"], *self._sent_pairs()]
        )
        most = len(self.known) // 2
        numbers = [("", _("In no pair")), *((str(nth), str(nth)) for nth in range(1, most + 1))]
        for gid, group in self.known.items() if most else ():
            self.fields[f"pair_{gid}"] = forms.ChoiceField(
                label=group.name,
                choices=numbers,
                required=False,
                initial=self._number_of(gid),
                error_messages=PICK,
            )

    def initial_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Groups stand on lines."""
        found = super().initial_of(settings) | {"groups": "\n".join(settings["groups"])}
        return found | {"aim": settings["aim"] or None}

    def pair_fields(self) -> list[forms.BoundField]:
        """The pair of each group."""
        return [self[name] for name in self.fields if name.startswith("pair_")]

    def clean_groups(self) -> list[str]:
        """The numbers of groups that may be asked."""
        if self.is_fixed:
            return list(self.settings["groups"])
        gids = [part for row in self.cleaned_data["groups"].splitlines() if (part := _gid(row))]
        known = hosting.known_groups(self.desk.study, gids=gids)
        for gid in gids:
            if gid not in known:
                self.add_error("groups", _("There is no group that you can ask at: %(line)s") % {"line": gid})
        for reason in hosting.without_room(self.desk.study, gids=gids):
            self.add_error("groups", _("%(reason)s Pick another group, or wait.") % {"reason": reason})
        return list(dict.fromkeys(gids))

    def given(self) -> dict[str, Any]:
        """Pairs are groups with the same number."""
        found = {key: self.cleaned_data[key] for key in ("groups", "joins")}
        pairs: dict[str, list[str]] = {}
        for gid in found["groups"]:
            if chosen := self.cleaned_data.get(f"pair_{gid}"):
                pairs.setdefault(chosen, []).append(gid)
        return found | {
            "unit": self.cleaned_data["unit"] or Unit.PERSON,
            "aim": self.cleaned_data["aim"] or 0,
            "pairs": [pairs[key] for key in sorted(pairs, key=int) if len(pairs[key]) == 2],
        }

    def clean(self) -> dict[str, Any]:
        """Two groups to a pair."""
        found = super().clean() or {}
        chosen = [found[name] for name in found if name.startswith("pair_") and found[name]]
        for name in [name for name in found if name.startswith("pair_") and chosen.count(found[name]) > 2]:
            self.add_error(name, _("Two groups make a pair. Pick another number."))
        return found

    def _sent_pairs(self) -> list[str]:
        return [name.removeprefix("pair_") for name in self.data if name.startswith("pair_")]

    def _number_of(self, gid: str) -> str:
        return next((str(n) for n, pair in enumerate(self.settings["pairs"], 1) if gid in pair), "")


def _gid(row: str) -> str:
    """The number of a group out of the address of its page."""
    parts = [part for part in row.strip().split("/") if part]
    return parts[parts.index("g") + 1] if "g" in parts[:-1] else "".join(parts[:1])


class AskedForm(Page):
    """What people are asked, what is kept, and for how long."""

    page = "research/set_up_asked.html"
    optional = frozenset({"field_notes", "rooms"})
    fixed = ("week_", "days_", "sets_")
    items = forms.MultipleChoiceField(
        label=_("What are people asked for?"),
        help_text=_("They say yes or no to each by itself."),
        choices=[(code, capfirst(asks)) for code, asks in Item.choices if code != Item.LINK],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=PICK,
    )
    field_notes = forms.BooleanField(
        label=_("The team keeps notes of what it sees"), required=False,
        help_text=_("Sealed, and only about people who take part."),
    )  # fmt: skip
    rooms = forms.BooleanField(
        label=_("The study has a room in each group"), required=False,
        help_text=_(
            "Those who take part there talk with the team. Nothing of it goes into a file. It needs notes, too."
        ),
    )  # fmt: skip
    retention_months = number(
        _("For how many months is the data kept?"),
        _("From the end of the study. A month is 30 days here. Kith then deletes it by itself."),
        most=600,
        least=1,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sets = [
            (f"{one.code} {one.version}", one.title) for one in instruments.known() if one.status != "stub"
        ]
        waves = sorted(self.settings["waves"], key=lambda wave: int(wave["week"]))
        sent = self.sent("week", range(protocols.MOST_WAVES))
        offered = len(waves) if self.is_fixed else max(len(waves) + 1, 2)
        self.rows = min(max(offered, sent), protocols.MOST_WAVES)
        for nth in range(self.rows):
            wave = waves[nth] if nth < len(waves) else {"week": None, "open_days": 14, "instruments": []}
            self.fields[f"week_{nth}"] = number(
                _("Week of somebody's part"),
                _("0 is the week in which they say yes. Leave it empty for no round."),
                most=260,
            )
            self.fields[f"days_{nth}"] = number(_("Open for how many days"), most=90, least=1)
            self.fields[f"sets_{nth}"] = forms.MultipleChoiceField(
                label=_("Questions"), choices=sets, required=False, widget=forms.CheckboxSelectMultiple,
                error_messages=PICK,
            )  # fmt: skip
            self.initial[f"week_{nth}"], self.initial[f"days_{nth}"] = wave["week"], wave["open_days"]
            self.initial[f"sets_{nth}"] = [" ".join(pair) for pair in wave["instruments"]]
        self.initial["retention_months"] = self.settings["retention_months"] or None

    def rounds(self) -> Iterator[Sequence[forms.BoundField]]:
        """The fields of each round."""
        for nth in range(self.rows):
            yield [self[f"{name}_{nth}"] for name in ("week", "days", "sets")]

    def words_of(self, name: str) -> str:
        """Where no round is, its days are nothing, too."""
        kind, _sep, row = name.partition("_")
        is_none = kind == "days" and self[f"week_{row}"].value() in (None, "")
        return "" if is_none else super().words_of(name)

    def row_of(self, name: str) -> str:
        """Rounds stand in the order of their weeks: half of one would be put to another."""
        kind, _sep, row = name.rpartition("_")
        return f"round {row}" if kind in {"week", "days", "sets"} else name

    def clean(self) -> dict[str, Any]:
        """No two rounds open in one week."""
        found = super().clean() or {}
        weeks = [found.get(f"week_{nth}") for nth in range(self.rows)]
        for nth, week in enumerate(weeks):
            if week is not None and week in weeks[:nth]:
                self.add_error(f"week_{nth}", _("Another round opens in this week already."))
        return found

    def given(self) -> dict[str, Any]:
        """Rounds in the order of their weeks."""
        said = self.cleaned_data
        waves = [
            {
                "week": said[f"week_{nth}"], "open_days": said[f"days_{nth}"] or 14,
                "instruments": [one.split(" ", 1) for one in said[f"sets_{nth}"]],
            }
            for nth in range(self.rows) if said[f"week_{nth}"] is not None
        ]  # fmt: skip
        waves.sort(key=lambda wave: wave["week"])
        found = {key: said[key] for key in ("items", "field_notes", "rooms")}
        return found | {
            "retention_months": said["retention_months"] or 0,
            "waves": [{"number": nth} | wave for nth, wave in enumerate(waves, start=1)],
        }


class VersionsForm(Page):
    """Versions: each is the group's own setting with changes. The floor of privacy is asked before they are kept."""

    page = "research/set_up_versions.html"
    fixed = ("",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arms = self.settings["arms"]
        offered = len(arms) if self.is_fixed else max(len(arms) + 1, 2)
        self.letters = "ABCD"[: min(max(offered, self.sent("title", "ABCD")), protocols.MOST_ARMS)]
        self.kinds = names.kinds()
        for nth, letter in enumerate(self.letters):
            arm = arms[nth] if nth < len(arms) else {"title": "", "policy": {}, "weight": 1}
            self._add(letter, arm)

    def _add(self, letter: str, arm: Mapping[str, Any]) -> None:
        policy = dict(arm["policy"])
        if "rhythm" in policy:
            policy["rhythm"] = "yes" if policy["rhythm"] else "no"
        self.fields[f"title_{letter}"] = line(
            _("What it is called"), _("Leave it empty for no such version."), most=80
        )
        self.fields[f"weight_{letter}"] = number(
            _("How often it is given"),
            _("1 for each: all are given as often as each other."),
            most=5,
            least=1,
        )
        self.initial.update({f"title_{letter}": arm["title"], f"weight_{letter}": arm["weight"]})
        for key, setting in name_settings().items():
            choices = [SAME, *((choice.value, choice.title) for choice in setting.choices)]
            if key != "fact_kinds":
                self.fields[f"{key}_{letter}"] = _select(setting.title, choices)
                self.initial[f"{key}_{letter}"] = policy.get(key, "")
                continue
            for kind, called in self.kinds.items():
                self.fields[f"asks_{kind}_{letter}"] = _select(called, choices)
                self.initial[f"asks_{kind}_{letter}"] = policy.get("asks", {}).get(kind, "")

    def versions(self) -> Iterator[tuple[str, Sequence[forms.BoundField], Sequence[forms.BoundField]]]:
        """Letter, settings, and what is told about oneself, of each version."""
        for letter in self.letters:
            own = [self[name] for name in self.fields if name.endswith(f"_{letter}")]
            about = [field for field in own if field.name.startswith("asks_")]
            yield letter, [field for field in own if field not in about], about

    def given(self) -> dict[str, Any]:
        """The versions that have a title, in the order of their letters."""
        said = self.cleaned_data
        return {
            "arms": [
                {
                    "code": letter, "title": said[f"title_{letter}"], "policy": self._policy(letter),
                    "weight": said[f"weight_{letter}"] or 1,
                }
                for letter in self.letters if said[f"title_{letter}"]
            ]
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """No version is less private than a group is now."""
        found = super().clean() or {}
        if self.errors or self.is_fixed:
            return found
        self.cleaned_data = found
        for arm in self.given()["arms"]:
            try:
                studies.require_floor(study=self.desk.study, settings=self.settings, policy=arm["policy"])
            except MayNot as refusal:
                self.add_error(f"title_{arm['code']}", refusal.reason)
        return found

    def _policy(self, letter: str) -> dict[str, Any]:
        said = self.cleaned_data
        found: dict[str, Any] = {
            key: said[f"{key}_{letter}"]
            for key in name_settings() if key != "fact_kinds" and said[f"{key}_{letter}"]
        }  # fmt: skip
        if "rhythm" in found:
            found["rhythm"] = found["rhythm"] == "yes"
        asks = {kind: said[f"asks_{kind}_{letter}"] for kind in self.kinds if said[f"asks_{kind}_{letter}"]}
        return found | ({"asks": asks} if asks else {})


def _select(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, error_messages=PICK)


class HarmForm(Page):
    """Whom to turn to, what is done, and the rules by which the study stops or goes on."""

    page = "research/set_up_harm.html"
    optional = frozenset({"watchers"})
    contact = area(
        _("Whom does someone turn to if it goes badly?"),
        _("A person of the team with a phone number, and when they can be reached."), rows=2,
    )  # fmt: skip
    plan = area(
        _("What do you do then?"),
        _("Who is told, who acts, within what time. What people are offered."), rows=6, most=4000,
    )  # fmt: skip
    watchers = area(
        _("Who else watches over the data and over harm?"),
        _("Someone outside the team: who, how often, and what they may decide. Or say why nobody does."), rows=3,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        harm = self.settings["harm"]
        limits = {rule["measure"]: rule["more_than"] for rule in harm["stop_rules"]}
        wanted = {rule["measure"]: rule["at_least"] for rule in harm["go_on_rules"]}
        for key, measure in measures.STOP.items():
            self.fields[f"stop_{key}"] = number(
                _("Stop at more than this many: %s") % measure.title, most=1000
            )
            self.initial[f"stop_{key}"] = limits.get(key)
        for key, measure in measures.GO_ON.items():
            self.fields[f"go_{key}"] = number(
                _("At least this percent %s") % measure.title, most=100, least=1
            )
            self.initial[f"go_{key}"] = wanted.get(key)

    def initial_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """From the part of the settings that is about harm."""
        return {key: settings["harm"][key] for key in ("contact", "plan", "watchers")}

    def rules(self, kind: str) -> list[forms.BoundField]:
        """The rules that stop, or go on."""
        return [self[name] for name in self.fields if name.startswith(f"{kind}_")]

    def stop_fields(self) -> list[forms.BoundField]:
        """The rules that stop the study."""
        return self.rules("stop")

    def go_fields(self) -> list[forms.BoundField]:
        """The rules for going on."""
        return self.rules("go")

    def given(self) -> dict[str, Any]:
        """The rules that have a number."""
        said = self.cleaned_data
        stop = [(key, said[f"stop_{key}"]) for key in measures.STOP if said[f"stop_{key}"] is not None]
        go_on = [(key, said[f"go_{key}"]) for key in measures.GO_ON if said[f"go_{key}"] is not None]
        return {
            "harm": {
                "contact": said["contact"],
                "plan": said["plan"],
                "watchers": said["watchers"],
                "stop_rules": [{"measure": key, "more_than": count} for key, count in stop],
                "go_on_rules": [{"measure": key, "at_least": count} for key, count in go_on],
            }
        }
