from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Threads and posts."""

    name = "chat"

    def ready(self) -> None:
        from chat import holdings
        from chat.actions import posts
        from chat.subjects import PostSubject
        from core import ticker
        from core.registries import subjects

        holdings.register()
        subjects.register(PostSubject())
        ticker.register("forget client ids", posts.forget_client_ids, every=3600)
