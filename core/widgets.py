"""How what one types into is drawn. Django draws each piece of it from a template of its own, a choice of four from ten
of them; here it is written at once. The fields around it are drawn from templates/django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import mark_safe

Widget = Mapping[str, Any]  # as a widget of Django's describes itself
PLACE = "django/forms/widgets/"
INPUTS = ("text", "input", "hidden", "password", "number", "email", "url", "tel", "search", "date", "datetime", "time",
          "checkbox", "file")  # fmt: skip


class Renderer(TemplatesSetting):
    """Draws what is in `_DRAWN`, and leaves all else to Django's templates, which have the browser's own limits."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        draw = _DRAWN.get(template_name.removeprefix(PLACE).removesuffix(".html"))
        if draw is None:
            return super().render(template_name, context, request)
        return mark_safe(draw(context["widget"]))  # noqa: S308 all that comes from elsewhere was escaped


def _attrs(widget: Widget) -> str:
    """No maxlength: a browser would cut what is pasted without a word. The form refuses it in words and brings all of
    it back."""
    said = [
        (name, value) for name, value in widget["attrs"].items() if value is not False and name != "maxlength"
    ]
    return "".join(f" {name}" if value is True else f' {name}="{escaped(value)}"' for name, value in said)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{_attrs(widget)}>'


def _inputs(widget: Widget) -> str:
    return "".join(map(_input, widget["subwidgets"]))


def _textarea(widget: Widget) -> str:
    return f'<textarea name="{escaped(widget["name"])}"{_attrs(widget)}>\n{escaped(widget["value"] or "")}</textarea>'


def _select(widget: Widget) -> str:
    drawn = ""
    for title, group, _ in widget["optgroups"]:
        options = "".join(
            f'<option value="{escaped(one["value"])}"{_attrs(one)}>{escaped(one["label"])}</option>'
            for one in group
        )
        drawn += f'<optgroup label="{escaped(title)}">{options}</optgroup>' if title else options
    return f'<select name="{escaped(widget["name"])}"{_attrs(widget)}>{drawn}</select>'


def _choices(widget: Widget) -> str:
    """One below the other, with a line above those of a group."""
    named, own = widget["attrs"].get("id"), widget["attrs"].get("class")
    drawn = "".join(
        (f'<p class="hint">{escaped(group)}</p>' if group else "") + "".join(map(_choice, options))
        for group, options, _ in widget["optgroups"]
    )
    at = f' id="{escaped(named)}"' if named else ""
    return f'<div{at} class="choices{f" {escaped(own)}" if own else ""}">{drawn}</div>'


def _choice(widget: Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    named = widget["attrs"].get("id")
    at = f' for="{escaped(named)}"' if named else ""
    return f'<label class="choice"{at}>{_input(widget)}<span>{escaped(widget["label"])}</span></label>'


_DRAWN: Mapping[str, Callable[[Widget], str]] = {
    **dict.fromkeys(INPUTS, _input),
    **dict.fromkeys(("radio_option", "checkbox_option"), _choice),
    **dict.fromkeys(("radio", "checkbox_select"), _choices),
    "multiple_hidden": _inputs,
    "textarea": _textarea,
    "select": _select,
}
