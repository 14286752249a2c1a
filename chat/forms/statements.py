"""Wording a joint statement, and saying it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.library import AnnouncementForm
from core.forms import Form


class StatementForm(Form):
    """What the group wants to say together, and to whom."""

    title = AnnouncementForm.base_fields["title"]
    for_whom = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("An institution: a clinic, a council, a school board. Never a person."),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={
            "required": _("Say who it is for."),
        },
    )
    text = AnnouncementForm.base_fields["text"]


class SayForm(Form):
    """To whom it is said, and until when."""

    reach = AnnouncementForm.base_fields["reach"]
    ends_on = AnnouncementForm.base_fields["ends_on"]
