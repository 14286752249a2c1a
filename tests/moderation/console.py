"""The team's pages as tests use them."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse

from moderation.models import Case
from moderation.selectors import cases
from tests.moderation.judging import FACTS
from tests.people import Person

MESSAGE = "Please be kind to each other."


class Desk:
    """Somebody of the team before one thing to look at."""

    def __init__(self, person: Person, case: Case, *, outside: bool = False) -> None:
        self.client, self.case, self.shown = person.client, case, ""
        self.list = "/operator/waiting/" if outside else f"/g/{case.group.public_id}/team/"
        self.base = f"{self.list}{case.public_id}/"

    def page(self, **query: str) -> str:
        self.shown = self.client.get(self.base, query).content.decode()
        return self.shown

    def post(self, name: str, **given: Any) -> Any:
        if name in {"undo", "still-right"}:
            given = {"decision": self._decision()} | given
        if name == "answer":
            given = {"step": "decide"} | given
        return self.client.post(f"{self.base}{name}/", given)

    def _decision(self) -> str:
        """The decision on the page that they have before them; the last one, where it shows none."""
        found = re.search(r'name="decision" value="([\w-]+)"', self.shown)
        last = cases.decision_of(self.case)
        return found[1] if found else last.public_id if last else "none"

    def take(self) -> str:
        """Take it. Returns the number that the form carries."""
        assert self.post("take").status_code == 302
        return self.fence()

    def fence(self) -> str:
        found = re.search(r'name="fence" value="(\d+)"', self.page())
        assert found
        return found[1]

    def decide(self, fence: str, act: str = "hide", **more: Any) -> Any:
        given = {
            "fence": fence,
            "act": act,
            "rule": "kind",
            "facts": FACTS,
            "message": MESSAGE,
            "step": "decide",
        }
        return self.post("decide", **(given | more))


def text_of(response: HttpResponse) -> str:
    """What a page says."""
    return response.content.decode()
