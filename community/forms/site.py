"""Forms of the pages for whoever runs the site."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from community import service_files as files
from core.forms import Form

SHOWN = 20  # problems at once: more is no help


class CodeForm(Form):
    """The one-time code."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Type the code."),
            "max_length": _("That is longer than a code. Look again."),
        },
    )


class FileForm(Form):
    """A file of services or regions."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput,
        help_text=_("A list of services or of places. It replaces the services of each place that it names."),
        error_messages={
            "required": _("Pick a file."), "empty": _("That file is empty."), "missing": _("Pick a file."),
        },
    )  # fmt: skip

    def source(self) -> str:
        """The text of the file, or Refused."""
        upload = self.cleaned_data["file"]
        assert isinstance(upload, UploadedFile)
        return files.decode(upload.read(files.MOST_BYTES + 1))

    def show_problems(self, problems: list[files.Problem]) -> None:
        """Put what is wrong in the file beside it."""
        for problem in problems[:SHOWN]:
            self.add_error("file", str(problem))
        if len(problems) > SHOWN:
            self.add_error("file", _("And %(more)s more.") % {"more": len(problems) - SHOWN})
