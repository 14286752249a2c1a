"""Addresses of research."""

from __future__ import annotations

from django.urls import URLPattern, path

from research.views import (
    consent,
    exports,
    harm,
    hosting,
    leavers,
    notes,
    overview,
    papers,
    presence,
    quotes,
    rooms,
    setting_up,
    tallies,
    waves,
    ways_in,
)

app_name = "research"

urlpatterns: list[URLPattern] = [
    # those who work on studies
    path("research/", ways_in.home, name="home"),
    path("research/code/", ways_in.code, name="code"),
    path("research/begin/", ways_in.first_code, name="first_code"),
    path("research/<slug:sid>/", overview.study, name="study"),
    path("research/<slug:sid>/turn/", overview.turn, name="turn"),
    path("research/<slug:sid>/set-up/<slug:page>/", setting_up.set_up, name="set_up"),
    path("research/<slug:sid>/check/", setting_up.check, name="check"),
    path("research/<slug:sid>/versions/", setting_up.versions, name="versions"),
    path("research/<slug:sid>/papers/", papers.pack, name="pack"),
    path("research/<slug:sid>/papers/<int:number>/", papers.pack_of, name="pack_of"),
    path("research/<slug:sid>/groups/", overview.groups, name="groups"),
    path("research/<slug:sid>/numbers/", overview.numbers, name="numbers"),
    path("research/<slug:sid>/harm/", harm.log, name="harm"),
    path("research/<slug:sid>/harm/<slug:eid>/", harm.handled, name="harm_entry"),
    path("research/<slug:sid>/notes/", notes.notes, name="notes"),
    path("research/<slug:sid>/notes/new/", notes.new, name="note_new"),
    path("research/<slug:sid>/notes/<slug:nid>/", notes.note, name="note"),
    path("research/<slug:sid>/quotes/", quotes.quotes, name="quotes"),
    path("research/<slug:sid>/files/", exports.files, name="files"),
    path("research/<slug:sid>/files/<slug:fid>/", exports.file, name="file"),
    path("research/<slug:sid>/files/<slug:fid>/step/", exports.step, name="file_step"),
    path("research/<slug:sid>/files/<slug:fid>/read/", exports.read, name="file_read"),
    path("research/<slug:sid>/files/<slug:fid>/fetch/", exports.fetch, name="file_fetch"),
    path("research/<slug:sid>/people/", ways_in.people, name="people"),
    path("research/<slug:sid>/people/out/", ways_in.take_out, name="take_out"),
    path("research/<slug:sid>/progress/", waves.progress, name="progress"),
    path("research/<slug:sid>/figures/", tallies.figures, name="figures"),
    path("research/<slug:sid>/left/", leavers.left, name="left"),
    path("research/<slug:sid>/lists/", leavers.lists, name="lists"),
    path("research/<slug:sid>/lists/lists.json", leavers.lists_file, name="lists_file"),
    path("research/<slug:sid>/lists/rederive.py", leavers.lists_check, name="lists_check"),
    # somebody in a group who thinks about a study, or takes part
    path("g/<slug:gid>/studies/<slug:sid>/yes/", consent.say, name="say"),
    path("g/<slug:gid>/studies/<slug:sid>/mine/", consent.mine, name="mine"),
    path("g/<slug:gid>/studies/<slug:sid>/mine/back/", consent.take_back, name="take_back"),
    path("g/<slug:gid>/studies/<slug:sid>/quotes/<slug:qid>/", quotes.asked, name="quote"),
    path("g/<slug:gid>/studies/<slug:sid>/leave/", consent.leave, name="leave"),
    path("g/<slug:gid>/studies/<slug:sid>/room/", rooms.room, name="room"),
    path("g/<slug:gid>/studies/<slug:sid>/room/<slug:pid>/", rooms.post, name="room_post"),
    path("g/<slug:gid>/studies/<slug:sid>/room/<slug:pid>/change/", rooms.change, name="room_change"),
    path("g/<slug:gid>/studies/<slug:sid>/room/<slug:pid>/away/", rooms.away, name="room_away"),
    path("g/<slug:gid>/studies/<slug:sid>/questions/<slug:number>/", waves.questions, name="questions"),
    # groups
    path("g/<slug:gid>/studies/", hosting.studies, name="studies"),
    path("g/<slug:gid>/studies/asked/", hosting.asked, name="asked"),
    path("g/<slug:gid>/studies/asked/<slug:sid>/", hosting.asked_one, name="asked_one"),
    path("g/<slug:gid>/studies/here/note/<slug:pid>/", notes.note_on, name="note_on"),
    path("g/<slug:gid>/studies/here/quote/<slug:pid>/", quotes.ask, name="quote_ask"),
    path("g/<slug:gid>/studies/here/", presence.seat, name="seat"),
    path("g/<slug:gid>/studies/here/open/", rooms.open_room, name="room_open"),
    path("g/<slug:gid>/studies/<slug:sid>/figures/", tallies.figures_here, name="figures_here"),
    path("g/<slug:gid>/studies/<slug:sid>/", hosting.study_here, name="study_here"),
]
