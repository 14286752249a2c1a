from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    """Sign-in, recovery, sealed facts."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import adapter, holdings
        from accounts.actions import closing, locks, reminders, sessions
        from accounts.models.sessions import SessionEvent, SessionStream
        from core import ticker
        from core.live import revocations

        holdings.register()
        adapter.keep_times_coarse()
        revocations.register(
            revocations.from_log(name="sessions", streams=SessionStream, events=SessionEvent, final=True)
        )
        if not settings.KITH_DEMO:  # the demo is known by its accounts
            ticker.register("accounts.closed", closing.finish, every=60)
        ticker.register("accounts.reminders", reminders.send_due, every=3600)
        ticker.register("accounts.relock", locks.relock_all, every=86_400)
        ticker.register("accounts.old_keys", locks.destroy_old_keys, every=86_400)
        ticker.register("accounts.expired_sessions", sessions.prune_expired, every=3600)
        ticker.register("accounts.session_events", sessions.prune_events, every=3600)
