"""Something to read, and when it is looked at again."""

from __future__ import annotations

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from community.enums import Again, Reach
from community.forms.words import Words
from core import text
from core.forms import Form

ADDRESS = _("Write the whole address of a page. It starts with https://")
_is_address = URLValidator(schemes=["https"], message=ADDRESS)


def page_address(link: str) -> None:
    """An address that every reader sees as it is, and on this site of nothing that acts when it is opened."""
    _is_address(link)
    if not link.isascii() or "@" in link:
        raise forms.ValidationError(ADDRESS)
    if not text.may_lead_to(link):
        raise forms.ValidationError(
            _("A link to this site can lead to a group or a talk, and to nothing else.")
        )


class ResourceForm(Form):
    """What it is, why it helps and where it is."""

    title = Words(
        label=_("What is it?"),
        help_text=_("A page, a book, a leaflet, a film."),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={
            "required": _("Say what it is first."),
        },
    )
    note = Words(
        label=_("How does it help?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    link = forms.CharField(
        label=_("Where is it on the web?"),
        max_length=300,
        required=False,
        validators=[page_address],
        widget=forms.URLInput,
    )


class ShelfForm(ResourceForm):
    """What the team puts on the shelf."""

    days = forms.TypedChoiceField(
        label=_("Look at it again"), choices=Again.choices, coerce=int, initial=Again.HALF,
        error_messages={"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")},
    )  # fmt: skip


class NotTakenForm(Form):
    """Why a suggestion is not taken."""

    answer = forms.CharField(
        label=_("Why do you not take it?"),
        help_text=_("Whoever suggested it reads this, and nobody else. Nobody learns who it is."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class AnnouncementForm(Form):
    """What a group says, to whom and until when."""

    title = Words(
        label=_("What is it about?"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={
            "required": _("Give it a title first."),
        },
    )
    text = Words(
        label=_("What do you want to say?"),
        help_text=_("No names, and nothing that was said in a talk."),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={
            "required": _("Write something first."),
        },
    )
    reach = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=Reach.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")},
    )
    ends_on = forms.DateField(
        label=_("The last day it is up"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Pick the last day."), "invalid": _("Write the day like 2027-03-31.")},
    )


class TheirAnswerForm(Form):
    """What an institution answered, and when."""

    text = forms.CharField(
        label=_("What did they answer?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={
            "required": _("Write something first."),
        },
    )
    answered_on = forms.DateField(
        label=_("The day they answered"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Pick the day."), "invalid": _("Write the day like 2027-03-31.")},
    )
