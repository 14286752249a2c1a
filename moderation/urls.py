"""Addresses of moderation."""

from __future__ import annotations

from django.urls import URLPattern, path

from moderation.views import care, held

app_name = "moderation"
urlpatterns: list[URLPattern] = [
    # what members see: reporting, what became of it, notes from the team, another look
    # what the team sees: what waits, one thing to look at, decisions
    # how a group is looked after: what is checked first, how slow it talks
    path("g/<slug:gid>/care/", care.care, name="care"),
    path("g/<slug:gid>/team/held/", held.held, name="held"),
    path("g/<slug:gid>/team/held/<slug:hid>/", held.held_settle, name="held_settle"),
    # for everybody in a group: the public record and the report
]
