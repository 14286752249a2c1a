"""Choosing a name and a picture in one group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from community import avatars, handles
from community.avatars import Tile
from core import text
from core.forms import Form

OFFERED = 6


class NameForm(Form):
    """Six names and six pictures to pick from, or a name of one's own.

    What was on offer stays so when the page comes back with something to look at again: others come where they are
    asked for. `is_own_elsewhere` and `names_the_account` are answered in the person's own request, and nothing of the
    answer is kept.
    """

    true_limits: ClassVar = {"own": handles.MAX_LENGTH}

    handle = forms.ChoiceField(
        label=_("Pick a name"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pick a name first, or type one."),
            "invalid_choice": _("Pick a name first, or type one."),
        },
    )
    own = forms.CharField(
        label=_("Or type your own"),
        help_text=_("If you type one, you get that. Not your real name, and not one you use elsewhere."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
    )
    anyway = forms.BooleanField(label=_("Use it anyway"), required=False)
    avatar = forms.ChoiceField(
        label=_("Pick a picture"),
        widget=forms.RadioSelect(attrs={"class": "faces"}),
        error_messages={"required": _("Pick a picture."), "invalid_choice": _("Pick a picture.")},
    )
    about = forms.CharField(
        label=_("A line about you"),
        help_text=_("People in this group can read it. Leave out places and names."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offered: list[str],
        is_taken: Callable[[str], bool],
        is_own_elsewhere: Callable[[str], bool],
        names_the_account: Callable[[str], bool],
    ) -> None:
        super().__init__(data)
        self.is_taken, self.is_own_elsewhere = is_taken, is_own_elsewhere
        self.names_the_account = names_the_account
        self.warns_of_reuse = False
        self._offer(self._before("offered", handles.is_ours) or offered, self._tiles())

    def _before(self, field: str, is_ours: Callable[[str], bool]) -> list[str]:
        """What stood on the page before. Whoever sends anything else gets new ones."""
        stood = list(dict.fromkeys(str(self.data.get(field, "")).split("|")))[:OFFERED]
        return stood if all(map(is_ours, stood)) else []

    def _tiles(self) -> list[Tile]:
        picked = str(self.data.get("avatar", ""))
        before = self._before("pictures", avatars.is_choice)
        if before and picked in {"", *before}:
            return [Tile(choice=choice) for choice in before]
        return tiles_on_offer(picked=picked)

    def _offer(self, names: list[str], tiles: list[Tile]) -> None:
        self.kept_names = "|".join(names)
        self.kept_pictures = "|".join(tile.choice for tile in tiles)
        picked = str(self.data.get("handle", ""))
        if picked and not handles.check(text=picked):
            names = names if picked in names else [picked, *names][:OFFERED]
        names_field, faces_field = self.fields["handle"], self.fields["avatar"]
        assert isinstance(names_field, forms.ChoiceField)
        assert isinstance(faces_field, forms.ChoiceField)
        names_field.choices = [(name, name) for name in names]
        faces_field.choices = picture_choices(tiles)
        self.initial = {"handle": names[0], "avatar": tiles[0].choice}

    def clean_about(self) -> str:
        about = text.tidy(self.cleaned_data["about"])
        if self.names_the_account(about):
            raise forms.ValidationError(_("That holds your sign-in name. Please leave it out."))
        return about

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = handles.tidy(cleaned.get("own", ""))
        field = "own" if typed else "handle"
        chosen = typed or cleaned.get("handle", "")
        if typed:
            self.errors.pop("handle", None)
        if field in self.errors:
            return cleaned
        reason = self._why_not(chosen)
        if reason:
            self.add_error(field, reason)
        elif not cleaned.get("anyway") and self.is_own_elsewhere(chosen):
            self.warns_of_reuse = True
            self.add_error(
                field, _("You use this name in another group. People in both could tell that it is you.")
            )
        cleaned["chosen"] = chosen
        return cleaned

    def _why_not(self, chosen: str) -> str:
        if not chosen:
            return str(_("Pick a name first, or type one."))
        if self.names_the_account(chosen):
            return str(_("That is close to your sign-in name. Please pick another."))
        if reason := handles.check(text=chosen):
            return reason
        if self.is_taken(chosen):
            return str(_("Someone here has that name, or one like it. Please pick another."))
        return ""


KEEP, REMOVE = "keep", "remove"


def _what_stays() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What you wrote under this name"),
        widget=forms.RadioSelect,
        required=False,
        initial=KEEP,
        choices=[
            (KEEP, _("It stays under this name.")),
            (REMOVE, _("Take it away, at some moment in the next 3 days.")),
        ],
        error_messages={"invalid_choice": _("Pick one.")},
    )


class StopForm(Form):
    """Putting a name down, and what becomes of what it wrote."""

    written = _what_stays()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "written"
        ].required = not self.is_bound  # one is picked already; a press without it keeps all

    @property
    def removes(self) -> bool:
        """Whether what the name wrote is to go."""
        return bool(self.cleaned_data.get("written") == REMOVE)


class ChangeForm(NameForm, StopForm):
    """Another name and picture, and whether what one shows goes along."""

    along = forms.BooleanField(
        label=_("Show the same details under the new name. People could tell from them that it is you."),
        required=False,
    )


class PictureForm(Form):
    """Six pictures."""

    avatar = forms.ChoiceField(
        label=_("Pick a picture"),
        widget=forms.RadioSelect(attrs={"class": "faces"}),
        error_messages={"required": _("Pick a picture."), "invalid_choice": _("Pick a picture.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        tiles = tiles_on_offer(picked=str(self.data.get("avatar", "")))
        field = self.fields["avatar"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = picture_choices(tiles)
        self.initial = {"avatar": tiles[0].choice}


class AboutForm(Form):
    """The line about oneself, by itself."""

    about = NameForm.base_fields["about"]

    def __init__(self, *args: Any, names_the_account: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names_the_account = names_the_account

    clean_about = NameForm.clean_about


def tiles_on_offer(*, picked: str) -> list[Tile]:
    """Six pictures, the one picked before (if any) first among them."""
    tiles = avatars.propose(n=OFFERED)
    return [Tile(choice=picked), *tiles][:OFFERED] if avatars.is_choice(picked) else tiles


def picture_choices(tiles: Iterable[Tile]) -> list[tuple[str, SafeString]]:
    """Pictures as the choices of a radio group."""
    return [(tile.choice, _face(tile, turn)) for turn, tile in enumerate(tiles, start=1)]


def _face(tile: Tile, turn: int) -> SafeString:
    words = _("Picture %(turn)s") % {"turn": turn}
    return format_html('<img src="{}" alt="" width="64" height="64"> {}', tile.data_url, words)
