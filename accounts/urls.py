"""Addresses of the private world."""

from __future__ import annotations

from django.urls import include, path

from accounts.views import (
    breaks,
    closing,
    discreet,
    reminders,
    second_factor,
    settings,
    signing_in,
    signing_up,
    words,
)

pages = [
    path("sign-up/", signing_up.sign_up, name="sign_up"),
    path("sign-up/name/", signing_up.sign_up_name, name="sign_up_name"),
    path("sign-up/passphrase/", signing_up.sign_up_passphrase, name="sign_up_passphrase"),
    path("sign-up/device/", signing_up.sign_up_device, name="sign_up_device"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/second-step/", signing_in.second_step, name="second_step"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("way-back/", signing_in.way_back, name="way_back"),
    path("account/", settings.settings, name="settings"),
    path("account/again/", settings.again, name="again"),
    path("account/break/", breaks.take_a_break, name="break"),
    path("account/reminder/", reminders.reminder, name="reminder"),
    path("stop/<slug:token>/", reminders.stop, name="reminder_stop"),
    path("account/discreet/", discreet.discreet, name="discreet"),
    path("account/passphrase/", settings.passphrase, name="passphrase"),
    path("account/sessions/", settings.sessions_page, name="sessions"),
    path("account/sessions/end-all/", settings.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/words/", words.words, name="words"),
    path("account/words/new/", words.words_new, name="words_new"),
    path("account/words/file/", words.words_file, name="words_file"),
    path("account/words/card/", words.words_card, name="words_card"),
    path("account/words/check/", words.words_check, name="words_check"),
    path("account/words/skip/", words.words_skip, name="words_skip"),
    path("account/delete/", closing.close, name="close"),
    path("account/delete/sure/", closing.close_now, name="close_now"),
    path("account/delete/undo/", closing.closing, name="closing"),
    path("account/second-step/", second_factor.second_factor, name="second_factor"),
    path("account/second-step/codes/", second_factor.codes_add, name="codes_add"),
    path("account/second-step/passkey/", second_factor.passkey_add, name="passkey_add"),
    path("account/second-step/remove/", second_factor.second_factor_remove, name="second_factor_remove"),
    path("account/second-step/removed/", second_factor.second_factor_removed, name="second_factor_removed"),
]

urlpatterns = [
    path("", include((pages, "accounts"))),
    # The two names by which allauth finds our pages. None of its own is routed.
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/second-step/", signing_in.second_step, name="mfa_authenticate"),
]
