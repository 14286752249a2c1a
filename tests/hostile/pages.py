"""Reading a page as a browser does: its forms, and whether anything in it could run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "password", "search", "tel", "email", "url", "number", "textarea", "time"}
OURS = re.compile(r"^/static/js/[\w.-]+\.js$")


@dataclass
class Form:
    """One form: where it goes, and its fields with the value a browser would send."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    multipart: bool = False


class Reader(HTMLParser):
    """Collects forms, what is typed in them, and everything that could run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.dangers: list[str] = []
        self.shown: list[str] = []
        self._form: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        self._look_for_danger(tag, have)
        if tag == "form":
            self._form = Form(have.get("action", ""), have.get("method", "get").lower())
            self._form.multipart = have.get("enctype") == "multipart/form-data"
            self.forms.append(self._form)
        elif self._form is not None:
            self._read_field(tag, have)

    def _read_field(self, tag: str, have: dict[str, str]) -> None:
        assert self._form is not None
        name, values = have.get("name", ""), self._form.values
        if tag == "input":
            kind = have.get("type", "text")
            if kind in TYPED and name:
                self._form.typed.append(name)
                values[name] = have.get("value", "")
                self.shown.append(values[name])
            elif kind in {"radio", "checkbox"}:
                if "checked" in have or name not in values:
                    values[name] = have.get("value", "on")
            elif name:
                values[name] = have.get("value", "")
        elif tag == "textarea":
            self._form.typed.append(name)
            self._textarea = name
            values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in have or self._select not in values):
            values[self._select] = have.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form:
            self._form.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea and self._form:
            value = self._form.values[self._textarea].removeprefix("\r\n").removeprefix("\n")
            self._form.values[self._textarea] = value
            self.shown.append(value)
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None

    def _look_for_danger(self, tag: str, have: dict[str, str]) -> None:
        if tag in {"iframe", "object", "embed", "base", "style", "math", "video", "audio", "applet", "frame"}:
            self.dangers.append(f"<{tag}>")
        if tag == "script" and not OURS.match(have.get("src", "")):
            self.dangers.append(f"<script {have}>")
        if tag == "meta" and "http-equiv" in have:
            self.dangers.append(f"<meta {have}>")
        for name, value in have.items():
            scheme = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.dangers.append(f"{tag} {name}=")
            if name in {"href", "src", "action", "formaction", "xlink:href"} and scheme.startswith(
                ("javascript:", "vbscript:", "data:text")
            ):
                self.dangers.append(f"{tag} {name}={value[:40]}")


def read(html: str) -> Reader:
    """Parse a page."""
    reader = Reader()
    reader.feed(html)
    return reader


def plain(text: str) -> str:
    """A string as far as HTML can carry it: no controls, white space folded."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
