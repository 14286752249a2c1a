"""The base of every form: it says in plain words which field is too long."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext


def too_long(*, field: object, most: int, has: int) -> str:
    """Which field it is, how many letters it may have, and how many it has."""
    found, limit = (number_format(n, use_l10n=True, force_grouping=True) for n in (has, most))
    words = gettext("“%(field)s” is too long. You wrote %(has)s letters. Keep it to %(most)s.")
    return words % {"field": str(field).rstrip("."), "has": found, "most": limit}


class Form(forms.Form):
    """A form. What a field refuses as too long is said here, unless the field counts something other than letters
    and has words of its own. `true_limits`: field -> letters it may have, where it is read with room to spare."""

    true_limits: ClassVar[dict[str, int]] = {}

    def add_error(self, field: str | None, error: Any) -> None:
        if field and isinstance(error, ValidationError) and hasattr(error, "error_list"):
            for one in error.error_list:
                own = self.fields[field].error_messages
                if one.code == "max_length" and one.params and "max_length" not in own:
                    most, has = one.params["limit_value"], one.params["show_value"]
                    limit = self.true_limits.get(field, most)
                    one.message, one.params = too_long(field=self[field].label, most=limit, has=has), None
        super().add_error(field, error)
