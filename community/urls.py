"""Addresses of groups, joining and services."""

from __future__ import annotations

from django.urls import path

from community.views import (
    announcements,
    appointment,
    avatars,
    badges,
    charters,
    disclosures,
    groups,
    invitations,
    joining,
    leaving,
    names,
    operator,
    personas,
    roles,
    rota,
    services,
    trade_offs,
    yours,
)

app_name = "community"
urlpatterns = [
    path("groups/", groups.directory, name="directory"),
    path("a/<slug:avatar_id>.svg", avatars.avatar, name="avatar"),
    path("n/<slug:nid>/", announcements.public_announcement, name="public_announcement"),
    path("join/", invitations.invite, name="invite"),
    # One group: its door
    path("g/<slug:gid>/about/", groups.front, name="front"),
    path("g/<slug:gid>/names/", names.how_names_work, name="names"),
    path("g/<slug:gid>/join/", joining.join, name="join"),
    path("g/<slug:gid>/ask/", joining.ask, name="ask"),
    # One group: for members
    path("g/<slug:gid>/promise/", charters.promise, name="promise"),
    path("g/<slug:gid>/promise/accept/", charters.accept_promise, name="accept_promise"),
    path("g/<slug:gid>/promise/change/", charters.promise_change, name="promise_change"),
    path("g/<slug:gid>/appointment/", appointment.appointment, name="appointment"),
    path("g/<slug:gid>/announcements/new/", announcements.announce, name="announce"),
    path("g/<slug:gid>/announcements/<slug:nid>/", announcements.announcement, name="announcement"),
    path("g/<slug:gid>/announcements/<slug:nid>/answer/", announcements.their_answer, name="their_answer"),
    path("g/<slug:gid>/names/change/", names.names_change, name="names_change"),
    path("g/<slug:gid>/name/", personas.name, name="name"),
    path("g/<slug:gid>/name/picture/", personas.name_picture, name="name_picture"),
    path("g/<slug:gid>/name/about/", personas.name_about, name="name_about"),
    path("g/<slug:gid>/name/change/", personas.name_change, name="name_change"),
    path("g/<slug:gid>/name/stop/", personas.name_stop, name="name_stop"),
    path("g/<slug:gid>/name/keep/", personas.name_keep, name="name_keep"),
    path("g/<slug:gid>/name/checked/", badges.own_checked, name="own_checked"),
    path("g/<slug:gid>/who/", disclosures.who, name="who"),
    path(
        "g/<slug:gid>/who/one-thread-name/",
        disclosures.card_of_one_thread_name,
        name="card_of_one_thread_name",
    ),
    path("g/<slug:gid>/who/<slug:pid>/", disclosures.card, name="card"),
    path("g/<slug:gid>/leave/", leaving.leave_group, name="leave_group"),
    # One group: for whoever is in it, whatever limits they have
    path("yours/", yours.yours, name="yours"),
    path("g/<slug:gid>/copy/", yours.copy, name="copy"),
    path("g/<slug:gid>/leave/delete/", yours.leave_and_delete, name="leave_and_delete"),
    path("g/<slug:gid>/leave/undo/", yours.come_back, name="come_back"),
    path("g/<slug:gid>/leave/now/", yours.make_it_now, name="make_it_now"),
    # One group: for its team
    path("g/<slug:gid>/requests/", joining.requests, name="requests"),
    path("g/<slug:gid>/requests/<slug:rid>/accept/", joining.request_accept, name="request_accept"),
    path("g/<slug:gid>/requests/<slug:rid>/decline/", joining.request_decline, name="request_decline"),
    path("g/<slug:gid>/invitations/", invitations.list_and_make, name="invitations"),
    path("g/<slug:gid>/invitations/<slug:iid>/end/", invitations.take_back, name="invitation_end"),
    path("g/<slug:gid>/roles/", roles.roles, name="roles"),
    path("g/<slug:gid>/checked/", badges.checked, name="checked"),
    path("g/<slug:gid>/checked/<slug:bid>/", badges.checked_one, name="checked_one"),
    # Who is here
    path("g/<slug:gid>/rota/", rota.rota, name="rota"),
    path("g/<slug:gid>/rota/remove/", rota.remove, name="rota_remove"),
    path("g/<slug:gid>/rota/address/", rota.address, name="duty_address"),
    path("g/<slug:gid>/off-duty/", rota.off_duty, name="off_duty"),
    path("g/<slug:gid>/off-duty/back/", rota.back_on_duty, name="back_on_duty"),
    # Help for anyone, and the pages of whoever runs the site
    path("help/", services.services, name="services"),
    path("trade-offs/", trade_offs.trade_offs_list, name="trade_offs"),
    path("trade-offs/<slug:slug>/", trade_offs.trade_off, name="trade_off"),
    path("operator/", operator.operator, name="operator"),
    path("operator/code/", operator.claim, name="operator_claim"),
    path("operator/services/", operator.upload, name="operator_upload"),
    path("operator/services.csv", operator.download, name="operator_download"),
]
