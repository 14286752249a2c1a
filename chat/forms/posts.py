"""What people send in: a post, and a thread with its first post.

Somebody without a name here picks one in the same form, and a changed promise is agreed to in the same form,
so that one press both answers and sends and nothing that was written is lost.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.actions.posts import last_day
from chat.enums import Ask, FaceKind, Stay, Wait
from chat.selectors.faces import Faces
from community import avatars, handles
from community.forms.personas import OFFERED, picture_choices, tiles_on_offer
from core.forms import Form
from core.text import MAX_LENGTH

TITLE_LENGTH = 120


class Pictures(forms.RadioSelect):
    """Pictures to pick from, of which one is picked from the start."""

    def format_value(self, value: Any) -> Any:
        offered = [choice for choice, _words in self.choices]
        return super().format_value(value if value in offered else offered[0] if offered else None)


class PostForm(Form):
    """The composer."""

    true_limits: ClassVar = {"text": MAX_LENGTH}

    text = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=MAX_LENGTH * 2,  # the true limit is taken after tidying
        strip=False,
        error_messages={
            "required": _("Write something first."),
        },
    )
    client_id = forms.CharField(required=False, widget=forms.HiddenInput)
    handle = forms.CharField(label=_("Pick a name"), required=False, widget=forms.RadioSelect)
    avatar = forms.CharField(label=_("Pick a picture"), required=False, widget=Pictures)
    face = forms.ChoiceField(choices=FaceKind.choices, required=False)
    named = forms.CharField(required=False)  # the names that stood on the page
    once = forms.CharField(required=False)
    when = forms.ChoiceField(label=_("When it appears"), choices=Wait.choices, required=False)
    stays = forms.ChoiceField(label=_("Take it away by itself"), choices=Stay.choices, required=False)
    offered = forms.CharField(required=False)  # the names to pick from that stood on the page
    as_it_is = forms.BooleanField(required=False, widget=forms.HiddenInput)  # advice was read
    for_self = forms.BooleanField(label=_("Speaking for myself"), required=False)
    agrees = forms.BooleanField(label=_("I have read what changed, and I agree"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", "initial": {"client_id": uuid.uuid4()}} | kwargs)
        self.fields["stays"].widget = forms.Select(choices=[(one.value, _stay_words(one)) for one in Stay])

    def send_anew(self) -> None:
        """What is sent from the page that comes back is another message than the one before."""
        fresh = cast(QueryDict, self.data).copy()
        fresh["client_id"] = str(uuid.uuid4())
        self.data = fresh

    def offer(self, names: Sequence[str]) -> None:
        """Put names and pictures on offer: a picture picked before stays, a name picked before does not."""
        self.names = "|".join(names)
        self.fields["handle"].required = True  # for the page that asks; the press that answers may carry none
        self.fields["handle"].widget = forms.RadioSelect(choices=[(name, name) for name in names])
        tiles = tiles_on_offer(picked=str(self.data.get("avatar", "")))
        self.fields["avatar"].required = True
        self.fields["avatar"].widget = Pictures(attrs={"class": "faces"}, choices=picture_choices(tiles))

    @property
    def offered_before(self) -> list[str]:
        """The names that were on offer when nothing was picked."""
        names = str(self.data.get("offered", "")).split("|")[:OFFERED]
        return names if all(map(handles.is_ours, names)) else []

    def wear(self, faces: Faces, *, afresh: bool = False) -> None:
        """Say which faces are on offer. What was chosen stays chosen; `afresh` draws another one-thread name."""
        kept = str(self["once"].value() or "")
        keeps = handles.is_ours(kept) and not faces.has_alias and not afresh
        self.faces, self.once_name = faces, kept if keeps else faces.once
        chosen = self["face"].value()
        self.worn = chosen if chosen in FaceKind.values and faces.once else faces.usual
        self.is_open = (
            afresh
            or any(self[name].value() for name in ("when", "stays", "for_self"))
            or self.worn != faces.usual
        )

    @property
    def is_once(self) -> bool:
        """Whether the one-thread name is to sign."""
        return bool(self.cleaned_data["face"] == FaceKind.ONCE)

    @property
    def window(self) -> dt.timedelta | None:
        """The window in which it is to appear, or None for at once."""
        hours = self.cleaned_data["when"]
        return dt.timedelta(hours=int(hours)) if hours else None

    @property
    def days(self) -> int | None:
        """How many whole days it is to stay, or None for good."""
        return int(self.cleaned_data["stays"]) if self.cleaned_data["stays"] else None

    @property
    def agreed_version(self) -> int | None:
        """The version of the promise that was agreed to, or None."""
        return self.cleaned_data["version"] if self.cleaned_data["agrees"] else None

    def clean_avatar(self) -> str:
        """Nothing where a picture cannot be drawn from what came: then one is drawn by chance."""
        picked = str(self.cleaned_data["avatar"])
        return picked if avatars.is_choice(picked) else ""

    def clean_client_id(self) -> str:
        """A fresh one where the browser sent none, or something else."""
        try:
            return str(uuid.UUID(self.cleaned_data["client_id"]))
        except ValueError:
            return str(uuid.uuid4())


def _stay_words(stay: Stay) -> str:
    """The choice with the day on which a message of today goes, as the message's own page says it."""
    day = last_day(int(stay) if stay else None)
    if day is None:
        return str(stay.label)
    return gettext("%(stays)s: on %(day)s") % {"stays": stay.label, "day": date_format(day, "j F")}


class ThreadForm(PostForm):
    """A thread: what it is about, what would help, and the first post."""

    title = forms.CharField(
        label=_("What do you want to talk about?"),
        help_text=_("One line. Leave out names and places."),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={
            "required": _("Give it a title first."),
        },
    )
    ask = forms.ChoiceField(
        label=_("What would help?"),
        choices=Ask.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick what would help.")},
    )
    heads_ups = forms.MultipleChoiceField(
        label=_("Heads-up for readers"),
        help_text=_("The talk stays closed until someone chooses to open it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["title", "ask", "text", "heads_ups"]

    def __init__(self, *args: Any, topics: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["heads_ups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(topic, topic) for topic in topics]
        if not topics:
            del self.fields["heads_ups"]


class EditForm(Form):
    """One's own post, changed."""

    true_limits: ClassVar = PostForm.true_limits

    text = PostForm.base_fields["text"]
    was = forms.CharField(required=False, widget=forms.HiddenInput)  # the mark of the text that was opened
