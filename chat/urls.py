"""Addresses of talk."""

from __future__ import annotations

from django.urls import path

from chat.views import (
    blocks,
    health,
    home,
    inbox,
    labels,
    later,
    library,
    live,
    posts,
    proposals,
    reactions,
    slow,
    statements,
    threads,
)

app_name = "chat"
urlpatterns = [
    path("home/", home.home, name="home"),
    path("g/<str:gid>/", threads.group, name="group"),
    path("g/<str:gid>/inbox/", inbox.inbox, name="inbox"),
    path("g/<str:gid>/new/", threads.start, name="thread_new"),
    path("g/<str:gid>/new/waiting/", later.settle_opening, name="settle_opening"),
    path("g/<str:gid>/t/<str:tid>/", threads.thread, name="thread"),
    path("g/<str:gid>/t/<str:tid>/posts/", posts.send, name="post_send"),
    path("g/<str:gid>/t/<str:tid>/waiting/", later.settle, name="settle"),
    path("g/<str:gid>/t/<str:tid>/events/", live.events, name="events"),
    path("g/<str:gid>/t/<str:tid>/slow/", slow.slow, name="slow"),
    path("g/<str:gid>/t/<str:tid>/read/", threads.mark_read, name="mark_read"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/", posts.post, name="post"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/edit/", posts.edit, name="post_edit"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/delete/", posts.delete, name="post_delete"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/react/", reactions.react, name="react"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/thanks/", reactions.thank, name="thank"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/hide/", blocks.hide_writer, name="hide_writer"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/about/", labels.about, name="about"),
    path("g/<str:gid>/t/<str:tid>/p/<str:pid>/about/<str:lid>/", labels.label, name="label"),
    path("g/<str:gid>/t/<str:tid>/pin/", library.pin, name="pin"),
    path("g/<str:gid>/t/<str:tid>/propose/", proposals.propose, name="propose"),
    path("g/<str:gid>/t/<str:tid>/propose/answer/", proposals.answer, name="proposal_answer"),
    path("g/<str:gid>/t/<str:tid>/statement/", statements.word, name="statement"),
    path("g/<str:gid>/t/<str:tid>/statement/sign/", statements.sign, name="statement_sign"),
    path("g/<str:gid>/t/<str:tid>/statement/say/", statements.say, name="statement_say"),
    path("g/<str:gid>/promise/asked/", proposals.asked, name="proposals"),
    path("g/<str:gid>/health/", health.health, name="health"),
    path("g/<str:gid>/library/", library.library, name="library"),
    path("g/<str:gid>/library/suggest/", library.suggest, name="suggest"),
    path("g/<str:gid>/library/<str:rid>/", library.resource, name="resource"),
    path("g/<str:gid>/advice/", labels.advice, name="advice"),
    path("g/<str:gid>/hidden/", blocks.people, name="hidden"),
    path("g/<str:gid>/hidden/show/", blocks.show, name="hidden_show"),
    path("g/<str:gid>/hidden/add/<str:name_id>/", blocks.hide_name, name="hide_name"),
]
