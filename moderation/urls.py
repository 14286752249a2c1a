"""Addresses of moderation."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from moderation.views import limits, notices, reports
from moderation.views.entry import OUTSIDE, Door

register_converter(Door, "door")

app_name = "moderation"
urlpatterns: list[URLPattern] = [
    # what members see: reporting, what became of it, notes from the team, another look
    path("g/<str:gid>/report/<str:kind>/<str:thing>/", reports.report, name="report"),
    path("<door:door>/<str:gid>/reports/", reports.mine, name="reports"),
    path("<door:door>/<str:gid>/notes/", notices.notes, name="notices"),
    path("<door:door>/<str:gid>/notes/<str:nid>/", notices.note, name="notice"),
    path("<door:door>/<str:gid>/notes/<str:nid>/again/", notices.appeal, name="appeal"),
    path("limits/", limits.limits, name="limits"),
    path("limits/<str:gid>/", limits.limit, {"door": OUTSIDE}, name="limit"),
    # what the team sees: what waits, one thing to look at, decisions
    # how a group is looked after: what is checked first, how slow it talks
    # for everybody in a group: the public record and the report
]
