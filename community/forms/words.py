"""What people write in their own words."""

from __future__ import annotations

from typing import Any

from django import forms

from core import text


class Words(forms.CharField):
    """Tidied before it is looked at: tidying can leave nothing, and can make some letters two."""

    def to_python(self, value: Any) -> str:
        return text.tidy(super().to_python(value) or "")
