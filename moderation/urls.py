"""Addresses of moderation."""

from __future__ import annotations

from django.urls import URLPattern, path

from moderation.views import record

app_name = "moderation"
urlpatterns: list[URLPattern] = [
    # what members see: reporting, what became of it, notes from the team, another look
    # what the team sees: what waits, one thing to look at, decisions
    # how a group is looked after: what is checked first, how slow it talks
    # for everybody who may see a group: the public record and the report
    path("g/<str:gid>/record/", record.public_record, name="record"),
    path("g/<str:gid>/record/<str:quarter>/", record.report, name="report_of_a_quarter"),
]
