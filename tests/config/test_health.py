"""The health page answers a monitor that knows no name of the site, and no other page does."""

from __future__ import annotations

import pytest
from django.test import Client

from core import ticker


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "kith.example", "elsewhere.example", "not a name"])
def test_the_health_page_answers_under_any_name(settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["kith.example"]
    answer = Client().get("/healthz", headers={"Host": host})
    assert (answer.status_code, answer.json()["database"]) == (200, "ok")
    assert host not in str(answer.headers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/safety/", "/healthz/", "/healthzz", "/sign-in/"])
def test_no_other_page_does(settings, path: str) -> None:
    settings.ALLOWED_HOSTS = ["kith.example"]
    assert Client().get(path, headers={"Host": "127.0.0.1"}).status_code == 400


@pytest.mark.django_db
def test_it_says_when_due_work_is_just_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker, "_last_tick", 0.0)
    monkeypatch.setattr(ticker, "_began", 0.0)
    assert Client().get("/healthz").json()["ticker"] == "elsewhere"
    monkeypatch.setattr(ticker, "_began", ticker.time.monotonic())
    assert Client().get("/healthz").json()["ticker"] == "starting"
