"""Making a code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.actions.invitations import CARD_USES
from community.enums import InvitationKind
from core import text
from core.forms import Form


class InviteForm(Form):
    """A card for many, or a link for one."""

    kind = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[
            (InvitationKind.CARD, _("Many people: cards to print and give out")),
            (InvitationKind.LINK, _("One person: it works once")),
        ],
        widget=forms.RadioSelect,
        initial=InvitationKind.CARD,
    )
    uses = forms.TypedChoiceField(
        label=_("Cards only: how many people may come in?"),
        help_text=_("20 is the least, so that nobody can tell who came. For one person this does not count."),
        choices=[(uses, str(uses)) for uses in CARD_USES],
        coerce=int,
        initial=20,
    )
    days = forms.TypedChoiceField(
        label=_("How long should it work?"),
        choices=[(30, _("30 days")), (90, _("3 months")), (365, _("A year"))],
        coerce=int,
        initial=90,
    )
    label = forms.CharField(
        label=_("A note for the team"),
        help_text=_("For example: waiting room. Do not write who it is for."),
        max_length=60,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == InvitationKind.LINK or not self.data.get("uses"):
            self.errors.pop("uses", None)
            cleaned["uses"] = CARD_USES[0]
        cleaned["label"] = text.tidy(cleaned.get("label", ""))
        return cleaned
