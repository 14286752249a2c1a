"""Addresses of moderation."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter

from moderation.views import (
    automatic,
    care,
    caring,
    deciding,
    folds,
    held,
    limits,
    looking,
    notices,
    record,
    reports,
    team,
    worries,
)
from moderation.views.entry import OUTSIDE, Door

register_converter(Door, "door")

app_name = "moderation"


def _at_both(name: str, view: Callable[..., HttpResponse], *, ends: str = "") -> list[URLPattern]:
    """A page about one thing to look at: for the team of a group, and for the outside person."""
    return [
        path(f"g/<slug:gid>/team/<slug:cid>/{ends}", view, name=f"team_{name}"),
        path(f"operator/waiting/<slug:cid>/{ends}", view, name=f"outside_{name}"),
    ]


urlpatterns: list[URLPattern] = [
    # what members see: reporting, what became of it, notes from the team, another look
    path("g/<str:gid>/report/<str:kind>/<str:thing>/", reports.report, name="report"),
    path("g/<str:gid>/fold/<str:kind>/<str:thing>/", folds.fold, name="fold"),
    path("<door:door>/<str:gid>/reports/", reports.mine, name="reports"),
    path("<door:door>/<str:gid>/notes/", notices.notes, name="notices"),
    path("<door:door>/<str:gid>/notes/<str:nid>/", notices.note, name="notice"),
    path("<door:door>/<str:gid>/notes/<str:nid>/again/", notices.appeal, name="appeal"),
    path("now/", worries.now, name="now"),
    path("<door:door>/<str:gid>/now/", worries.now_in, name="now_in"),
    path("limits/", limits.limits, name="limits"),
    path("limits/<str:gid>/", limits.limit, {"door": OUTSIDE}, name="limit"),
    # what the team sees: what waits, one thing to look at, decisions
    path("g/<slug:gid>/team/", team.team, name="team"),
    path("g/<slug:gid>/team/fresh/", team.fresh, name="team_fresh"),
    path("g/<slug:gid>/team/seen/", team.seen, name="team_seen"),
    path("g/<slug:gid>/team/note/", team.hand_over, name="team_note"),
    path("g/<slug:gid>/team/settings/", team.preferences, name="team_settings"),
    path("g/<slug:gid>/team/held/", held.held, name="held"),
    path("g/<slug:gid>/team/held/<slug:hid>/", held.held_settle, name="held_settle"),
    path("g/<slug:gid>/team/automatic/", automatic.kinds, name="automatic"),
    path("g/<slug:gid>/team/automatic/<slug:kind>/", automatic.kind, name="automatic_kind"),
    path("operator/waiting/", team.outside, name="outside"),
    *_at_both("case", looking.case),
    *_at_both("take", looking.take, ends="take/"),
    *_at_both("keep", looking.keep, ends="keep/"),
    *_at_both("give_back", looking.give_back, ends="give-back/"),
    *_at_both("look", looking.look, ends="look/"),
    *_at_both("ask", looking.ask, ends="ask/"),
    *_at_both("decide", deciding.decide, ends="decide/"),
    *_at_both("answer", deciding.answer, ends="answer/"),
    *_at_both("undo", deciding.undo, ends="undo/"),
    *_at_both("still_right", deciding.still_right, ends="still-right/"),
    *_at_both("write", caring.write, ends="write/"),
    *_at_both("care", caring.care, ends="care/"),
    # how a group is looked after: what is checked first, how slow it talks
    path("g/<slug:gid>/care/", care.care, name="care"),
    # for everybody who may see a group: the public record and the report
    path("g/<str:gid>/record/", record.public_record, name="record"),
    path("g/<str:gid>/record/<str:quarter>/", record.report, name="report_of_a_quarter"),
]
