"""Addresses of moderation."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "moderation"
urlpatterns: list[URLPattern] = [
    # what members see: reporting, what became of it, notes from the team, another look
    # what the team sees: what waits, one thing to look at, decisions
    # how a group is looked after: what is checked first, how slow it talks
    # for everybody in a group: the public record and the report
]
