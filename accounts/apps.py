from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in, recovery, sealed facts."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import adapter, holdings

        holdings.register()
        adapter.keep_times_coarse()
