"""Every address of Kith. Each app lists its own; none names a group, a person or a condition."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from accounts.views import leaving
from community.views import pages
from config import health

handler400 = "config.errors.not_understood"
handler404 = "config.errors.not_here"
handler500 = "config.errors.broken"

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("safety/", pages.safety, name="safety"),
    path("safety/model/", pages.safety_model, name="safety_model"),
    path("cover-your-tracks/", pages.cover_tracks, name="cover_tracks"),
    path("about-kith/", pages.about, name="about"),
    path("leave/", leaving.leave, name="leave"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("accounts.urls")),
    path("", include("community.urls")),
    path("", include("moderation.urls")),
    path("", include("chat.urls")),
    path("", include("research.urls")),
]

if settings.KITH_DEMO:
    from config.demo import views as demo

    urlpatterns += [
        path("demo/", demo.door, name="demo"),
        path("demo/member/", demo.as_member, name="demo_member"),
        path("demo/moderator/", demo.as_moderator, name="demo_moderator"),
        path("demo/researcher/", demo.as_researcher, name="demo_researcher"),
    ]
