from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Threads and posts."""

    name = "chat"

    def ready(self) -> None:
        from chat import holdings

        holdings.register()
